"""General meetings for everybody at the municipality's Table: schedule, declaration, papers, answer, tasks, minutes (A8.2)."""

from datetime import date
from uuid import UUID

from flask import g, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.cases.declaring import text_in
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused, OutOfOrder
from tmr_app.kernel.web import Download, Page, Redirect, allows
from tmr_app.meetings import (
    general_answering,
    general_chairing,
    general_convening,
    general_figures,
    general_minutes,
    general_paper,
    general_queries,
    general_tasks,
)
from tmr_app.meetings.general_calling import item_title
from tmr_app.meetings.general_doors import BASE, ONE, blueprint, chairs, inside, meeting_of, opened, to
from tmr_app.meetings.general_forms import (
    PRESENCE,
    AnswerForm,
    CallForm,
    ChairForm,
    DeclarationForm,
    DoneForm,
    ident,
)
from tmr_app.meetings.general_minutes_kind import GENERAL_MINUTES
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting
from tmr_app.members.declaration_texts import newest
from tmr_app.members.general_declaration import declared, sign
from tmr_app.members.signed_in import current_session_ref, may_sign, require_fresh
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import queries as signing_queries
from tmr_app.signing.notifications import sign_path


@blueprint.get(f"{BASE}/")
@allows(Permission.GENERAL_READ)
def index(municipality_id: UUID) -> Page:
    """What is due and by which count, the meetings held and ahead, who chairs; open tasks after the declaration."""
    session, now = db.session(), clock.now()
    municipality = opened(municipality_id)
    meetings = general_queries.meetings_of(session, municipality_id)
    return Page(
        "general/index.html",
        municipality=municipality,
        schedule=general_queries.schedule(session, municipality, now),
        ahead=[one for one in meetings if one.status in general_queries.AHEAD],
        over=[one for one in meetings if one.status not in general_queries.AHEAD],
        chair=general_chairing.chair_of(session, municipality_id, clock.civil_date(now)),
        may_name=may(g.standing, Permission.GENERAL_CHAIR_NAME),
        chairs=chairs(),
        inside=inside(),
        tasks=general_queries.tasks_of(session, municipality_id, open_only=True) if inside() else [],
        minutes=general_queries.minutes_of(session, [one.id for one in meetings]),
        call_form=CallForm(),
        today=clock.civil_today(),
    )


@blueprint.route(f"{BASE}/chair", methods=["GET", "POST"])
@allows(Permission.GENERAL_CHAIR_NAME)
def chair(municipality_id: UUID) -> Page | Redirect:
    """The head names the case manager who convenes, chairs and compiles the report."""
    session, now = db.session(), clock.now()
    municipality = opened(municipality_id)
    form, outcome = ChairForm(), Attempt()
    people = general_chairing.candidates(session, municipality_id, clock.civil_date(now))
    form.person.choices = [(str(one.id), one.name) for one in people]
    if form.validate_on_submit():
        with attempt(form) as outcome:
            general_chairing.name_chair(
                session, g.person, now, municipality_id=municipality_id, person_id=ident(form.person.data)
            )
        if not outcome.refused:
            return Redirect(
                url_for("general.index", municipality_id=municipality_id),
                flash=_("The chair of the general meetings is named."),
            )
    return Page(
        "general/chair.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        municipality=municipality,
        present=general_chairing.chair_of(session, municipality_id, clock.civil_date(now)),
    )


@blueprint.route(f"{BASE}/declaration", methods=["GET", "POST"])
@allows(Permission.GENERAL_DECLARE)
def declaration(municipality_id: UUID) -> Page | Redirect:
    """The declaration for general meetings: signed with a fresh sign-in before any figure is shown (A18.2)."""
    session = db.session()
    municipality, form, outcome = opened(municipality_id), DeclarationForm(), Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form) as outcome:
            if not may_sign():
                raise FieldRefused(
                    "agreed",
                    Message("After a new password or second factor you can sign again after 24 hours."),
                )
            sign(
                session,
                g.person,
                clock.now(),
                municipality_id=municipality_id,
                text_version=form.text_version.data or 0,
                language=_language(),
                session_ref=current_session_ref(),
            )
        if not outcome.refused:
            return Redirect(
                url_for("general.index", municipality_id=municipality_id),
                flash=_("You have signed the declaration."),
            )
    text = newest(session, "general")
    if text is None:
        raise OutOfOrder(Message("No text of the declaration has been published yet."), "A18.2")
    form.text_version.data = text.version
    return Page(
        "general/declaration.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        municipality=municipality,
        text=text_in(text, _language()),
        version=text.version,
        sha256=text.sha256,
        signed=declared(session, municipality_id, g.person.id),
    )


def _language() -> str:
    return str(get_locale()).split("_")[0]


@blueprint.get(f"{ONE}/")
@allows(Permission.GENERAL_READ)
def show(municipality_id: UUID, general_id: UUID) -> Page:
    """State, date and place, who is invited and answered; what was said stands behind the declaration."""
    meeting = meeting_of(municipality_id, general_id)
    invitees = general_queries.invitees_of(db.session(), general_id)
    mine = next((one for one in invitees if one.person_id == g.person.id), None)
    given = {"answer": mine.answer, "substitute": str(mine.substitute_id or "")} if mine else {}
    return _shown(meeting, invitees, _offering(AnswerForm(formdata=None, data=given), invitees))


def _offering(form: AnswerForm, invitees: list[GeneralInvitee]) -> AnswerForm:
    form.offer(general_answering.candidates(db.session(), invitees, g.person.id, clock.now()))
    return form


def _shown(
    meeting: GeneralMeeting, invitees: list[GeneralInvitee], form: AnswerForm, *, status: int = 200
) -> Page:
    session = db.session()
    return Page(
        "general/show.html",
        status=status,
        meeting=meeting,
        municipality=opened(meeting.municipality_id),
        invitees=invitees,
        mine=next((one for one in invitees if one.person_id == g.person.id), None),
        stands_in=any(one.substitute_id == g.person.id for one in invitees),
        presence=PRESENCE,
        minutes=general_minutes.latest(session, meeting.id),
        notice=general_convening.notice(
            meeting, general_convening.sent_on(session, meeting), clock.civil_today()
        ),
        form=form,
        chairs=chairs(),
        inside=inside(),
        today=clock.civil_today(),
    )


@blueprint.post(f"{ONE}/answer")
@allows(Permission.GENERAL_READ)
def answer(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """Whether the invitee comes, or who comes instead; the last word counts."""
    meeting, outcome = meeting_of(municipality_id, general_id), Attempt()
    invitees = general_queries.invitees_of(db.session(), general_id)
    form = _offering(AnswerForm(), invitees)
    if form.validate_on_submit():
        with attempt(form) as outcome:
            general_answering.answer(
                db.session(),
                g.person,
                clock.now(),
                municipality_id=municipality_id,
                general_id=general_id,
                answer=form.answer.data,
                substitute_id=form.substitute_id,
            )
        if not outcome.refused:
            return Redirect(to(meeting), flash=_("Your answer is noted."))
    return _shown(meeting, invitees, form, status=422)


@blueprint.get(f"{ONE}/papers")
@allows(Permission.GENERAL_CONTENT)
def papers(municipality_id: UUID, general_id: UUID) -> Page:
    """Agenda, the quarter's figures after disclosure control, last minutes, open tasks."""
    session = db.session()
    meeting = meeting_of(municipality_id, general_id)
    before = general_queries.last_held(session, municipality_id, before=meeting.meeting_on)
    return Page(
        "general/papers.html",
        meeting=meeting,
        municipality=opened(municipality_id),
        items=general_queries.items_of(session, general_id),
        title_of=item_title,
        figures=general_figures.shown(meeting.figures),
        before=before,
        tasks=general_queries.tasks_of(session, municipality_id, open_only=True),
        today=clock.civil_today(),
    )


@blueprint.get(f"{ONE}/minutes")
@allows(Permission.GENERAL_CONTENT)
def minutes(municipality_id: UUID, general_id: UUID) -> Page:
    """The minutes as frozen: attendance, discussion, decisions, tasks, figures."""
    session = db.session()
    meeting = meeting_of(municipality_id, general_id)
    kept = general_minutes.latest(session, general_id)
    if kept is None:
        raise OutOfOrder(Message("There are no minutes yet: the meeting has not ended."), "A10.1")
    frozen = signing_queries.newest(session, GENERAL_MINUTES, general_id)
    return Page(
        "general/minutes.html",
        meeting=meeting,
        municipality=opened(municipality_id),
        kept=kept,
        content=kept.content,
        title_of=item_title,
        presence=PRESENCE,
        day_of=date.fromisoformat,
        frozen=frozen,
        progress=signing_queries.progress(session, [frozen.id]).get(frozen.id, (0, 0)) if frozen else (0, 0),
        sign_url=sign_path(frozen) if frozen and _signs(session, frozen.id) else None,
        figures=general_figures.shown(kept.content["figures"]),
        approved_at=general_queries.find(session, municipality_id, kept.approved_at_id)
        if kept.approved_at_id
        else None,
    )


def _signs(session: Session, version_id: UUID) -> bool:
    """Whether the reader has a place to sign this version and has not signed."""
    version = signing_queries.find(session, version_id, municipality_id=request.view_args["municipality_id"])  # type: ignore[index]
    places = signing_queries.places_of(session, version)
    return any(one.slot.person_id == g.person.id and one.is_expected for one in places)


@blueprint.get(f"{ONE}/minutes.<any(docx, pdf):file_format>")
@allows(Permission.GENERAL_CONTENT)
def minutes_file(municipality_id: UUID, general_id: UUID, file_format: str) -> Download:
    """The minutes as a paper; a draft has its mark."""
    meeting = meeting_of(municipality_id, general_id)
    paper = general_paper.minutes_paper(db.session(), opened(municipality_id), meeting, _language())
    return Download(
        lambda: general_paper.rendered(paper, file_format),
        name=f"{meeting.code}.{file_format}",
    )


@blueprint.route(f"{BASE}/tasks/<uuid:general_task_id>", methods=["GET", "POST"])
@allows(Permission.GENERAL_CONTENT)
def task(municipality_id: UUID, general_task_id: UUID) -> Page | Redirect:
    """One follow-up task: what was asked, until when; its owner says what came of it."""
    session = db.session()
    municipality, form = opened(municipality_id), DoneForm()
    found = general_tasks.find(session, municipality_id, general_task_id)
    may_tell = found.done_at is None and (found.owner_id == g.person.id or chairs())
    if form.validate_on_submit():
        general_tasks.tell_done(
            session,
            g.person,
            clock.now(),
            municipality_id=municipality_id,
            task_id=general_task_id,
            outcome=form.outcome.data or "",
            chairs=chairs(),
        )
        return Redirect(
            url_for("general.index", municipality_id=municipality_id), flash=_("The task is noted as done.")
        )
    return Page(
        "general/task.html",
        status=422 if form.errors else 200,
        form=form,
        task=found,
        owner=general_tasks.owner_of(session, found),
        meeting=general_queries.find(session, municipality_id, found.meeting_id),
        municipality=municipality,
        may_tell=may_tell,
        today=clock.civil_today(),
    )
