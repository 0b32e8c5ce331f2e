"""A world in which every page has something to show: the cast's case with meetings in each state, a marker in each sealed field.

The markers are planted by reflection: one word for each encrypted column, so that a leak names the column it came from.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tests.matrix import annual_things, furnished_monitoring, planted_plan
from tests.matrix.furnished_closing import begin_closing
from tests.matrix.furnished_general import general_meetings
from tests.matrix.people import Cast, build_with_world, open_door
from tests.matrix.planted_minutes import circulated_minutes, marker
from tmr_app.cases import (
    case_files,
    chairing,
    conflicts,
    disclosing,
    papers,
    participants,
    seating,
    standing_loader,
)
from tmr_app.cases.models import Case, Child, TakeOver
from tmr_app.cases.table_models import BreakGlass
from tmr_app.kernel import drafts, schema, vault
from tmr_app.kernel.db import Base
from tmr_app.kernel.encryption import SealedText
from tmr_app.meetings import (
    answering,
    calling,
    discussing,
    holding,
    reporting,
)
from tmr_app.meetings.holding import NextMeeting
from tmr_app.meetings.models import Invitation, Meeting, ReportVersion
from tmr_app.meetings.preparing import When
from tmr_app.members.models import (
    Appointment,
    HolidayCorrection,
    Person,
    RosterUpload,
    StaffProposal,
)
from tmr_app.oversight import feeds
from tmr_app.plans.models import Action, Objective
from tmr_app.web.app import TmrFlask

SECOND_ON, RUNNING_ON = date(2026, 12, 8), date(2026, 12, 15)
SEEN_AT = hw.DURING + timedelta(hours=4)
"""When the pages are read: the afternoon of the first meeting."""
MANAGER_ONLY = "KanarinaVetemMenaxheri"
TABLE_FILE = "KanarinaPerTryezen"
BIRTH_ON = "2013-02-09"
BIRTH_SHOWN = (BIRTH_ON, "09.02.2013", "9 shkurt 2013", "9. februar 2013", "9 February 2013")


@dataclass(frozen=True)
class Furnished:
    """Ids only. `meetings` by state; `arguments`: the values an address may take, by name."""

    cast: Cast
    others: dict[str, UUID]
    meetings: dict[str, UUID]
    arguments: dict[str, tuple[Any, ...]]
    number: str


def sealed_columns() -> list[str]:
    """Every encrypted column of the schema, as table.column."""
    schema.load_all()
    return sorted(
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_enc")
    )


def _texts() -> Iterator[tuple[type[Any], str, SealedText]]:
    for mapper in Base.registry.mappers:
        for name, kind in vars(mapper.class_).items():
            if isinstance(kind, SealedText):
                yield mapper.class_, name, kind


def plant(session: Session, case: Case) -> None:
    """Put its marker into every sealed text of the case and its family; the birth date stays a date."""
    session.flush()
    for model, name, kind in _texts():
        where = {
            "case_id": getattr(model, "case_id", None) == case.id,
            "family_id": getattr(model, "family_id", None) == case.family_id,
            "id": getattr(model, "id", None) == case.id,
            "owner_id": getattr(model, "owner_id", None) == case.id,
            "municipality_id": getattr(model, "municipality_id", None) == case.municipality_id,
        }.get(kind.subject)
        if where is None:
            continue  # sealed for something that is no case's: planted where it is made
        for row in session.scalars(select(model).where(where)):
            word = marker(model.__tablename__, kind.column)
            if model is Child and name == "birth_date":
                word = BIRTH_ON
            elif name == "video_link":
                word = f"https://{word}.example"
            elif model is case_files.CaseFile:
                word = MANAGER_ONLY if row.audience != "table" else TABLE_FILE
            if model.__name__ == "PackDocument" or (model.__name__, name) == ("FrozenVersion", "content"):
                continue  # frozen: what it holds came from the columns above
            setattr(row, name, word)
    session.flush()


def furnish(app: TmrFlask) -> Furnished:
    """Build everything through the operations, each unit of work committed."""
    with work(app.engine) as session:
        cast, here = build_with_world(session)
        _around_the_table(session, app, cast, here)
        plant(session, here.case)
        case_id, family_id = here.case.id, here.case.family_id
        others = {
            "other_case_manager": here.town.other_case_manager.id,
            "elsewhere": session.get_one(Case, cast.cases["other_town"]).case_manager_id,
        }
    with work(app.engine) as session:
        vault.unlock(session, [case_id, family_id])
        others["other_member"] = _another_member(session, here)
        meetings = _meetings(session, cast, here)
        begin_closing(session, session.get_one(Case, case_id), here.town.case_manager, here.mother.id)
        furnished_monitoring.reviewed(session, here, meetings)
        plant(session, session.get_one(Case, case_id))
        _own_things(session, cast, meetings)
    with work(app.engine) as session:
        case = session.get_one(Case, here.case.id)
        vault.unlock(session, [case.id, case.family_id, case.municipality_id])
        general_meetings(session, here.town, SEEN_AT, marker("general_item", "discussion"))
        plant(session, case)
    with work(app.engine) as session:
        vault.unlock(session, [case_id, family_id])
        annual = annual_things.furnish(session, cast.municipalities["own"], here.town.head.id, cast, SEEN_AT)
        arguments = {**_arguments(session, cast, meetings), **annual}
        number = session.get_one(Case, case_id).number
        tokens = tuple(feeds.make(session, session.get_one(Person, one), SEEN_AT) for one in _members(cast))
    return Furnished(cast, others, meetings, {**arguments, "token": (*tokens, "not-a-token")}, number)


def _members(cast: Cast) -> list[UUID]:
    return [one for one in (cast.people[role] for role in ("case_manager", "member", "undeclared")) if one]


def _another_member(session: Session, here: mw.CaseWorld) -> UUID:
    """A member who wrote no report."""
    person = session.get_one(Person, here.town.substitutes["ngo"].id)
    case = session.get_one(Case, here.case.id)
    seating.seat_member(
        session, here.town.case_manager, mw.NOW, case=case, kind="ngo", person_id=person.id, reason="Arsye"
    )
    open_door(session, here, person)
    return person.id


def _around_the_table(session: Session, app: TmrFlask, cast: Cast, here: mw.CaseWorld) -> None:
    """Files for both audiences, disclosures, a conflict flag, a hand-over, grants, broken glass, a take-over."""
    manager, head, case, now = here.town.case_manager, here.town.head, here.case, mw.NOW
    session.flush()
    for audience in ("table", "case_manager"):
        word = TABLE_FILE if audience == "table" else MANAGER_ONLY
        upload = FileStorage(io.BytesIO(f"{word} në përmbajtje".encode()), filename=f"{word}.txt")
        case_files.add_file(
            session, manager, now, case=case, store=app.extensions["tmr_files"], upload=upload, title=word,
            audience=audience, largest=1_000_000,
        )  # fmt: skip
    data = disclosing.DisclosureData("Marrësi", "Ligji", "Çka")
    for _ in range(2):
        row = disclosing.propose_disclosure(session, manager, now, case=case, data=data)
    disclosing.decide_disclosure(session, head, now, disclosure=row, approve=True)
    conflicts.flag_conflict(session, manager, now, case=case, seat=here.seats["police"], reason="Arsye")
    successor = here.town.other_case_manager.id
    chairing.propose_hand_over(session, manager, now, case=case, person_id=successor, note="Shënim")
    granted = cast.people["assistant"]
    assert granted
    participants.grant_address(session, manager, now, case=case, person_id=granted, reason="Arsye")
    for relation_id in (None, here.mother.id):
        participants.add_participant(session, manager, now, case=case, relation_id=relation_id)
    session.add(
        BreakGlass(
            case_id=case.id, person_id=successor, opened_at=now, until_at=now + timedelta(hours=4), reason="x"
        )
    )
    session.add(TakeOver(case_id=case.id, taken_over_on=mw.NOW.date(), plan="x", minutes="x"))
    request = calling.request_meeting(
        session, here.town.members["police"], now, case=case, seat_id=here.seats["police"].id, reason="Arsye"
    )
    assert request.id
    furnished_monitoring.monitored(session, here)
    child = session.scalars(select(Child).where(Child.case_id == case.id)).one()
    child.placement_institution_id = here.town.institutions["ngo"].id


def _meetings(session: Session, cast: Cast, here: mw.CaseWorld) -> dict[str, UUID]:
    """Held with minutes; convened with report and answers; running; being prepared."""
    case = session.get_one(Case, here.case.id)
    town = here.town
    first = session.get_one(Meeting, cast.meeting)
    gone = [here.seats["family_medicine"].id, here.seats["ngo"].id]  # recused and ended since it was called
    for row in session.scalars(select(Invitation).where(Invitation.seat_id.in_(gone))):
        session.delete(row)
    hw.convene(session, here, mw.prepare(session, here, first))
    holding.start(session, town.case_manager, hw.DURING, meeting_id=first.id, case=case)
    session.flush()
    added = discussing.add_item(
        session, town.case_manager, hw.DURING, meeting_id=first.id, case_id=case.id,
        title=marker("agenda_item", "title"),
    )  # fmt: skip
    assert added.kind == "free"
    hw.write_all(session, here, first)
    hw.risk(session, here, first, "high", "Arsye")
    starts = When(on=SECOND_ON, starts=mw.time(10, 0), ends=mw.time(11, 0), room_id=town.room.id)
    hw.propose(session, here, first, NextMeeting("review", starts))
    planted_plan.adopted_plan(session, here, first, hw.DURING)
    plant(session, case)
    hw.end(session, here, first)
    now = hw.DURING + timedelta(hours=1)
    circulated_minutes(session, here, case, first, now)
    second = session.get_one(Meeting, first.next_meeting_id)
    plant(session, case)
    hw.convene(session, here, mw.prepare(session, here, second, SECOND_ON, now), now)
    _report(session, here, case, second, now)
    running = mw.prepare(session, here, mw.call(session, here, "review", now), RUNNING_ON, now)
    hw.convene(session, here, running, now)
    running.status, running.started_at, running.chaired_by_id = "running", now, town.case_manager.id
    session.flush()
    planted_plan.next_plan(session, here, running, now)
    waiting = mw.call(session, here, "review", now)
    session.flush()
    return {"held": first.id, "convened": second.id, "running": running.id, "preparing": waiting.id}


def _report(session: Session, here: mw.CaseWorld, case: Case, meeting: Meeting, now: Any) -> None:
    """A member's report, corrected once, and an answer with a reason."""
    member = here.town.members["police"]
    answering.answer_invitation(
        session, member, now, case=case, meeting_id=meeting.id, answer="no", reason="Arsye"
    )
    texts = {
        name: marker("progress_report", column)
        for name, column in (
            ("done", "done"),
            ("obstacles", "obstacles"),
            ("needed", "needed"),
            ("child_wellbeing", "child"),
            ("manager_part", "manager_part"),
        )
    }
    report = reporting.file_report(
        session, member, now, case=case, meeting_id=meeting.id, texts=reporting.ReportTexts(**texts)
    )
    session.flush()
    earlier = {**texts, "done": "Më herët"}
    session.add(ReportVersion(case_id=case.id, report_id=report.id, version=99, replaced_at=now, **earlier))
    session.flush()


def _own_things(session: Session, cast: Cast, meetings: dict[str, UUID]) -> None:
    """What belongs to a person or the installation: a draft, a roster upload, a proposal, a holiday's correction."""
    member, admin = cast.people["member"], cast.people["administrator"]
    superior = cast.people["superior"]
    assert member
    assert admin
    assert superior
    values = {"done": marker("draft", "values")}
    place = f"report:{meetings['running']}"
    drafts.keep(session, person_id=member, case_id=cast.cases["own"], place=place, values=values, now=SEEN_AT)
    session.add(RosterUpload(uploaded_by_id=admin, uploaded_at=SEEN_AT, cells=[]))
    session.add(
        HolidayCorrection(
            on=date(2026, 12, 24), is_holiday=True, name="Festë", corrected_by_id=admin, created_at=SEEN_AT
        )
    )
    office = session.scalars(select(Appointment).where(Appointment.person_id == member)).first()
    assert office
    assert office.institution_id
    session.add(
        StaffProposal(
            institution_id=office.institution_id, deed="end", appointment_id=office.id, on=date(2026, 12, 31),
            proposed_by_id=superior, proposed_at=SEEN_AT,
        )
    )  # fmt: skip
    session.flush()


def _made(session: Session, cast: Cast) -> list[tuple[str, str]]:
    """One document of each kind this case offers its case manager: (kind, key)."""
    case = session.get_one(Case, cast.cases["own"])
    manager = session.get_one(Person, case.case_manager_id)
    standing, _case = standing_loader.in_case(session, manager.id, case.id, SEEN_AT)
    offers = papers.offers_for(session, case, papers.Reader(manager, standing, SEEN_AT, SEEN_AT))
    return sorted({offer.kind: (offer.kind, offer.key) for offer in offers if offer.key}.values())


IDS_OF = {
    "assessment_id": "assessment",
    "information_id": "information",
    "visit_id": "visit",
    "link_id": "report_link",
    "asked_id": "report_request",
    "disclosure_id": "disclosure",
    "file_id": "case_document",
    "relation_id": "relation",
    "glass_id": "break_glass",
    "document_id": "pack_document",
    "invitation_id": "invitation",
    "item_id": "agenda_item",
    "report_id": "progress_report",
    "version_id": "frozen_version",
    "minutes_id": "minutes",
    "slot_id": "signature_slot",
    "upload_id": "signing_upload",
    "objection_id": "minutes_objection",
    "request_id": "meeting_request",
    "seat_id": "seat",
    "flag_id": "conflict_flag",
    "proposal_id": "hand_over",
    "participant_id": "participant",
    "comment_id": "plan_comment",
    "sending_id": "plan_sending",
    "notice_id": "superior_notice",
}


def _arguments(session: Session, cast: Cast, meetings: dict[str, UUID]) -> dict[str, tuple[Any, ...]]:
    """Real ids for each argument of an address; those of the case's things, then of the town's and the installation's."""
    tables = Base.metadata.tables
    found: dict[str, tuple[Any, ...]] = {"meeting_id": tuple(meetings.values())}
    for argument, name in IDS_OF.items():
        table = tables[name]
        owner = table.c.get("case_id", table.c.get("owner_id"))
        rows = session.execute(
            select(table.c.id).where(owner == cast.cases["own"]).order_by(table.c.get("number", table.c.id))
        )
        found[argument] = tuple(row.id for row in rows)
        if argument == "version_id":
            found[argument] = found[argument][-1:]  # the one that is being signed
        assert found[argument], f"no {name} in this world"
    town = cast.municipalities["own"]
    for argument, name in {
        "general_id": "general_meeting",
        "general_item_id": "general_item",
        "general_task_id": "general_task",
        "qps_id": "qps",
        "institution_id": "institution",
        "room_id": "meeting_room",
    }.items():
        table = tables[name]
        rows = session.execute(select(table.c.id).where(table.c.municipality_id == town))
        found[argument] = tuple(row.id for row in rows)
    for argument, name in {
        "roster_upload_id": "roster_upload",
        "correction_id": "holiday_correction",
        "staff_proposal_id": "staff_proposal",
    }.items():
        found[argument] = tuple(row.id for row in session.execute(select(tables[name].c.id)))
    found["appointment_id"] = tuple(
        row.id for row in session.execute(select(Appointment.id).order_by(Appointment.person_id).limit(4))
    )
    found["unit_id"] = (*found["institution_id"][:2], *found["qps_id"])
    found["person_id"] = tuple(one for one in cast.people.values() if one)[:3]
    found["municipality_id"] = (town,)
    found["case_id"] = (cast.cases["own"],)
    found["action_key"] = planted_plan.action_keys(session, cast.cases["own"])
    found["action_id"] = planted_plan.draft_rows(session, cast.cases["own"], Action)
    found["objective_id"] = planted_plan.draft_rows(session, cast.cases["own"], Objective)
    found["made"] = (*_made(session, cast), ("diary", "x"))
    return found
