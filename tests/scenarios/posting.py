"""The portal, its database and a mail server, for stories about letters."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from procrastinate import JobContext
from procrastinate.jobs import Job

from app.jobs import jobs, running
from app.jobs.post import post as post_job
from tests.mail_server import MailServer, mail_server
from tests.working import do_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    import pytest

    from tests.conftest import Portal

REQUEST = (
    "insert into edit_request (organisation_id, author_id, state, reason, target_table,"
    " submitted_at) select o.id, u.id, 'under_review', 'Приказ', 'organisation', now()"
    " from organisation o, ab_user u where o.source_id = 'school-1' and u.username = 'clerk'"
    " returning id"
)
HAPPEN = (
    "insert into edit_request_event (request_id, organisation_id, action, to_state, comment)"
    " select id, organisation_id, %s, state, 'Телефон 8 900 111-22-33' from edit_request"
    " where id = %s"
)
STATES = "select coalesce(string_agg(state, ' ' order by id), '') from letter"


class Post:
    """The portal, its database and the mail server, as a story needs them."""

    def __init__(self, portal: Portal, base: psycopg.Connection, server: MailServer) -> None:
        """Keep what is at hand."""
        self.portal, self.base, self.server = portal, base, server
        found = base.execute(REQUEST.encode()).fetchone()
        assert found
        self.request = int(found[0])

    def happen(self, *actions: str, wish: str = "now", language: str = "ru") -> None:
        """Events the clerk is told of, who wants letters so."""
        self.base.execute(
            "insert into notice_setting (user_id, mail, language) select id, %s, %s from ab_user"
            " where username = 'clerk' on conflict (user_id) do update"
            " set mail = excluded.mail, language = excluded.language",
            (wish, language),
        )
        for action in actions:
            self.base.execute(HAPPEN.encode(), (action, self.request))

    def go(self) -> None:
        """The minute has come: what the worker calls."""
        running.serve(self.portal.app)
        done = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="post")
        post_job.func(
            JobContext(app=jobs, job=done, start_timestamp=0.0, abort_reason=lambda: None), 0
        )

    def work(self, task: str) -> None:
        """A worker does the job of the name, and what else waits."""
        self.base.execute(
            "select procrastinate_defer_jobs_v1(array[row('default', %s, 0, null, null,"
            " '{\"timestamp\": 0}', null)::procrastinate_job_to_defer_v1])",
            (task,),
        )
        do_jobs(self.portal)
        failed = "select count(*) from procrastinate_jobs where status = 'failed'"
        assert self.one(failed) == "0"

    def one(self, query: str, *values: object) -> str:
        """The first column of the first row."""
        found = self.base.execute(query.encode(), values).fetchone()
        return str(found[0]) if found else ""

    @property
    def states(self) -> str:
        """What became of the letters, in the order of writing."""
        return self.one(STATES)

    def later(self) -> None:
        """Let what was put off have its turn."""
        self.base.execute("update letter set next_at = now() where state = 'waiting'")


@contextmanager
def posting(portal: Portal, patch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A portal that sends its letters to a server of the test; what was written is gone after."""
    patch.setitem(portal.app.config, "MAIL_FROM", "АИС <portal@example.com>")
    patch.setitem(portal.app.config, "PUBLIC_URL", "https://portal.example.com")
    with mail_server() as server, portal.cluster.connect(portal.database) as base:
        patch.setitem(portal.app.config, "SMTP_URL", server.url)
        yield Post(portal, base, server)
        base.execute("delete from edit_request")
        base.execute("delete from letter")
        base.execute("delete from notice_setting")
