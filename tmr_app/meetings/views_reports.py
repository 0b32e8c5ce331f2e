"""Written progress reports (A8.9): the member's form, the list with each member's state, one report in its two parts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.kernel import clock, db, drafts
from tmr_app.kernel.errors import FieldRefused, Stale
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import reading_room, report_actions, report_links, report_queries, reporting
from tmr_app.meetings.drafts_view import keep_typed, report_place
from tmr_app.meetings.forms_member import ReportForm
from tmr_app.meetings.models import Meeting, ProgressReport, ReportVersion
from tmr_app.meetings.report_models import ReportAction
from tmr_app.meetings.report_queries import OwnReport
from tmr_app.plans.queries import ActionNow
from tmr_app.regulation.verdicts import Message

blueprint = Blueprint("reports", __name__)
ADDRESS = "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>"


def _meeting(case_id: UUID, meeting_id: UUID) -> Meeting:
    return reading_room.meeting_of(db.session(), case_id=case_id, meeting_id=meeting_id, standing=g.standing)


def _own(case_id: UUID, meeting_id: UUID) -> OwnReport:
    return report_queries.own(db.session(), case_id=case_id, meeting_id=meeting_id, person_id=g.person.id)


def _form_page(meeting: Meeting, form: ReportForm, *, status: int = 200, draft_at: object = None) -> Page:
    """Everything the form's page shows, the earlier report beside it."""
    session, now, place = db.session(), clock.now(), _own(meeting.case_id, meeting.id)
    verdict = reporting.owed(session, meeting, now)
    fileable = reporting.may_report(place) and not reporting.is_first(verdict, meeting)
    corrects = place.report is not None
    earlier = report_queries.previous(session, seat=place.seat, meeting_id=meeting.id) if place.seat else None
    return Page(
        "reports/form.html",
        status=status,
        meeting=meeting,
        form=form,
        own=place,
        verdict=verdict,
        is_open=fileable
        and meeting.status not in ("held", "cancelled")
        and not (corrects and reporting.has_begun(meeting, now)),
        is_frozen=meeting.pack_sha256 is not None,
        earlier=earlier,
        earlier_actions=_by_key(report_actions.of_report(session, earlier[0])) if earlier else {},
        own_actions=_by_key(report_actions.own_actions(session, meeting.case_id, place.seat)),
        draft_at=draft_at,
    )


def _by_key(rows: Sequence[ActionNow] | Sequence[ReportAction]) -> dict[str, Any]:
    """By the key a form's part holds."""
    return {str(one.key if isinstance(one, ActionNow) else one.action_key): one for one in rows}


@blueprint.get(ADDRESS + "/report")
@allows(Permission.REPORT_FILE)
def write(case_id: UUID, meeting_id: UUID) -> Page:
    """The own report: the kept draft, else what was filed, else empty."""
    meeting, place = _meeting(case_id, meeting_id), report_place(case_id, meeting_id)
    draft = drafts.find_row(db.session(), person_id=g.person.id, place=place)
    kept = drafts.find(db.session(), person_id=g.person.id, place=place) if draft else None
    own, session = _own(case_id, meeting_id), db.session()
    told = report_actions.as_typed(report_actions.of_report(session, own.report)) if own.report else {}
    actions = report_actions.own_actions(session, case_id, own.seat)
    form = ReportForm.of(own.report, kept, actions, told)
    return _form_page(meeting, form, draft_at=draft.saved_at if draft else None)


@blueprint.post(ADDRESS + "/report")
@allows(Permission.REPORT_FILE)
def file(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """File or correct the own report; two writers get both texts and the draft is kept."""
    session, meeting, form = db.session(), _meeting(case_id, meeting_id), ReportForm()
    if not form.validate():
        keep_typed(session, case_id, meeting_id, form.typed())
        return _form_page(meeting, form, status=422)
    try:
        report = reporting.file_report(
            session,
            g.person,
            clock.now(),
            case=g.case,
            meeting_id=meeting_id,
            texts=form.texts(),
            version=form.version.data,
            actions=form.reported(),
        )
    except FieldRefused as refused:
        form.refuse(refused)
        keep_typed(session, case_id, meeting_id, form.typed())
        return _form_page(meeting, form, status=422)
    except Stale as stale:
        return _both_texts(meeting, form, stale)
    drafts.drop(session, person_id=g.person.id, place=report_place(case_id, meeting_id))
    said = _("Your report is filed, marked late.") if report.is_late else _("Your report is filed.")
    return Redirect(url_for("reports.write", case_id=case_id, meeting_id=meeting_id), flash=said)


def _both_texts(meeting: Meeting, form: ReportForm, stale: Stale) -> Page:
    """409: what is stored and what was typed, side by side, the own text kept as a draft."""
    session = db.session()
    session.rollback()
    for loaded in list(session):
        session.refresh(loaded)
    form.version.data = stale.version
    keep_typed(session, meeting.case_id, meeting.id, {**form.typed(), "version": str(stale.version)})
    labels = {label.msgid: label for label in reporting.LABELS.values()}
    return Page(
        "reports/stale.html",
        status=409,
        meeting=meeting,
        form=form,
        mine=[(labels[name], text, stale.theirs.get(name, "")) for name, text in stale.mine.items()],
    )


@blueprint.get(ADDRESS + "/reports")
@allows(Permission.REPORT_READ)
def of_meeting(case_id: UUID, meeting_id: UUID) -> Page:
    """Who has filed, late or not; the QPS sees every member's state, members what they may read."""
    session, meeting = db.session(), _meeting(case_id, meeting_id)
    sees_states = may(g.standing, Permission.DELIVERY_READ)
    released = meeting.pack_sha256 is not None
    rows = report_queries.of_meeting(
        session, clock.civil_today(), meeting=meeting, only_filed=not sees_states
    )
    if not (sees_states or released):
        rows = [row for row in rows if row.seat.person_id == g.person.id]
    issues = may(g.standing, Permission.MEETING_CONVENE) and meeting.status in ("preparing", "convened")
    confirms = may(g.standing, Permission.REPORT_MANAGER_PART_READ)
    waiting = report_links.waiting(session, meeting_id) if confirms else []
    return Page(
        "reports/of_meeting.html",
        meeting=meeting,
        rows=rows,
        sees_states=sees_states,
        released=released,
        linkable=report_links.without_account(session, rows) if issues else set(),
        waiting=waiting,
        to_confirm={link.request_id for link, _name in waiting},
    )


def _table_part(one: ProgressReport | ReportVersion) -> list[tuple[Message, str]]:
    return [(reporting.LABELS[name], getattr(one, name)) for name in reporting.TABLE_PART]


@blueprint.get(ADDRESS + "/reports/<uuid:report_id>")
@allows(Permission.REPORT_READ)
def show(case_id: UUID, meeting_id: UUID, report_id: UUID) -> Page:
    """One filed report; the second part only for whom it was written, and its author."""
    session, meeting = db.session(), _meeting(case_id, meeting_id)
    report, request, seat = report_queries.readable(
        session, case_id=case_id, meeting_id=meeting_id, report_id=report_id
    )
    is_own = seat.person_id == g.person.id
    if not (is_own or may(g.standing, Permission.DELIVERY_READ)):
        reading_room.require_released(meeting)
    sees_manager_part = is_own or may(g.standing, Permission.REPORT_MANAGER_PART_READ)
    return Page(
        "reports/show.html",
        meeting=meeting,
        seat=seat,
        request_due_on=request.due_on,
        report=report,
        parts_shown=_table_part(report),
        earlier=[
            (one.version, one.replaced_at, _table_part(one), one.manager_part if sees_manager_part else "")
            for one in report_queries.versions(session, report)
        ],
        told=report_actions.of_report(session, report),
        manager_part=report.manager_part if sees_manager_part else None,
    )


@blueprint.get("/cases/<uuid:case_id>/reports")
@allows(Permission.REPORT_READ)
def index(case_id: UUID) -> Page:
    """The case's meetings with the reports asked for and filed."""
    sees_states = may(g.standing, Permission.DELIVERY_READ)
    rows = report_queries.of_case(db.session(), case_id=case_id, released_only=not sees_states)
    return Page("reports/index.html", rows=rows, sees_states=sees_states)
