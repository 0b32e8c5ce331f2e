"""The guide's form E-7, closing of the case, filled from the closing under way or the last one (guidance, G8)."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.cases import guide_papers, papers
from tmr_app.cases.models import Case
from tmr_app.cases.papers import Offer, Reader, key_of
from tmr_app.closures import dossier
from tmr_app.closures.dossier import Dossier
from tmr_app.documents.content import Document
from tmr_app.documents.texts import short_day
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.members.models import Person

REASONS = {
    "out_of_danger": "aim_reached",
    "of_age": "of_age",
    "moved_within": "moved",
    "moved_abroad": "moved",
    "death": "other_reason",
}
"""The five grounds of A17.3 among the form's four reasons."""
TOLD = {
    "in_person": "told_meeting",
    "telephone": "told_telephone",
    "letter": "told_post",
    "online": "told_other",
}

CARRIED_ON = ("open", "closed", "reopened")


@papers.source
def of_the_guide(session: Session, case: Case, _reader: Reader) -> Iterator[Offer]:
    """One statement. A closing the Table declined, or one withdrawn, has no such form."""
    one = dossier.newest(session, case.id)
    if one is not None and one.state in CARRIED_ON:
        yield guide_papers.offer("E-7", key_of(one.id), one.closed_on)


@papers.kind(guide_papers.kind_name("E-7"), Permission.CLOSING_READ)
def closing_sheet(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """E-7 of the newest closing."""
    one = dossier.newest(session, case.id)
    if one is None or papers.ids(key)[0] != one.id or one.state not in CARRIED_ON:
        raise NotFound("form")
    found = dossier.load(session, case, reader.now, closing=one)
    head = session.get(Person, one.approved_by_id) if one.approved_by_id else None
    reason = REASONS[one.ground]
    filled = {
        reason: one.country if one.ground == "moved_abroad" else "",
        "consulted": _consulted(found),
        "no_approval": one.no_parent_reason,
        "closed_on": short_day(one.closed_on),
        "approved_by": f"{head.name}, {short_day(civil_date(one.approved_at))}"
        if head and one.approved_at
        else "",
    }
    told = {TOLD[row.how] for row in found.opinions if row.how}
    return guide_papers.blank(
        session,
        case,
        reader,
        "E-7",
        filled=filled,
        ticked=frozenset({reason, *told} | ({"yes"} if told else set())),
    )


def _consulted(found: Dossier) -> str:
    """Whose opinion was asked, by name; the child by name too, as on the form's head."""
    names = {one.id: one.family_member.name for one in found.relations}
    asked = [
        names.get(row.relation_id, "") if row.relation_id else (found.child.name if found.child else "")
        for row in found.opinions
        if row.asked_on
    ]
    return "\n".join(one for one in asked if one)
