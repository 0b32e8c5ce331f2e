"""Disclosures the law requires, in "my work": the head decides, then the case manager hands over and says so (A18.1)."""

from collections.abc import Sequence

from tmr_app.cases.models import Case
from tmr_app.cases.office_panels import NOT_RECUSED
from tmr_app.cases.table_models import Disclosure
from tmr_app.cases.work_panels import HEADED, PERSON, Asking, Section, Task, Waiting, shows, waits
from tmr_app.regulation.verdicts import Message

_WAITS = waits(
    case_id=Case.id,
    thing_id=Disclosure.id,
    about=Case.number,
    order_by=(Disclosure.proposed_at, Disclosure.id),
).join_from(Case, Disclosure, Disclosure.case_id == Case.id)
_TO_DECIDE = _WAITS.where(
    Case.qps_id.in_(HEADED),
    NOT_RECUSED,  # also of a closed case
    Disclosure.approved_at.is_(None),
    Disclosure.refused_at.is_(None),
    Disclosure.proposed_by_id != PERSON,
)
_TO_HAND_OVER = _WAITS.where(
    Case.case_manager_id == PERSON,
    Disclosure.approved_at.is_not(None),
    Disclosure.refused_at.is_(None),
    Disclosure.disclosed_at.is_(None),
    NOT_RECUSED,
)


@shows(_TO_DECIDE, applies=lambda asking: bool(asking.headed))
def to_decide(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Proposals that wait for the head of services."""
    return _section(
        rows, "disclosures-to-decide", Message("Disclosures to decide"), Message("Read and decide")
    )


@shows(_TO_HAND_OVER)
def to_hand_over(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Approved, and not yet said to be handed over."""
    heading = Message("Approved disclosures to hand over")
    return _section(rows, "disclosures-to-hand-over", heading, Message("Hand over and record it"))


def _section(rows: Sequence[Waiting], key: str, heading: Message, deed: Message) -> Section:
    tasks = [Task("A18.1", row.about, None, "cases.disclosures", {"case_id": row.case_id}) for row in rows]
    return Section(key, heading, deed, Message("Case"), tasks, 40)
