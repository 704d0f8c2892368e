"""The rules of fields in words: how each is changed, who decides, what was set when and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import field_map, record_named
from app.kernel.fields import Policy
from app.kernel.rights import POLICIES, ROWS, SETTLE
from app.services import field_policies
from app.services.past import user_names
from app.views.base import addresses
from app.views.base.drafting import moment
from app.views.base.formkeys import KEY, new_key, owner_of
from app.views.base.guard import identity
from app.views.base.pages import Link, Option
from app.views.base.pages_policies import Governed, PastRule, PoliciesPage, RulesPage, RuleView
from app.views.base.words import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.kernel.record import Record
    from app.models.policies import FieldPolicy
    from app.services.field_policies import Row, Rules

HOME = "/policies/"
WORDS = {
    Policy.DIRECT: "Сразу",
    Policy.REQUEST: "Через запрос",
    Policy.OPERATOR: "Только оператор",
}
TONES = {Policy.DIRECT: "ok", Policy.REQUEST: "warn", Policy.OPERATOR: "off"}
REVIEWERS = {"operator": "Оператор", "department": "Министерство"}
MANY = 3  # organisations named in a line of the list


@dataclass(slots=True)
class Typed:
    """What somebody chose before it was refused."""

    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def policies_page(organisation: int | None) -> PoliciesPage:
    """The records with what is set for them, for all organisations or for one."""
    standing = field_policies.standing(db.session())
    names = field_policies.organisations(
        db.session(), {one.organisation_id for one in standing} | {organisation}
    )
    found = []
    for record in field_policies.governed():
        own = [one for one in standing if one.entity == record.__tablename__]
        here = sum(1 for one in own if one.organisation_id == organisation)
        others = sorted({one.organisation_id for one in own if one.organisation_id is not None})
        shown = others if organisation is None else []
        found.append(
            Governed(
                label(record, record.about.title_many),
                address(record, organisation),
                field_policies.count(record),
                str(here or ""),
                tuple(_others(record, shown, names)),
            )
        )
    chosen = None
    if organisation is not None:
        chosen = Option(str(organisation), names.get(organisation, ""), chosen=True)
    return PoliciesPage(
        tuple(found),
        chosen,
        addresses.picker("organisation"),
        HOME,
    )


def _others(record: type[Record], idents: list[int], names: Mapping[int, str]) -> Iterator[Link]:
    for ident in idents[:MANY]:
        yield Link(names.get(ident, f"№\u00a0{ident}"), address(record, ident))
    if len(idents) > MANY:
        yield Link(_("и ещё %(number)s", number=len(idents) - MANY), "")


def address(record: type[Record], organisation: int | None) -> str:
    """Where the rules of a record are."""
    where = f"{HOME}{record.__tablename__}"
    return where if organisation is None else f"{where}?organisation={organisation}"


def rules_page(rules: Rules, typed: Typed) -> RulesPage:
    """The rules of one record, as they are or as they were chosen."""
    record, organisation, person = rules.record, rules.organisation, identity()
    link = None
    if organisation is not None:
        names = field_policies.organisations(db.session(), {organisation})
        where = addresses.card(record_named("organisation"), organisation)
        link = Link(names.get(organisation, ""), where)
    posted = request.form.get(KEY, "")
    about = record.about
    return RulesPage(
        title=label(record, about.title_many),
        organisation=link,
        home_href=HOME if organisation is None else f"{HOME}?organisation={organisation}",
        action=address(record, organisation),
        rules=tuple(_rule(rules, row, typed) for row in rules.rows),
        past=tuple(_past(rules)),
        seen=rules.seen,
        key=posted if owner_of(posted) == person.user_id else new_key(person.user_id),
        sets=person.may(SETTLE, POLICIES),
        by_organisation=organisation is not None,
        reason=typed.reason,
        reason_error=typed.errors.get("reason", ""),
        problems=tuple(text for name, text in typed.errors.items() if not name),
    )


def words(policy: Policy) -> str:
    """How a field is changed."""
    return str(_(WORDS[policy]))


def _rule(rules: Rules, row: Row, typed: Typed) -> RuleView:
    held = rules.held(row)
    standing = held.policy if held and held.policy else ""
    chosen = typed.values.get(f"policy-{row.name}", standing)
    reviewer = typed.values.get(f"reviewer-{row.name}", (held.reviewer or "") if held else "")
    now = Policy(row.own.policy) if row.own and row.own.policy else row.usual
    return RuleView(
        row.name,
        _titled(rules.record, row.name),
        words(now),
        TONES[now],
        tuple(_choices(rules, row, chosen)),
        tuple(_reviewers(rules, row, reviewer)),
        typed.errors.get(row.name, ""),
        held is not None,
    )


def _titled(record: type[Record], name: str) -> str:
    if name == ROWS:
        return str(_("Добавить или удалить строку"))
    found = field_map(record).get(name)
    return label(record, found.label) if found else name


def _choices(rules: Rules, row: Row, chosen: str) -> Iterator[Option]:
    """What may be chosen: first what holds without a rule here."""
    if rules.organisation is None:
        usual = _("%(policy)s (так заведено)", policy=words(row.declared))
        others = [policy for policy in row.offered if policy is not row.declared]
    else:
        usual = _("Как у всех: %(policy)s", policy=words(row.usual).lower())
        others = list(row.offered)
    yield Option("", usual, chosen in {"", row.declared if rules.organisation is None else ""})
    for policy in others:
        yield Option(policy.value, words(policy), chosen == policy)


def _reviewers(rules: Rules, row: Row, chosen: str) -> Iterator[Option]:
    """Who may be chosen to consider requests: one role for all organisations."""
    if rules.organisation is not None or row.field is None:
        return
    yield Option("", _("Любой, кто решает запросы"), not chosen)
    for code, title in REVIEWERS.items():
        yield Option(code, _(title), chosen == code)


def _past(rules: Rules) -> Iterator[PastRule]:
    session = db.session()
    found = field_policies.past(session, rules.record, rules.organisation)
    people = user_names(session, {who for one in found for who in (one.set_by, one.ended_by)})
    names = field_policies.organisations(session, {one.organisation_id for one in found})
    for one in found:
        yield PastRule(
            _titled(rules.record, one.field),
            _said(one),
            names.get(one.organisation_id, "") if one.organisation_id else str(_("Все")),
            moment(one.set_at),
            people.get(one.set_by or 0, ""),
            one.reason,
            moment(one.ended_at) if one.ended_at else "",
            people.get(one.ended_by or 0, ""),
            one.ended_reason or "",
        )


def _said(rule: FieldPolicy) -> str:
    parts = [words(Policy(rule.policy))] if rule.policy else []
    if rule.reviewer:
        parts.append(_("решает: %(who)s", who=str(_(REVIEWERS[rule.reviewer])).lower()))
    return ", ".join(parts)
