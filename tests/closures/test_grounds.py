"""The five grounds with what each asks for, and the opinions heard before (A17.1 to A17.4, A5.2)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import closing_world as cw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases.models import RiskLevel
from tmr_app.closures import (
    dossier,
    hearing,
    recommending,
)
from tmr_app.closures.hearing import Opinion
from tmr_app.closures.models import Closing
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused, Stale
from tmr_app.kernel.outbox import CANCELLED, Address, enqueue
from tmr_app.meetings import family_notices
from tmr_app.meetings.family_notices import Notice


def _hear(session: Session, here: mw.CaseWorld) -> None:
    data = Opinion(mw.NOW.date(), "in_person", "x")
    hearing.record_opinion(
        session, here.town.case_manager, mw.NOW, case=here.case, relation_id=None, data=data
    )


@pytest.mark.duty("A17.3")
@pytest.mark.parametrize(
    ("born", "lawful"),
    [("2008-11-03", False), ("2008-11-02", True), ("2008-11-01", True), ("2011-05-14", False), ("", False)],
)
def test_a17_3_of_age_is_counted_by_the_birthday(engine: Engine, born: str, lawful: bool) -> None:
    """B20; the recommendation is written on 2 November 2026."""
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police",))
        cw.child_of(session, here).birth_date = born
        session.flush()
        data = cw.recommendation("of_age")
        manager = here.town.case_manager
        if lawful:
            one = recommending.recommend(session, manager, mw.NOW, case=here.case, data=data)
            assert one.age_checked
            return
        with pytest.raises(RuleRefused) as refused:
            recommending.recommend(session, manager, mw.NOW, case=here.case, data=data)
        assert refused.value.verdicts[0].duty == "A17.3"


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("death", {"death_on": None}, "death_on"),
    ("death", {"death_on": date(2026, 11, 3)}, "death_on"),
    ("death", {"death_source": "  "}, "death_source"),
    ("moved_abroad", {"country": ""}, "country"),
    ("moved_abroad", {"authority": ""}, "authority"),
    ("moved_abroad", {"best_interest": ""}, "best_interest"),
    ("of_age", {"services_needed": None}, "services_needed"),
    ("moved_within", {"to_qps_id": None}, "to_qps_id"),
    ("out_of_danger", {"assessment": " "}, "assessment"),
    ("out_of_danger", {"undone": ""}, "undone"),
]


@pytest.mark.duty("A17.1")
@pytest.mark.parametrize(("ground", "changes", "field"), REFUSED)
def test_a17_1_what_each_ground_asks_for(
    engine: Engine, ground: str, changes: dict[str, Any], field: str
) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police",))
        cw.child_of(session, here).birth_date = "2005-01-01"
        session.flush()
        data = cw.recommendation(ground, **changes)
        with pytest.raises(FieldRefused) as refused:
            recommending.recommend(session, here.town.case_manager, mw.NOW, case=here.case, data=data)
        assert refused.value.field == field
        assert session.scalar(select(Closing)) is None


def test_an_unknown_ground_is_refused(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police",))
        from dataclasses import replace

        data = replace(cw.recommendation(), ground="other_circumstances")
        with pytest.raises(FieldRefused):
            recommending.recommend(session, here.town.case_manager, mw.NOW, case=here.case, data=data)


@pytest.mark.duty("A17.4")
def test_a17_4_services_needed_are_recommended(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police",))
        cw.child_of(session, here).birth_date = "2005-01-01"
        data = cw.recommendation("of_age", after_eighteen="")
        with pytest.raises(RuleRefused) as refused:
            recommending.recommend(session, here.town.case_manager, mw.NOW, case=here.case, data=data)
        assert [one.duty for one in refused.value.verdicts] == ["A17.4"]
        data = cw.recommendation("of_age", after_eighteen="", services_needed=False)
        assert recommending.recommend(session, here.town.case_manager, mw.NOW, case=here.case, data=data)


@pytest.mark.duty("A5.2")
def test_a5_2_out_of_danger_asks_for_a_lowered_risk(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police",))
        manager, data = here.town.case_manager, cw.recommendation(no_risk=False)
        with pytest.raises(RuleRefused) as refused:
            recommending.recommend(session, manager, mw.NOW, case=here.case, data=data)
        assert "A5.2" in [one.duty for one in refused.value.verdicts]
        session.add(
            RiskLevel(
                case_id=here.case.id,
                level="low",
                determined_at=mw.NOW + timedelta(minutes=1),
                determined_by_id=manager.id,
                reason="x",
            )
        )
        one = recommending.recommend(session, manager, mw.NOW, case=here.case, data=data)
        assert one.risk_lowered
        assert one.services_given


@pytest.mark.duty("A17.2")
def test_a17_2_a_missing_parent_is_shown_not_met_with_its_reason(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "recommended")
        manager, case, mother = ended.here.town.case_manager, ended.case, ended.here.mother
        attempt = Opinion(no_opinion_reason="Nuk u përgjigj dy herë")
        for relation_id in (None, mother.id):
            hearing.record_opinion(session, manager, mw.NOW, case=case, relation_id=relation_id, data=attempt)
        session.flush()
        verdict = dossier.load(session, case, mw.NOW).opinions_verdict()
        assert (verdict.status, verdict.allows, verdict.breach_recorded) == ("not_met", True, True)
        with pytest.raises(Stale):
            hearing.record_opinion(session, manager, mw.NOW, case=case, relation_id=None, data=attempt)
        for wrong, field in (
            (Opinion(), "opinion"),
            (Opinion(opinion="x"), "asked_on"),
            (Opinion(date(2026, 11, 3), "in_person", "x"), "asked_on"),
            (Opinion(mw.NOW.date(), "pigeon", "x"), "how"),
        ):
            with pytest.raises(FieldRefused) as refused:
                hearing.record_opinion(
                    session, manager, mw.NOW, case=case, relation_id=None, data=wrong, version=1
                )
            assert refused.value.field == field


@pytest.mark.duty("A4.5", "A17.2")
def test_a17_2_a_suspected_perpetrator_is_not_asked(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "recommended")
        ended.here.mother.is_suspected_perpetrator = True
        session.flush()
        with pytest.raises(RuleRefused) as refused:
            hearing.record_opinion(
                session,
                ended.here.town.case_manager,
                mw.NOW,
                case=ended.case,
                relation_id=ended.here.mother.id,
                data=Opinion(mw.NOW.date(), "in_person", "x"),
            )
        assert refused.value.verdicts[0].duty == "A4.5"
        hearing.give_no_parent_reason(
            session, ended.here.town.case_manager, mw.NOW, case=ended.case, reason="Neni 4.5"
        )
        _hear(session, ended.here)
        session.flush()
        assert "opinions" in dossier.load(session, ended.case, mw.NOW).done()


@pytest.mark.duty("A17.3")
def test_a17_3_5_death_stops_all_notices_to_the_family_at_once(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police",))
        common: dict[str, Any] = {
            "kind": "invitation", "now": mw.NOW, "parameters": {}, "case_id": here.case.id,
        }  # fmt: skip
        to_family = enqueue(session, to=Address(here.mother.id, "x@tryeza-test.example"), **common)
        to_member = enqueue(session, to=here.town.members["police"], **common)
        ended = cw.recommend(session, here, "death")
        session.refresh(to_family)
        session.refresh(to_member)
        assert (to_family.state, to_member.state) == (CANCELLED, "queued")
        assert ended.case.family_notices_stopped_at is not None
        meeting = mw.call(session, here)
        with pytest.raises(OutOfOrder) as refused:
            family_notices.record_family_notice(
                session,
                here.town.case_manager,
                mw.NOW,
                meeting=meeting,
                relation_id=here.mother.id,
                notice=Notice(notified_on=mw.NOW.date(), how="letter"),
            )
        assert refused.value.duty == "A17.3"
        with pytest.raises(OutOfOrder):
            _hear(session, ended.here)  # the child's opinion
        recommending.withdraw(session, here.town.case_manager, mw.NOW, case=here.case, reason="Gabim")
        assert ended.case.family_notices_stopped_at is None
