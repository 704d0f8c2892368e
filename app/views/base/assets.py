"""Addresses of built files."""


def asset(name: str) -> str:
    """Address of a built file."""
    return f"/static/{name}"


def icon(name: str) -> str:
    """Address of an icon in the sprite."""
    return f"/static/icons.svg#{name}"
