"""The compliance ledger: what each duty's rule says of stored facts, as rows per case, meeting and municipality.

One builder per duty gathers the facts from a `Bundle` and asks the same function of `regulation.articles` that the
operation asked before the deed. Nothing is stored here: a row is always what the rule says today.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app import oversight
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Municipality
from tmr_app.oversight.bundle import Bundle
from tmr_app.oversight.bundle_columns import WRITTEN
from tmr_app.oversight.bundle_tables import names
from tmr_app.regulation.duties import DUTIES
from tmr_app.regulation.judging import waived
from tmr_app.regulation.verdicts import Message, Status, Verdict

ORDER = {duty.id: place for place, duty in enumerate(DUTIES)}
OPEN = frozenset({Status.DUE, Status.OVERDUE})
DONE = frozenset({Status.MET, Status.MET_LATE})
ON_RECORD = Message("on record")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ledger. `municipality` is the catalogue's key, `case` its number, `meeting` its neutral code.

    `subject`: a seat's kind, child, parent_guardian, or the occasion. `met_at`: an instant where the deed has one, else a
    civil date. `endpoint` and `values` lead to the evidence.
    """

    duty: str
    municipality: str
    status: Status
    case: str | None = None
    meeting: str | None = None
    subject: str | None = None
    due_on: date | None = None
    met_at: datetime | date | None = None
    reason: Message | None = None
    counted: Message | None = None
    reading: Message | None = None
    case_id: UUID | None = None
    meeting_id: UUID | None = None
    person_id: UUID | None = None
    endpoint: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_exception(self) -> bool:
        """What a head or case manager looks at first."""
        return self.status in (Status.OVERDUE, Status.NOT_MET, Status.MET_LATE)

    @property
    def met_on(self) -> date | None:
        return civil_date(self.met_at) if isinstance(self.met_at, datetime) else self.met_at


@dataclass(slots=True)
class CaseView:
    """One case of a bundle: its rows by name (`view.meetings`), and how a verdict becomes a row."""

    bundle: Bundle
    case: Any
    rows: list[Row] = field(default_factory=list)
    """The rows built so far: for the duties that look at all the others (A6.1.1)."""

    def __getattr__(self, name: str) -> list[Any]:
        """The case's own rows of one table of the bundle."""
        found: list[Any] = getattr(self.bundle, name).get(self.case.id, [])
        return found

    @property
    def today(self) -> date:
        return self.bundle.today

    @property
    def counts_from(self) -> date:
        """The day from which duties count: the opening, or the take-over from paper."""
        on: date = self.case.taken_over_on or self.case.opened_on
        return on

    def before_take_over(self, duty: str, on: date) -> Verdict | None:
        """A verdict for what lay before the take-over from paper, or None."""
        taken_over_on = self.case.taken_over_on
        if taken_over_on is None or on >= taken_over_on:
            return None
        return waived(duty, Message("Before the take-over from paper on %(on)s.", on=taken_over_on), on)

    def row(
        self,
        verdict: Verdict,
        *,
        meeting: Any = None,
        subject: str | None = None,
        met_at: datetime | None = None,
        person_id: UUID | None = None,
        endpoint: str = "",
    ) -> Row:
        """The verdict as a line of this case. `met_at` counts only where the duty was met."""
        done = verdict.status in DONE
        values: dict[str, Any] = {"case_id": self.case.id}
        if meeting is not None:
            values["meeting_id"] = meeting.id
        return Row(
            duty=verdict.duty,
            municipality=self.case.municipality,
            status=verdict.status,
            case=self.case.number,
            meeting=meeting.code if meeting is not None else None,
            subject=subject,
            due_on=verdict.due_on,
            met_at=(met_at or verdict.met_on) if done else None,
            reason=readable(verdict.reason),
            counted=verdict.counted,
            reading=verdict.reading,
            case_id=self.case.id,
            meeting_id=meeting.id if meeting is not None else None,
            person_id=person_id,
            endpoint=endpoint or ("meetings.show" if meeting is not None else "cases.show"),
            values=values,
        )


CaseBuilder = Callable[[CaseView], Iterable[Row]]
MunicipalityBuilder = Callable[[Session, Municipality, datetime], Iterable[Row]]

_case_builders: dict[str, CaseBuilder] = {}
_municipality_builders: dict[str, MunicipalityBuilder] = {}


def builds(*duties: str) -> Callable[[CaseBuilder], CaseBuilder]:
    """Register the builder of a duty's rows in a case. KeyError for an unknown duty."""

    def mark(builder: CaseBuilder) -> CaseBuilder:
        for duty in duties:
            ORDER[duty]
            _case_builders[duty] = builder
        return builder

    return mark


def builds_municipality(*duties: str) -> Callable[[MunicipalityBuilder], MunicipalityBuilder]:
    """Register the builder of a duty's rows in a municipality."""

    def mark(builder: MunicipalityBuilder) -> MunicipalityBuilder:
        for duty in duties:
            ORDER[duty]
            _municipality_builders[duty] = builder
        return builder

    return mark


def builders() -> dict[str, Callable[..., Iterable[Row]]]:
    """Every duty that has a builder, in the Regulation's order."""
    _load()
    known: dict[str, Callable[..., Iterable[Row]]] = {**_municipality_builders, **_case_builders}
    return {duty: known[duty] for duty in sorted(known, key=ORDER.__getitem__)}


@cache
def _load() -> None:
    """Every `rows_*.py` of this room: a builder is known by being there."""
    for module in iter_modules(oversight.__path__):
        if module.name.startswith("rows_"):
            import_module(f"tmr_app.oversight.{module.name}")


def rows_of_cases(
    session: Session,
    case_ids: Sequence[UUID],
    now: datetime,
    *,
    duties: Iterable[str] | None = None,
    narratives: bool = False,
    together: Iterable[str] = (),
) -> Iterator[Row]:
    """All rows of these cases, by case number, then in the Regulation's order: as many statements for 500 cases as for one.

    `duties`: only these. `narratives`: the written reasons in clear (the cases' keys must be unlocked). `together`: tables
    to be read in one statement.
    """
    for view in case_views(session, case_ids, now, narratives=narratives, together=together):
        yield from rows_of_view(view, duties)


def case_views(
    session: Session,
    case_ids: Sequence[UUID],
    now: datetime,
    *,
    narratives: bool = False,
    together: Iterable[str] = (),
) -> Iterator[CaseView]:
    """What rows are built from, case by case, by number."""
    _load()  # the builders bring their tables with them
    for start in range(0, len(case_ids), BATCH):
        bundle = Bundle(session, case_ids[start : start + BATCH], now, narratives=narratives)
        if together:
            bundle.read_together(together)
        for case in bundle.cases:
            yield CaseView(bundle, case)


LOOK_AT_ALL = frozenset({"A6.1.1", "A6.1.2"})


def rows_of_view(view: CaseView, duties: Iterable[str] | None = None) -> list[Row]:
    """The rows of one case, or only those of these duties, in the Regulation's order."""
    for duty, builder in _chosen(None if duties is None else frozenset(duties)):
        view.rows.extend([row for row in builder(view) if row.duty == duty])
    return sorted(view.rows, key=lambda row: ORDER[row.duty])


@cache
def _chosen(duties: frozenset[str] | None) -> tuple[tuple[str, CaseBuilder], ...]:
    """The builders of these duties in the order of building."""
    _load()
    known = ((duty, _case_builders[duty]) for duty in ORDER if duty in _case_builders)
    wanted = [pair for pair in known if duties is None or pair[0] in duties]
    # The chair's list looks at every other row, so it is built after them and then put in its place.
    return tuple(sorted(wanted, key=lambda pair: pair[0] in LOOK_AT_ALL))


def tables() -> tuple[str, ...]:
    """Every table a builder may ask for."""
    _load()
    return names()


def rows_of_municipality(session: Session, municipality: Municipality, now: datetime) -> list[Row]:
    """The municipality's own duties (A3, A4.1, A8.2): nothing of a case."""
    _load()
    built: dict[MunicipalityBuilder, list[Row]] = {}
    for builder in _municipality_builders.values():
        if builder not in built:
            built[builder] = list(builder(session, municipality, now))
    return sorted((row for rows in built.values() for row in rows), key=lambda row: ORDER[row.duty])


def owed(verdict: Verdict, limit_on: date | None, today: date) -> Verdict:
    """What a rule refuses before the deed is, in the ledger, still owed: due until its limit, overdue afterwards."""
    if verdict.status is not Status.NOT_MET or verdict.breach_recorded:
        return verdict
    due_on = verdict.due_on or limit_on
    late = due_on is not None and due_on < today
    return replace(verdict, status=Status.OVERDUE if late else Status.DUE, due_on=due_on)


def readable(reason: Message | None) -> Message | None:
    """The reason with "on record" in place of a written text that was not decrypted."""
    if reason is None or all(value != WRITTEN for value in reason.params.values()):
        return _deeper(reason)
    values = {name: ON_RECORD if value == WRITTEN else value for name, value in reason.params.items()}
    return _deeper(Message(reason.msgid, **values))


def _deeper(reason: Message | None) -> Message | None:
    if reason is None or not any(isinstance(value, Message) for value in reason.params.values()):
        return reason
    values = {
        name: readable(value) if isinstance(value, Message) else value
        for name, value in reason.params.items()
    }
    return Message(reason.msgid, **values)


def plain(row: Row) -> dict[str, str | None]:
    """The row for machines: no personal data, dates as ISO 8601, the reason in English without written texts."""
    return {
        "duty": row.duty,
        "municipality": row.municipality,
        "case": row.case,
        "meeting": row.meeting,
        "subject": row.subject,
        "status": row.status.value,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "met_at": row.met_at.isoformat() if row.met_at else None,
        "reason": str(row.reason) if row.reason else None,
    }
