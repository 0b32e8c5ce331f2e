"""What an operation may raise; the web layer turns each into one answer."""

from typing import Any
from uuid import UUID


class TmrError(Exception):
    """Base of this package's own errors."""


class RuleRefused(TmrError):
    """A rule of the Regulation forbids the deed (422): carries the verdicts, each with its article and ways out."""

    def __init__(self, *verdicts: Any, case_id: UUID | None = None) -> None:
        super().__init__(", ".join(str(verdict.duty) for verdict in verdicts))
        self.verdicts: tuple[Any, ...] = verdicts
        self.case_id = case_id


class FieldRefused(TmrError):
    """Input refused at a field by a look-up an operation made (422): `field` and a translatable message."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(field)
        self.field = field
        self.message = message


class BadInput(TmrError):
    """Forged, extra or unparsable input (400)."""


class OutOfOrder(TmrError):
    """A step taken before the one it needs (409); `message` says which one, `duty` names the article."""

    def __init__(self, message: Any, duty: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.duty = duty


class Stale(TmrError):
    """Somebody else changed the record meanwhile (409). Both texts travel, so nothing typed is lost."""

    def __init__(self, *, mine: dict[str, str], theirs: dict[str, str], version: int) -> None:
        super().__init__("stale")
        self.mine = mine
        self.theirs = theirs
        self.version = version


class NotFound(TmrError):
    """No such thing, or none this person may know of (404)."""


class Forbidden(TmrError):
    """For people who already know the case (403): declaration missing, recused; `message` says why."""

    def __init__(self, message: Any, way_out: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.way_out = way_out


class FileLost(TmrError):
    """A stored file is missing or altered: its row is there, its content is not (500, with what can be done)."""


class TooManyCases(TmrError):
    """More different cases were opened within the hour than one person works on (429)."""


class NeedsFreshSignIn(TmrError):
    """A serious act with an authentication older than allowed: sign in again, the text is kept."""


class KeyNotUnlocked(TmrError):
    """An encrypted value was read before its subject's key was unlocked: a programming error."""


class SettingsWrong(TmrError):
    """A setting is missing or unusable; the text is one sentence with a way out."""
