"""The guided closure: no step before the one it needs, each ground with its conditions, then closed and read-only."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import closing_world as cw
from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases.models import Case, CaseRisk
from tmr_app.closures import (
    approving,
    closing_form,
    deciding,
    dossier,
    ending,
    hearing,
    recommending,
    transferring,
)
from tmr_app.closures.hearing import Opinion
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused, Stale
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import convening
from tmr_app.regulation.verdicts import Status
from tmr_app.signing import queries


def _hear(session: Session, here: mw.CaseWorld) -> None:
    data = Opinion(mw.NOW.date(), "in_person", "x")
    hearing.record_opinion(
        session, here.town.case_manager, mw.NOW, case=here.case, relation_id=None, data=data
    )


def _approve(session: Session, here: mw.CaseWorld) -> None:
    approving.decide(session, here.town.head, mw.NOW, case=here.case, accepted=True, version=1)


def _call(session: Session, here: mw.CaseWorld) -> None:
    deciding.call_closing_meeting(session, here.town.case_manager, mw.NOW, case=here.case)


def _decide(session: Session, here: mw.CaseWorld) -> None:
    deciding.decide(session, here.town.case_manager, cw.LATER, case=here.case, closes=True)


def _form(session: Session, here: mw.CaseWorld) -> None:
    closing_form.make(session, here.town.case_manager, cw.LATER, case=here.case)


def _close(session: Session, here: mw.CaseWorld) -> None:
    ending.close(session, here.town.case_manager, cw.LATER, case=here.case)


DEEDS: dict[str, Callable[[Session, mw.CaseWorld], None]] = {
    "hear": _hear, "approve": _approve, "call": _call, "decide": _decide, "form": _form, "close": _close,
}  # fmt: skip
# what was reached last: (deeds that are too early, article of the first step they would skip)
TOO_EARLY = {
    "": (("hear", "approve", "call", "decide", "form", "close"), "A17.1"),
    "recommended": (("approve", "call", "decide", "form", "close"), "A17.2"),
    "heard": (("call", "decide", "form", "close"), "A17.3"),
    "approved": (("decide", "form", "close"), "A8.11"),
    "called": (("decide", "form", "close"), "A8.11"),
    "convened": (("form", "close"), "A5.2"),
    "held": (("form", "close"), "A5.2"),
    "decided": (("form", "close"), "A10.1"),
    "minutes": (("close",), "A17.5"),
    "form": (("close",), "A17.5"),
}


@pytest.mark.duty("A17.3")
def test_a17_3_no_step_is_skipped(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police", "school"))
        session.flush()
        _refused(session, here, "")
        ended = cw.recommend(session, here)
        for reached in cw.STEPS[: cw.STEPS.index("signed")]:
            if reached != "recommended":
                cw.WAY[reached](session, ended)
            _refused(session, here, reached)


def _refused(session: Session, here: mw.CaseWorld, reached: str) -> None:
    too_early, article = TOO_EARLY[reached]
    for deed in too_early:
        with pytest.raises(OutOfOrder) as refused:
            DEEDS[deed](session, here)
        assert refused.value.duty == article, (reached, deed)
    assert here.case.status == "open"


@pytest.mark.duty("A17.3")
@pytest.mark.parametrize("ground", ["out_of_danger", "of_age", "moved_abroad", "death"])
def test_a17_3_every_ground_to_its_end(engine: Engine, ground: str) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "end", ground)
        case = ended.case
        assert (case.status, case.phase, case.closing_ground) == ("closed", "closure", ground)
        assert case.closed_on == cw.LATER.date()
        assert (ended.closing.state, ended.closing.closed_on) == ("closed", case.closed_on)
        assert case.next_duty_on is None
        told = {one.kind for one in session.scalars(select(OutboxMessage))}
        assert {"closing_to_approve", "closing_approved", "document_to_sign", "case_closed"} <= told
    with work(engine) as session:
        tags = set(session.scalars(select(AuditEntry.tag)))
        assert {
            "closing:recommended",
            "closing:opinion",
            "closing:approved",
            "closing:decided",
            "closing:form",
        } <= tags
        assert {"closing:closed", "case:closed"} <= tags


@pytest.mark.duty("A17.3")
def test_a17_3_the_head_approves_another_ones_assessment(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "heard")
        here, case = ended.here, ended.case
        with pytest.raises(OutOfOrder) as refused:
            approving.decide(session, here.town.case_manager, mw.NOW, case=case, accepted=True, version=1)
        assert refused.value.duty == "A17.3"
        with pytest.raises(Stale):
            approving.decide(session, here.town.head, mw.NOW, case=case, accepted=True, version=2)
        with pytest.raises(FieldRefused):
            approving.decide(session, here.town.head, mw.NOW, case=case, accepted=False, version=1)
        approving.decide(
            session, here.town.head, mw.NOW, case=case, accepted=False, note="Plotësojeni", version=1
        )
        session.flush()
        assert dossier.load(session, case, mw.NOW).current().key == "assessment"
        with pytest.raises(OutOfOrder):
            approving.decide(session, here.town.head, mw.NOW, case=case, accepted=True, version=1)
        recommending.recommend(
            session, here.town.case_manager, mw.NOW, case=case, data=cw.recommendation(), version=1
        )
        session.flush()
        assert dossier.load(session, case, mw.NOW).current().key == "approval"


def test_a_change_needs_a_new_approval_and_ends_with_the_invitations(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "called")
        manager, case = ended.here.town.case_manager, ended.case
        data = cw.recommendation("moved_abroad")
        with pytest.raises(Stale):
            recommending.recommend(session, manager, mw.NOW, case=case, data=data, version=0)
        one = recommending.recommend(session, manager, mw.NOW, case=case, data=data, version=1)
        assert (one.version, one.approved_at, one.undone) == (2, None, "")
        mw.prepare(session, ended.here, ended.meeting)
        with pytest.raises(RuleRefused) as refused:
            hw.convene(session, ended.here, ended.meeting)
        assert [verdict.duty for verdict in refused.value.verdicts] == ["A17.3"]
        cw.approve(session, ended)
        hw.convene(session, ended.here, ended.meeting)
        with pytest.raises(OutOfOrder) as late:
            recommending.recommend(session, manager, mw.NOW, case=case, data=data, version=2)
        assert late.value.duty == "A17.1"


@pytest.mark.duty("A17.3")
def test_a17_3_a_closing_meeting_called_by_hand_waits_for_the_approval(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police",))
        meeting = mw.prepare(session, here, mw.call(session, here, "closing"))
        with pytest.raises(RuleRefused) as refused:
            convening.convene(session, here.town.case_manager, mw.NOW, meeting_id=meeting.id, case=here.case)
        assert [verdict.duty for verdict in refused.value.verdicts] == ["A17.3"]


@pytest.mark.duty("A5.2")
def test_a5_2_the_table_may_go_on(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "held")
        cw.decide(session, ended, closes=False)
        assert (ended.closing.state, ended.case.status) == ("declined", "open")
        assert dossier.load(session, ended.case, cw.LATER).closing is None
        again = cw.recommend(session, ended.here)
        found = dossier.load(session, ended.case, cw.LATER)
        assert found.closing is again.closing
        assert found.meeting is None, "the earlier meeting decided on the earlier closing"


@pytest.mark.duty("A5.2")
def test_a5_2_no_decision_without_its_words(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "convened")
        with pytest.raises(OutOfOrder) as refused:
            _decide(session, ended.here)
        assert refused.value.duty == "A17.3"
        cw.hold(session, ended, decision="")
        with pytest.raises(OutOfOrder) as refused:
            _decide(session, ended.here)
        assert refused.value.duty == "A5.2"


@pytest.mark.duty("A17.5")
def test_a17_5_the_form_is_signed_by_all_of_the_table(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "form")
        signers = {one.person_id for one in closing_form.minutes_kind.signers_of(session, ended.meeting)}
        town = ended.here.town
        assert signers == {town.case_manager.id, town.members["police"].id, town.members["school"].id}
        found = dossier.load(session, ended.case, cw.LATER)
        assert (found.form.signatures, found.form.signers, found.form_complete) == (0, 3, False)
        cw.sign(session, ended)
        found = dossier.load(session, ended.case, cw.LATER)
        assert (found.form.signatures, found.form.case_manager_signed, found.form_complete) == (3, True, True)
        with pytest.raises(OutOfOrder):
            _form(session, ended.here)


@pytest.mark.duty("A17.5")
def test_a17_5_without_the_case_managers_signature_the_duty_is_not_met_and_the_closing_goes_on(
    engine: Engine,
) -> None:
    """Whoever makes the form signs it, also one who was not at the closing meeting. Recused before signing, the place counts
    for nobody: the others' form is sealed, so the breach stands on record and the case can still be closed.
    """
    with work(engine) as session:
        ended = cw.at_step(session, "minutes")
        successor = ended.here.town.head
        ended.version = closing_form.make(session, successor, cw.LATER, case=ended.case)
        session.flush()
        found = dossier.load(session, ended.case, cw.LATER)
        places = queries.places_of(session, found.form_version)
        assert places[0].slot.person_id == successor.id
        assert found.form.signers == 4
        places[0].slot.released_at = cw.LATER
        cw.sign(session, ended)
        found = dossier.load(session, ended.case, cw.LATER)
        assert (found.form.signatures, found.form.signers) == (3, 3)
        assert found.form_verdict().status is Status.NOT_MET
        assert found.form_complete


@pytest.mark.duty("A17.1")
@pytest.mark.parametrize(("minutes", "done"), [(0, True), (-1440, False)])
def test_a17_1_recommended_after_the_assessment(engine: Engine, minutes: int, done: bool) -> None:
    """On the same day is after it; the day before is not, and the guide's first step is to be taken again."""
    with work(engine) as session:
        ended = cw.recommend(session, mw.case_world(session, kinds=("police",)))
        ended.closing.recommended_at += timedelta(minutes=minutes)
        found = dossier.load(session, ended.case, mw.NOW)
        assert ("assessment" in found.done()) is done
        if not done:
            with pytest.raises(OutOfOrder) as refused:
                _approve(session, ended.here)
            assert refused.value.duty == "A17.1"


@pytest.mark.duty("A17.3")
@pytest.mark.parametrize(("born", "lawful"), [(0, True), (1, False)])
def test_a17_3_the_ground_is_asked_once_more_at_the_end(engine: Engine, born: int, lawful: bool) -> None:
    """A corrected birth date: eighteen on the very day closes, a day later is refused with the steps that remain."""
    with work(engine) as session:
        ended = cw.at_step(session, "signed", "of_age")
        on = cw.LATER.date()
        birth_on = on.replace(year=on.year - 18) + timedelta(days=born)
        cw.child_of(session, ended.here).birth_date = birth_on.isoformat()
        session.flush()
        if lawful:
            _close(session, ended.here)
            assert ended.case.status == "closed"
            return
        with pytest.raises(RuleRefused) as refused:
            _close(session, ended.here)
        (answer,) = refused.value.verdicts
        assert answer.duty == "A17.3"
        assert [one.key for one in answer.ways_out] == ["step_1", "closing_guide"]
        assert ended.case.status == "open"


def test_no_second_closing_beside_an_open_meeting(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "signed")
        mw.call(session, ended.here, "review", cw.LATER)
        with pytest.raises(OutOfOrder):
            _close(session, ended.here)


def test_the_head_reopens_with_a_reason(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "end")
        head, case = ended.here.town.head, ended.case
        with pytest.raises(FieldRefused):
            ending.reopen(session, head, cw.LATER, case=case, reason=" ")
        ending.reopen(session, head, cw.LATER, case=case, reason="Rrezik i ri")
        assert (case.status, case.closed_on, ended.closing.state) == ("open", None, "reopened")
        with pytest.raises(OutOfOrder):
            ending.reopen(session, head, cw.LATER, case=case, reason="Përsëri")
        assert mw.call(session, ended.here, "review", cw.LATER)


def test_nothing_of_a_closing_leaves_in_mail_or_audit(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "end", "moved_abroad")
        number = ended.case.number
    with work(engine) as session:
        mails = [[one.kind, one.parameters, one.address] for one in session.scalars(select(OutboxMessage))]
        rows = [[one.tag, one.rule, one.outcome, one.changes] for one in session.scalars(select(AuditEntry))]
        everything = str([mails, rows])
        assert not [word for word in (*cw.CANARIES, *mw.CANARIES, number) if word in everything]
        assert session.scalar(select(Case.id)) is not None
        assert session.scalar(select(CaseRisk.id)) is not None
        assert transferring.open_offer(session, session.scalar(select(Case.id))) is None
