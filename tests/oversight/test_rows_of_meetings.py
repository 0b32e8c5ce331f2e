"""Rows of a case's later life: reports, recusal, a held meeting, a marked perpetrator, a take-over from paper, breaches."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tests.oversight.pages_kit import sign
from tests.oversight.test_rows_of_cases import accept, after, of, rows, statuses
from tmr_app.cases.models import TakeOver
from tmr_app.cases.table_models import Disclosure, Participant, Seat
from tmr_app.kernel import audit
from tmr_app.meetings import inviting
from tmr_app.meetings.models import Meeting, ProgressReport, ReportRequest
from tmr_app.oversight import next_duties
from tmr_app.regulation.verdicts import Status

ON = mw.MEETING_ON
REVIEW_ON = date(2026, 12, 15)
"""Reports are due on 12 December."""


def review(session: Session) -> tuple[mw.CaseWorld, Meeting]:
    """A held first meeting, and a review with everybody's report asked for."""
    here = mw.case_world(session)
    first = mw.prepare(session, here, mw.call(session, here))
    hw.convene(session, here, first)
    mw.hold(session, first, ON)
    now = after(date(2026, 11, 20))
    meeting = mw.call(session, here, "review", now)
    meeting.meeting_on = REVIEW_ON
    for kind, seat in here.seats.items():
        request = ReportRequest(
            case_id=here.case.id,
            seat_id=seat.id,
            meeting_id=meeting.id,
            requested_at=now,
            due_on=date(2026, 12, 12),
        )
        session.add(request)
        session.flush()
        filed = {"police": after(date(2026, 12, 10)), "school": after(date(2026, 12, 13))}.get(kind)
        if filed is not None:
            session.add(
                ProgressReport(
                    case_id=here.case.id,
                    request_id=request.id,
                    filed_by_id=seat.person_id,
                    filed_at=filed,
                    saved_at=filed,
                )
            )
    session.flush()
    return here, meeting


@pytest.mark.duty("A8.9")
def test_a8_9_one_row_per_member_asked(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = review(session)
        found = rows(session, here, after(date(2026, 12, 14)))
        assert of(found, "A8.9", "police").status is Status.MET
        assert of(found, "A8.9", "school").status is Status.MET_LATE
        missing = of(found, "A8.9", "family_medicine")
        assert (missing.status, missing.due_on, missing.meeting) == (
            Status.OVERDUE,
            date(2026, 12, 12),
            meeting.code,
        )
        assert statuses(found, "A8.9").count("waived") == 1  # the first meeting owed none


@pytest.mark.duty("A8.6")
def test_a8_6_leaving_an_actor_out_needs_a_reason(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = review(session)
        assert of(rows(session, here, mw.NOW), "A8.6").status is Status.MET
        keep = [here.seats[kind].id for kind in ("school", "family_medicine")]
        now = after(date(2026, 11, 21))
        manager = here.town.case_manager
        inviting.set_invitees(session, manager, now, meeting=meeting, seat_ids=keep)
        assert of(rows(session, here, now), "A8.6").status is Status.DUE
        reasons = {here.seats["police"].id: "Arsye"}
        inviting.set_invitees(session, manager, now, meeting=meeting, seat_ids=keep, reasons=reasons)
        row = of(rows(session, here, now), "A8.6")
        assert row.status is Status.NOT_MET
        assert "on record" in str(row.reason)


@pytest.mark.duty("A10.2")
def test_a10_2_recusal_and_a_read_after_it(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        assert of(rows(session, here, mw.NOW), "A10.2").status is Status.MET
        seat = here.seats["police"]
        seat.recused_at = mw.NOW
        assert of(rows(session, here, mw.NOW), "A10.2", "police").status is Status.DUE
        seat.substitute_asked_at = mw.NOW
        assert of(rows(session, here, mw.NOW), "A10.2", "police").status is Status.MET


@pytest.mark.duty("A9")
def test_a9_and_the_other_duties_of_a_held_meeting(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        hw.end(session, here, meeting)
        accept(session, mw.NOW)
        found = rows(session, here, after(ON + timedelta(days=1)))
        assert of(found, "A8.1", "referral").status is Status.MET
        assert of(found, "A6.1.4").status is Status.MET
        assert of(found, "A9").status is Status.NOT_MET  # nobody's attendance was recorded
        assert of(found, "A10.3").status is Status.NOT_MET  # the agenda was not approved
        assert of(found, "A10.4").status is Status.NOT_MET
        assert of(found, "A10.1").status is Status.DUE
        assert of(found, "A8.10").status is Status.NOT_MET
        assert of(found, "A6.1.5").status is Status.NOT_MET


@pytest.mark.duty("A18.2")
def test_a18_2_signed_late_reads_and_who_left(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        police: Seat = here.seats["police"]
        assert of(rows(session, here, mw.NOW), "A18.2", "police").status is Status.DUE
        sign(session, police)
        row = of(rows(session, here, mw.NOW), "A18.2", "police")
        assert (row.status, row.met_at) == (Status.MET, mw.NOW)
        school = here.seats["school"]
        school.ended_at = mw.NOW
        found = rows(session, here, mw.NOW)
        assert "school" not in [one.subject for one in found if one.duty == "A18.2"]
        audit.note(
            session,
            "read:cases:show",
            object_type="case",
            case_id=here.case.id,
            rule="case_read",
            outcome="read",
            actor_id=here.seats["family_medicine"].person_id,
        )
        audit.write_queued(session)
        assert of(rows(session, here, mw.NOW), "A18.2", "family_medicine").status is Status.NOT_MET


@pytest.mark.duty("A4.5")
def test_a4_5_and_the_other_standing_rows_count_refusals(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        for rule in ("A4.5", "A4.5", "case_read"):
            audit.note(
                session,
                "rule:refused",
                object_type="case",
                case_id=here.case.id,
                rule=rule,
                outcome="refused",
            )
        audit.write_queued(session)
        found = rows(session, here, mw.NOW)
        for duty, count in (("A4.5", 2), ("A10.6", 1), ("A2", 3), ("A18.1", 0)):
            row = of(found, duty)
            assert row.status is Status.MET
            assert str(row.reason).endswith(f"{count}.")
        here.mother.is_suspected_perpetrator = True
        session.add(
            Participant(
                case_id=here.case.id,
                kind="parent_guardian",
                relation_id=here.mother.id,
                added_at=mw.NOW,
                added_by_id=here.town.case_manager.id,
            )
        )
        assert of(rows(session, here, mw.NOW), "A4.5").status is Status.NOT_MET


@pytest.mark.duty("A18.1")
def test_a18_1_disclosure_without_approval_is_not_met(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        made = Disclosure(
            case_id=here.case.id,
            proposed_at=mw.NOW,
            proposed_by_id=here.town.case_manager.id,
            disclosed_at=mw.NOW,
            recipient="Gjykata",
            legal_basis="Ligji",
            what="Raporti",
        )
        session.add(made)
        assert of(rows(session, here, mw.NOW), "A18.1").status is Status.NOT_MET
        made.approved_at = mw.NOW
        assert of(rows(session, here, mw.NOW), "A18.1").status is Status.MET


def test_before_the_take_over_nothing_is_owed(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        here.case.referred_on = date(2026, 3, 1)
        here.case.taken_over_on = date(2026, 10, 30)
        session.add(
            TakeOver(
                case_id=here.case.id,
                taken_over_on=date(2026, 10, 30),
                last_meeting_on=date(2026, 9, 15),
            )
        )
        found = rows(session, here, mw.NOW)
        assert of(found, "A8.1", "referral").status is Status.WAIVED
        assert "take-over" in str(of(found, "A8.1", "referral").reason)
        assert of(found, "A6.1.5").status is Status.WAIVED
        assert of(found, "A12.5").due_on == date(2026, 11, 6)


@pytest.mark.duty("A4.6")
def test_a4_6_convened_without_one_shows_the_written_breach(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, flags=frozenset({"asylum_seeker"}))
        assert of(rows(session, here, mw.NOW), "A4.6").status is Status.NOT_MET
        meeting = mw.call(session, here)
        meeting.asylum_override_reason = "Nuk ka përfaqësues"
        row = of(rows(session, here, mw.NOW), "A4.6")
        assert row.status is Status.NOT_MET
        assert "on record" in str(row.reason)


def test_next_duty_follows_the_meeting(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        mw.prepare(session, here, mw.call(session, here))
        next_duties.refresh(session, [here.case.id], mw.NOW)
        session.refresh(here.case)
        assert (here.case.next_duty, here.case.next_duty_on) == ("A12.5", date(2026, 11, 9))
        here.town.municipality.assessment_days = 60
        assert next_duties.refresh_open_cases(session, mw.NOW) == 1
        session.refresh(here.case)
        assert (here.case.next_duty, here.case.next_duty_on) == ("A8.3", date(2026, 11, 14))
        here.case.status = "closed"
        next_duties.refresh(session, [here.case.id], mw.NOW)
        session.refresh(here.case)
        assert here.case.next_duty is None
