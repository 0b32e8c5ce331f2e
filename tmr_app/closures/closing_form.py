"""The closing form (A17.5): made from what was decided, frozen, signed by the case manager and the members."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.closures import dossier
from tmr_app.closures.dossier import Dossier
from tmr_app.closures.models import Closing
from tmr_app.closures.recommending import note
from tmr_app.documents import closed_notice
from tmr_app.documents import closing as paper
from tmr_app.documents.closed_notice import ClosedNoticeValues
from tmr_app.documents.closing import ClosingValues
from tmr_app.documents.content import Document
from tmr_app.documents.texts import Text, translate
from tmr_app.documents.values import ViewValues
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.meetings import annex_forms, frozen, minutes_kind, pack_sources
from tmr_app.meetings.minutes import HOW_WORDS
from tmr_app.meetings.models import Meeting
from tmr_app.meetings.pack_sources import Sources
from tmr_app.members.models import Municipality, Person, Qps
from tmr_app.regulation.catalogue import label
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import freezing
from tmr_app.signing.freezing import Signer
from tmr_app.signing.kinds import DocumentKind, register_kind
from tmr_app.signing.models import FrozenVersion

WORD = "closing_form"


def _build(content: Any) -> Document:
    return paper.build(frozen.decode(content))


def _home(version: FrozenVersion) -> str:
    return f"/cases/{version.case_id}/closing"


register_kind(
    DocumentKind(
        word=WORD,
        title=Message("Closing form"),
        statement=Message("I have read the closing form and I sign it."),
        statement_absent=Message(
            "I did not take part in the closing meeting, I have read the closing form and I sign it as absent."
        ),
        duty="A17.5",
        build=_build,
        home=_home,
    )
)


def make(session: Session, actor: Person, now: datetime, *, case: Case, reason: str = "") -> FrozenVersion:
    """Freeze the form and ask everyone to sign. Made again (a correction, with `reason`), all sign the new version.

    Raises OutOfOrder before the minutes are approved, and once everybody has signed.
    """
    lock_table(session, case.id)
    found = dossier.load(session, case, now)
    one = found.require("form")
    if found.form_complete:
        raise OutOfOrder(Message("The closing form is signed by everyone."), "A17.5")
    meeting = found.meeting
    if meeting is None:
        raise OutOfOrder(Message("The closing meeting is not convened."), "A8.11")
    values = values_of(session, found)
    version = freezing.freeze(
        session,
        actor,
        now,
        kind=WORD,
        subject_id=one.id,
        case_id=case.id,
        reference=meeting.code,
        language=case.language,
        content=frozen.encode(values),
        signers=_signers(session, actor, meeting, values),
        reason=reason.strip(),
    )
    freezing.open_for_signing(session, actor, now, version=version)
    one.form_made_at = now
    annex_forms.make(session, actor, now, case=case, meeting=meeting)  # its closing section (A20)
    note(session, "closing:form", one, "A17.5", actor)
    return version


def _signers(session: Session, actor: Person, meeting: Meeting, values: ClosingValues) -> list[Signer]:
    """The members at the closing meeting, and the case manager who makes the form, also one who took over since (A17.5)."""
    found = minutes_kind.signers_of(session, meeting)
    if all(one.person_id != actor.id for one in found):
        centre = values.case.office.name
        found = [
            Signer(person_id=actor.id, name=actor.name, institution=centre, function=actor.function or ""),
            *found,
        ]
    return found


def values_of(session: Session, found: Dossier) -> ClosingValues:
    """Everything the form prints, in the case's language."""
    one, meeting = found.closing, found.meeting
    if one is None or meeting is None:
        raise ValueError("a closing without its meeting")
    sources = pack_sources.load(session, case=found.case, meeting=meeting)
    return ClosingValues(
        case=pack_sources.case_values(sources),
        child=pack_sources.child_values(sources),
        ground=one.ground,
        closed_on=one.decided_on or found.today,
        assessment=one.assessment,
        best_interest=one.best_interest,
        approval=_approval(session, one),
        services="\n\n".join(text for text in (one.services, one.undone) if text),
        destination=_destination(session, one, sources),
        after_eighteen=_after_eighteen(one, sources),
        other_circumstances=_other(one, sources),
        opinions=tuple(_view(found, relation) for relation in found.heard()),
    )


def _approval(session: Session, one: Closing) -> Text:
    head = session.get(Person, one.approved_by_id) if one.approved_by_id else None
    review = one.approved_at
    if head is None or review is None:
        return ""
    return Message("%(name)s, on %(on)s", name=head.name, on=civil_date(review))


def _destination(session: Session, one: Closing, sources: Sources) -> str:
    if one.ground == "moved_abroad":
        return f"{one.country}; {one.authority}"
    qps = session.get(Qps, one.to_qps_id) if one.to_qps_id else None
    if qps is None:
        return ""
    place = session.get_one(Municipality, qps.municipality_id)
    return f"{label(place.key, sources.language)}, {qps.name}"


def _after_eighteen(one: Closing, sources: Sources) -> str:
    if one.ground != "of_age":
        return ""
    return one.after_eighteen or translate(
        Message("No services are needed after eighteen."), sources.language
    )


def _other(one: Closing, sources: Sources) -> str:
    parts = [one.other]
    if one.ground == "death":
        died_on = dossier.parsed(one.death_on)
        if died_on is not None:
            text = Message("Died on %(on)s; source: %(source)s", on=died_on, source=one.death_source)
            parts.append(translate(text, sources.language))
    return "\n".join(part for part in parts if part)


def _view(found: Dossier, relation: Any) -> ViewValues:
    row = found.opinion_of(relation.id if relation else None)
    name = relation.family_member.name if relation else (found.child.name if found.child else "")
    if row is None:
        return ViewValues(who=name, view=found.closing.no_parent_reason if found.closing else "")
    asked: Text = ""
    if row.asked_on is not None:
        how = HOW_WORDS.get(row.how or "")
        asked = (
            Message("%(on)s, %(how)s", on=row.asked_on, how=how)
            if how is not None
            else Message("%(on)s", on=row.asked_on)
        )
    return ViewValues(who=name, notified=asked, view=row.opinion or row.no_opinion_reason)


def letter_of(session: Session, found: Dossier, reader: Literal["child", "parent"]) -> Document:
    """The notice in plain language that the work on the case ends. Raises OutOfOrder where nobody may be told."""
    one, meeting = found.closing, found.meeting
    if one is None or meeting is None or one.decided_on is None:
        raise OutOfOrder(Message("The Table has not decided to close the case."), "A5.2")
    if found.case.family_notices_stopped_at is not None:
        raise OutOfOrder(Message("The child has died: notices to the family are stopped."), "A17.3")
    parents = [one for one in found.heard() if one is not None]
    if reader == "parent" and not parents:
        raise OutOfOrder(Message("No parent or guardian may be told (A4.5)."), "A4.5")
    sources = pack_sources.load(session, case=found.case, meeting=meeting)
    values = pack_sources.case_values(sources)
    return closed_notice.build(
        ClosedNoticeValues(
            language=sources.language,
            office=values.office,
            sender=values.case_manager,
            recipient=found.child.name
            if reader == "child" and found.child
            else ", ".join(one.family_member.name for one in parents),
            reader=reader,
            reference=meeting.code,
            decided_on=one.decided_on,
            issued_on=found.today,
            moves_to=_destination(session, one, sources) if one.ground == "moved_within" else "",
            services=one.after_eighteen,
        )
    )
