"""Flask-AppBuilder without its stock pages: only what the portal declares is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, has_request_context, request, session
from flask_appbuilder import AppBuilder
from flask_appbuilder.filters import TemplateFilters

from app.views.base.rest.problem import asked

if TYPE_CHECKING:
    from flask import Flask


class PortalBuilder(AppBuilder):
    """Registers our index and nothing else: no ``/back``, ``/lang``, menu API or stock files."""

    def init_app(self, app: Flask, session: Any) -> None:
        """Start Flask-AppBuilder, then take over the choice of language."""
        super().init_app(app, session)
        app.extensions["babel"].locale_selector = locale

    def _add_global_static(self) -> None:
        """None of the stock scripts, styles and templates is served."""

    def _add_global_filters(self) -> None:
        self.template_filters = TemplateFilters(current_app, self.sm)

    def _add_admin_views(self) -> None:
        if self.indexview:
            self._indexview = self.add_view_no_menu(self.indexview)


def locale() -> str:
    """The language of the request: chosen, else Russian; a program chooses by a header."""
    if has_request_context() and asked() and request.accept_languages:
        return request.accept_languages.best_match(current_app.config["LANGUAGES"]) or "ru"
    chosen = session.get("language") if has_request_context() else None
    return str(chosen) if chosen in current_app.config["LANGUAGES"] else "ru"
