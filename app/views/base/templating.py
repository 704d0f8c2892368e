"""What every template may call."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flask_babel import force_locale, gettext
from markupsafe import Markup

from app.views.base.assets import asset, icon
from app.views.base.looks import look
from app.views.base.words import language

if TYPE_CHECKING:
    from flask import Flask

APP_NAME = "АИС «Образование»"
REGION_NAME = "Смоленская область"


def install(app: Flask) -> None:
    """Register the globals of the templates."""
    app.jinja_env.globals.update(
        _=said,
        asset=asset,
        ic=ic,
        icon=icon,
        language=language,
        look=look,
        app_name=APP_NAME,
        region_name=REGION_NAME,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def said(text: str, **values: object) -> Markup:
    """A text of a template in the language of the request; a page asks for hundreds."""
    found = _said(text, language())
    return found % values if values else found


@lru_cache(maxsize=4096)
def _said(text: str, tongue: str) -> Markup:
    with force_locale(tongue):
        return Markup(gettext(text))  # noqa: S704 - texts of the portal itself


@lru_cache(maxsize=256)
def ic(name: str) -> Markup:
    """An icon of the sprite; it says nothing that the words beside it do not."""
    sign = '<svg class="ic" aria-hidden="true" focusable="false"><use href="{}"/></svg>'
    return Markup(sign).format(icon(name))  # noqa: S704 - escapes what it is given
