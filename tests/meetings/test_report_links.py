"""Reports action by action, and the personal link of a member without an account (A8.9)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows
from tests.fixtures.app import MakeApp
from tests.fixtures.plan_rows import noon
from tests.fixtures.world import work
from tests.meetings.member_kit import Story, story
from tmr_app.cases.table_models import Declaration
from tmr_app.kernel import clock, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, OutOfOrder
from tmr_app.kernel.links import Link
from tmr_app.meetings import report_links, reporting
from tmr_app.meetings.models import PackDocument, ProgressReport, ReportRequest
from tmr_app.meetings.report_actions import ActionReport
from tmr_app.meetings.report_models import ReportAction, ReportLink
from tmr_app.meetings.reporting import ReportTexts
from tmr_app.members.models import Appointment
from tmr_app.plans.models import ActionUpdate
from tmr_app.web.app import TmrFlask

TEXTS = ReportTexts(
    "BereKanarine", "PengesaKanarine", "NevojitetKanarine", "MireqenieKanarine", "VetemPerMenaxherin"
)
FORM = {
    "done": "BereKanarine", "obstacles": "PengesaKanarine", "needed": "", "child_wellbeing": "",
    "manager_part": "VetemPerMenaxherin",
}  # fmt: skip


def planned(engine: Engine, here: Story) -> UUID:
    """A plan in force with one action of the police; its key."""
    with work(engine) as session:
        case, _meeting = here.open(session)
        place = mw.CaseWorld(town=_town(session, here), case=case, mother=None)  # type: ignore[arg-type]
        place.seats["police"] = here.seat(session, "police")
        version = plan_rows.adopted(session, place, date(2026, 11, 3), planned=[date(2026, 12, 1)])
        return plan_rows.actions_of(session, version)[0].action_key


def _town(session: Any, here: Story) -> Any:
    class Town:
        case_manager = here.person(session, "case_manager")

    return Town()


def file(
    engine: Engine,
    here: Story,
    actions: dict[UUID, ActionReport],
    texts: ReportTexts = TEXTS,
    version: int = 0,
) -> None:
    with work(engine) as session:
        case, meeting = here.open(session)
        reporting.file_report(
            session, here.person(session, "police"), mw.NOW + timedelta(hours=1), case=case, meeting_id=meeting.id,
            texts=texts, version=version, actions=actions,
        )  # fmt: skip


@pytest.mark.duty("A8.9")
def test_a8_9_a_report_goes_action_by_action_and_tells_the_plan(engine: Engine) -> None:
    here = story(engine)
    key = planned(engine, here)
    file(
        engine,
        here,
        {key: ActionReport("in_process", "VizitaKanarine", "PritjaKanarine", "AutomjetKanarine")},
    )
    file(engine, here, {key: ActionReport("done", "KryerKanarine")}, ReportTexts("BereKanarine"), version=1)
    with work(engine) as session:
        here.open(session)
        rows = list(session.scalars(select(ReportAction).order_by(ReportAction.version)))
        assert [(one.version, one.status, one.done) for one in rows] == [
            (1, "in_process", "VizitaKanarine"),
            (2, "done", "KryerKanarine"),
        ]
        updates = list(session.scalars(select(ActionUpdate).order_by(ActionUpdate.number)))
        assert [(one.status, one.source) for one in updates] == [("in_process", "member"), ("done", "member")]
        packed = [
            repr(one.values)
            for one in session.scalars(select(PackDocument).where(PackDocument.kind == "report"))
        ]
        assert len(packed) == 2
        assert "PritjaKanarine" in packed[0]
        assert "VetemPerMenaxherin" not in "".join(packed)


def test_the_same_report_again_changes_nothing(engine: Engine) -> None:
    here = story(engine)
    key = planned(engine, here)
    told = {key: ActionReport("in_process", "VizitaKanarine")}
    file(engine, here, told)
    file(engine, here, told, version=1)
    with work(engine) as session:
        assert session.scalar(select(func.count()).select_from(ReportAction)) == 1
        assert session.scalar(select(func.count()).select_from(ActionUpdate)) == 1


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (ActionReport("finished", "x"), BadInput),
        (ActionReport("not_done"), FieldRefused),
        (ActionReport("not_done", " "), FieldRefused),
    ],
)
def test_an_action_badly_reported_is_refused(
    engine: Engine, given: ActionReport, refused: type[Exception]
) -> None:
    here = story(engine)
    key = planned(engine, here)
    with pytest.raises(refused):
        file(engine, here, {key: given})
    with pytest.raises(BadInput):
        file(engine, here, {UUID(int=7): ActionReport("done", "x")})
    with work(engine) as session:
        assert session.scalar(select(func.count()).select_from(ProgressReport)) == 0


def on_paper(engine: Engine, here: Story, who: str = "school") -> UUID:
    """This member's declaration was signed on paper; the id of what is asked of them."""
    with work(engine) as session:
        here.open(session)
        seat = here.seat(session, who)
        for row in session.scalars(
            select(Declaration).where(
                Declaration.case_id == here.case_id, Declaration.person_id == seat.person_id
            )
        ):
            row.method = "paper"
        return session.scalars(
            select(ReportRequest.id).where(
                ReportRequest.seat_id == seat.id, ReportRequest.meeting_id == here.meeting_id
            )
        ).one()


def issue(engine: Engine, here: Story, request_id: UUID) -> report_links.Issued:
    with work(engine) as session:
        case, _meeting = here.open(session)
        manager = here.person(session, "case_manager")
        issued = report_links.issue(session, manager, mw.NOW, case=case, request_id=request_id)
        return report_links.Issued(issued.token, issued.code, issued.person)


def test_a_link_needs_a_declaration_on_paper(engine: Engine) -> None:
    here = story(engine)
    request_id = on_paper(engine, here)
    with work(engine) as session:
        here.open(session)
        for row in session.scalars(select(Declaration)):
            row.method = "in_app"
    with pytest.raises(OutOfOrder):
        issue(engine, here, request_id)


def test_five_wrong_codes_shut_the_link_and_a_new_one_ends_the_old(engine: Engine) -> None:
    here = story(engine)
    request_id = on_paper(engine, here)
    old, new = issue(engine, here, request_id), issue(engine, here, request_id)
    with work(engine) as session:
        assert report_links.door(session, old.token, mw.NOW) is None
        assert report_links.door(session, "nonsense", mw.NOW) is None
    wrong = "0" * 8 if new.code != "0" * 8 else "1" * 8
    for tried in range(5):
        with work(engine) as session:
            door = report_links.door(session, new.token, mw.NOW)
            assert door is not None, tried
            assert not report_links.knock(session, mw.NOW, door=door, code=wrong)
    with work(engine) as session:
        assert report_links.door(session, new.token, mw.NOW) is None
        row = session.scalars(
            select(ReportLink).order_by(ReportLink.issued_at, ReportLink.tries.desc())
        ).first()
        assert row
        assert row.tries == 5


def test_neither_token_nor_code_is_stored(engine: Engine) -> None:
    here = story(engine)
    issued = issue(engine, here, on_paper(engine, here))
    with work(engine) as session:
        stored = [
            repr(tuple(row))
            for table in (Link, ReportLink)
            for row in session.execute(select(table.__table__))
        ]
    assert stored
    assert not [one for one in stored if issued.token in one or issued.code in one]


@pytest.mark.duty("A8.9")
def test_a8_9_through_a_personal_link(fresh_database_url: str, make_app: MakeApp) -> None:
    app: TmrFlask = make_app(fresh_database_url)
    app.config["WTF_CSRF_ENABLED"] = False
    with clock.fixed_at(mw.NOW):
        here = story(app.engine)
        request_id = on_paper(app.engine, here)
        manager, visitor = here.browser(app, "case_manager"), app.test_client()
        assert "links/" in manager.get(f"{here.base}/reports").text
        shown = manager.post(f"{here.base}/reports/links/{request_id}")
        assert shown.status_code == 200
        address = shown.text.split("/report/")[1].split("<")[0].strip()
        code = "".join(one for one in shown.text.split("Kodi</dt>")[1].split("</dd>")[0] if one.isdigit())
        url = f"/report/{address}"
        first = visitor.get(url)
        assert first.status_code == 200
        assert "no-referrer" in first.headers["Referrer-Policy"]
        assert visitor.post(url, data={"code": "12"}).status_code == 422
        opened = visitor.post(url, data={"code": f"{code[:4]} {code[4:]}"})
        assert opened.status_code == 200
        for said in mw.CANARIES:
            assert said not in first.text + opened.text
        assert visitor.post(f"{url}/send", data=FORM | {"code": code, "done": ""}).status_code == 422
        assert visitor.post(f"{url}/send", data=FORM | {"code": code, "case_id": "x"}).status_code == 400
        assert visitor.post(f"{url}/send", data=FORM | {"code": code}).status_code == 200
        assert visitor.post(f"{url}/send", data=FORM | {"code": code}).status_code == 409
        assert visitor.get(url).status_code == 404
        with work(app.engine) as session:
            assert session.scalar(select(func.count()).select_from(ProgressReport)) == 0
            link_id = session.scalars(select(ReportLink.id)).one()
        received = f"{here.base}/reports/received/{link_id}"
        assert "BereKanarine" in manager.get(received).text
        assert here.browser(app, "police").get(received).status_code == 403
        assert "Raporte për konfirmim" in manager.get("/my-work").text
        assert manager.post(f"{received}/decision", decision="perhaps").status_code == 400
        assert manager.post(f"{received}/decision", decision="confirm").status_code == 303
        assert manager.post(f"{received}/decision", decision="confirm").status_code == 409
        with work(app.engine) as session:
            vault.unlock(session, [here.case_id])
            report = session.scalars(select(ProgressReport)).one()
            assert (report.done, report.manager_part) == ("BereKanarine", "VetemPerMenaxherin")
            assert report.filed_by_id == here.people["school"]
            packed = session.scalars(select(PackDocument).where(PackDocument.report_id == report.id)).one()
            assert packed.addition


def test_a_report_not_confirmed_is_none(engine: Engine) -> None:
    here = story(engine)
    issued = issue(engine, here, on_paper(engine, here))
    with work(engine) as session:
        door = report_links.door(session, issued.token, mw.NOW)
        assert door is not None
        report_links.send(session, mw.NOW, door=door, texts=TEXTS)
        link_id = door.row.id
    with work(engine) as session:
        case, _meeting = here.open(session)
        manager = here.person(session, "case_manager")
        assert (
            report_links.decide(session, manager, mw.NOW, case=case, link_id=link_id, confirm=False) is None
        )
        assert session.scalar(select(func.count()).select_from(ProgressReport)) == 0


def test_recusal_ends_the_link(engine: Engine) -> None:
    here = story(engine)
    issued = issue(engine, here, on_paper(engine, here))
    with work(engine) as session:
        here.open(session)
        here.seat(session, "school").recused_at = noon(date(2026, 11, 2))
    with work(engine) as session:
        assert report_links.door(session, issued.token, mw.NOW) is None


def test_the_end_of_the_appointment_ends_the_link(engine: Engine) -> None:
    """Its last day is passed by nobody's deed: no seat is ended, the link opens nothing all the same (T04)."""
    here = story(engine)
    issued = issue(engine, here, on_paper(engine, here))
    with work(engine) as session:
        here.open(session)
        seat = here.seat(session, "school")
        appointment = session.get_one(Appointment, seat.appointment_id)
        appointment.to_on = civil_date(mw.NOW) - timedelta(days=1)
    with work(engine) as session:
        assert report_links.door(session, issued.token, mw.NOW) is None
