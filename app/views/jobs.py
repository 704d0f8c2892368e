"""Pages of background jobs: one's own, how far they are, their files; stopped by a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, send_file
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.errors import Missing, Refused
from app.security.roles import RoleCode
from app.services import work
from app.services.past import user_names
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.numbers import earlier_than, known_id
from app.views.base.pages_work import JobsPage
from app.views.base.shell import render
from app.views.base.working import address, gone, job_card, results

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.models.work import BackgroundJob


class JobsView(Pages):
    """Jobs of the person; the operator may look at everybody's. The database keeps it so."""

    route_base = "/jobs"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """Jobs, newest first."""
        session, person = db.session(), identity()
        oversees = person.capacity is not None and person.capacity.role is RoleCode.OPERATOR
        everybody = oversees and request.args.get("all") == "1"
        find = work.everybodys if everybody else work.mine
        found = find(session, earlier_than(request.args.get("before", "")))
        shown = found[: work.PAGE]
        names = user_names(session, {job.user_id for job in shown}) if everybody else {}
        more = f"/jobs/?{'all=1&' if everybody else ''}before={shown[-1].id}" if shown else ""
        page = JobsPage(
            tuple(
                job_card(job, mine=job.user_id == person.user_id, who=names.get(job.user_id, ""))
                for job in shown
            ),
            next_href=more if len(found) > work.PAGE else "",
            everybody_href=("/jobs/" if everybody else "/jobs/?all=1") if oversees else "",
            everybody=everybody,
        )
        return render("jobs.html", page)

    @route("/<int:number>", needs=SIGNED_IN)
    def show(self, number: int) -> str:
        """One job; the page renews itself while the job lives."""
        job = work.find(db.session(), known_id(number))
        return render("job.html", job_card(job, mine=self._mine(job)))

    @route("/<int:number>/stop", needs=SIGNED_IN, methods=("POST",))
    def stop(self, number: int) -> Response:
        """Ask the job to stop; nothing of what it did stays."""
        job = work.find(db.session(), known_id(number))
        if not work.stop(db.session(), number) and job.state in work.LIVING:
            raise Refused("Остановить задание может тот, кто его дал, или оператор.")
        return redirect(address(number), 303)

    @route("/<int:number>/file", needs=SIGNED_IN)
    def file(self, number: int) -> Response:
        """The file a job has made, for the one who asked for it."""
        job = work.find(db.session(), known_id(number))
        if not job.file_hash or not self._mine(job):
            raise Missing("У этого задания нет файла для вас.")
        if not results().has(job.file_hash):
            raise Missing(gone())
        return send_file(
            results().open(job.file_hash),
            mimetype=job.file_type,
            as_attachment=True,
            download_name=job.file_name or _("файл"),
        )

    @staticmethod
    def _mine(job: BackgroundJob) -> bool:
        return job.user_id == identity().user_id
