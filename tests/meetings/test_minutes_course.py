"""A10.1 step by step: circulated, objected to, corrected, approved at a named meeting, signed by whoever sat there."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures import minutes_world as mins
from tests.fixtures.world import work
from tests.signing import kit
from tmr_app.cases import conflicts, seat_ending
from tmr_app.documents.minutes import MinutesValues
from tmr_app.kernel import vault
from tmr_app.kernel.errors import FieldRefused, OutOfOrder
from tmr_app.meetings import discussing, frozen, holding_queries, minutes, minutes_course, minutes_standing
from tmr_app.meetings.models import Meeting
from tmr_app.oversight.ledger import rows_of_cases
from tmr_app.regulation.verdicts import Status, Verdict
from tmr_app.signing import differences, queries, sealing, shown
from tmr_app.signing.models import FrozenVersion

DUTY = pytest.mark.duty("A10.1")


def version_of(session: Session, row: Any) -> FrozenVersion:
    return queries.find(session, row.frozen_id, case_id=row.case_id)


@DUTY
def test_a10_1_the_whole_course_over_two_meetings(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mins.first_held(session)
        row = mins.circulated(session, here, meeting)
        version = version_of(session, row)
        assert (row.status, version.state, version.number) == ("circulated", "circulated", 1)
        assert mw.mail_of(session, "document_circulated", here.town.members["police"])
        assert mins.circulated(session, here, meeting).id == row.id  # sent twice

        police, manager = here.town.members["police"], here.town.case_manager
        objection = minutes_course.object_to(
            session, police, mins.LATER, meeting=meeting, seen_version=1, text="Policia s'ka premtuar këtë."
        )
        assert mw.mail_of(session, "minutes_objected", manager)
        mins.second_held(session, here, meeting)
        with pytest.raises(OutOfOrder):  # an objection is open
            _approve(session, here, meeting, 1)
        minutes_course.answer_objection(
            session,
            manager,
            mins.LATER,
            meeting=meeting,
            objection_id=objection.id,
            accepted=True,
            answer="Po.",
        )
        with pytest.raises(OutOfOrder):
            minutes_course.answer_objection(
                session, manager, mins.LATER, meeting=meeting, objection_id=objection.id, accepted=False, answer="Jo"
            )  # fmt: skip
        draft = minutes_course.take_back(
            session, manager, mins.LATER, meeting=meeting, seen_version=1, reason="Kundërshtimi i policisë"
        )
        assert (row.status, version.state, draft.version) == ("superseded", "superseded", 2)
        _correct(session, here, meeting, "Korrigjuar")
        again = mins.circulated(session, here, meeting)
        second = version_of(session, again)
        assert (second.number, again.version) == (2, 3)
        printed: MinutesValues = frozen.decode(shown.stored(second)["content"])
        assert [one.answer for one in printed.objections] == ["Po."]
        assert any(one.discussion == "Korrigjuar" for one in printed.items)
        assert not printed.draft
        assert (
            _standing(session, meeting, again, second).status is Status.DUE
        )  # until the second meeting's day is over
        assert _standing(session, meeting, again, second, 1).status is Status.OVERDUE
        approved = _approve(session, here, meeting, 3)
        assert _standing(session, meeting, again, second).status is Status.DUE  # nobody has signed
        assert (approved.status, approved.approved_on, approved.approval) == (
            "signing", mins.SECOND_ON, mins.DECISION,
        )  # fmt: skip
        assert second.notes["approved_meeting"]
        for person in mins.signers(here):
            kit.sign(session, second, person)
        assert second.completed_at is not None
        assert _standing(session, meeting, again, second).status is Status.MET


def _standing(session: Session, meeting: Meeting, row: Any, version: FrozenVersion, days: int = 0) -> Verdict:
    """What the page of the minutes says so many days after the second meeting: the ledger's row says the same."""
    on = mins.SECOND_ON + timedelta(days=days)
    session.flush()
    places = queries.places_of(session, version)
    answer = minutes_standing.verdict(session, meeting, row, version, places, on)
    rows = rows_of_cases(session, [meeting.case_id], mw.at(on, time(12)), duties=["A10.1"])
    assert next(one.status for one in rows if one.meeting == meeting.code) is answer.status
    return answer


def _approve(session: Session, here: mw.CaseWorld, meeting: Meeting, version: int, **more: Any) -> Any:
    values = {"how": "meeting", **more}
    return minutes_course.approve(
        session, here.town.case_manager, mins.AFTER_SECOND, meeting=meeting, seen_version=version, **values
    )


def _correct(session: Session, here: mw.CaseWorld, meeting: Meeting, text: str) -> None:
    discussing.writable(session, meeting_id=meeting.id, case_id=here.case.id, stage="minutes")
    held = holding_queries.load(session, mins.LATER, meeting=meeting, case=here.case)
    hw.write(session, here, meeting, held.items[2], discussion=text, decision="VendimKanarine")
    held = holding_queries.load(session, mins.LATER, meeting=meeting, case=here.case)
    minutes.write_draft(session, here.town.case_manager, mins.LATER, held=held)
    session.flush()


@DUTY
def test_a10_1_nothing_out_of_order(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mins.first_held(session)
        police, manager = here.town.members["police"], here.town.case_manager
        with pytest.raises(OutOfOrder):  # a draft takes no objection
            minutes_course.object_to(session, police, mins.LATER, meeting=meeting, seen_version=1, text="x")
        with pytest.raises(OutOfOrder):  # nor is it approved
            _approve(session, here, meeting, 1)
        with pytest.raises(OutOfOrder):  # another version than the one seen
            minutes_course.circulate(
                session, manager, mins.LATER, meeting=meeting, case=here.case, seen_version=7
            )
        mins.circulated(session, here, meeting)
        with pytest.raises(OutOfOrder):  # no next meeting has decided
            _approve(session, here, meeting, 1)
        with pytest.raises(OutOfOrder):  # not a closing meeting
            _approve(session, here, meeting, 1, how="circulation", note="Të gjithë")
        for wrong in (0, 2):
            with pytest.raises(OutOfOrder):
                minutes_course.object_to(
                    session, police, mins.LATER, meeting=meeting, seen_version=wrong, text="x"
                )
        with pytest.raises(FieldRefused):
            minutes_course.object_to(session, police, mins.LATER, meeting=meeting, seen_version=1, text=" ")
        with pytest.raises(OutOfOrder):  # a corrigendum before the seal
            minutes_course.write_corrigendum(
                session, manager, mins.LATER, meeting=meeting, case=here.case, text="x"
            )
        mins.second_held(session, here, meeting, decision="")
        with pytest.raises(OutOfOrder):  # held, but nothing decided on the minutes
            _approve(session, here, meeting, 1)


@DUTY
def test_a10_1_who_signs(engine: Engine) -> None:
    """Everyone seated at that meeting: present, absent, gone since; nobody recused, no guest, no family."""
    with work(engine) as session:
        here, meeting = mins.first_held(session, kinds=("police", "school", "family_medicine", "ngo"))
        manager = here.town.case_manager
        conflicts.recuse_member(
            session, manager, mins.LATER, case=here.case, seat=here.seats["ngo"], reason="Kushëri"
        )
        seat_ending.end_seat(
            session,
            manager,
            mins.LATER,
            seat=here.seats["family_medicine"],
            reason="left_post",
            note="U largua",
        )
        version = version_of(session, mins.circulated(session, here, meeting))
        slots = queries.slots_of(session, version.id)
        by_person = {one.person_id: one for one in slots}
        members = here.town.members
        assert set(by_person) == {
            manager.id, members["police"].id, members["school"].id, members["family_medicine"].id,
        }  # fmt: skip
        assert by_person[members["school"].id].absent
        assert not by_person[members["police"].id].absent
        (gone,) = mw.mail_of(session, "document_circulated", members["family_medicine"])
        assert gone.parameters["path"] == f"/cases/{here.case.id}/sign/{version.id}"
        (seated,) = mw.mail_of(session, "document_circulated", members["police"])
        assert seated.parameters["path"].endswith("/minutes")


@DUTY
def test_a10_1_a_correction_after_two_signatures(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mins.first_held(session)
        row = mins.approved(session, here, meeting)
        first = version_of(session, row)
        for person in mins.signers(here)[:2]:
            kit.sign(session, first, person)
        minutes_course.take_back(
            session,
            here.town.case_manager,
            mins.AFTER_SECOND,
            meeting=meeting,
            seen_version=1,
            reason="Gabim",
        )
        _correct(session, here, meeting, "Një shkronjë")
        again = mins.circulated(session, here, meeting)
        _approve(session, here, meeting, again.version)
        second = version_of(session, again)
        counts = queries.progress(session, [first.id, second.id])
        assert counts == {first.id: (2, 4), second.id: (0, 4)}
        assert first.state == "superseded"
        since = differences.since_last(session, second)
        assert since is not None
        assert (since.number, since.reason) == (1, "Gabim"), "also when several drafts lay between"
        assert [(one.added, one.text) for one in since.changes if "shkronjë" in one.text]


@DUTY
@pytest.mark.parametrize("how", ["own_end", "circulation"])
def test_a10_1_minutes_of_a_closing_meeting(engine: Engine, how: str) -> None:
    with work(engine) as session:
        here, meeting = mins.first_held(session)
        meeting.purpose = "closing"
        mins.circulated(session, here, meeting)
        with pytest.raises(FieldRefused):
            _approve(session, here, meeting, 1, how=how)
        row = _approve(session, here, meeting, 1, how=how, note="Të gjithë anëtarët, me shkrim.")
        assert (row.status, row.approved_how, row.approval) == (
            "signing",
            how,
            "Të gjithë anëtarët, me shkrim.",
        )


@DUTY
def test_a10_1_after_the_seal_only_a_corrigendum(engine: Engine) -> None:
    """It cites the sealed file's hash, is approved at a later meeting, signed by the same people; the minutes stay."""
    with work(engine) as session:
        here, meeting = mins.first_held(session)
        row = mins.approved(session, here, meeting)
        version = version_of(session, row)
        for person in mins.signers(here):
            kit.sign(session, version, person)
        ids = (here.case.id, here.case.family_id, meeting.id, row.id, version.id)
    assert sealing.run(engine, worker="w") == 1
    with work(engine) as session:
        vault.unlock(session, ids[:2])
        case, meeting = session.get_one(type(here.case), ids[0]), session.get_one(Meeting, ids[2])
        again = mw.CaseWorld(_town(session, here), case, here.mother, here.seats)
        sealed = session.get_one(FrozenVersion, ids[4])
        manager = again.town.case_manager
        assert minutes.newest(session, meeting.id).status == "sealed"  # type: ignore[union-attr]
        with pytest.raises(OutOfOrder):
            minutes_course.take_back(
                session, manager, mins.AFTER_SECOND, meeting=meeting, seen_version=1, reason="Gabim"
            )
        made = minutes_course.write_corrigendum(
            session, manager, mins.AFTER_SECOND, meeting=meeting, case=case, text="Data është 19 nëntor."
        )
        paper = version_of(session, made)
        assert (paper.kind, paper.state) == ("corrigendum", "circulated")
        values: MinutesValues = frozen.decode(shown.stored(paper)["content"])
        assert values.corrects == sealed.seal_sha256
        assert minutes.newest(session, meeting.id).id == ids[3]  # type: ignore[union-attr]
        with pytest.raises(OutOfOrder):  # one after the other
            minutes_course.write_corrigendum(
                session, manager, mins.AFTER_SECOND, meeting=meeting, case=case, text="Edhe kjo"
            )
        with pytest.raises(OutOfOrder):  # the second meeting was before it was circulated
            minutes_course.approve(
                session, manager, mins.AFTER_SECOND, meeting=meeting, seen_version=made.version, how="meeting",
                minutes_id=made.id,
            )  # fmt: skip


def _town(session: Session, here: mw.CaseWorld) -> Any:
    town = here.town
    town.case_manager = session.get_one(type(town.case_manager), town.case_manager.id)
    return town
