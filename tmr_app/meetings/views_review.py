"""The review of the plan in a meeting (A15), and the findings of monitoring put before it (A14.3.4)."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import panels, words
from tmr_app.cases.doors import after_refusal
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import BadInput, NotFound, RuleRefused, Stale
from tmr_app.kernel.forms import ByAnswer, Form, IfGiven, Part, long_text, version
from tmr_app.kernel.page_texts import gettext as _
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import doors, holding_queries, review_papers, review_reminding, review_verdicts
from tmr_app.meetings.models import Meeting
from tmr_app.plans import reviewing
from tmr_app.plans.reviewing import ItemData, ReviewData, Sheet
from tmr_app.regulation.verdicts import Message

blueprint = Blueprint("reviews", __name__)
ADDRESS = "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>"
STATUSES = ("in_process", "done", "not_done")
COURSES: dict[str, Any] = {
    "better": _l("The child fares better"),
    "same": _l("The child fares as before"),
    "worse": _l("The child fares worse"),
}
panels.audit_words(
    {
        "review:saved": Message("The review of the plan was saved"),
        "review:completed": Message("The review of the plan was completed"),
        "review:monitored": Message("Findings of monitoring were written"),
        "read:reviews:show": Message("Review of the plan"),
        "read:reviews:monitoring": Message("Findings of monitoring"),
    }
)


class ItemPart(Part):
    """One action in the review."""

    key = HiddenField()
    status = SelectField(_l("Status"))
    progress = long_text(_l("Evaluation of progress"), required=False, limit=4000, validators=[ByAnswer()])
    notes = long_text(_l("Notes"), required=False, limit=2000)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.status.choices = words.labels(STATUSES)


class ReviewForm(Form):
    """The annex's second table and the Table's finding; the button `complete` ends the review."""

    also_sent = frozenset({"complete"})
    version = version()
    items = FieldList(FormField(ItemPart), max_entries=300)
    course = RadioField(
        _l("How the child fares"), choices=list(COURSES.items()), validators=[IfGiven(), ByAnswer()]
    )
    well_being = long_text(
        _l("The Table's finding on the child's well-being"), required=False, validators=[ByAnswer()]
    )

    def review(self) -> ReviewData:
        """Raises BadInput for a damaged key or one sent twice."""
        items: dict[UUID, ItemData] = {}
        for entry in self.items:
            part = entry.form
            try:
                key = UUID(part.key.data or "")
            except ValueError as error:
                raise BadInput("an action's key was damaged") from error
            if key in items:
                raise BadInput("an action was sent twice")
            items[key] = ItemData(part.status.data, part.progress.data or "", part.notes.data or "")
        return ReviewData(items, self.well_being.data or "", self.course.data or None)

    @classmethod
    def of(cls, sheet: Sheet) -> "ReviewForm":
        """What is stored, else each action's present status and empty texts."""
        review = sheet.review
        items = [
            {
                "key": str(row.action.key),
                "status": row.item.status if row.item else row.action.status,
                "progress": row.item.progress if row.item else "",
                "notes": row.item.notes if row.item else "",
            }
            for row in sheet.rows
        ]
        data: dict[str, Any] = {"items": items, "version": review.revision if review else 0}
        if review is not None:
            data |= {"course": review.course, "well_being": review.well_being}
        return cls(data=data)


class MonitoringForm(Form):
    """What the case manager found since the last meeting."""

    version = version()
    monitoring = long_text(_l("Findings of monitoring"))


@doors.meeting_links
def links(meeting: Meeting) -> list[tuple[str, str]]:
    """The review and the findings of monitoring hang onto a meeting's page."""
    here: dict[str, Any] = {"case_id": meeting.case_id, "meeting_id": meeting.id}
    found = []
    if meeting.purpose == "first" or meeting.status == "cancelled":
        return []
    if meeting.status in ("preparing", "convened") and may(g.standing, Permission.MEETING_PREPARE):
        found.append((_("Findings of monitoring for the Table"), url_for("reviews.monitoring", **here)))
    if may(g.standing, Permission.PLAN_READ):
        found.append((_("Review of the plan"), url_for("reviews.show", **here)))
    return found


@blueprint.route(ADDRESS + "/review", methods=["GET", "POST"])
@allows(Permission.PLAN_READ, posting=Permission.MEETING_HOLD)
def show(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Each action's last value beside the new one; the finding on the child; from the meeting's beginning on, completing it."""
    session = db.session()
    meeting = holding_queries.find(session, meeting_id, case_id)
    sheet = reviewing.sheet(session, case_id, meeting_id)
    if sheet is None:
        return Page("holding/review.html", meeting=meeting, sheet=None)
    form = ReviewForm.of(sheet)
    if not form.is_submitted():
        return _page(meeting, sheet, form)
    if not form.validate():
        return _page(meeting, sheet, form, 422)
    held_on = _held_on(meeting) if request.form.get("complete") == "yes" else None
    try:
        reviewing.save(
            session, g.person, clock.now(), case=g.case, meeting_id=meeting.id, data=form.review(),
            revision=form.version.data, held_on=held_on,
        )  # fmt: skip
    except RuleRefused as error:
        verdicts = after_refusal(error)
        return _page(meeting, _again(meeting), form, 422, verdicts=verdicts)
    except Stale as error:
        return _page(meeting, _again(meeting, undo=True), form, 409, sides=_sides(error, form, sheet))
    said = _("The review is completed. The next version of the plan is open to be changed and adopted.")
    return Redirect(
        url_for("reviews.show", case_id=case_id, meeting_id=meeting_id),
        flash=said if held_on else _("The review is saved; it is not completed yet."),
    )


def _held_on(meeting: Meeting) -> date:
    """Only a meeting that has begun reviews a plan (reading of A5.1.5). Raises BadInput: no such button was shown."""
    if meeting.status not in ("running", "held") or meeting.meeting_on is None:
        raise BadInput("the meeting has not begun")
    return meeting.meeting_on


def _again(meeting: Meeting, *, undo: bool = False) -> Sheet:
    session = db.session()
    if undo:
        session.rollback()
        for loaded in list(session):
            session.refresh(loaded)
    found = reviewing.sheet(session, meeting.case_id, meeting.id)
    if found is None:
        raise NotFound("review")
    return found


def _page(
    meeting: Meeting,
    sheet: Sheet,
    form: ReviewForm,
    status: int = 200,
    *,
    verdicts: Any = (),
    sides: Any = (),
) -> Page:
    review = sheet.review
    done = review is not None and review.reviewed_at is not None
    known, today = current_app.view_functions, clock.civil_today()
    return Page(
        "holding/review.html",
        status=status,
        meeting=meeting,
        sheet=sheet,
        rows=list(zip(sheet.rows, [entry.form for entry in form.items], strict=False)),
        form=form,
        is_done=done,
        writes=may(g.standing, Permission.MEETING_HOLD) and not done and meeting.status != "cancelled",
        may_complete=meeting.status in ("running", "held"),
        courses=COURSES,
        verdicts=verdicts,
        sides=sides,
        standing=review_verdicts.of_review(meeting, sheet, today),
        reassessment=review_verdicts.reassessment(db.session(), review if done else None, today),
        plan_url=url_for("plans.show", case_id=meeting.case_id) if "plans.show" in known else None,
        today=today,
    )


def _sides(error: Stale, form: ReviewForm, sheet: Sheet) -> list[tuple[str, str, str]]:
    """(label, own text, stored text) of what two writers wrote differently; the form goes on from the stored version."""
    form.version.data = error.version
    measures = {str(row.action.key): row.action.row.measure for row in sheet.rows}
    found = []
    for name, own in error.mine.items():
        theirs = error.theirs.get(name, "")
        if own != theirs:
            what, _dash, key = name.partition("-")
            label = {"progress": _("Evaluation of progress"), "notes": _("Notes")}.get(what)
            label = f"{measures.get(key, '')}: {label}" if label else str(form.well_being.label.text)
            found.append((label, own, theirs))
    return found


@blueprint.route(ADDRESS + "/monitoring", methods=["GET", "POST"])
@allows(Permission.MEETING_PREPARE)
def monitoring(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """What was found since the last meeting: it joins the pack with how each action stands."""
    session = db.session()
    meeting = holding_queries.find(session, meeting_id, case_id)
    sheet = reviewing.sheet(session, case_id, meeting_id)
    review = sheet.review if sheet else None
    form = MonitoringForm(
        data={"version": review.revision if review else 0, "monitoring": review.monitoring if review else ""}
    )
    context: dict[str, Any] = {"meeting": meeting, "sheet": sheet, "form": form, "sides": ()}
    if sheet is not None:
        today = clock.civil_today()
        context["standing"] = review_verdicts.of_monitoring(session, meeting, sheet, today)
    if sheet is None or not form.is_submitted():
        return Page("holding/monitoring.html", **context)
    if not form.validate():
        return Page("holding/monitoring.html", status=422, **context)
    try:
        reviewing.write_monitoring(
            session, g.person, clock.now(), case=g.case, meeting_id=meeting_id, text=form.monitoring.data,
            revision=form.version.data,
        )  # fmt: skip
    except Stale as error:
        context |= {"sheet": _again(meeting, undo=True)}
        form.version.data = error.version
        sides = [(form.monitoring.label.text, error.mine["monitoring"], error.theirs.get("monitoring", ""))]
        return Page("holding/monitoring.html", status=409, **context | {"sides": sides})
    return Redirect(
        url_for("meetings.show", case_id=case_id, meeting_id=meeting_id),
        flash=_("Your findings are saved. They join the papers when the meeting is convened."),
    )


__all__ = ["blueprint", "review_papers", "review_reminding"]
