"""The guide's forms E-1 to E-7 among the case's documents: offered, filled from the case, in both formats and three languages."""

import io
from datetime import date
from typing import Any

import docx
import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.documents.reading import missing_from, squeezed, strings
from tests.fixtures import closing_world as cw
from tests.fixtures import plan_rows
from tests.fixtures.world import work
from tests.meetings.member_kit import declare
from tmr_app.cases import case_record, papers, standing_loader
from tmr_app.cases.guide_papers import kind_name
from tmr_app.cases.monitoring_models import Visit
from tmr_app.closures.models import Closing
from tmr_app.documents import output
from tmr_app.documents.content import Language
from tmr_app.documents.guide_spec import FORMS
from tmr_app.kernel.errors import NotFound
from tmr_app.members.models import Person
from tmr_app.plans.models import PlanVersion
from tmr_app.regulation import guidance
from tmr_app.web import rooms

rooms.load_entries()  # what each room has on paper

REPORTER = "ReferuesiKanarin"


def reader_of(session: Session, ended: Any, person: Person, language: Language = "sq") -> papers.Reader:
    standing, _case = standing_loader.in_case(session, person.id, ended.case.id, cw.LATER)
    return papers.Reader(person, standing, cw.LATER, cw.LATER, language)


def closed(session: Session) -> Any:
    """A case with a plan that came to its closing form, with a contact and a named reporter."""
    ended = cw.at_step(session, "form")
    for person in (ended.here.town.case_manager, *ended.here.town.members.values()):
        declare(session, ended.here, person, cw.LATER)
    referral = case_record.referral_of(session, ended.case.id)
    assert referral is not None
    referral.reporter = REPORTER
    visit = Visit(
        case_id=ended.case.id, kind="home_visit", visited_on=cw.LATER.date(), author_id=ended.here.town.case_manager.id,
        created_at=cw.LATER, saved_at=cw.LATER, is_monitoring=False,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    visit.summary, visit.child_words = "Biseda me nënën", "Dua në shkollë"
    day = date(2026, 11, 17)
    plan_rows.adopted(session, ended.here, day, planned=(date(2026, 12, 1), date(2027, 1, 15)))
    return ended


@pytest.mark.parametrize("language", ["sq", "sr", "en"])
def test_every_form_is_offered_filled_and_drawn_in_both_formats(engine: Engine, language: Language) -> None:
    with work(engine) as session:
        ended = closed(session)
        chair = ended.here.town.case_manager
        reader = reader_of(session, ended, chair, language)
        offers = {one.kind: one for one in papers.offers_for(session, ended.case, reader) if one.guide}
        wanted = {kind_name(code) for code in guidance.FORMS} - {kind_name("E-4/2")}
        assert set(offers) == wanted, "the plan was never changed: no revision"
        (shelf,) = [
            one for one in papers.shelves(papers.offers_for(session, ended.case, reader)) if one.of_guide
        ]
        assert shelf.about == ""
        child = case_record.load_record(session, ended.case).child.name
        for kind, offer in offers.items():
            document = papers.make(session, ended.case, reader, kind, offer.key)
            assert document.language == language
            data = output.write(document, "pdf")
            shown = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))
            for name in child.split():
                assert name in shown, kind
            assert REPORTER not in shown
            assert not missing_from(shown, strings(document.blocks)), kind
            assert docx.Document(io.BytesIO(output.write(document, "docx"))).tables


def test_what_the_case_holds_stands_in_its_place(engine: Engine) -> None:
    with work(engine) as session:
        ended = closed(session)
        reader = reader_of(session, ended, ended.here.town.case_manager)

        def said(kind: str, key: str) -> str:
            return str(papers.make(session, ended.case, reader, kind_name(kind), key))

        case_key = papers.key_of(ended.case.id)
        closing = session.scalars(select(Closing).where(Closing.case_id == ended.case.id)).one()
        visit = session.scalars(select(Visit).where(Visit.case_id == ended.case.id)).one()
        referral = case_record.referral_of(session, ended.case.id)
        assert referral is not None
        assert referral.facts in said("E-1", case_key)
        assert "Biseda me nënën" in said("E-6", papers.key_of(visit.id))
        assert "Dua në shkollë" in said("E-6", papers.key_of(visit.id))
        plan = session.scalars(select(PlanVersion).where(PlanVersion.case_id == ended.case.id)).one()
        assert all(
            one in said("E-4", papers.key_of(plan.id))
            for one in ("Objektivi", "Masa 1", "Masa 2", "– 15.01.2027")
        )
        paper = said("E-7", papers.key_of(closing.id))
        assert paper.count("checked=True") == 3, "the reason, that they were told, and how"
        assert ended.here.town.head.name in paper
        for kind, key in (
            ("E-1", papers.key_of(closing.id)),
            ("E-6", case_key),
            ("E-7", case_key),
            ("E-4", case_key),
        ):
            with pytest.raises(NotFound):
                said(kind, key)


def test_a_changed_plan_has_its_revision_and_the_first_has_none(engine: Engine) -> None:
    """E-4/2: why the plan was changed, and what the newer version says; in both formats."""
    with work(engine) as session:
        ended = closed(session)
        first = session.scalars(select(PlanVersion).where(PlanVersion.case_id == ended.case.id)).one()
        changed = plan_rows.adopted(session, ended.here, date(2026, 12, 20), planned=(date(2027, 2, 3),))
        changed.based_on_id, changed.changes = first.id, "NdryshimKanarine"
        session.flush()
        reader = reader_of(session, ended, ended.here.town.members["police"])
        kind, key = kind_name("E-4/2"), papers.key_of(changed.id)
        offered = [one.key for one in papers.offers_for(session, ended.case, reader) if one.kind == kind]
        assert offered == [key]
        document = papers.make(session, ended.case, reader, kind, key)
        pages = PdfReader(io.BytesIO(output.write(document, "pdf"))).pages
        shown = squeezed("".join(page.extract_text() for page in pages))
        for text in ("NdryshimKanarine", "Objektivi", "03.02.2027"):
            assert text in shown, text
        assert not missing_from(shown, strings(document.blocks))
        assert docx.Document(io.BytesIO(output.write(document, "docx"))).tables
        with pytest.raises(NotFound):
            papers.make(session, ended.case, reader, kind, papers.key_of(first.id))


def test_a_member_gets_the_tables_forms_and_none_of_the_centre(engine: Engine) -> None:
    with work(engine) as session:
        ended = closed(session)
        member = ended.here.town.members["police"]
        reader = reader_of(session, ended, member)
        offered = {one.kind for one in papers.offers_for(session, ended.case, reader) if one.guide}
        assert offered == {kind_name(code) for code in ("E-3", "E-4", "E-4/1", "E-7")}
        with pytest.raises(NotFound):
            papers.make(session, ended.case, reader, kind_name("E-1"), papers.key_of(ended.case.id))


def test_the_forms_are_those_the_guide_names() -> None:
    assert tuple(FORMS) == guidance.FORMS
