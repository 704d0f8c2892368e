"""Flask-AppBuilder's security manager, answering from the frozen identity of the request.

No statement is sent here: rights were remembered when the identity was made (accounts, identity).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_login import AnonymousUserMixin, LoginManager

if TYPE_CHECKING:
    from app.security.identity import Identity


class PortalSecurityManager(SecurityManager):
    """Rights of the active capacity only; none of the stock security views, no stock sign-in."""

    userstatschartview = None

    def create_login_manager(self, app: Any) -> LoginManager:
        """Take the user from the request's identity instead of the cookie."""
        manager = LoginManager(app)
        manager.session_protection = None
        manager.request_loader(lambda _request: current_identity())
        manager.anonymous_user = AnonymousUserMixin
        return manager

    def create_db(self) -> None:
        """Tables and roles are made by migrations and ``sync-roles``, never at start."""

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the active capacity holds the permission."""
        identity = current_identity()
        return identity is not None and identity.may(permission_name, view_name)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:  # noqa: ARG002 - FAB's signature
        """Nothing is public by permission: pages without sign-in say so in code."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """The menu items of records the capacity may read; a menu item is named as its record."""
        identity = current_identity()
        if identity is None:
            return set()
        return {
            name
            for name in menu_names or ()
            if identity.may("can_read", name) or name.endswith("*")
        }


def current_identity() -> Identity | None:
    """The signed-in person of this request."""
    return g.get("identity")
