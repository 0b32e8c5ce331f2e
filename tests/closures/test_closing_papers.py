"""The closing section of Annex 1 and the closing form among the case's documents (A17.5, A20)."""

import pytest
from sqlalchemy import Engine, select

from tests.fixtures import closing_world as cw
from tests.fixtures.world import work
from tmr_app.cases import papers, standing_loader
from tmr_app.closures import annex_closing, closing_papers
from tmr_app.documents.content import CheckItem, CheckList
from tmr_app.meetings import annex_forms, frozen
from tmr_app.meetings.annex_models import AnnexForm

LOADED = (annex_closing, closing_papers)


@pytest.mark.duty("A17.5")
@pytest.mark.duty("A20")
def test_a17_5_the_annexs_closing_section_is_filled_with_the_form(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "form")
        forms = session.scalars(
            select(AnnexForm).where(AnnexForm.meeting_id == ended.meeting.id).order_by(AnnexForm.version)
        ).all()
        first, last = (frozen.decode(one.content) for one in (forms[0], forms[-1]))
        assert (first.ground, first.closing_participants) == ("", ())
        assert last.ground == "out_of_danger"
        assert last.closing_participants == last.participants != ()
        document = annex_forms.document_of(forms[-1].content, "sq")
        ticked = [
            item.label
            for block in document.blocks
            if isinstance(block, CheckList)
            for item in block.items
            if isinstance(item, CheckItem) and item.checked
        ]
        assert "fëmija është jashtë rrezikut" in ticked


@pytest.mark.duty("A17.5")
@pytest.mark.parametrize("language", ["sq", "sr", "en"])
def test_a17_5_the_form_is_offered_and_speaks_the_readers_language(engine: Engine, language: str) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "form")
        head = ended.here.town.head
        standing, case = standing_loader.in_case(session, head.id, ended.case.id, cw.LATER)
        assert case is not None
        reader = papers.Reader(head, standing, cw.LATER, cw.LATER, language)  # type: ignore[arg-type]
        offers = [one for one in papers.offers_for(session, case, reader) if one.kind == "closing"]
        assert len(offers) == 1
        made = papers.make(session, case, reader, "closing", offers[0].key)
        assert made.language == language
