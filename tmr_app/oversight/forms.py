"""The shape of what the ledger and the calendar are asked, all by address."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from tmr_app.kernel.clock import civil_today
from tmr_app.kernel.forms import Form, OnceForm, QueryForm, text
from tmr_app.oversight.ledger import Row
from tmr_app.oversight.tally import date_of, kind_of, quarter_of
from tmr_app.oversight.tally_queries import Wanted
from tmr_app.regulation.catalogue import SEATS_4_1, SEATS_4_6, short_label
from tmr_app.regulation.days import add_months
from tmr_app.regulation.duties import DUTIES
from tmr_app.regulation.verdicts import Status, article_label

EXCEPTIONS, OPEN = "exceptions", "open"


class LedgerFilter(QueryForm):
    """Which rows: by status or a group of them, and by duty."""

    status = SelectField(_l("Status"), default="")
    duty = SelectField(_l("Duty"), default="")
    quarter = SelectField(_l("Period"), default="")
    institution = SelectField(_l("Kind of institution"), default="")
    after = text("", required=False, limit=60)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.status.choices = [
            ("", _("All")),
            (EXCEPTIONS, _("Exceptions")),
            (OPEN, _("All that is open")),
            ("overdue", _("Overdue")),
            ("due", _("Due")),
            ("not_met", _("Not met")),
            ("met_late", _("Met late")),
            ("met", _("Met")),
            ("waived", _("Not owed")),
        ]
        self.duty.choices = [
            ("", _("All")),
            *((duty.id, article_label(duty.id, str(get_locale()))) for duty in DUTIES),
        ]
        self.quarter.choices = [("", _("All")), *((one, one) for one in last_quarters())]
        self.institution.choices = [
            ("", _("All")),
            *((one.key, short_label(one.key, str(get_locale()))) for one in SEATS_4_1 + SEATS_4_6),
        ]

    def fitting(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that are asked for; what was sent is looked at once."""
        wanted = self.values()
        for row in rows:
            if (
                (not wanted["duty"] or row.duty == wanted["duty"])
                and (not wanted["quarter"] or quarter_of(date_of(row)) == wanted["quarter"])
                and (not wanted["institution"] or kind_of(row) == wanted["institution"])
                and fits_status(row, wanted["status"] or "")
            ):
                yield row

    def wanted(self) -> Wanted:
        """The same, as the tally is asked."""
        values = self.values()
        return Wanted(
            statuses_of(values["status"] or ""),
            values["duty"] or "",
            values["quarter"] or "",
            values["institution"] or "",
        )

    def chosen(self) -> dict[str, str]:
        """What was chosen, for the address of another page or file."""
        names = ("status", "duty", "quarter", "institution")
        return {name: value for name, value in self.values().items() if name in names and value}


def last_quarters() -> list[str]:
    """This quarter, the one ahead and the eight before, the newest first."""
    today = civil_today()
    ahead = add_months(today, 3)
    return [quarter_of(add_months(ahead, -3 * number)) for number in range(10)]


def statuses_of(wanted: str) -> tuple[Status, ...]:
    """The statuses a choice stands for; none means all."""
    if wanted == EXCEPTIONS:
        return (Status.OVERDUE, Status.NOT_MET, Status.MET_LATE)
    if wanted == OPEN:
        return (Status.DUE, Status.OVERDUE)
    return (Status(wanted),) if wanted else ()


def fits_status(row: Row, wanted: str) -> bool:
    """Whether a row has the status, or is of the group, that was asked for."""
    if wanted == EXCEPTIONS:
        return row.is_exception
    if wanted == OPEN:
        return row.is_open
    return not wanted or row.status is Status(wanted)


class MonthForm(QueryForm):
    """Year and month of the calendar; anything else means the present month."""

    year = IntegerField(_l("Year"), [Optional(), NumberRange(2000, 2100)])
    month = IntegerField(_l("Month"), [Optional(), NumberRange(1, 12)])


class FeedForm(OnceForm):
    """Make or replace the address of one's own calendar feed: a button."""


class NoFeedForm(Form):
    """Take the address of the feed back: a button."""
