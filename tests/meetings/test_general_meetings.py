"""General meetings (A8.2): when they are owed, how they are called, convened, held; what is refused and what only warns."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import general_world as gw
from tests.fixtures import world
from tests.fixtures.world import work
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder, Stale
from tmr_app.meetings import (
    general_calling,
    general_chairing,
    general_convening,
    general_figures,
    general_holding,
    general_minutes,
    general_paper,
    general_queries,
)
from tmr_app.meetings.general_calling import GeneralWhen
from tmr_app.meetings.general_minutes_kind import GENERAL_MINUTES
from tmr_app.members.models import Appointment
from tmr_app.oversight import ledger
from tmr_app.signing import queries as signing_queries


def schedule(session: Session, here: gw.GeneralWorld, now: datetime) -> general_queries.Schedule:
    found = general_queries.schedule(session, here.town.municipality, now)
    assert found
    return found


@pytest.mark.duty("A8.2")
@pytest.mark.parametrize(
    ("registered", "held", "due_on"),
    [
        (date(2026, 8, 20), (), date(2026, 11, 20)),
        (date(2026, 8, 31), (), date(2026, 11, 30)),  # no 31 November
        (date(2026, 11, 30), (), date(2027, 2, 28)),  # no 30 February
        (date(2027, 11, 30), (), date(2028, 2, 29)),  # a leap year
        (date(2026, 1, 15), (date(2026, 2, 28),), date(2026, 5, 28)),  # month ends do not drift
        (date(2026, 1, 15), (date(2026, 3, 10), date(2026, 5, 31)), date(2026, 8, 31)),
    ],
)
def test_a8_2_is_owed_three_months_after_the_last(
    engine: Engine, registered: date, held: tuple[date, ...], due_on: date
) -> None:
    with work(engine) as session:
        here = gw.general_world(session, registered_on=registered)
        for on in held:
            gw.held(session, here, on)
        last = max((registered, *held))
        now = gw.at(last + timedelta(days=10))
        assert schedule(session, here, now).owed.due_on == due_on
        assert schedule(session, here, gw.at(due_on)).owed.status == "due"
        assert schedule(session, here, gw.at(due_on + timedelta(days=1))).owed.status == "overdue"


def test_without_a_table_nothing_is_owed(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        here.town.municipality.table_registered_on = None
        assert general_queries.schedule(session, here.town.municipality, gw.NOW) is None
        with pytest.raises(OutOfOrder):
            gw.call(session, here)
        (row,) = [
            row
            for row in ledger.rows_of_municipality(session, here.town.municipality, gw.NOW)
            if row.duty == "A8.2"
        ]
        assert row.status == "waived"


def test_the_head_names_one_chair_at_a_time(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        town = here.town
        later = gw.NOW + timedelta(days=2)
        again = general_chairing.name_chair(
            session, town.head, later, municipality_id=here.id, person_id=town.case_manager.id
        )
        assert again.from_on == gw.NOW.date()
        for stranger in (town.members["police"], town.officer, town.assistant):
            with pytest.raises(FieldRefused):
                general_chairing.name_chair(
                    session, town.head, later, municipality_id=here.id, person_id=stranger.id
                )
        general_chairing.name_chair(
            session, town.head, later, municipality_id=here.id, person_id=town.other_case_manager.id
        )
        session.flush()
        found = general_chairing.chair_of(session, here.id, later.date())
        assert found
        assert found.id == town.other_case_manager.id
        before = general_chairing.chair_of(session, here.id, gw.NOW.date())
        assert before
        assert before.id == town.case_manager.id
        running = session.scalars(
            select(Appointment).where(Appointment.office == "general_chair", Appointment.to_on.is_(None))
        ).all()
        assert len(running) == 1


def test_standing_invitees_are_the_fourteen_kinds_of_the_roster(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        extra = world.person(session, "Përfaqësues i Jashtëm")
        world._staff(session, here.town, "asylum_centre", gw.NOW)  # of A4.6: not invited by standing
        session.flush()
        meeting = gw.convene(session, here, gw.call(session, here))
        invited = general_queries.invitees_of(session, meeting.id)
        kinds = {one.seat_kind for one in invited}
        assert "asylum_centre" not in kinds
        assert {"case_manager", "assistant_case_manager", "police", "school"} <= kinds
        assert extra.id not in {one.person_id for one in invited}
        assert here.town.substitutes["police"].id not in {one.person_id for one in invited}
        assert len(gw.mails(session, "general_invitation")) == len(invited)
        mail = gw.mails(session, "general_invitation")[0]
        assert mail.parameters["calendar"]["method"] == "REQUEST"
        assert mail.case_id is None
        empty = general_calling.standing_invitees(session, here.town.municipality, gw.ON).empty_kinds
        assert "probation_officer" in empty


@pytest.mark.parametrize(
    ("on", "starts", "ends", "field"),
    [
        (date(2026, 11, 1), time(10), time(12), "meeting_on"),
        (date(2026, 11, 2), time(9, 30), time(12), "meeting_on"),  # half an hour ago
        (date(2026, 11, 20), time(12), time(10), "ends"),
        (date(2027, 3, 28), time(2, 30), time(4), "starts"),  # the clock goes forward
    ],
)
def test_a_date_that_cannot_be(engine: Engine, on: date, starts: time, ends: time, field: str) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        meeting = gw.call(session, here, on=None)
        with pytest.raises(FieldRefused) as refused:
            general_calling.set_date(
                session, here.chair, gw.NOW, meeting=meeting,
                when=GeneralWhen(on, starts, ends, here.town.room.id),
            )  # fmt: skip
        assert refused.value.field == field


def test_a_room_of_another_municipality_is_refused(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        other = world.town(session, "gjilan")
        meeting = gw.call(session, here, on=None)
        for room_id in (None, other.room.id):
            with pytest.raises(FieldRefused):
                general_calling.set_date(
                    session, here.chair, gw.NOW, meeting=meeting,
                    when=GeneralWhen(gw.ON, time(10), time(12), room_id),
                )  # fmt: skip
        with pytest.raises(NotFound):
            general_queries.find(session, other.municipality.id, meeting.id)


@pytest.mark.parametrize(
    ("sent_on", "late"),
    [
        (date(2026, 11, 13), False),
        (date(2026, 11, 14), False),
        (date(2026, 11, 15), True),
        (date(2026, 11, 16), True),
    ],
)
def test_less_than_three_days_warn_and_ask_for_a_reason(engine: Engine, sent_on: date, late: bool) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        meeting, now = gw.call(session, here), gw.at(sent_on, 9)
        assert general_convening.is_late(meeting, sent_on) is late
        if late:
            with pytest.raises(FieldRefused):
                gw.convene(session, here, meeting, now)
            gw.convene(session, here, meeting, now, late_reason="Salla u lirua vonë.")
            assert meeting.late_reason
        else:
            gw.convene(session, here, meeting, now)
            assert not meeting.late_reason
        verdict = general_convening.notice(meeting, sent_on, gw.ON)
        assert verdict
        assert verdict.status == ("met_late" if late else "met")


def test_one_meeting_ahead_at_a_time_and_double_submission(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        place = here.town.municipality
        first = general_calling.call(session, here.chair, gw.NOW, municipality=place, once="k" * 20)
        again = general_calling.call(session, here.chair, gw.NOW, municipality=place, once="k" * 20)
        assert again.id == first.id
        with pytest.raises(OutOfOrder):
            gw.call(session, here)
        with pytest.raises(Stale):
            general_calling.set_date(
                session, here.chair, gw.NOW, meeting=first, version=99,
                when=GeneralWhen(gw.ON, time(10), time(12), here.town.room.id),
            )  # fmt: skip


def test_another_date_goes_out_anew_under_the_same_uids(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        meeting = gw.convene(session, here, gw.call(session, here))
        uids = {one.uid for one in general_queries.invitees_of(session, meeting.id)}
        ids = {"municipality_id": here.id, "general_id": meeting.id}
        general_convening.put_off(session, here.chair, gw.NOW, **ids)
        general_calling.set_date(
            session, here.chair, gw.NOW, meeting=meeting,
            when=GeneralWhen(date(2026, 11, 19), time(10), time(12), here.town.room.id),
        )  # fmt: skip
        gw.convene(session, here, meeting)
        assert {one.uid for one in general_queries.invitees_of(session, meeting.id)} == uids
        changed = gw.mails(session, "general_changed")
        assert len(changed) == len(uids)
        assert {one.parameters["calendar"]["sequence"] for one in changed} == {1}
        general_convening.cancel(session, here.chair, gw.NOW, reason="Mungon salla", **ids)
        assert meeting.status == "cancelled"
        assert schedule(session, here, gw.NOW).owed.status == "due"


def test_holding_from_start_to_minutes(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        meeting = gw.convene(session, here, gw.call(session, here))
        ids = {"municipality_id": here.id, "general_id": meeting.id}
        for early in (gw.NOW, gw.at(gw.ON + timedelta(days=1))):
            with pytest.raises(OutOfOrder):
                general_holding.start(session, here.chair, early, **ids)
        with pytest.raises(OutOfOrder):
            general_holding.end(session, here.chair, gw.at(gw.ON), **ids)
        general_holding.start(session, here.chair, gw.at(gw.ON), **ids)
        with pytest.raises(FieldRefused):  # nobody's presence is noted
            general_holding.end(session, here.chair, gw.at(gw.ON, 11), **ids)
        rows = {one.seat_kind: one for one in general_queries.invitees_of(session, meeting.id)}
        police = rows["police"]
        with pytest.raises(FieldRefused):
            general_holding.note_attendance(
                session, here.chair, gw.at(gw.ON), meeting=meeting,
                presence={police.id: ("substitute", "", None)},
            )  # fmt: skip
        came = {one.id: ("present", "", None) for one in general_queries.invitees_of(session, meeting.id)}
        came[police.id] = ("substitute", "", here.town.substitutes["police"].id)
        came[rows["school"].id] = ("absent", "", None)
        general_holding.note_attendance(session, here.chair, gw.at(gw.ON), meeting=meeting, presence=came)
        item = general_queries.items_of(session, meeting.id)[3]
        general_holding.save_item(
            session, here.chair, gw.at(gw.ON), meeting=meeting, item_id=item.id, version=1,
            discussion="Braktisja e shkollës", decision="Vizita në shkolla",
        )  # fmt: skip
        with pytest.raises(Stale) as stale:
            general_holding.save_item(
                session, here.chair, gw.at(gw.ON), meeting=meeting, item_id=item.id, version=1,
                discussion="Tjetër", decision="",
            )  # fmt: skip
        assert stale.value.theirs["discussion"] == "Braktisja e shkollës"
        general_holding.end(session, here.chair, gw.at(gw.ON, 12), **ids)
        kept = general_minutes.latest(session, meeting.id)
        assert kept
        assert kept.sha256 == general_minutes.digest(kept.content)
        assert [one for one in kept.content["attendance"] if one["substitute"]]
        paper = general_paper.minutes_paper(session, here.town.municipality, meeting, "sq")
        assert general_paper.rendered(paper, "pdf").startswith(b"%PDF")
        assert general_paper.rendered(paper, "docx").startswith(b"PK")
        found = {
            row.duty: row
            for row in ledger.rows_of_municipality(session, here.town.municipality, gw.at(gw.ON, 13))
        }
        assert found["A9"].status == "not_met"  # one absent without a reason: recorded, the meeting stands
        assert found["A10.1"].status == "due"


def test_minutes_are_approved_at_the_next_general_meeting(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        first = gw.held(session, here, date(2026, 11, 17))
        kept = general_minutes.latest(session, first.id)
        assert kept
        assert kept.status == "draft"
        second = gw.held(session, here, date(2027, 2, 17))
        assert (kept.status, kept.approved_on, kept.approved_at_id) == (
            "approved",
            date(2027, 2, 17),
            second.id,
        )
        rows = [
            row
            for row in ledger.rows_of_municipality(session, here.town.municipality, gw.at(date(2027, 2, 18)))
            if row.duty == "A10.1"
        ]
        assert [row.status.value for row in rows] == [
            "due",
            "due",
        ]  # approved; the signatures are still to come
        frozen = signing_queries.newest(session, GENERAL_MINUTES, first.id)
        assert frozen
        slots = signing_queries.slots_of(session, frozen.id)
        assert len(slots) == len({one.person_id for one in general_queries.invitees_of(session, first.id)})
        assert signing_queries.newest(session, GENERAL_MINUTES, second.id) is None
        assert len(gw.mails(session, "document_to_sign")) == len(slots)


@pytest.mark.duty("A8.2")
def test_a_year_of_general_meetings_in_the_ledger(engine: Engine) -> None:
    """Registered on 20 August: in time, in time on the very day, a day late, then owed."""
    with work(engine) as session:
        here = gw.general_world(session)
        for on in (date(2026, 11, 17), date(2027, 2, 17), date(2027, 5, 18)):
            gw.held(session, here, on)
        now = gw.at(date(2027, 8, 19))
        rows = [
            row
            for row in ledger.rows_of_municipality(session, here.town.municipality, now)
            if row.duty == "A8.2"
        ]
        assert [row.status.value for row in rows] == ["met", "met", "met_late", "overdue"]
        assert all(row.meeting for row in rows[:3])
        assert rows[3].due_on == date(2027, 8, 18)
        assert rows[3].counted
        assert {row.endpoint for row in rows} == {"general.show", "general.index"}


@pytest.mark.parametrize(
    ("on", "start"),
    [
        (date(2026, 11, 2), date(2026, 7, 1)),
        (date(2026, 10, 1), date(2026, 7, 1)),
        (date(2026, 9, 30), date(2026, 4, 1)),
        (date(2026, 1, 1), date(2025, 10, 1)),
        (date(2028, 4, 1), date(2028, 1, 1)),
    ],
)
def test_the_quarter_counted_is_the_last_one_that_is_over(on: date, start: date) -> None:
    quarter = general_figures.last_quarter(on)
    assert quarter.from_on == start
    assert quarter.until_on < on
    assert (quarter.until_on + timedelta(days=1)).day == 1
