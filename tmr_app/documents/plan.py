"""The individual plan: the initial one of the Centre (A8.7) and the Table's unified one (A13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tmr_app.documents.content import Block, Document, Heading, Narrative, Note, Paragraph
from tmr_app.documents.texts import Words
from tmr_app.documents.values import (
    ActionValues,
    CaseValues,
    ChildValues,
    ObjectiveValues,
    SignerValues,
)
from tmr_app.documents.wording import action_table, case_fields, child_fields, paper, signers_table


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialPlanValues:
    case: CaseValues
    child: ChildValues
    made_on: date
    needs: str
    objectives: tuple[ObjectiveValues, ...]
    services_given: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnifiedPlanValues:
    """`adopted_on` is empty for a draft; `made_on` then dates the document."""

    case: CaseValues
    child: ChildValues
    version: int
    made_on: date
    objectives: tuple[ObjectiveValues, ...]
    adopted_on: date | None = None
    next_review_on: date | None = None
    goal: str = ""
    aim: str = ""
    best_interest: str = ""
    changes: str = ""
    signers: tuple[SignerValues, ...] = ()


def build_initial(values: InitialPlanValues) -> Document:
    _ = Words(values.case.language)
    detailed = any(_is_detailed(action) for one in values.objectives for action in one.actions)
    return paper(
        _,
        kind="initial-plan",
        title=_("Initial individual plan"),
        office=values.case.office,
        reference=values.case.number,
        created_on=values.made_on,
        subtitle=_.day(values.made_on),
        landscape=detailed,
        blocks=(
            case_fields(_, values.case),
            Heading(_("The child")),
            child_fields(_, values.child),
            Narrative(_("Needs of the child and the family"), values.needs),
            Narrative(_("Services given so far"), values.services_given),
            *(_objectives(_, values.objectives) if detailed else _sketched(_, values.objectives)),
        ),
    )


def _is_detailed(action: ActionValues) -> bool:
    """Whether more is known of an action than what is to be done: then it gets the plan's table."""
    return bool(action.institutions or action.member or action.planned_on or action.review_on)


def _sketched(_: Words, objectives: tuple[ObjectiveValues, ...]) -> tuple[Block, ...]:
    """Goal, measures and services in words: nobody is responsible yet, no date is set."""
    blocks: list[Block] = []
    for one in objectives:
        blocks.append(Narrative(_("Goal"), one.goal))
        blocks += [Narrative(_("Measures"), action.measure) for action in one.actions]
        blocks += [Narrative(_("Services"), action.service) for action in one.actions]
    return tuple(blocks)


def build_unified(values: UnifiedPlanValues) -> Document:
    _ = Words(values.case.language)
    document = paper(
        _,
        kind="plan",
        title=_("Unified individual plan for the child's protection"),
        office=values.case.office,
        reference=values.case.number,
        created_on=values.made_on,
        subtitle=_("Version %(number)s, %(day)s", number=values.version, day=_.day(values.made_on)),
        landscape=True,
        blocks=(
            case_fields(_, values.case, *_dates(_, values)),
            Heading(_("The child")),
            child_fields(_, values.child),
            Narrative(_("Goal of the plan"), values.goal) if values.goal else None,
            Narrative(_("Aim"), values.aim) if values.aim else None,
            Narrative(_("The child's best interest"), values.best_interest),
            *_objectives(_, values.objectives),
            Narrative(_("Changes against the version before"), values.changes) if values.changes else None,
            Note(
                _(
                    "Each member named in the plan is responsible for the measures and actions given to them "
                    "(Article 14, paragraph 2). The Table reviews the plan every month, in specific cases more often "
                    "(Article 5, paragraph 1.5)."
                )
            ),
            Heading(_("Signatures")) if values.signers else None,
            signers_table(_, values.signers) if values.signers else None,
        ),
    )
    return document if values.adopted_on else document.as_draft(_("DRAFT"))


def _dates(_: Words, values: UnifiedPlanValues) -> tuple[tuple[str, str], ...]:
    rows = (
        (_("Adopted at the meeting of"), _.day(values.adopted_on)),
        (_("Next review by"), _.day(values.next_review_on)),
    )
    return tuple(row for row in rows if row[1])


def _objectives(_: Words, objectives: tuple[ObjectiveValues, ...]) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading(_("Objectives and actions"))]
    for number, objective in enumerate(objectives, 1):
        blocks.append(Heading(_("Objective %(number)s", number=number), 2))
        if objective.actions:  # as the table's caption the goal stays with it on one page
            blocks.append(replace(action_table(_, objective.actions), caption=objective.goal))
        else:
            blocks.append(Paragraph(objective.goal))
    return tuple(blocks)
