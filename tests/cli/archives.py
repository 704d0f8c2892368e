"""What the tests of backups have in common: archives, made and changed."""

from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

from app.kernel.blobs import Blobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import click
    from click.testing import Result

    from tests.conftest import Portal


def run(portal: Portal, command: click.Command, *words: object) -> Result:
    return portal.app.test_cli_runner().invoke(command, [str(word) for word in words])


def put_blob(root: Path, content: bytes) -> str:
    return Blobs(root / "files").put(io.BytesIO(content), len(content)).sha256


def changed(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of an archive with members changed, or left out where the change gives None."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for info in old.getmembers():
            content = old.extractfile(info)
            assert content
            data = change(info.name, content.read())
            if data is not None:
                info.size = len(data)
                new.addfile(info, io.BytesIO(data))
    return target


def manifest_of(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as tar:
        content = tar.extractfile("manifest.json")
        assert content
        found: dict[str, Any] = json.load(content)
        return found
