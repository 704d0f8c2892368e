"""Settings of the portal, read once from the environment."""

from __future__ import annotations

import os
import secrets
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from sqlalchemy.engine import URL, make_url

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent
DRIVER = "postgresql+psycopg"
SHORTEST = 3  # days


def data_directory() -> Path:
    """Folder of everything that the portal stores outside the database (PORTAL_DATA)."""
    return ROOT / os.environ.get("PORTAL_DATA", "var")


def embedded_address(cluster: Path) -> tuple[str, int] | None:
    """Socket folder and port of the embedded server, or None while it is not running.

    Args:
        cluster: data folder of the server. PostgreSQL itself keeps `postmaster.pid` in it.
    """
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return lines[4], int(lines[3])
    except (OSError, IndexError, ValueError):
        return None


def embedded_url(user: str, database: str = "portal") -> URL:
    """Address of the embedded server; where it is not running, the one it usually has."""
    cluster = data_directory() / "pg"
    folder, port = embedded_address(cluster) or (str(cluster.resolve()), 5432)
    return URL.create(
        DRIVER, username=user, database=database, query={"host": folder, "port": str(port)}
    )


def database_url(variable: str, embedded_user: str) -> URL:
    """Address given in the environment variable, otherwise that of the embedded server."""
    given = os.environ.get(variable)
    return make_url(given).set(drivername=DRIVER) if given else embedded_url(embedded_user)


def as_role(url: URL, role: str) -> URL:
    """The same address, acting as the database role from the first statement on."""
    return url.update_query_dict({"options": f"-crole={role}"})


def text(url: URL) -> str:
    """The address as SQLAlchemy reads it, password included."""
    return url.render_as_string(hide_password=False)


def kept(name: str, made: Callable[[], str]) -> str:
    """A secret of the data folder: made once and readable by its owner alone (0600)."""
    path = data_directory() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole before it has its name: another process never reads half a key.
        with NamedTemporaryFile(dir=path.parent) as file, suppress(FileExistsError):
            Path(file.name).write_text(made())
            os.link(file.name, path)
    return path.read_text().strip()


def secret_key() -> str:
    """SECRET_KEY of the environment, or one made once and kept in the data folder."""
    return os.environ.get("SECRET_KEY") or kept("secret-key", lambda: secrets.token_urlsafe(48))


def sealing_keys() -> str:
    """Keys of restricted identifiers (PORTAL_KEYS), or some made once and kept in the data folder.

    ``name=key`` separated by spaces, each key 32 bytes in base64: the first one seals, all of them
    open; the one named ``index`` makes the fingerprints that values are found by.
    """

    def made() -> str:
        return " ".join(f"{name}={new_key()}" for name in ("k1", "index"))

    return os.environ.get("PORTAL_KEYS") or kept("sealing-keys", made)


def new_key() -> str:
    """A new random key in base64."""
    return b64encode(secrets.token_bytes(32)).decode()


def switched_on(variable: str) -> bool:
    """True where the environment variable says 1, true, yes or on."""
    return os.environ.get(variable, "").lower() in {"1", "true", "yes", "on"}


def days(variable: str, usual: int) -> int:
    """The number of days in an environment variable: three at least, for backups take their time.

    Raises ``ValueError`` for anything else.
    """
    given = int(os.environ.get(variable) or usual)
    if given < SHORTEST:
        message = f"{variable}: {SHORTEST} or more days, not {given}"
        raise ValueError(message)
    return given


def words(variable: str) -> list[str]:
    """The words of an environment variable, separated by commas or spaces."""
    return os.environ.get(variable, "").lower().replace(",", " ").split()


def public_url(hosts: list[str]) -> str:
    """Where people open the portal, without a slash at the end (PORTAL_URL).

    Without it the first of its names over https, or this machine where the portal has no name.
    """
    given = os.environ.get("PORTAL_URL", "").rstrip("/")
    port = os.environ.get("PORTAL_PORT", "8080")
    return given or (f"https://{hosts[0]}" if hosts else f"http://127.0.0.1:{port}")


class Config:
    """Everything that Flask and its extensions are told; tests override by a dict."""

    DB_ROLE_PREFIX = os.environ.get("PORTAL_ROLE_PREFIX", "portal_")
    PORTAL_DATA = str(data_directory())
    PORTAL_DEMO = os.environ.get("PORTAL_DEMO", "")
    PORTAL_DEMO_PASSWORD = os.environ.get("PORTAL_DEMO_PASSWORD", "")

    # The web process and the worker sign in as the login role, which owns nothing; migrations
    # act as the owner. ADMIN is the address that creates the roles themselves.
    SQLALCHEMY_DATABASE_URI = text(database_url("DATABASE_URL", f"{DB_ROLE_PREFIX}login"))
    ADMIN_DATABASE_URI = text(database_url("DATABASE_OWNER_URL", "postgres"))
    OWNER_DATABASE_URI = text(as_role(make_url(ADMIN_DATABASE_URI), f"{DB_ROLE_PREFIX}owner"))
    # One whom row security hides nothing from; without it backups act through the address above.
    BACKUP_DATABASE_URI = os.environ.get("DATABASE_BACKUP_URL", "")
    BACKUP_FOLDER = str(ROOT / os.environ.get("PORTAL_BACKUPS", data_directory() / "backups"))
    SQLALCHEMY_ENGINE_OPTIONS = {  # noqa: RUF012 - Flask reads the settings, nobody changes them
        "pool_pre_ping": True,
        "hide_parameters": True,  # a failure is logged with its statement, never with the values
        "pool_size": 10,
        "max_overflow": 10,
    }

    # Days that files of imports with their reports, and files made by jobs, are kept.
    IMPORT_DAYS = days("PORTAL_IMPORT_DAYS", 365)
    RESULT_DAYS = days("PORTAL_RESULT_DAYS", 14)
    # Days that drafts of forms which nobody saved are kept.
    DRAFT_DAYS = days("PORTAL_DRAFT_DAYS", 30)

    # Events may be sent without encryption, or into the own network, only where this says so.
    WEBHOOK_HTTP = switched_on("PORTAL_WEBHOOK_HTTP")
    WEBHOOK_PRIVATE = switched_on("PORTAL_WEBHOOK_PRIVATE")

    # Notices that were made and letters that were written longer ago are deleted.
    NOTICE_DAYS = days("PORTAL_NOTICE_DAYS", 365)
    LETTER_DAYS = days("PORTAL_LETTER_DAYS", 90)

    # smtp://user:password@host:port (STARTTLS where the server offers it) or smtps://…; without it
    # no letter leaves the portal. MAIL_FROM: an address, or a name and an address in brackets.
    SMTP_URL = os.environ.get("PORTAL_SMTP_URL", "")
    MAIL_FROM = os.environ.get("PORTAL_MAIL_FROM", "")
    DIGEST_HOUR = 8  # of the region's day: when letters go to those who want them once a day

    SECRET_KEY = secret_key()
    SEALING_KEYS = sealing_keys()
    LISTEN = os.environ.get("PORTAL_HOST", "127.0.0.1")
    # `make run` says so: made-up data in the database that comes with the portal.
    DEMO_ON_EMBEDDED = "DATABASE_URL" not in os.environ and PORTAL_DEMO not in {"", "none"}
    # The second step of signing in (a code of a telephone) is demanded of offices of the region,
    # and of whoever takes personal data away; only made-up data go without it. The variable (on or
    # off) lets it be tried with those.
    SECOND_STEP = (os.environ.get("PORTAL_SECOND_STEP") or "on" * (not DEMO_ON_EMBEDDED)) == "on"
    # Reverse proxies in front, whose X-Forwarded-* headers are believed; none by default.
    TRUSTED_PROXIES = int(os.environ.get("PORTAL_TRUSTED_PROXIES", "0"))
    # Names under which the portal is asked for; any other Host is refused. This machine itself may
    # always ask, as monitoring does.
    HOSTS = words("PORTAL_HOSTS")
    TRUSTED_HOSTS = [*HOSTS, "localhost", "127.0.0.1"] if HOSTS else None
    # Where links in letters lead.
    PUBLIC_URL = public_url(HOSTS)
    INSECURE_COOKIE = switched_on("PORTAL_INSECURE_COOKIE")
    SESSION_COOKIE_NAME = "session" if INSECURE_COOKIE else "__Host-session"
    SESSION_COOKIE_SECURE = not INSECURE_COOKIE
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_PATH = "/"
    REMEMBER_COOKIE_HTTPONLY = True
    REMEMBER_COOKIE_SECURE = SESSION_COOKIE_SECURE
    REMEMBER_COOKIE_SAMESITE = "Lax"

    # A form lives as long as the session does; a token of its own age would only lose work.
    WTF_CSRF_TIME_LIMIT = None
    WTF_CSRF_SSL_STRICT = True
    # One file of 20 MB and what else a form holds; one of somewhat more is refused in its form.
    MAX_CONTENT_LENGTH = 24 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 2 * 1024 * 1024
    MAX_FORM_PARTS = 5_000

    LANGUAGES = {  # noqa: RUF012 - Flask reads the settings, nobody changes them
        "ru": {"flag": "ru", "name": "Русский"},
        "en": {"flag": "gb", "name": "English"},
    }
    BABEL_DEFAULT_LOCALE = "ru"
    BABEL_DEFAULT_TIMEZONE = "Europe/Moscow"
    BABEL_TRANSLATION_DIRECTORIES = str(ROOT / "translations")

    FAB_CREATE_DB = False
    FAB_UPDATE_PERMS = False
    FAB_ADD_SECURITY_VIEWS = False
    FAB_ADD_SECURITY_API = False
    FAB_ADD_MENU_API = False
    FAB_ADD_OPENAPI_VIEWS = False
    FAB_API_SWAGGER_UI = False
    FAB_API_SHOW_STACKTRACE = False
    FAB_API_MAX_PAGE_SIZE = 200
    FAB_SAFE_REDIRECT_HOSTS: list[str] = []  # noqa: RUF012 - empty: only paths of our own
