"""Annex 1, the Table's work form, filled from the case for one meeting (A20): made at its end, and anew when asked.

What a part of the product that is not there yet would know stays empty, as on the printed form. Rooms that know more
(the closing section) add it by `fills`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.words import SOURCE_TEXTS
from tmr_app.documents import annex1
from tmr_app.documents.annex1 import Annex1Values
from tmr_app.documents.content import Document, Language
from tmr_app.documents.values import ParticipantValues
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.meetings import facts, frozen, holding_queries, minutes, pack_sources
from tmr_app.meetings.annex_models import AnnexForm
from tmr_app.meetings.holding_queries import Attendee, Held
from tmr_app.meetings.models import Meeting
from tmr_app.meetings.pack_sources import Sources
from tmr_app.members.models import Person
from tmr_app.regulation import articles
from tmr_app.regulation.annex1 import annex_labels
from tmr_app.regulation.catalogue import label
from tmr_app.regulation.verdicts import Message, Verdict

Fill = Callable[[Session, Case, Meeting, Annex1Values], Annex1Values]
_fills: list[Fill] = []


def fills(fill: Fill) -> Fill:
    """Register what another room knows of the form: called with the values so far, returns them completed."""
    if fill not in _fills:
        _fills.append(fill)
    return fill


def make(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    case: Case,
    meeting: Meeting,
    read: tuple[Held, Sources] | None = None,
) -> AnnexForm:
    """The form as the case stands now, as the next version; the newest one when it would say the same.

    `read`: what was read of this meeting already, when the caller has it.

    Raises OutOfOrder before the meeting has a date.
    """
    if meeting.meeting_on is None or meeting.status == "cancelled":
        raise OutOfOrder(Message("The form is made for a meeting with a date."), "A20")
    content = frozen.encode(values_of(session, now, case=case, meeting=meeting, read=read))
    sha256 = frozen.fingerprint("annex1", content)
    last = newest(session, meeting.id)
    if last is not None and last.sha256 == sha256 and verdict(case, meeting, [last], civil_date(now)).allows:
        return last
    form = AnnexForm(
        case_id=case.id,
        meeting_id=meeting.id,
        version=last.version + 1 if last is not None else 1,
        sha256=sha256,
        labels_sha256=labels_sha256(),
        made_at=now,
        made_by_id=actor.id if actor else None,
        content=content,
    )
    session.add(form)
    session.flush()
    audit.note(
        session, "annex:made", object_type="annex_form", object_id=form.id, case_id=case.id, rule="A20",
        changes={"content": sha256}, actor_id=actor.id if actor else None,
    )  # fmt: skip
    return form


def verdict(case: Case, meeting: Meeting, versions: Sequence[AnnexForm], today: date) -> Verdict:
    """What the rule says of the form as it was last made: not made, made, or another than the annex (A20)."""
    if meeting.meeting_on is None:
        raise ValueError("a meeting without a date has no form")
    found = facts.annex_form_of(case.opened_on, meeting.meeting_on, versions, labels_sha256())
    return articles.a20_annex_form(found, today)


def newest(session: Session, meeting_id: UUID) -> AnnexForm | None:
    """The newest version for this meeting, held against a second writer."""
    return session.scalar(
        select(AnnexForm)
        .where(AnnexForm.meeting_id == meeting_id)
        .order_by(AnnexForm.version.desc())
        .limit(1)
        .with_for_update()
    )


def labels_sha256() -> str:
    """The annex's labels as this product prints them, as one value: a form made after another list differs."""
    return hashlib.sha256("\n".join(annex_labels("sq")).encode()).hexdigest()


def document_of(content: Any, language: Language) -> Document:
    """The paper of a stored version; its own words in `language`, what people wrote as they wrote it."""
    values: Annex1Values = frozen.decode(content)
    return annex1.build(replace(values, case=replace(values.case, language=language)))


def values_of(
    session: Session,
    now: datetime,
    *,
    case: Case,
    meeting: Meeting,
    read: tuple[Held, Sources] | None = None,
) -> Annex1Values:
    """Everything the form prints, from the case's own tables."""
    held, sources = read or (
        holding_queries.load(session, now, meeting=meeting, case=case),
        pack_sources.load(session, case=case, meeting=meeting),
    )
    chair = held.chair or sources.case_manager
    referral = sources.referral
    by = SOURCE_TEXTS.get(referral.source) if referral else None
    values = Annex1Values(
        case=replace(pack_sources.case_values(sources), referred_by=by or ""),
        child=pack_sources.child_values(sources),
        meeting_on=meeting.meeting_on or civil_date(now),
        chair=chair.name if chair else "",
        situation=_situation(sources),
        services_before=_services(sources),
        information_shared=_shared(held),
        objectives=(sources.plan.goal,) if sources.plan and sources.plan.goal else (),
        participants=tuple(_present(minutes.participant_of(one, sources), one) for one in held.attendees()),
    )
    for fill in _fills:
        values = fill(session, case, meeting, values)
    return values


def _present(values: ParticipantValues, one: Attendee) -> ParticipantValues:
    """Before attendance is noted the box stays empty, to be filled in by hand."""
    return values if one.invitation.attendance else replace(values, present=None, remark="")


def _situation(sources: Sources) -> str:
    """The case manager's assessment: its summary, then indicator by indicator."""
    found = sources.assessment
    if found is None:
        return sources.referral.facts if sources.referral else ""
    parts = [found.summary]
    for one in found.findings:
        if one.findings:
            name = label(one.indicator, sources.language) if one.indicator else one.title
            parts.append(f"{name[:1].upper()}{name[1:]}: {one.findings}")
    return "\n".join(part for part in parts if part)


def _services(sources: Sources) -> str:
    """What the Centre gave before the case came to the Table: from the referral, then from the initial plan."""
    given = [sources.referral.services_before if sources.referral else ""]
    if sources.plan is not None:
        given.append(sources.plan.services)
    return "\n".join(part for part in given if part)


def _shared(held: Held) -> str:
    """What members told in the meeting: A8.8's information, then what was said on the case."""
    told = [held.meeting.information_given]
    told += [
        item.discussion for item in held.items if item.kind in ("information", "needs_assessment", "reports")
    ]
    return "\n".join(dict.fromkeys(part for part in told if part))
