"""Carrying the plan out: updates are added, requests go out once a day, silence is offered as a letter (A14)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_world as pw
from tests.fixtures.world import work
from tmr_app.cases import conflicts, seat_ending
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, Forbidden, OutOfOrder, RuleRefused
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings.models import PackDocument
from tmr_app.oversight.ledger import rows_of_cases
from tmr_app.plans import adopting, plan_lines, queries, requesting, sending, superiors, updating
from tmr_app.plans.models import ActionInstitution, ActionUpdate, InformationRequest

ASKED = "action_information_asked"


def rounds(session: Session, *days: date) -> list[int]:
    """The worker's round on each of these days."""
    found = []
    for day in days:
        found.append(requesting.ask(session, pw.on(day)))
        session.flush()
    return found


def statuses(session: Session, here: mw.CaseWorld, duty: str, day: date) -> list[str]:
    session.flush()
    rows = rows_of_cases(session, [here.case.id], pw.on(day), duties=[duty])
    return [row.status.value for row in rows]


def test_updates_are_added_and_the_newest_counts(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session)
        key = pw.key_of(session, version, "police", here)
        for status in ("in_process", "not_done", "done"):
            pw.tell(session, here, key, "police", pw.on(date(2026, 11, 20)), status)
        history = queries.history_of(session, here.case.id, key)[key]
        assert [(one.number, one.status) for one in history] == [
            (1, "in_process"), (2, "not_done"), (3, "done"),
        ]  # fmt: skip
        now = next(one for one in queries.actions_of(session, here.case.id) if one.key == key)
        assert (now.status, now.done_on) == ("done", date(2026, 11, 20))
        assert not now.overdue(date(2027, 1, 1))


def test_the_same_press_of_a_button_tells_once(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session)
        key = pw.key_of(session, version, "police", here)
        for _ in range(2):
            pw.tell(session, here, key, "police", hw.DURING, once="e-njejta-shtypje-1")
        assert session.scalar(select(func.count()).select_from(ActionUpdate)) == 1


def test_bad_updates(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session)
        key, now = pw.key_of(session, version, "police", here), hw.DURING
        with pytest.raises(Forbidden):
            pw.tell(session, here, key, "school", now)
        with pytest.raises(BadInput):
            pw.tell(session, here, key, "police", now, "almost")
        with pytest.raises(FieldRefused, match="note"):
            pw.tell(session, here, key, "police", now, "not_done", note="  ")
        with pytest.raises(FieldRefused, match="done_on"):
            pw.tell(session, here, key, "police", now, "done", done_on=date(2027, 1, 1))
        with pytest.raises(FieldRefused, match="done_on"):
            pw.tell(session, here, key, "police", now, "done", done_on=date(2020, 1, 1))
        pw.tell(session, here, key, "police", now, "done", note="x" * 10_000)


@pytest.mark.duty("A14.2")
@pytest.mark.parametrize(
    ("day", "overdue"), [(pw.PLANNED_ON, False), (pw.PLANNED_ON + timedelta(days=1), True)]
)
def test_overdue_is_derived_from_the_day_after(engine: Engine, day: date, overdue: bool) -> None:
    with work(engine) as session:
        here, _meeting, _version = pw.adopted(session, ("police",))
        action = queries.actions_of(session, here.case.id)[0]
        assert action.overdue(day) is overdue
        assert statuses(session, here, "A14.2", day) == ["overdue" if overdue else "due"]


@pytest.mark.duty("A14.3.1", "A14.3.3")
def test_one_digest_a_day_and_never_twice(engine: Engine) -> None:
    """Two actions of one member: one mail before, one after; a round run twice writes nothing more."""
    before, eve = pw.PLANNED_ON - timedelta(days=7), pw.PLANNED_ON - timedelta(days=1)
    with work(engine) as session:
        here, _meeting, _version = pw.adopted(session, ("police", "police", "school"))
        assert rounds(session, before - timedelta(days=1), before, before, eve, pw.PLANNED_ON) == [
            0,
            2,
            0,
            2,
            0,
        ]
        mail = mw.mail_of(session, ASKED, here.town.members["police"])
        assert [one.parameters["count"] for one in mail] == [2, 2]
        assert all(one.parameters.keys() == {"path", "count", "first_on"} for one in mail)
        assert statuses(session, here, "A14.3.3", pw.PLANNED_ON) == ["met"] * 3


def test_who_has_told_is_not_asked_again_that_day(engine: Engine) -> None:
    before = pw.PLANNED_ON - timedelta(days=7)
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session, ("police",))
        pw.tell(session, here, pw.key_of(session, version, "police", here), "police", pw.on(before))
        assert rounds(session, before) == [0]
        pw.tell(session, here, pw.key_of(session, version, "police", here), "police", pw.on(before), "done")
        assert rounds(session, pw.PLANNED_ON + timedelta(days=1)) == [0]


@pytest.mark.duty("A14.3.1", "A14.3.3")
@pytest.mark.parametrize(("day", "mails"), [(pw.PLANNED_ON - timedelta(days=1), 0), (pw.PLANNED_ON, 1)])
def test_whoever_told_by_itself_is_asked_on_the_plans_date(engine: Engine, day: date, mails: int) -> None:
    """Told on the day of each reminder before the date, so nobody asked: the plan's own date asks, and no earlier day."""
    eve = pw.PLANNED_ON - timedelta(days=1)
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session, ("police",))
        pw.tell(session, here, pw.key_of(session, version, "police", here), "police", pw.on(eve))
        assert rounds(session, day) == [mails]
        for duty in ("A14.3.1", "A14.3.3"):
            assert statuses(session, here, duty, pw.PLANNED_ON) == ["met" if mails else "due"]


@pytest.mark.duty("A14.3.1", "A14.3.3")
def test_a_plan_sent_on_the_eve_asks_by_itself_and_what_is_done_is_not_asked(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session, ("police",))
        for days, status in ((1, "met"), (2, "due")):
            pw.actions(session, version)[0].planned_on = pw.ADOPTED_ON + timedelta(days=days)
            assert statuses(session, here, "A14.3.3", pw.ADOPTED_ON) == [status]
        assert statuses(session, here, "A14.3.1", pw.ADOPTED_ON) == ["due"]
        key = pw.key_of(session, version, "police", here)
        pw.tell(session, here, key, "police", hw.DURING, "done")
        assert statuses(session, here, "A14.3.1", pw.PLANNED_ON + timedelta(days=9)) == ["waived"]


@pytest.mark.duty("A14.3.2")
def test_no_letter_about_an_action_of_the_case_manager(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        pw.declare(session, here)
        chair = select(Seat.id).where(Seat.case_id == here.case.id, Seat.kind == "case_manager")
        pw.fill(session, here, pw.draft(session, here), ("police",), seat_id=session.scalars(chair).one())
        pw.adopt(session, here, meeting)
        days = [pw.PLANNED_ON + timedelta(days=one) for one in (-7, -1, 1, 4, 7)]
        assert rounds(session, *days) == [1, 1, 1, 1, 0]
        assert superiors.offers(session, here.case, pw.on(SILENT_ON)) == []
        assert statuses(session, here, "A14.3.2", SILENT_ON) == []


def test_a_recused_member_is_asked_nothing(engine: Engine) -> None:
    before = pw.PLANNED_ON - timedelta(days=7)
    with work(engine) as session:
        here, _meeting, _version = pw.adopted(session, ("police",))
        conflicts.recuse_member(
            session,
            here.town.case_manager,
            hw.DURING,
            case=here.case,
            seat=here.seats["police"],
            reason="Lidhje",
        )
        session.flush()
        assert rounds(session, before) == [0]
        told = mw.mail_of(session, "plan_responsible_needed", here.town.case_manager)
        assert len(told) == 1


@pytest.mark.duty("A14.2")
@pytest.mark.parametrize("gone", [True, False])
def test_a_word_that_comes_after_the_seat_ended_is_refused(engine: Engine, gone: bool) -> None:
    """The door let the member in; behind the lock the seat is looked at once more."""
    with work(engine) as session:
        here, _meeting, _version = pw.adopted(session, ("police",))
        key = queries.actions_of(session, here.case.id)[0].key
        if gone:
            seat_ending.end_seat(
                session, here.town.case_manager, hw.DURING, seat=here.seats["police"], reason="left_post"
            )
            with pytest.raises(Forbidden):
                pw.tell(session, here, key, "police", hw.DURING)
        else:
            pw.tell(session, here, key, "police", hw.DURING)
        assert session.scalar(select(func.count()).select_from(ActionUpdate)) == (0 if gone else 1)


SILENT_ON = pw.PLANNED_ON + timedelta(days=7)


def silent(session: Session, **more: Any) -> mw.CaseWorld:
    """A police member who answered nothing until a week after the date."""
    here, _meeting, _version = pw.adopted(session, ("police",), **more)
    days = [pw.PLANNED_ON + timedelta(days=one) for one in (-7, -1, 1, 4, 7)]
    assert rounds(session, *days) == [1, 1, 1, 1, 1]
    return here


def offered(session: Session, here: mw.CaseWorld, now: datetime) -> list[superiors.Offer]:
    """As the page of cooperation offers it; the plan's page counts the same members by its own statement."""
    found, version = superiors.offers(session, here.case, now), queries.current_version(session, here.case.id)
    assert version is not None
    groups = plan_lines.groups_of(
        session.connection(), here.case.id, version.id, here.town.case_manager.id, civil_date(now), ()
    )
    counted = {line.seat_id for group in groups for line in group.lines if line.is_silent}
    assert counted == {str(one.seat.id) for one in found}
    return found


@pytest.mark.duty("A14.3.2")
def test_after_two_unanswered_requests_the_letter_is_offered(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session, ("police",))
        now = pw.on(SILENT_ON)
        rounds(session, pw.PLANNED_ON - timedelta(days=7))
        assert offered(session, here, now) == []
        rounds(session, pw.PLANNED_ON - timedelta(days=1))
        assert offered(session, here, pw.on(pw.PLANNED_ON)) == []
        assert statuses(session, here, "A14.3.2", pw.PLANNED_ON) == []
        (offer,) = offered(session, here, pw.on(pw.PLANNED_ON + timedelta(days=1)))
        assert offer.seat.id == here.seats["police"].id
        assert [len(one.reminded_on) for one in offer.owed] == [2]
        assert statuses(session, here, "A14.3.2", pw.PLANNED_ON + timedelta(days=1)) == ["due"]
        pw.tell(session, here, pw.key_of(session, version, "police", here), "police", now)
        assert offered(session, here, now) == []


def test_the_case_manager_is_told_once(engine: Engine) -> None:
    with work(engine) as session:
        here = silent(session)
        assert len(mw.mail_of(session, "superior_offered", here.town.case_manager)) == 1
        assert rounds(session, SILENT_ON, SILENT_ON + timedelta(days=1)) == [0, 0]


@pytest.mark.duty("A14.3.2")
@pytest.mark.parametrize("deed", ["paper", "mail", "reason"])
def test_a_letter_or_a_reason_answers_the_duty(engine: Engine, deed: str) -> None:
    with work(engine) as session:
        here = silent(session)
        now, manager = pw.on(SILENT_ON), here.town.case_manager
        seat_id = here.seats["police"].id
        here.town.institutions["police"].superior_email = "epror@tryeza-test.example"
        session.flush()
        if deed == "reason":
            with pytest.raises(FieldRefused):
                superiors.give_reason(
                    session, manager, now, case=here.case, seat_id=seat_id, reason=" ", once="ng" * 10
                )
            superiors.give_reason(
                session,
                manager,
                now,
                case=here.case,
                seat_id=seat_id,
                reason="Pushim mjekësor",
                once="nj" * 10,
            )
            assert statuses(session, here, "A14.3.2", SILENT_ON) == ["waived"]
            assert offered(session, here, now) == []
            return
        row = superiors.write_letter(
            session, manager, now, case=here.case, seat_id=seat_id, way=deed, language="sq",
            answer_by_on=SILENT_ON, once="nj" * 10,
        )  # fmt: skip
        assert statuses(session, here, "A14.3.2", SILENT_ON) == ["met"]
        assert here.case.number not in row.reference
        assert offered(session, here, now) == []
        with pytest.raises(OutOfOrder):
            superiors.find_offer(session, here.case, now, seat_id)
        sent = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "superior_letter")).all()
        assert len(sent) == (deed == "mail")
        assert all(one.case_id is None and str(here.case.id) not in one.parameters["path"] for one in sent)
        superiors.record_answer(
            session, manager, now, case_id=here.case.id, notice_id=row.id, answer="Do të kujdesem."
        )
        with pytest.raises(OutOfOrder):
            superiors.record_answer(
                session, manager, now, case_id=here.case.id, notice_id=row.id, answer="Dy herë"
            )


def test_a_letter_without_an_address_is_printed(engine: Engine) -> None:
    with work(engine) as session:
        here = silent(session)
        here.town.institutions["police"].superior_email = None
        session.flush()
        with pytest.raises(FieldRefused, match="way"):
            superiors.write_letter(
                session, here.town.case_manager, pw.on(SILENT_ON), case=here.case,
                seat_id=here.seats["police"].id, way="mail", language="sq", answer_by_on=None, once="nj" * 10,
            )  # fmt: skip


def test_an_action_goes_to_another_member_never_to_an_outsider(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session, ("police",))
        key, manager = pw.key_of(session, version, "police", here), here.town.case_manager
        seat_ending.end_seat(session, manager, hw.DURING, seat=here.seats["police"], reason="left_post")
        session.flush()
        (action,) = queries.actions_of(session, here.case.id)
        assert action.needs_responsible
        deed = {"case": here.case, "action_key": key, "reason": "Anëtari u largua"}
        for outsider in (uuid4(), here.seats["police"].id):
            with pytest.raises(RuleRefused) as refused:
                updating.give(session, manager, hw.DURING, seat_id=outsider, number=0, **deed)
            assert refused.value.verdicts[0].duty == "A13.2"
        updating.give(session, manager, hw.DURING, seat_id=here.seats["school"].id, number=0, **deed)
        with pytest.raises(OutOfOrder):
            updating.give(
                session, manager, hw.DURING, seat_id=here.seats["family_medicine"].id, number=0, **deed
            )
        (action,) = queries.actions_of(session, here.case.id)
        assert not action.needs_responsible
        assert action.person == here.town.members["school"]
        assert adopting.fingerprint(session, version) == version.sha256


@pytest.mark.duty("A13.3")
def test_sent_to_every_member_once(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session)
        mail = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "plan_sent")).all()
        assert {one.recipient_id for one in mail} == {one.id for one in here.town.members.values()}
        assert sending.send(session, here.town.case_manager, hw.DURING, case=here.case, version=version) == []
        assert statuses(session, here, "A13.3", pw.ADOPTED_ON) == ["due"]
        for one in mail:
            one.state, one.accepted_at = "accepted", hw.DURING
        assert statuses(session, here, "A13.3", pw.ADOPTED_ON) == ["met"]


@pytest.mark.duty("A5.1.3", "A5.1.4", "A6.1.6", "A6.1.7", "A7", "A13.1", "A13.2", "A14.1", "A19")
def test_the_ledger_reads_what_stands(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session)
        day = pw.PLANNED_ON
        for duty in ("A5.1.3", "A6.1.6", "A13.1", "A13.2", "A7"):
            assert statuses(session, here, duty, day) == ["met"], duty
        for duty in ("A5.1.4", "A6.1.7", "A14.1"):
            assert statuses(session, here, duty, day) == ["due"], duty
            assert statuses(session, here, duty, day + timedelta(days=1)) == ["overdue"], duty
        assert statuses(session, here, "A19", day) == []
        for kind in ("police", "school"):
            key = pw.key_of(session, version, kind, here)
            pw.tell(session, here, key, kind, hw.DURING, "done")
        assert statuses(session, here, "A14.1", day + timedelta(days=1)) == ["met"]


@pytest.mark.duty("A19")
def test_an_institution_that_sits_only_at_another_table_is_one_from_outside(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, _version = pw.adopted(session)
        other, _its_meeting, _its_plan = pw.adopted(session, key="gjakove")
        elsewhere = other.seats["police"].institution_id
        assert statuses(session, here, "A19", pw.PLANNED_ON) == []
        row = session.scalars(
            select(ActionInstitution).where(ActionInstitution.case_id == here.case.id)
        ).first()
        assert row is not None
        row.institution_id = elsewhere
        session.flush()
        assert statuses(session, here, "A19", pw.PLANNED_ON) == ["due"]


def test_requests_name_each_moment_once(engine: Engine) -> None:
    with work(engine) as session:
        silent(session)
        moments = list(session.scalars(select(InformationRequest.moment)))
        assert sorted(moments) == [
            "action:after:1", "action:after:4", "action:before:1", "action:before:7", "action:escalate",
        ]  # fmt: skip


@pytest.mark.duty("A8.7")
def test_the_next_pack_holds_the_plan_in_force(engine: Engine) -> None:
    """At a review meeting the current plan goes to the members, not the Centre's first one (reading of A8.7)."""
    with work(engine) as session:
        here, meeting, _version = pw.adopted(session)
        hw.end(session, here, meeting)
        later = mw.call(session, here, "review", hw.DURING)
        hw.convene(session, here, mw.prepare(session, here, later, date(2026, 12, 8), hw.DURING), hw.DURING)
        session.flush()
        kinds = list(session.scalars(select(PackDocument.kind).where(PackDocument.meeting_id == later.id)))
        assert "plan" in kinds
        assert "initial-plan" not in kinds
        assert statuses(session, here, "A8.7", pw.ADOPTED_ON)[-1] != "not_met"
