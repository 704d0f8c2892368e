"""What a job is to do, as it waits in the queue: sealed where it repeats what people typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.kernel.record import new_uid
from app.kernel.sealing import cipher

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND = "job_params"  # of what is sealed
TYPED = "form"  # conditions and values of a form: may be somebody's СНИЛС
SEALED = "sealed"


def kept(params: Mapping[str, Any]) -> dict[str, Any]:
    """The params as the table of jobs keeps them."""
    if TYPED not in params:
        return dict(params)
    text = json.dumps(dict(params), ensure_ascii=False)
    return {SEALED: cipher().seal(KIND, text, new_uid())}


def opened(kept_params: Mapping[str, Any]) -> dict[str, Any]:
    """The params that were kept. Raises ``Unreadable``."""
    if SEALED not in kept_params:
        return dict(kept_params)
    found: dict[str, Any] = json.loads(cipher().unseal(KIND, kept_params[SEALED]))
    return found
