"""The rules of fields: at once, by request or by the operator only (domain.md 3.5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask_babel import ngettext
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.catalogue import record_named
from app.kernel.errors import Conflict, Refused
from app.kernel.fields import Policy
from app.kernel.rights import POLICIES, READ
from app.services import field_policies, keep
from app.services.field_policies import Wanted
from app.views.base.drafting import sent_before, settled
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.numbers import earlier_than
from app.views.base.policy_words import Typed, policies_page, rules_page
from app.views.base.shell import render
from app.views.base.words import say

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.services.field_policies import Rules

MOST = 2**31


class PoliciesView(Pages):
    """Which rules there are and, for the operator, the form that sets them."""

    route_base = "/policies"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """All records with the number of rules set for them."""
        _admit()
        return render("policies.html", policies_page(_organisation()))

    @route("/<string:name>", needs=SIGNED_IN)
    def show(self, name: str) -> str:
        """The rules of one record."""
        _admit()
        return render("policy.html", rules_page(_rules(name), Typed()))

    @route("/<string:name>", needs=SIGNED_IN, methods=("POST",))
    def set(self, name: str) -> Response | str | tuple[str, int]:
        """Set rules from now on; what was typed stays where something is wrong with it."""
        _admit()
        present, typed = _rules(name), _typed()
        seen = earlier_than(request.form.get("seen", ""))
        if seen is None or seen >= MOST:
            raise BadRequest("seen")
        wanted = _wanted(present, typed)
        try:
            number = field_policies.set_rules(
                db.session(), present, wanted, typed.reason, seen, identity()
            )
        except keep.Problems as error:
            for problem in error.problems:
                typed.errors[problem.field or ""] = say(problem)
            status = 422
        except Conflict as error:
            typed.errors[""] = say(error)
            status = 409
        else:
            where = request.full_path.rstrip("?")
            if earlier := settled(where):
                return earlier
            flash(ngettext("Изменено %(num)s правило", "Изменено %(num)s правила", number))
            return redirect(where, 303)
        if earlier := sent_before():
            return earlier
        db.session.rollback()
        return render("policy.html", rules_page(_rules(name), typed)), status


def _admit() -> None:
    if not identity().may(READ, POLICIES):
        raise Refused("Правила изменения сведений видят оператор и министерство.")


def _organisation() -> int | None:
    """The organisation that the address is about. Raises ``Missing`` where there is none such."""
    given = request.args.get("organisation", "")
    if not given:
        return None
    number = earlier_than(given) or 0
    keep.fetch(db.session(), record_named("organisation"), number)
    return number


def _rules(name: str) -> Rules:
    record = field_policies.governed_named(name)
    return field_policies.rules_of(db.session(), record, _organisation())


def _typed() -> Typed:
    return Typed(dict(request.form.items()), request.form.get("reason", ""))


def _wanted(present: Rules, typed: Typed) -> dict[str, Wanted]:
    """What is chosen for each field that the form offers; other words are refused as no choice."""
    found = {}
    for row in present.rows:
        chosen = typed.values.get(f"policy-{row.name}")
        if chosen is None:
            continue
        reviewer = typed.values.get(f"reviewer-{row.name}", "") or None
        if chosen and chosen not in set(Policy):
            raise BadRequest("policy")
        policy = Policy(chosen) if chosen else None
        if policy is row.declared and present.organisation is None:
            policy = None
        found[row.name] = Wanted(policy, reviewer)
    return found
