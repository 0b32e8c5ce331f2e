"""The family's notice in plain language (A8.10): a sheet for the child and for each parent or guardian who may be told."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import exclusion, papers
from tmr_app.cases.models import Case, Relation
from tmr_app.cases.papers import Offer, Reader, key_of
from tmr_app.cases.table_models import Participant
from tmr_app.documents import family_notice
from tmr_app.documents.content import Document
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.meetings import holding_queries, pack_sources, readiness
from tmr_app.meetings.models import FamilyNotice, Meeting
from tmr_app.regulation.verdicts import Message

CHILD = Message("the child")


@papers.source
def of_the_family(session: Session, case: Case, reader: Reader) -> Iterator[Offer]:
    """For each meeting still to come. Two statements."""
    if not may(reader.standing, Permission.MEETING_PREPARE):
        return
    meetings = session.scalars(
        select(Meeting)
        .where(
            Meeting.case_id == case.id,
            Meeting.status.in_(("preparing", "convened", "running")),
            Meeting.meeting_on.is_not(None),
        )
        .order_by(Meeting.meeting_on.desc(), Meeting.id)
        .limit(20)
    ).all()
    family = _told(session, case, civil_date(reader.now)) if meetings else []
    title = Message("Notice to the family, in plain language")
    for one in meetings:
        yield Offer("family-notice", key_of(one.id), title, one.meeting_on, one.code, CHILD)
        for relation in family:
            name = relation.family_member.name
            yield Offer("family-notice", key_of(one.id, relation.id), title, one.meeting_on, one.code, name)


def _told(session: Session, case: Case, today: date) -> list[Relation]:
    """Parents and guardians, never one marked as a perpetrator (A4.5)."""
    return [
        one
        for one in readiness.relations_of(session, case.id)
        if (one.has_parental_care or one.kind in readiness.PARENTS)
        and not exclusion.relation_excluded(one, today).refuses
    ]


@papers.kind("family-notice", Permission.MEETING_PREPARE, personal=False)
def family_notice_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """For the child, or for the parent or guardian the key names; asked anew at this exit."""
    meeting_id, *relation_id = papers.ids(key)
    meeting = holding_queries.find(session, meeting_id, case.id)
    sources = pack_sources.load(session, case=case, meeting=meeting)
    sources.language = reader.language
    relation = None
    if relation_id:
        family = _told(session, case, civil_date(reader.now))
        relation = next((one for one in family if one.id == relation_id[0]), None)
        if relation is None:
            raise NotFound("relation")
    who: Literal["child", "parent", "guardian"] = "child"
    if relation is not None:
        who = "guardian" if relation.kind == "guardian" else "parent"
    values = pack_sources.meeting_values(sources, meeting)
    office = pack_sources.case_values(sources).office
    return family_notice.build(
        family_notice.FamilyNoticeValues(
            language=reader.language,
            office=office,
            sender=pack_sources.person_values(sources.case_manager, sources.qps.name),
            recipient=relation.family_member.name if relation else _first_name(sources),
            reader=who,
            meeting=values,
            issued_on=_issued(session, meeting, relation, civil_date(reader.now)),
            invited=_takes_part(session, case, relation),
        )
    )


def _first_name(sources: pack_sources.Sources) -> str:
    return sources.child.name.split()[0] if sources.child and sources.child.name else ""


def _issued(session: Session, meeting: Meeting, relation: Relation | None, today: date) -> date:
    """The day the person was told, once that is recorded; today on a sheet still to be handed over."""
    same = FamilyNotice.relation_id.is_(None) if relation is None else FamilyNotice.relation_id == relation.id
    told = session.scalar(select(FamilyNotice.notified_on).where(FamilyNotice.meeting_id == meeting.id, same))
    return told or today


def _takes_part(session: Session, case: Case, relation: Relation | None) -> bool:
    """Whether this person is among those who take part: invited to come, else only to tell a view."""
    same = Participant.relation_id.is_(None) if relation is None else Participant.relation_id == relation.id
    found = select(Participant.id).where(
        Participant.case_id == case.id, Participant.withdrawn_at.is_(None), same
    )
    return session.scalar(found.limit(1)) is not None
