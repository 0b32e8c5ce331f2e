"""How the plan in force stands today: what its page shows at its head (A5.1.4, A14.1, A19)."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from tmr_app.plans import facts
from tmr_app.plans.queries import ActionNow
from tmr_app.regulation import articles
from tmr_app.regulation.facts import ActionFacts
from tmr_app.regulation.verdicts import Verdict


class Shown(facts.Planned, Protocol):
    """An action as the plan's page shows it."""

    @property
    def service(self) -> str: ...
    @property
    def is_outside(self) -> bool: ...


def verdicts(actions: Sequence[Shown], today: date) -> list[Verdict]:
    """Every action followed, the services among them, and those of institutions beside the Table where there are any."""
    services = [one for one in actions if one.service]
    outside = [one for one in actions if one.is_outside]
    answers = [
        articles.a14_1_plan_monitored(facts.work_of(actions, today), today),
        articles.a5_1_4_services_coordinated(facts.work_of(services, today), today),
    ]
    if outside:
        answers.append(articles.a19_cooperation(facts.work_of(outside, today), today))
    return answers


def carried_out(one: ActionNow, today: date) -> Verdict:
    """What the rule says of one action today (A14.2)."""
    facts_of_it = ActionFacts(one.key, planned_on=one.planned_on, status=one.status, done_on=one.done_on)
    return articles.a14_2_action_carried_out(facts_of_it, today)


def supervised(actions: Sequence[ActionNow], today: date) -> Verdict:
    """What the chair puts before the members of the plan's implementation (A6.1.7)."""
    return articles.a6_1_7_implementation_supervised(facts.work_of(actions, today), today)
