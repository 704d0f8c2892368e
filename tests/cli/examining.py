"""What the tests of the doctor have in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.cli.doctor import doctor

if TYPE_CHECKING:
    from tests.conftest import Portal


def examined(portal: Portal, *words: str) -> dict[str, dict[str, Any]]:
    done = portal.app.test_cli_runner().invoke(doctor, ["--json", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return {finding["check"]: finding for finding in json.loads(done.output)}
