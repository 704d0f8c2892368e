"""The pages that are not made from the catalogue, in the order of registration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.views.batches import BatchesView
from app.views.confirming import ConfirmingView
from app.views.doubles import DoublesView
from app.views.drafts import DraftsView
from app.views.filling import FillingView
from app.views.imports import ImportsView
from app.views.jobs import JobsView
from app.views.joining import JoiningView
from app.views.letters import LettersView
from app.views.notices import NoticesView
from app.views.palette import PaletteView
from app.views.policies import PoliciesView
from app.views.readings import ReadingsView
from app.views.requests import RequestsView
from app.views.requests_at_once import RequestsAtOnceView
from app.views.second import SecondView
from app.views.session import SessionView
from app.views.tables import TablesView
from app.views.webhooks import WebhooksView

if TYPE_CHECKING:
    from app.views.base.guard import Pages

PAGES: tuple[type[Pages], ...] = (
    SessionView,
    SecondView,
    PaletteView,
    JobsView,
    BatchesView,
    ImportsView,
    TablesView,
    DraftsView,
    FillingView,
    RequestsView,
    RequestsAtOnceView,
    WebhooksView,
    NoticesView,
    LettersView,
    ConfirmingView,
    PoliciesView,
    DoublesView,
    ReadingsView,
    JoiningView,
)
