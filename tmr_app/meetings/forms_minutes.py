"""What is typed while minutes go their way: objection, answer, correction, approval, corrigendum. Shape only."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from tmr_app.kernel.forms import Form, OnceForm, Required, long_text, version
from tmr_app.meetings.minutes_models import AT_ITS_END, AT_MEETING, BY_CIRCULATION

LIMIT = 4000


class CirculateForm(Form):
    seen_version = version()


class ObjectForm(OnceForm):
    seen_version = version()
    text = long_text(_l("What should be corrected, and how"), limit=LIMIT)


class AnswerForm(Form):
    accepted = RadioField(
        _l("The objection"),
        [Required()],
        choices=[("yes", _l("is accepted: the minutes are corrected")), ("no", _l("is not accepted"))],
    )
    answer = long_text(_l("Answer, printed in the minutes"), limit=LIMIT)


class TakeBackForm(Form):
    seen_version = version()
    reason = long_text(_l("Why the minutes are corrected"), limit=LIMIT)


class ApproveMinutesForm(Form):
    """`how`: only the ways that are open now are offered."""

    seen_version = version()
    how = RadioField(_l("Where the minutes were approved"), [Required()], choices=[])
    note = long_text(_l("How and by whom they were approved"), limit=LIMIT, required=False)

    def offer(self, ways: list[str]) -> None:
        words = {
            AT_MEETING: _l("at the next meeting, by the decision quoted above"),
            AT_ITS_END: _l("at the end of this closing meeting"),
            BY_CIRCULATION: _l("by circulation, because no meeting follows"),
        }
        self.how.choices = [(way, words[way]) for way in ways]
        if len(ways) == 1 and self.how.data is None:
            self.how.data = ways[0]


class CorrigendumForm(Form):
    text = long_text(_l("What the sealed minutes say wrongly, and what is right"), limit=LIMIT)
