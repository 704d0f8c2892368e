"""Files of registers on a real portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.imports.loading import Loading

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Portal


@pytest.fixture
def load(fresh_portal: Portal, tmp_path: Path) -> Loading:
    """The command, on a portal that nothing has been loaded into."""
    return Loading(fresh_portal, tmp_path)
