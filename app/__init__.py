"""The portal: build, wire, return."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import models
from app.extensions import csrf, db, migrate
from app.kernel import sealing
from config import ROOT, Config


def create_app(settings: type[Config] | dict[str, Any] | None = None) -> Flask:
    """Build the portal. Raises ``RuntimeError`` when a route says nothing about who may ask."""
    from app.cli import portal
    from app.security import scopes
    from app.security.manager import PortalSecurityManager
    from app.views.base import failures, guard, headers, templating
    from app.views.base.builder import PortalBuilder
    from app.views.registered import views
    from app.views.session import HomeView

    app = Flask(__name__, static_folder="static/dist", static_url_path="/static")
    app.config.from_object(Config)
    if isinstance(settings, dict):
        app.config.from_mapping(settings)
    elif settings is not None:
        app.config.from_object(settings)
    if proxies := app.config["TRUSTED_PROXIES"]:
        proxied = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
        app.wsgi_app = proxied  # type: ignore[method-assign] # the way Flask's manual shows
    sealing.use(sealing.cipher_of(app.config["SEALING_KEYS"]))
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    app.cli.add_command(portal)
    with app.app_context():
        guard.install(app)
        headers.install(app)
        failures.install(app)
        scopes.listen(db.session, app.config["DB_ROLE_PREFIX"])
        builder = PortalBuilder(
            app, db.session, security_manager_class=PortalSecurityManager, indexview=HomeView
        )
        templating.install(app)  # after Babel has put its own functions there
        for view in views():
            builder.add_view_no_menu(view)
        app.view_functions["static"].__dict__["needs"] = guard.Needs(guard.PUBLIC)
        if unmarked := guard.unmarked(app):
            message = f"routes without a right: {unmarked}"
            raise RuntimeError(message)
    return app


__all__ = ["create_app", "models"]
