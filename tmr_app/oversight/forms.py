"""The shape of what the ledger and the calendar are asked, all by address."""

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from tmr_app.kernel.forms import Form, OnceForm, QueryForm, text
from tmr_app.oversight.ledger import Row
from tmr_app.regulation.duties import DUTIES
from tmr_app.regulation.verdicts import Status, article_label

EXCEPTIONS, OPEN = "exceptions", "open"


class LedgerFilter(QueryForm):
    """Which rows: by status or a group of them, and by duty."""

    status = SelectField(_l("Status"), default="")
    duty = SelectField(_l("Duty"), default="")
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

    def fits(self, row: Row) -> bool:
        """Whether a row is asked for."""
        wanted = self.values()
        return (not wanted["duty"] or row.duty == wanted["duty"]) and fits_status(row, wanted["status"] or "")


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
