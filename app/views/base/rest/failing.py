"""Refusals of the API that its views raise, as problem details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.extensions import db
from app.views.base.rest.ask import Misread
from app.views.base.rest.body import Unreadable, Wrong
from app.views.base.rest.problem import WRONG, problem

if TYPE_CHECKING:
    from flask import Flask, Response


def install(app: Flask) -> None:
    """Answer what the views of the API raise."""
    app.register_error_handler(Misread, _misread)
    app.register_error_handler(Unreadable, _unreadable)
    app.register_error_handler(Wrong, _wrong)


def _misread(error: Misread) -> Response:
    return problem(400, errors=error.errors)


def _unreadable(error: Unreadable) -> Response:
    db.session.rollback()
    return problem(error.status, error.message)


def _wrong(error: Wrong) -> Response:
    db.session.rollback()
    return problem(422, WRONG, errors=error.errors)
