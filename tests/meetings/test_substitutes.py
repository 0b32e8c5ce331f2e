"""Substitutes: a rostered colleague, confirmed by the case manager, with an own seat, declaration and question."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.meetings.member_kit import Story, story
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder, RuleRefused
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import answering, delivery, substituting
from tmr_app.meetings.models import Invitation, Meeting

LATER = mw.NOW + timedelta(hours=1)


def propose(engine: Engine, told: Story, person_id: UUID | None) -> UUID:
    with work(engine) as session:
        case, _ = told.open(session)
        row = answering.answer_invitation(
            session,
            told.person(session, "police"),
            LATER,
            case=case,
            meeting_id=told.meeting_id,
            answer="substitute",
            reason="Pushim",
            substitute_id=person_id,
        )
        return row.id


def decide(engine: Engine, told: Story, invitation_id: UUID, *, confirm: bool = True) -> None:
    with work(engine) as session:
        case, _ = told.open(session)
        deed = substituting.confirm_substitute if confirm else substituting.decline_substitute
        deed(
            session,
            told.person(session, "case_manager"),
            LATER,
            case=case,
            meeting_id=told.meeting_id,
            invitation_id=invitation_id,
        )


def kinds(engine: Engine, person_id: UUID) -> list[str]:
    with work(engine) as session:
        return list(
            session.scalars(select(OutboxMessage.kind).where(OutboxMessage.recipient_id == person_id))
        )


@pytest.mark.duty("A9")
def test_a9_confirmed_substitute_has_an_own_seat_and_the_members_duty_stays_until_then(
    engine: Engine,
) -> None:
    told = story(engine)
    stand_in = told.substitutes["police"]
    row_id = propose(engine, told, stand_in)
    assert "substitute_proposed" in kinds(engine, told.people["case_manager"])
    with work(engine) as session:
        row = session.get_one(Invitation, row_id)
        assert (row.answer, row.substitute_confirmed_at, row.substitute_seat_id) == ("substitute", None, None)
        assert told.seat(session, "police").is_live
    decide(engine, told, row_id)
    decide(engine, told, row_id)  # a double submission
    with work(engine) as session:
        _, meeting = told.open(session)
        seats = session.scalars(select(Seat).where(Seat.person_id == stand_in)).all()
        assert [(one.meeting_id, one.kind, one.conflict) for one in seats] == [(meeting.id, "police", None)]
        assert seats[0].ends_at == meeting.ends_at + timedelta(days=7)
        assert seats[0].substitute_for_id == told.seat(session, "police").id
        assert told.seat(session, "police").is_live
    assert kinds(engine, stand_in).count("invitation") == 1
    assert "substitute_confirmed" in kinds(engine, told.people["police"])


def test_the_meetings_page_says_that_a_substitute_waits(engine: Engine) -> None:
    """The case manager sees it where the answers stand, and no more once it is decided."""
    told = story(engine)
    row_id = propose(engine, told, told.substitutes["police"])
    assert _waiting(engine, told) == ["police"]
    decide(engine, told, row_id)
    assert _waiting(engine, told) == []


def _waiting(engine: Engine, told: Story) -> list[str]:
    with work(engine) as session:
        told.open(session)
        meeting = session.get_one(Meeting, told.meeting_id)
        rows = delivery.of_meeting(session, LATER, meeting=meeting)
        return [row.seat.kind for row in rows if row.substitute_waits]


def test_who_may_stand_in(engine: Engine) -> None:
    told = story(engine)
    for wrong in (
        None,
        told.people["police"],
        told.people["school"],
        told.substitutes["school"],
        UUID(int=9),
    ):
        with pytest.raises(FieldRefused):
            propose(engine, told, wrong)


@pytest.mark.duty("A10.2")
def test_a10_2_a_recused_person_cannot_stand_in(engine: Engine) -> None:
    told = story(engine)
    with work(engine) as session:
        case, _ = told.open(session)
        session.add(
            Seat(
                case_id=case.id,
                kind="police",
                person_id=told.substitutes["police"],
                seated_at=mw.NOW,
                recused_at=mw.NOW,
            )
        )
    row_id = propose(engine, told, told.substitutes["police"])
    with pytest.raises(RuleRefused) as refused:
        decide(engine, told, row_id)
    assert [one.duty for one in refused.value.verdicts] == ["A10.2"]


def test_a_changed_answer_ends_the_substitutes_seat(engine: Engine) -> None:
    told = story(engine)
    row_id = propose(engine, told, told.substitutes["police"])
    decide(engine, told, row_id)
    with work(engine) as session:
        case, _ = told.open(session)
        answering.answer_invitation(
            session,
            told.person(session, "police"),
            LATER,
            case=case,
            meeting_id=told.meeting_id,
            answer="yes",
        )
    with work(engine) as session:
        seat = session.scalar(select(Seat).where(Seat.person_id == told.substitutes["police"]))
        assert not seat.is_live
        own = session.scalar(select(Invitation).where(Invitation.seat_id == seat.id))
        assert own.withdrawn_at is not None
        assert session.get_one(Invitation, row_id).substitute_seat_id is None


def test_declined_the_member_is_asked_again(engine: Engine) -> None:
    told = story(engine)
    row_id = propose(engine, told, told.substitutes["police"])
    decide(engine, told, row_id, confirm=False)
    with work(engine) as session:
        assert session.get_one(Invitation, row_id).answer is None
    assert "substitute_declined" in kinds(engine, told.people["police"])
    with pytest.raises(NotFound):
        decide(engine, told, row_id)


def test_nothing_is_decided_once_the_meeting_began(engine: Engine) -> None:
    told = story(engine)
    row_id = propose(engine, told, told.substitutes["police"])
    with work(engine) as session:
        told.open(session)[1].status = "running"
    with pytest.raises(OutOfOrder):
        decide(engine, told, row_id)


def test_the_substitute_sees_nothing_before_declaring(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    row_id = propose(engine, told, told.substitutes["police"])
    with clock.fixed_at(LATER):
        app = make_app(fresh_database_url)
        manager = told.browser(app, "case_manager")
        manager.get(f"{told.base}/")
        leads = [one.text for one in manager.page.select(f'main a[href="{told.base}/substitutes"]')]
        assert "Pret konfirmimin tuaj" in leads
        assert "Pret konfirmimin tuaj" not in told.browser(app, "head").get(f"{told.base}/").text
        page = manager.get(f"{told.base}/substitutes")
        assert "Zëvendës police" in page.text
        for who in ("police", "school"):
            assert told.browser(app, who).get(f"{told.base}/substitutes").status_code == 403
        address = f"{told.base}/substitutes/{row_id}/confirm"
        assert told.browser(app, "head").post(address).status_code == 403
        assert manager.post(address, hidden=False).status_code == 303
        stand_in = SignedIn(app, told.substitutes["police"])
        assert stand_in.get(f"{told.base}/pack").status_code == 403
        neutral = stand_in.get(f"{told.base}/answer")
        assert neutral.status_code == 200
        assert not [word for word in (*mw.CANARIES, "Anëtar police", "Mira") if word in neutral.text]


@pytest.mark.parametrize("language", ["sq", "sr_Latn", "en"])
def test_the_page_in_each_language(
    engine: Engine, fresh_database_url: str, make_app: MakeApp, language: str
) -> None:
    told = story(engine)
    propose(engine, told, told.substitutes["police"])
    with work(engine) as session:
        told.person(session, "case_manager").language = language
    with clock.fixed_at(LATER):
        assert (
            told.browser(make_app(fresh_database_url), "case_manager")
            .get(f"{told.base}/substitutes")
            .status_code
            == 200
        )
