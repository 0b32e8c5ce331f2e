"""One document of each kind with invented people, in any of the three languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.documents.people import (
    ACTIONS,
    CHILD,
    DOCTOR,
    HEAD,
    LONGER,
    MANAGER,
    MEETING,
    OBJECTIVES,
    OFFICE,
    PARTICIPANTS,
    POLICE,
    SCHOOL,
    SIGNERS,
    VIEWS,
)
from tmr_app.documents import (
    annex1,
    assessment,
    attendance,
    closing,
    declaration,
    family_notice,
    guide_form,
    invitation,
    minutes,
    pack,
    plan,
    report,
    review,
    superior_letter,
)
from tmr_app.documents.content import Document, Language
from tmr_app.documents.guide_spec import FORMS
from tmr_app.documents.values import (
    AgendaItemValues,
    CaseValues,
    FindingValues,
    PersonValues,
    SeatValues,
    SignerValues,
)
from tmr_app.regulation.verdicts import Label, Message


def case(language: Language) -> CaseValues:
    return CaseValues(
        number="QPS-PR-2026-0143",
        language=language,
        office=OFFICE,
        case_manager=MANAGER,
        head_of_services=HEAD,
        referred_by="Shkolla “Shembulli”",
        risk_level="medium",
        risk_kinds=("psychological_violence", "lack_of_care", "neglect_other"),
        risk_texts={"neglect_other": "mungesë e mbikëqyrjes pas shkollës"},
    )


def planning(language: Language) -> dict[str, Document]:
    the_case = case(language)
    first = assessment.AssessmentValues(
        case=the_case,
        child=CHILD,
        kind="comprehensive",
        version=2,
        made_on=date(2026, 10, 20),
        situation=LONGER,
        findings=(
            FindingValues(
                indicator="safety", finding=LONGER[:140], risk_level="medium", sources="Policia, shkolla"
            ),
            FindingValues(indicator="education", finding=LONGER, risk_level="low", sources="Shkolla"),
            FindingValues(title="Koha e lirë", finding="Pa veprimtari", risk_level="low", sources="Nëna"),
        ),
        information=(
            assessment.InformationValues(
                text="Fëmija mbetet vetëm pasdite", source="Fqinji", state="verified"
            ),
            assessment.InformationValues(text="Mungesa në shkollë", source="Anonim", state="disproved"),
        ),
        contributions=(
            assessment.ContributionValues(person=SCHOOL, on=date(2026, 10, 12), text=LONGER[:120]),
        ),
        risk_history=(
            assessment.RiskLevelValues(on=date(2026, 9, 2), level="high", reason="Vlerësimi fillestar"),
            assessment.RiskLevelValues(on=date(2026, 10, 20), level="medium", reason="Masa të marra"),
        ),
        best_interest="Qëndrimi në familje me mbështetje.",
        signers=SIGNERS,
    )
    start = plan.InitialPlanValues(
        case=the_case,
        child=CHILD,
        made_on=date(2026, 9, 4),
        needs=LONGER,
        objectives=OBJECTIVES[:1],
        services_given="Vizitë e parë më 03.09.2026",
    )
    unified = plan.UnifiedPlanValues(
        case=the_case,
        child=CHILD,
        version=3,
        made_on=date(2026, 10, 20),
        adopted_on=date(2026, 10, 20),
        next_review_on=date(2026, 11, 20),
        objectives=OBJECTIVES,
        best_interest="Qëndrimi në familje me mbështetje.",
        changes="Shtuar veprimi 2",
        signers=SIGNERS,
    )
    checked = review.ReviewValues(
        case=the_case,
        child=CHILD,
        meeting=MEETING,
        plan_version=3,
        actions=ACTIONS,
        well_being=LONGER,
        risk_level="low",
        monitoring="Dy vizita të mbajtura.",
        changes="Afati i veprimit 3 u shty.",
        views=VIEWS,
        next_review_on=date(2026, 12, 17),
        signers=SIGNERS,
    )
    form = annex1.Annex1Values(
        case=the_case,
        child=CHILD,
        meeting_on=MEETING.on,
        chair=MANAGER.name,
        situation=LONGER,
        services_before="Vizitë e parë më 03.09.2026",
        information_shared=LONGER[:140],
        actions=ACTIONS,
        objectives=tuple(one.goal for one in OBJECTIVES),
        aim="Fëmija jeton pa dhunë.",
        participants=PARTICIPANTS,
        review_on=date(2026, 12, 17),
        reviewed=ACTIONS,
        ground="out_of_danger",
        other_circumstances="Nuk ka.",
        closing_participants=PARTICIPANTS,
    )
    return {
        "annex1": annex1.build(form),
        "assessment": assessment.build(first),
        "initial-plan": plan.build_initial(start),
        "plan": plan.build_unified(unified),
        "review": review.build(checked),
    }


def meeting_papers(language: Language) -> dict[str, Document]:
    the_case = case(language)
    agenda = (
        AgendaItemValues(title=Message("Approval of the agenda"), presenter=MANAGER.name),
        AgendaItemValues(
            title="Rishikimi i planit",
            presenter=MANAGER.name,
            discussion=LONGER,
            decision="Plani mbetet në fuqi.",
        ),
        AgendaItemValues(title="Të ndryshme", discussion="Pa diskutim."),
    )
    called = invitation.InvitationValues(
        case=the_case,
        meeting=MEETING,
        recipient=SeatValues(person=POLICE, kind="police"),
        agenda=agenda,
        papers=(Label("term_comprehensive_assessment"), "Raportet e anëtarëve"),
        issued_on=date(2026, 11, 12),
        report_due_on=date(2026, 11, 14),
    )
    told = report.ReportValues(
        case=the_case,
        meeting=MEETING,
        author=SeatValues(person=SCHOOL, kind="school"),
        filed_on=date(2026, 11, 13),
        due_on=date(2026, 11, 14),
        done=LONGER,
        observations="Më e qetë.",
        obstacles="Mungesë e transportit.",
        proposals="Të vazhdohet.",
        actions=ACTIONS[1:2],
        signer=SignerValues(person=SCHOOL, signed="Nënshkruar elektronikisht më 13.11.2026"),
    )
    held = minutes.MinutesValues(
        case=the_case,
        meeting=MEETING,
        version=2,
        made_on=date(2026, 11, 19),
        attendance=PARTICIPANTS,
        items=agenda,
        agenda_note="Rendi i ditës u miratua pa ndryshime.",
        views=VIEWS,
        risk_level="low",
        risk_reason="masat kanë dhënë rezultat",
        plan_note="U miratua versioni 3.",
        dissent="Nuk pati.",
        next_meeting_on=date(2026, 12, 17),
        objections=(
            minutes.ObjectionValues(who=DOCTOR.name, text="Të shtohet numri i seancave.", answer="U shtua."),
        ),
        approval="Miratuar në takimin e datës 17.12.2026.",
        signers=SIGNERS,
    )
    return {
        "invitation": invitation.build(called),
        "report": report.build(told),
        "attendance": attendance.build(
            attendance.AttendanceValues(
                case=the_case, meeting=MEETING, participants=PARTICIPANTS, empty_rows=2
            )
        ),
        "minutes": minutes.build(held),
        "minutes-draft": minutes.build(replace(held, draft=True, approval="", signers=())),
    }


def letters(language: Language) -> dict[str, Document]:
    the_case = case(language)
    declared = declaration.DeclarationValues(
        language=language,
        office=OFFICE,
        reference=the_case.number,
        person=SeatValues(person=POLICE, kind="police"),
        text_version=2,
        body="Deklaroj se do t’i ruaj të fshehta të gjitha të dhënat.\n\nKjo vlen edhe pas përfundimit të detyrës.",
        issued_on=date(2026, 9, 10),
        text_sha256="ab" * 32,
    )
    closed = closing.ClosingValues(
        case=the_case,
        child=CHILD,
        ground="out_of_danger",
        closed_on=date(2027, 3, 2),
        assessment=LONGER,
        best_interest="Mbyllja është në interesin më të mirë të fëmijës.",
        approval="Bujar Krasniqi, 25.02.2027",
        services="Këshillim, mësim plotësues.",
        opinions=VIEWS,
        signers=SIGNERS,
    )
    asked = superior_letter.SuperiorLetterValues(
        language=language,
        office=OFFICE,
        sender=MANAGER,
        superior=PersonValues(name="Komandanti i Stacionit", institution=POLICE.institution),
        member=POLICE,
        reference="N-4417",
        owed=(
            superior_letter.OwedValues(
                what=Message("Written progress report"),
                due_on=date(2026, 11, 14),
                reminded_on=(date(2026, 11, 10), date(2026, 11, 13)),
            ),
        ),
        issued_on=date(2026, 11, 20),
        answer_by_on=date(2026, 11, 30),
    )
    invited = family_notice.FamilyNoticeValues(
        language=language,
        office=OFFICE,
        sender=MANAGER,
        recipient="Valbona Shembulli",
        reader="parent",
        meeting=MEETING,
        issued_on=date(2026, 11, 12),
    )
    return {
        "declaration": declaration.build(declared),
        "closing": closing.build(closed),
        "superior-letter": superior_letter.build(asked),
        "family-notice": family_notice.build(invited),
        "child-notice": family_notice.build(replace(invited, reader="child", recipient="Ëndrra")),
    }


def guide_forms(language: Language) -> dict[str, Document]:
    table = {
        "plan_short": (
            ("Objektivi 1", "Vizitë", OFFICE.name, MANAGER.name, "01.11. – 30.11.2026", "Dy vizita"),
        )
    }
    signed = (("Arta Gashi", "17.11.2026", ""),)
    made = {}
    for code in FORMS:
        values = guide_form.GuideFormValues(
            form=code,
            case=case(language),
            made_on=MEETING.on,
            filled={
                "first_name": "Ëndrra",
                "reason": LONGER,
                "moved": "QPS Prizren",
                "talks": "Bisedë me nënën",
            },
            ticked=frozenset({"moved", "yes", "short", "supervision", "needs_service"}),
            rows=table if code == "E-6" else table | {"signatures": signed},
        )
        made[f"guide-{code.replace('/', '-')}"] = guide_form.build(values)
    return made


def documents(language: Language) -> dict[str, Document]:
    """Every kind by name; the pack holds assessment, plan and a report."""
    made = planning(language) | meeting_papers(language) | letters(language) | guide_forms(language)
    inside = (made["invitation"], made["assessment"], made["plan"], made["report"])
    entries = tuple(
        pack.PackEntry(title=one.title, dated_on=one.created_on, sha256=f"{number:x}" * 64)
        for number, one in enumerate(inside, 1)
    )
    together = pack.PackValues(
        case=case(language),
        meeting=MEETING,
        entries=entries,
        frozen_on=date(2026, 11, 12),
        reader=SeatValues(person=POLICE, kind="police"),
    )
    return made | {"pack": pack.build(together, inside)}
