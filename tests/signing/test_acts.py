"""Signing: under the very version that was read, once a person, in any order; what completes a version and what does not."""

import unicodedata

import pytest
from sqlalchemy import Engine, func, select

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tests.signing import kit
from tmr_app.cases import conflicts, exclusion, seat_ending
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.errors import FieldRefused, Forbidden, OutOfOrder
from tmr_app.members import accounts
from tmr_app.signing import acts, completing, differences, evidence, freezing, queries
from tmr_app.signing.evidence import Trace
from tmr_app.signing.models import FrozenVersion, SealJob, Signature

DUTY = pytest.mark.duty("A10.1")


@DUTY
def test_the_last_signature_makes_one_seal_job(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        signers = kit.people(session, here)
        version = kit.opened(session, here, signers, absent=(signers[-1],))
        kit.heard.clear()
        for place, person in enumerate(signers, 1):
            assert session.scalar(select(func.count()).select_from(SealJob)) == 0
            made = kit.sign(session, version, person)
            assert queries.progress(session, [version.id]) == {version.id: (place, len(signers))}
            assert evidence.mark_holds(made.record, made.mark, evidence.public_key_hex())
        assert session.scalar(select(func.count()).select_from(SealJob)) == 1
        assert version.completed_at is not None
        assert kit.heard == [("complete", version.id)]
        deeds = [one.deed for one in queries.signatures_of(session, version.id)]
        assert sorted(deeds) == ["signed"] * (len(signers) - 1) + ["signed_absent"]
        assert mw.mail_of(session, "signature_receipt", signers[0])
        assert mw.mail_of(session, "document_to_sign", signers[1])
    with work(engine) as session:
        signed = session.scalars(select(AuditEntry).where(AuditEntry.tag == "document:signed")).all()
        assert len(signed) == len(signers)


@DUTY
def test_bad_signatures_are_refused_and_leave_nothing(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        manager, police, school, doctor = kit.people(session, here)
        other = kit.with_account(session, here.town.other_case_manager)
        circulated = kit.freeze(session, here, [manager, police])
        with pytest.raises(OutOfOrder):  # before it is open
            kit.sign(session, circulated, police)
        version = kit.opened(session, here, [manager, police, school])
        for wrong in ({"seen_sha256": circulated.pdf_sha256}, {"seen_number": 2}, {"seen_sha256": "0" * 64}):
            with pytest.raises(OutOfOrder):
                kit.sign(session, version, police, **wrong)
        for stranger in (doctor, other):  # seated without a place, and another Centre worker
            with pytest.raises(Forbidden):
                kit.sign(session, version, stranger)
        kit.sign(session, version, police)
        with pytest.raises(OutOfOrder):  # twice
            kit.sign(session, version, police)
        with pytest.raises(OutOfOrder):  # refusing what was signed
            _refuse(session, version, police)
        assert len(queries.signatures_of(session, version.id)) == 1


def test_the_same_page_sent_twice_is_one_signature(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        signers = kit.people(session, here)
        version = kit.opened(session, here, signers)
        first = kit.sign(session, version, signers[1], nonce="abcdefghijklmnop")
        assert kit.sign(session, version, signers[1], nonce="abcdefghijklmnop").id == first.id
        assert len(queries.signatures_of(session, version.id)) == 1


@DUTY
def test_one_letter_changed_after_two_of_five_signatures(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police", "school", "family_medicine", "ngo"))
        signers = kit.people(session, here)
        assert len(signers) == 5
        first = kit.opened(session, here, signers)
        kept = [kit.sign(session, first, one) for one in signers[:2]]
        hashes = (first.content_sha256, first.pdf_sha256)
        changed = (kit.PARAGRAPHS[0].replace("masat", "masët"), kit.PARAGRAPHS[1])
        second = kit.opened(
            session, here, signers, subject_id=first.subject_id, paragraphs=changed, reason="Gabim shkrimi"
        )
        assert (first.state, second.number) == ("superseded", 2)
        assert (first.content_sha256, first.pdf_sha256) == hashes
        assert second.content_sha256 != first.content_sha256
        assert second.pdf_sha256 != first.pdf_sha256
        assert queries.progress(session, [first.id, second.id]) == {first.id: (2, 5), second.id: (0, 5)}
        for one in kept:  # still valid for version 1
            assert evidence.mark_holds(one.record, one.mark, evidence.public_key_hex())
            assert one.record["pdf_sha256"] == first.pdf_sha256
        since = differences.since_last(session, second)
        assert since is not None
        assert since.reason == "Gabim shkrimi"
        assert [one.text for one in since.changes] == [kit.PARAGRAPHS[0], changed[0]]
        with pytest.raises(OutOfOrder):
            kit.sign(session, first, signers[2])
        assert mw.mail_of(session, "document_replaced", signers[0])
        assert not mw.mail_of(session, "document_replaced", signers[2])


@DUTY
def test_a_refusal_needs_its_reason_and_tells_chair_and_signers(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        manager, police, school, doctor = kit.people(session, here)
        version = kit.opened(session, here, [manager, police, school, doctor])
        kit.sign(session, version, police)
        with pytest.raises(FieldRefused):
            _refuse(session, version, school, "  ")
        kit.heard.clear()
        refused = _refuse(session, version, school, "Vendimi nuk është ky.")
        assert refused.reason == "Vendimi nuk është ky."
        assert kit.heard == [("refused", version.id)]
        for told in (manager, police):
            assert mw.mail_of(session, "signature_refused", told)
        for untold in (school, doctor):
            assert not mw.mail_of(session, "signature_refused", untold)
        with pytest.raises(OutOfOrder):
            kit.sign(session, version, school)
        kit.sign(session, version, manager)
        kit.sign(session, version, doctor)
        assert version.completed_at is None, "a refusal is no signature"
        with pytest.raises(
            OutOfOrder
        ):  # nobody is missing without a reason? the refuser has one, so this closes
            completing.record_missing(
                session, manager, kit.NOW, version_id=version.id, slot_id=_slot(session, version, police),
                kind="unreachable", reason="x",
            )  # fmt: skip
        completing.close_incomplete(session, manager, kit.NOW, version_id=version.id)
        assert version.state == "incomplete"
        assert [one.missing.kind for one in queries.places_of(session, version) if one.missing] == ["refused"]
        assert session.scalar(select(func.count()).select_from(SealJob)) == 1


def _refuse(session, version: FrozenVersion, person, reason: str = "Arsye") -> Signature:
    return acts.refuse(
        session, person, kit.NOW, version_id=version.id, reason=reason, language="sq", trace=Trace()
    )


def _slot(session, version: FrozenVersion, person):
    return next(one.id for one in queries.slots_of(session, version.id) if one.person_id == person.id)


@DUTY
def test_closing_without_some_needs_a_reason_for_each(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        manager, police, school, doctor = kit.people(session, here)
        version = kit.opened(session, here, [manager, police, school, doctor])
        kit.sign(session, version, manager)
        for person, kind in ((police, "left_post"), (school, "unreachable")):
            completing.record_missing(
                session, manager, kit.NOW, version_id=version.id, slot_id=_slot(session, version, person),
                kind=kind, reason="U kërkua dy herë.",
            )  # fmt: skip
        with pytest.raises(OutOfOrder):  # the doctor has no reason yet
            completing.close_incomplete(session, manager, kit.NOW, version_id=version.id)
        kit.sign(session, version, school)  # came after all
        kit.sign(session, version, doctor)
        completing.close_incomplete(session, manager, kit.NOW, version_id=version.id)
        assert version.state == "incomplete"
        with pytest.raises(OutOfOrder):
            kit.sign(session, version, police)
        with pytest.raises(OutOfOrder):  # and it is not replaced any more
            kit.freeze(session, here, [manager], subject_id=version.subject_id)


@pytest.mark.duty("A10.2")
def test_a10_2_a_recused_member_is_asked_no_more_and_gets_no_mail(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        manager, police, school, doctor = kit.people(session, here)
        version = kit.opened(session, here, [manager, police, school, doctor])
        for one in (manager, school, doctor):
            kit.sign(session, version, one)
        conflicts.recuse_member(
            session, manager, kit.NOW, case=here.case, seat=here.seats["police"], reason="Kushëri"
        )
        assert version.completed_at is not None, "nobody else is asked, so it is complete"
        with pytest.raises(Forbidden):
            kit.sign(session, version, police)
        (mail,) = mw.mail_of(session, "document_to_sign", police)
        assert not exclusion.may_send(session, mail, kit.NOW)


@DUTY
def test_a_member_whose_seat_ended_is_still_asked(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        manager, police, school, _doctor = kit.people(session, here)
        seat_ending.end_seat(
            session, manager, kit.NOW, seat=here.seats["school"], reason="left_post", note="U transferua"
        )
        version = kit.opened(session, here, [manager, police, school])
        (mail,) = mw.mail_of(session, "document_to_sign", school)
        assert exclusion.may_send(session, mail, kit.NOW)
        kit.sign(session, version, school)


def test_signing_rests_after_a_reset(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        signers = kit.people(session, here)
        version = kit.opened(session, here, signers)
        account = accounts.of_person(session, signers[1].id)
        assert account is not None
        account.signing_blocked_until = clock.real_now() + accounts.SIGNING_PAUSE
        with pytest.raises(FieldRefused):
            kit.sign(session, version, signers[1])
        account.signing_blocked_until = clock.real_now()
        kit.sign(session, version, signers[1])


def test_what_is_frozen_is_the_same_bytes_for_the_same_words(engine: Engine) -> None:
    """Composed and decomposed letters give one text; exactly one owner."""
    with work(engine) as session:
        here = mw.case_world(session)
        manager = here.town.case_manager
        version = kit.freeze(session, here, [manager])
        typed = tuple(unicodedata.normalize("NFD", one) for one in kit.PARAGRAPHS)
        assert typed != kit.PARAGRAPHS
        again = kit.freeze(session, here, [manager], paragraphs=typed)
        assert _words(version) == _words(again)
        assert queries.bytes_of(session, version, "frozen").startswith(b"%PDF-")
        with pytest.raises(ValueError, match="one case or one municipality"):
            freezing.freeze(
                session, manager, kit.NOW, kind="test_letter", subject_id=here.case.id,
                reference="x", language="sq", content={"paragraphs": []}, signers=[],
            )  # fmt: skip


def _words(version: FrozenVersion) -> str:
    return version.content.partition('"content":')[2].partition(",")[0]
