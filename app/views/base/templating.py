"""What every template may call."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        asset=asset,
        icon=icon,
        language=language,
        look=look,
        app_name=APP_NAME,
        region_name=REGION_NAME,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
