"""Everything the rules need of a set of cases, read in bulk: as many statements for one case as for a thousand.

Each table is read when the first builder asks for it, so whoever needs a few duties pays for a few tables; whoever knows
what will be asked reads it together, in one statement (`bundle_sheet`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.kernel.clock import civil_date
from tmr_app.oversight import bundle_sheet
from tmr_app.oversight.bundle_columns import Asked, Term, opened
from tmr_app.oversight.bundle_tables import Table, names, table

ByCase = dict[UUID, list[Any]]


class Bundle:
    """The stored rows of some cases, by case id. `today` is the civil date on which duties are judged."""

    def __init__(
        self, session: Session, case_ids: Sequence[UUID], now: datetime, *, narratives: bool = False
    ) -> None:
        self.session = session
        self.ids = list(dict.fromkeys(case_ids))
        self.today: date = civil_date(now)
        self.narratives = narratives
        self.asked = {"case_ids": self.ids, "today": self.today}

    def __getattr__(self, name: str) -> ByCase:
        """A table: read once, then kept."""
        if name.startswith("_") or name not in names():
            raise AttributeError(name)
        wanted = table(name, self.narratives)
        found = self.__dict__[name] = _by_case(self.session.execute(wanted.query, self.asked), wanted)
        return found

    def read_together(self, wanted: Iterable[str]) -> None:
        """These tables in one statement. What else a builder asks for is read as always."""
        sheet = bundle_sheet.sheet(tuple(sorted(wanted)), self.narratives)
        for name, rows in sheet.read(self.session, self.asked).items():
            self.__dict__[name] = _by_case(rows, table(name, self.narratives))

    @cached_property
    def cases(self) -> list[Any]:
        """Case, its municipality's settings, its take-over from paper, its plan, risks and disclosures; by number."""
        found = (row for rows in self.case_rows.values() for row in rows)
        return sorted(found, key=lambda row: row.number)

    def _spans(self, kind: str, made: Callable[..., Any]) -> ByCase:
        found: ByCase = defaultdict(list)
        for case_id, rows in self.spans.items():
            found[case_id] = [
                made(row.who_id, row.from_at, row.to_at, row.meeting_id) for row in rows if row.kind == kind
            ]
        return found

    @cached_property
    def terms(self) -> ByCase:
        """Who chaired from when to when."""
        return self._spans("term", Term)

    @cached_property
    def requests(self) -> ByCase:
        """Members' requests for a meeting (A8.4)."""
        return self._spans("request", Asked)

    @cached_property
    def reports(self) -> ByCase:
        """Progress reports asked for and perhaps filed (A8.9); drafts and withdrawn requests apart."""
        return self._spans("report", Asked)


def _by_case(rows: Iterable[Any], wanted: Table) -> ByCase:
    found: ByCase = defaultdict(list)
    for row in rows:
        found[row.case_id].append(opened(row, wanted.model, wanted.texts) if wanted.texts else row)
    return found
