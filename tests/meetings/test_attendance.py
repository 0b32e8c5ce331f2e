"""Attendance (A9): one mark per invitee, reasons where they belong, nobody's mark overwritten unseen."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases import family
from tmr_app.cases.participants import add_participant
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, OutOfOrder, RuleRefused
from tmr_app.meetings import attendance, discussing, holding_queries
from tmr_app.meetings.attendance import Mark
from tmr_app.meetings.models import Invitation, Meeting


def record(session: Session, here: mw.CaseWorld, meeting: Meeting, **marks: Mark) -> list[attendance.Clash]:
    """Marks by seat kind, or `child` and `mother`."""
    rows = {**_rows(session, here, meeting)}
    chosen = {rows[name].id: mark for name, mark in marks.items()}
    found = attendance.record(session, here.town.case_manager, hw.DURING, meeting=meeting, marks=chosen)
    session.flush()
    return found


def _rows(session: Session, here: mw.CaseWorld, meeting: Meeting) -> dict[str, Invitation]:
    kinds = {seat.id: kind for kind, seat in here.seats.items()}
    found = {}
    held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
    for one in held.attendees():
        row = one.invitation
        name = kinds.get(row.seat_id, one.kind) if row.seat_id else ("mother" if one.relation_id else "child")
        found[name] = row
    return found


@pytest.mark.duty("A9")
def test_a9_each_invitee_gets_a_mark(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session, with_family=True)
        assert not record(
            session,
            here,
            meeting,
            police=Mark("present"),
            school=Mark("absent_with_reason", "MungesaKanarine"),
            family_medicine=Mark("absent"),
            child=Mark("present"),
        )
        rows = _rows(session, here, meeting)
        assert {name: row.attendance for name, row in rows.items()} == {
            "case_manager": None,
            "police": "present",
            "school": "absent_with_reason",
            "family_medicine": "absent",
            "child": "present",
            "mother": None,
        }
        assert rows["school"].attendance_reason == "MungesaKanarine"
        done = attendance.mark_rest_present(session, here.town.case_manager, hw.DURING, meeting=meeting)
        assert done == 2
        assert rows["school"].attendance == "absent_with_reason"  # what was noted stays


def test_impossible_marks(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        for mark, field in ((Mark("absent_with_reason", " "), "reason"), (Mark("substitute"), "presence")):
            with pytest.raises(FieldRefused) as refused:
                record(session, here, meeting, police=mark)
            assert refused.value.field.startswith(field + ":")
        with pytest.raises(BadInput):
            record(session, here, meeting, police=Mark("perhaps"))
        with pytest.raises(BadInput):  # another meeting's row
            attendance.record(
                session,
                here.town.case_manager,
                hw.DURING,
                meeting=meeting,
                marks={here.case.id: Mark("present")},
            )


def test_two_writers_of_one_list(engine: Engine) -> None:
    """What only one changed is kept; where both did, the first stands and both marks come back."""
    with work(engine) as session:
        here, meeting = hw.running(session)
        assert not record(session, here, meeting, police=Mark("present"))
        clashes = record(session, here, meeting, police=Mark("absent"), school=Mark("present"))
        assert [(one.mine.presence, one.theirs.presence) for one in clashes] == [("absent", "present")]
        rows = _rows(session, here, meeting)
        assert (rows["police"].attendance, rows["school"].attendance) == ("present", "present")
        assert not record(session, here, meeting, police=Mark("present"))  # the same again is no clash
        assert not record(session, here, meeting, police=Mark("absent", version=1))
        assert rows["police"].attendance == "absent"


@pytest.mark.duty("A4.5")
def test_a4_5_a_suspected_perpetrator_is_not_on_the_list(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session, with_family=True)
        mother = _rows(session, here, meeting)["mother"]
        here.mother.is_suspected_perpetrator = True
        session.flush()
        with pytest.raises(RuleRefused) as refused:
            attendance.record(
                session,
                here.town.case_manager,
                hw.DURING,
                meeting=meeting,
                marks={mother.id: Mark("present")},
            )
        assert [one.duty for one in refused.value.verdicts] == ["A4.5"]
        here.mother.is_suspected_perpetrator = False
        family.mark_perpetrator(
            session,
            here.town.case_manager,
            hw.DURING,
            relation=here.mother,
            reason="Denoncim",
        )
        session.flush()
        assert "mother" not in _rows(session, here, meeting)


@pytest.mark.duty("A10.2")
def test_a10_2_who_came_uninvited_must_be_free_to_take_part(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        seat = here.seats["police"]
        with pytest.raises(FieldRefused):  # no declaration signed: nothing of the case is shown (A18.2)
            attendance.note_who_came(
                session, here.town.case_manager, hw.DURING, meeting=meeting, seat_id=seat.id
            )
        seat.recused_at = hw.DURING
        session.flush()
        with pytest.raises(RuleRefused):
            attendance.note_who_came(
                session, here.town.case_manager, hw.DURING, meeting=meeting, seat_id=seat.id
            )
        with pytest.raises(NotFound):
            attendance.note_who_came(
                session, here.town.case_manager, hw.DURING, meeting=meeting, seat_id=here.case.id
            )


def test_the_family_may_come_without_having_been_invited(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        mother = add_participant(
            session, here.town.case_manager, hw.DURING, case=here.case, relation_id=here.mother.id
        )
        held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
        assert held.uninvited() == [(f"participant:{mother.id}", "Nena Kanarina")]
        attendance.note_who_came(
            session, here.town.case_manager, hw.DURING, meeting=meeting, participant_id=mother.id
        )
        session.flush()
        held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
        assert held.uninvited() == []
        assert held.attendees()[-1].invitation.attendance == "present"
        with pytest.raises(FieldRefused):
            attendance.note_who_came(
                session, here.town.case_manager, hw.DURING, meeting=meeting, participant_id=mother.id
            )


def test_not_before_and_not_after(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.convened(session)
        with pytest.raises(OutOfOrder):
            discussing.writable(session, meeting_id=meeting.id, case_id=here.case.id, stage="running")
        with pytest.raises(NotFound):  # another case's address
            discussing.writable(session, meeting_id=meeting.id, case_id=meeting.id, stage="running")
