"""The plan of the furnished world: two adopted versions and a draft, everything members say and do on them, a silent member."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_world as pw
from tmr_app.cases.models import Case, CaseFile
from tmr_app.meetings.models import Meeting
from tmr_app.plans import adopting, commenting, drafting, superiors, updating
from tmr_app.plans.models import Action, InformationRequest, PlanVersion, SuperiorNotice


def adopted_plan(session: Session, here: mw.CaseWorld, meeting: Meeting, now: Any) -> None:
    """The first version, adopted in the meeting that runs; told of, objected to, one action given on."""
    manager, member, case = here.town.case_manager, here.town.members["police"], _case(session, here)
    version = drafting.begin(session, manager, now, case=case)
    pw.fill(session, here, version, ("police", "school"), now, others="KanarTeTjeret")
    adopted = _adopt(session, here, version, meeting, now)
    actions = pw.actions(session, adopted)
    mine = here.seats["police"].id
    for kind in ("comment", "objection"):
        said = commenting.say(
            session, member, now, case=case, seat_id=mine, kind=kind, text="x",
            action_key=actions[0].action_key,
        )  # fmt: skip
        session.flush()
        commenting.answer(session, manager, now, case=case, comment_id=said.id, text="y")
    file_id = session.scalars(
        select(CaseFile.id).where(CaseFile.case_id == case.id, CaseFile.audience == "table")
    ).first()
    for status in ("in_process", "not_done"):
        updating.update(
            session, member, now, case=case, action_key=actions[0].action_key, status=status, note="z",
            seat_id=mine, file_id=file_id,
        )  # fmt: skip
    updating.give(
        session, manager, now, case=case, action_key=actions[1].action_key, seat_id=mine, reason="w", number=0
    )


def next_plan(session: Session, here: mw.CaseWorld, meeting: Meeting, now: Any) -> None:
    """A second version with an overdue action of a silent member, a letter, a reason, and a draft after it."""
    manager, case = here.town.case_manager, _case(session, here)
    version = drafting.next_version(session, manager, now, case=case)
    version.changes = "x"
    adopted = _adopt(session, here, version, meeting, now)
    late = pw.actions(session, adopted)[1]
    late.planned_on = adopted.adopted_on = now.date() - timedelta(days=10)
    for days, moment in ((9, "action:after:1"), (6, "action:after:4")):
        on = now.date() - timedelta(days=days)
        session.add(
            InformationRequest(
                case_id=case.id, action_key=late.action_key, seat_id=here.seats["police"].id,
                person_id=here.town.members["police"].id, moment=moment, planned_on=late.planned_on,
                requested_on=on, requested_at=now - timedelta(days=days),
            )
        )  # fmt: skip
    _notices(session, here, case, now)
    updating.give(
        session, manager, now, case=case, action_key=pw.actions(session, adopted)[0].action_key,
        seat_id=here.seats["school"].id, reason="w", number=0,
    )  # fmt: skip
    draft = drafting.next_version(session, manager, now, case=case)
    draft.changes = "y"
    commenting.say(
        session, here.town.members["police"], now, case=case, seat_id=here.seats["police"].id,
        kind="proposal", text="x",
    )  # fmt: skip
    session.flush()


def _notices(session: Session, here: mw.CaseWorld, case: Case, now: Any) -> None:
    """Of earlier dates: the offer about the late action stays open."""
    seat = here.seats["police"]
    for deed in ("letter", "letter", "reason"):
        row = SuperiorNotice(
            case_id=case.id, seat_id=seat.id, person_id=seat.person_id, institution_id=seat.institution_id,
            deed=deed, reference=f"TL-{len(session.new)}{deed}{now.date():%d}{_count(session)}", language="sq",
            way="paper" if deed == "letter" else None, decided_at=now, decided_by_id=here.town.case_manager.id,
            answer_by_on=date(2026, 12, 31), reason="x" if deed == "reason" else "",
        )  # fmt: skip
        session.add(row)
        session.flush()
    letter = session.scalars(
        select(SuperiorNotice).where(SuperiorNotice.case_id == case.id, SuperiorNotice.deed == "letter")
    ).first()
    assert letter
    superiors.record_answer(
        session, here.town.case_manager, now, case_id=case.id, notice_id=letter.id, answer="y"
    )


def _count(session: Session) -> int:
    return len(list(session.scalars(select(SuperiorNotice.id))))


def _adopt(
    session: Session, here: mw.CaseWorld, version: PlanVersion, meeting: Meeting, now: Any
) -> PlanVersion:
    case, manager = _case(session, here), here.town.case_manager
    drafting.ask_comments(session, manager, now, case=case)
    session.flush()
    return adopting.adopt(
        session, manager, now, case=case, meeting_id=meeting.id,
        revisions=adopting.count_revisions(session, version),
    )  # fmt: skip


def _case(session: Session, here: mw.CaseWorld) -> Case:
    return session.get_one(Case, here.case.id)


def action_keys(session: Session, case_id: UUID) -> tuple[UUID, ...]:
    found = session.scalars(select(Action.action_key).where(Action.case_id == case_id))
    return tuple(dict.fromkeys(found))


def draft_rows(session: Session, case_id: UUID, model: Any) -> tuple[UUID, ...]:
    """Ids of the draft's rows first: the pages that write know only those."""
    rows = session.execute(
        select(model.id, PlanVersion.status)
        .join(PlanVersion, PlanVersion.id == model.version_id)
        .where(model.case_id == case_id)
        .order_by(PlanVersion.number.desc())
    )
    return tuple(row.id for row in rows)
