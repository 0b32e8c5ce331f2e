"""Who takes part without an account: child and parents by a sheet of paper, a professional by paper and a personal link."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from tmr_app.cases import conflicts, declaring, paper_declarations, participants, seating
from tmr_app.cases.paper_declarations import Sheet
from tmr_app.cases.table_models import Participant, Seat
from tmr_app.kernel import clock
from tmr_app.meetings import report_links
from tmr_app.meetings.models import Meeting, ReportRequest
from tmr_app.meetings.reporting import ReportTexts
from tmr_app.web.demonstration.case_steps import Bench

NAME, FUNCTION, INSTITUTION = "Rozafa Mehana", "Mësimdhënëse e gjuhës", "Kurset e gjuhës „Hapi i Parë“"
REASON = "E mëson fëmijën çdo ditë dhe e njeh më së miri gjendjen e tij."
REPORT = ReportTexts(
    done="Fëmija ndoqi njëzet orë mësimi; flet tashmë shqip në biseda të thjeshta.",
    obstacles="Mungon teksti mësimor në gjuhën e tij.",
    needed="Një vend në klasën përgatitore.",
    child_wellbeing="Është i qetë, ka gjetur dy shokë dhe pyet për familjen e tij.",
)


def family_signs(bench: Bench) -> None:
    """The carers take part; each signed the declaration on paper, the child through its guardian (A18.2)."""
    session, now, manager = bench.session, clock.now(), bench.manager
    first = bench.carers[0] if bench.carers else None
    for relation_id in (None, *(one.id for one in bench.carers)):
        signer = participants.add_participant(session, manager, now, case=bench.case, relation_id=relation_id)
        if relation_id is None and first is None:
            continue
        _on_paper(bench, signer, guardian_id=first.id if relation_id is None and first else None)


def seat_without_account(bench: Bench) -> None:
    """Another relevant professional (A4.4), who has no account: the declaration lies in the file on paper."""
    domain = bench.town.spec.domain
    seat = seating.seat_outside_professional(
        bench.session,
        bench.manager,
        clock.now(),
        case=bench.case,
        name=NAME,
        email=f"rozafa.mehana@{domain}",
        institution_name=INSTITUTION,
        function=FUNCTION,
        reason=REASON,
        works_for_child_protection=True,
        same_name_checked=True,
    )
    bench.session.refresh(seat, ["person"])
    _on_paper(bench, seat)
    conflicts.answer_conflict(bench.session, seat.person, clock.now(), case=bench.case, has_conflict=False)
    bench.session.flush()


def report_by_link(bench: Bench, meeting: Meeting) -> None:
    """Asked by a personal link, sent back through it; the case manager has not confirmed it yet (A8.9)."""
    session, now = bench.session, clock.now()
    session.flush()
    asked = session.scalars(
        select(ReportRequest)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .where(ReportRequest.meeting_id == meeting.id, Seat.kind == "other_professional")
    ).first()
    if asked is None:
        return
    issued = report_links.issue(session, bench.manager, now, case=bench.case, request_id=asked.id)
    door = report_links.door(session, issued.token, now)
    if door is not None and report_links.knock(session, now, door=door, code=issued.code):
        report_links.send(session, now + timedelta(minutes=20), door=door, texts=REPORT)


def _on_paper(bench: Bench, signer: Participant | Seat, guardian_id: UUID | None = None) -> None:
    text = declaring.newest_text(bench.session)
    if text is None:
        raise LookupError("no declaration text")
    language = "sr" if bench.story.language.startswith("sr") else "sq"
    paper_declarations.record(
        bench.session,
        bench.manager,
        clock.now(),
        case=bench.case,
        signer=signer,
        sheet=Sheet(clock.civil_today(), language, text.version, guardian_id),
        scan=None,
    )
