"""A stock Flask-AppBuilder 5.3 application over the portal's own tables, to compare with.

Nothing of it is mended: stock database object, stock interface, stock views, stock security, and
the settings which `flask fab create-app` writes. It shows the same columns, searches the same
attributes and edits the same ones as the portal. It connects as the owner of the tables, since it
knows no row scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar
from uuid import uuid4

from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelRestApi, ModelView
from flask_appbuilder.actions import action
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import ColumnDefault, Engine, MetaData, create_engine
from sqlalchemy.orm import relationship

ADMIN = "plain_admin"
PASSWORD = "password-of-the-comparison"
ALLOWED_BANK = "Банк, чьи счета видны"
LISTS = (
    "organisation_address",
    "organisation_licence",
    "organisation_accreditation",
    "organisation_bank_account",
)
TABLES = (
    "municipality",
    "organisation",
    *LISTS,
)
LIST = ["full_name", "phone", "email", "municipality", "inn", "status"]
SEARCH = [
    "full_name",
    "org_type",
    "org_kind",
    "municipality",
    "region_code",
    "settlement_kind",
    "founder_level",
    "inn",
    "status",
]
EDIT = [
    "full_name",
    "short_name",
    "display_name",
    "phone",
    "phone_ext",
    "phone_extra",
    "fax",
    "email",
    "site_url",
    "head_name",
    "head_position",
    "org_type",
    "org_kind",
    "municipality",
    "region_code",
    "settlement_kind",
    "founder_level",
    "authority",
    "parent",
    "inn",
    "kpp",
    "ogrn",
    "okpo",
    "oktmo",
    "okved_main",
    "okopf",
    "okfs",
    "status",
    "registry_number",
    "opened_on",
    "closed_on",
    "successor",
    "frdo_code",
    "gia_code",
    "oo1_code",
]


# What triggers and the database fill is no business of forms.
TECHNICAL = (
    "uid",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "deleted_at",
    "deleted_by",
    "search",
    "source",
    "source_id",
)


class Reflected(Model):
    """Classes over tables that exist, apart from those which the portal declares."""

    __abstract__ = True
    __mapper_args__: ClassVar[Any] = {"exclude_properties": TECHNICAL}
    metadata = MetaData()


@dataclass(frozen=True)
class Models:
    """The reflected classes."""

    municipality: type[Any]
    organisation: type[Any]
    address: type[Any]
    licence: type[Any]
    accreditation: type[Any]
    account: type[Any]


@lru_cache(maxsize=1)
def models(url: str) -> Models:
    """Classes as a developer of such an application writes them, with relations both ways."""
    engine = create_engine(url)
    Reflected.metadata.reflect(engine, only=TABLES)
    engine.dispose()
    table = Reflected.metadata.tables
    for found in table.values():
        found.c.uid.default = ColumnDefault(uuid4)

    class PlainMunicipality(Reflected):
        __table__ = table["municipality"]

        def __repr__(self) -> str:
            return str(self.name)

    class PlainOrganisation(Reflected):
        __table__ = table["organisation"]
        __mapper_args__: ClassVar[Any] = {"exclude_properties": (*TECHNICAL, "organisation_id")}
        municipality = relationship(
            PlainMunicipality, foreign_keys=[__table__.c.municipality_id], backref="organisations"
        )

        def __repr__(self) -> str:
            return str(self.display_name or self.short_name or self.full_name)

    for name in ("authority", "parent", "successor"):
        setattr(
            PlainOrganisation,
            name,
            relationship(
                PlainOrganisation,
                foreign_keys=[table["organisation"].c[f"{name}_id"]],
                remote_side=[table["organisation"].c.id],
            ),
        )
    lists = [_list_of(PlainOrganisation, name) for name in LISTS]
    return Models(PlainMunicipality, PlainOrganisation, *lists)


def _list_of(organisation: type[Any], name: str) -> type[Any]:
    plural = name.removeprefix("organisation_") + "s"
    attributes = {
        "__module__": __name__,
        "__table__": Reflected.metadata.tables[name],
        "organisation": relationship(organisation, backref=plural),
    }
    return type(f"Plain{name.title().replace('_', '')}", (Reflected,), attributes)


def plain_app(url: str) -> Flask:
    """The application, with one administrator who may do everything."""
    app = Flask("plain", root_path="/nonexistent")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url,
        SECRET_KEY="key-of-the-comparison",
        WTF_CSRF_ENABLED=True,
        AUTH_TYPE=1,
        AUTH_ROLE_ADMIN="Admin",
        AUTH_ROLE_PUBLIC="Public",
        BABEL_DEFAULT_LOCALE="ru",
        BABEL_DEFAULT_FOLDER="translations",
        LANGUAGES={
            "ru": {"flag": "ru", "name": "Russian"},
            "en": {"flag": "gb", "name": "English"},
        },
        UPLOAD_FOLDER="/nonexistent",
        APP_NAME="Plain",
    )
    db = SQLA()
    db.init_app(app)
    with app.app_context():
        builder = AppBuilder(app, db.session)
        for view in views(models(url)):
            if issubclass(view, ModelRestApi):
                builder.add_api(view)
            else:
                builder.add_view(view, view.__name__, category="Plain")
        manager = builder.sm
        if manager.find_user(ADMIN) is None:
            mail = "plain_admin@example.com"
            role = manager.find_role("Admin")
            assert manager.add_user(ADMIN, "Plain", "Admin", mail, role, PASSWORD)
        db.session.remove()
    return app


def views(found: Models) -> list[type[Any]]:
    """Stock views; the organisation's says which columns, the municipality's says nothing."""
    lists = [_licences(found), _addresses(found)]

    class PlainOrganisationView(ModelView):
        datamodel = SQLAInterface(found.organisation)
        list_columns = LIST
        search_columns = SEARCH
        add_columns = edit_columns = show_columns = EDIT
        related_views = lists
        page_size = 25

    class PlainMunicipalityView(ModelView):
        datamodel = SQLAInterface(found.municipality)

    class PlainOrganisationApi(ModelRestApi):
        resource_name = "organisation"
        allow_browser_login = True
        datamodel = SQLAInterface(found.organisation)
        list_columns = ("id", "full_name", "inn")
        show_columns = list_columns
        add_columns = edit_columns = ("full_name", "head_name", "municipality")

    organisations = [PlainOrganisationView, PlainMunicipalityView, PlainOrganisationApi]
    return [*lists, *organisations, _accounts(found)]


def _licences(found: Models) -> type[Any]:
    class PlainLicenceView(ModelView):
        datamodel = SQLAInterface(found.licence)
        list_columns = ("licence_number", "organisation", "granted_on", "status_code")
        add_columns = ("organisation", "licence_number", "granted_on", "granted_by")
        edit_columns = add_columns
        search_columns = ("licence_number",)

    return PlainLicenceView


def _addresses(found: Models) -> type[Any]:
    class PlainAddressView(ModelView):
        datamodel = SQLAInterface(found.address)
        list_columns = ("full_text", "address_kind")
        add_columns = edit_columns = ("full_text", "address_kind")
        search_columns = ("full_text",)

    return PlainAddressView


def _accounts(found: Models) -> type[Any]:
    class PlainAccountView(ModelView):
        """Shows the accounts of one organisation only, as its filter says."""

        datamodel = SQLAInterface(found.account)
        base_filters = (("bank_name", FilterEqual, ALLOWED_BANK),)
        list_columns = ("account_number", "bik")
        search_columns = ("account_number",)
        add_columns = edit_columns = list_columns

        @action("numbers", "Numbers", "Sure?", "fa-list")
        def numbers(self, items: list[Any]) -> str:
            """The numbers of the accounts that were chosen."""
            return " ".join(item.account_number for item in items)

    return PlainAccountView


def engine_of(app: Flask) -> Engine:
    """The engine the application works on, to count its statements."""
    with app.app_context():
        return app.extensions["sqlalchemy"].engine
