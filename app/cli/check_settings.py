"""Checks of the settings: what would open the door, seen without asking anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.cli.finding import bad, good, warn
from app.kernel.mail import Server, sender
from app.kernel.sealing import cipher_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.cli.finding import Finding

SHORTEST_KEY = 32  # characters
FEWEST_SIGNS = 10  # different characters of a key that was drawn and not thought up
HERE = {"127.0.0.1", "::1", "localhost"}


def serves_others(settings: Mapping[str, Any]) -> bool:
    """Whether people beyond this machine are served, other than with made-up data to try.

    A portal behind a proxy listens on this machine only: that it has a proxy or a name says so.
    """
    beyond = settings["LISTEN"] not in HERE
    named = bool(settings["TRUSTED_PROXIES"] or settings["HOSTS"])
    return (beyond or named) and not settings["DEMO_ON_EMBEDDED"]


def settings_checks(settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings about the settings."""
    yield _key(str(settings["SECRET_KEY"] or ""))
    yield _sealing(str(settings["SEALING_KEYS"]))
    yield _second_step(settings)
    yield _debug(settings)
    yield _cookies(settings)
    yield _hosts(settings)
    yield _proxies(settings)
    yield _mail(settings)


def _key(key: str) -> Finding:
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS:
        return bad(
            "ключ подписи",
            f"SECRET_KEY короче {SHORTEST_KEY} знаков или угадывается",
            "уберите его из окружения (портал создаст свой) или задайте:"
            ' python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
            fatal=True,
        )
    return good("ключ подписи", "длинный и случайный")


def _sealing(keys: str) -> Finding:
    try:
        cipher_of(keys)
    except ValueError:
        return bad(
            "ключи шифрования",
            "PORTAL_KEYS не читается: СНИЛС и номера документов недоступны",
            "верните прежние ключи: имя=32 байта в base64 через пробел, одно из имён — index",
            fatal=True,
        )
    return good("ключи шифрования", "читаются; храните их копию отдельно от архивов")


def _second_step(settings: Mapping[str, Any]) -> Finding:
    if not settings["SECOND_STEP"]:
        return bad(
            "второй шаг входа",
            "не требуется: украденный пароль оператора открывает данные всего региона",
            "уберите PORTAL_SECOND_STEP=off",
            fatal=True,
        )
    return good("второй шаг входа", "требуется от оператора и Министерства")


def _debug(settings: Mapping[str, Any]) -> Finding:
    if settings["DEBUG"] or settings["TESTING"]:
        return bad(
            "отладка",
            "включена: любой увидит устройство портала",
            "уберите FLASK_DEBUG и --debug",
            fatal=True,
        )
    return good("отладка", "выключена")


def _cookies(settings: Mapping[str, Any]) -> Finding:
    if not settings["SESSION_COOKIE_SECURE"]:
        return bad(
            "куки входа",
            "передаются и без https",
            "уберите PORTAL_INSECURE_COOKIE и откройте портал через https",
            fatal=True,
        )
    return good("куки входа", "только через https")


def _hosts(settings: Mapping[str, Any]) -> Finding:
    if not settings["HOSTS"]:
        return warn(
            "имя портала",
            "не задано: портал отвечает на любое",
            "задайте PORTAL_HOSTS=portal.example.ru (все имена через запятую)",
        )
    return good("имя портала", ", ".join(settings["HOSTS"]))


def _proxies(settings: Mapping[str, Any]) -> Finding:
    beyond, proxies = settings["LISTEN"] not in HERE, settings["TRUSTED_PROXIES"]
    if beyond and proxies:
        return bad(
            "обратный прокси",
            f"портал слушает {settings['LISTEN']} и верит заголовкам X-Forwarded: адрес подделает"
            " любой, кто обратится мимо прокси",
            "задайте PORTAL_HOST=127.0.0.1",
        )
    if not proxies:
        return warn(
            "обратный прокси",
            "PORTAL_TRUSTED_PROXIES=0: за прокси все люди для портала на одном адресе",
            "если перед порталом есть прокси (он нужен для https), задайте их число: обычно 1",
        )
    return good("обратный прокси", f"доверенных прокси: {proxies}")


def _mail(settings: Mapping[str, Any]) -> Finding:
    if not settings["SMTP_URL"]:
        return warn(
            "почта",
            "PORTAL_SMTP_URL не задан: письма об уведомлениях не уходят",
            "задайте PORTAL_SMTP_URL и PORTAL_MAIL_FROM (docs/guide-admin.ru.md, «Почта»)",
        )
    try:
        server, origin = Server.of(settings["SMTP_URL"]), sender(settings["MAIL_FROM"])
    except ValueError:
        return bad(
            "почта",
            "адрес почтового сервера или отправителя записан неверно: письма ждут",
            "PORTAL_SMTP_URL=smtps://имя:пароль@mail.example.ru,"
            " PORTAL_MAIL_FROM=portal@example.ru",
        )
    return good("почта", f"{origin.addr_spec} через {server.host}:{server.port}")
