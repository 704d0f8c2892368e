"""The documents of a request as its page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.kernel.media import BY_TYPE
from app.models.registry_requests import FINAL, SCHOOL
from app.services import files, requests
from app.views.base.forming import ENDINGS
from app.views.base.pages_requests import Document
from app.views.base.words import sized

if TYPE_CHECKING:
    from app.kernel.actor import Actor
    from app.services.request_queue import Whole


def documents(found: Whole, actor: Actor) -> dict[str, Any]:
    """What lies with a request, and whether the actor may add to it."""
    request = found.request
    school = SCHOOL in requests.parts_of(request, actor)
    where = f"/requests/{request.id}/files/"
    return {
        "files": tuple(
            Document(
                f"{file.name} ({BY_TYPE[file.media_type].title}, {sized(file.size)})",
                f"{where}{file.id}",
                f"{where}{file.id}/remove" if school and request.state == "draft" else "",
            )
            for file in found.files
        ),
        "attaches": school and request.state not in FINAL,
        "accept": ENDINGS,
        "largest": files.LARGEST,
    }
