"""How the plan in force stands today: what its page shows at its head (A5.1.4, A14.1, A19)."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from tmr_app.cases.table_models import Seat
from tmr_app.plans import facts
from tmr_app.plans.queries import ActionNow
from tmr_app.regulation import articles
from tmr_app.regulation.verdicts import Verdict


def verdicts(actions: Sequence[ActionNow], seats: Iterable[Seat], today: date) -> list[Verdict]:
    """Every action followed, the services among them, and those of institutions beside the Table where there are any."""
    at_table = {seat.institution_id for seat in seats if seat.institution_id}
    services = [one for one in actions if one.row.service]
    outside = [one for one in actions if _is_outside(one, at_table)]
    answers = [
        articles.a14_1_plan_monitored(facts.work_of(actions, today), today),
        articles.a5_1_4_services_coordinated(facts.work_of(services, today), today),
    ]
    if outside:
        answers.append(articles.a19_cooperation(facts.work_of(outside, today), today))
    return answers


def _is_outside(one: ActionNow, at_table: set[UUID]) -> bool:
    return facts.is_outside((each.id for each in one.institutions), one.row.others, at_table)


def supervised(actions: Sequence[ActionNow], today: date) -> Verdict:
    """What the chair puts before the members of the plan's implementation (A6.1.7)."""
    return articles.a6_1_7_implementation_supervised(facts.work_of(actions, today), today)
