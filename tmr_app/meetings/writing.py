"""The texts of a running meeting as the page names them: "item-<id>", "views-child", "views-<id>", "notes"."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case, Relation
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound, RuleRefused
from tmr_app.meetings import discussing
from tmr_app.meetings.discussing import ITEM_TEXTS, NOTE_TEXTS, VIEW_TEXTS, Stage
from tmr_app.meetings.forms_holding import ItemForm, NotesForm, TextForm, ViewsForm
from tmr_app.meetings.holding_queries import Held
from tmr_app.meetings.models import AgendaItem, FamilyNotice, Meeting
from tmr_app.members.models import Person

FORMS: dict[str, type[TextForm]] = {"item": ItemForm, "views": ViewsForm, "notes": NotesForm}
BOTH = "#both"
"""Ends the place of a draft that lost: the page's own address is the place of ordinary drafts."""


@dataclass(frozen=True, slots=True)
class Block:
    """One text of the page. `subject` is an item, a relation, or None (the child; the meeting as a whole)."""

    kind: str
    subject: UUID | None = None

    @classmethod
    def parse(cls, name: str) -> "Block":
        """Raises NotFound for a name of no text."""
        kind, _, rest = name.partition("-")
        if name in ("notes", "views-child"):
            return cls(kind)
        if kind not in ("item", "views"):
            raise NotFound("text")
        try:
            return cls(kind, UUID(rest))
        except ValueError as error:
            raise NotFound("text") from error

    @property
    def name(self) -> str:
        if self.kind == "notes":
            return "notes"
        return f"{self.kind}-{self.subject or 'child'}"

    def form(self) -> TextForm:
        """What was sent, under this page's ids."""
        form = FORMS[self.kind]()
        form.mark(self.name)
        return form

    def shown(self, held: Held, *, merged: dict[str, str] | None = None) -> Any:
        """The form with what is stored; `merged`: with a proposal that holds both texts."""
        texts, version = self.stored(held)
        return FORMS[self.kind].of(self.name, merged or texts, version, merged=merged is not None)

    def stored(self, held: Held) -> tuple[dict[str, str], int]:
        """Texts and version as they stand. Raises NotFound."""
        row: Meeting | AgendaItem | FamilyNotice | None
        if self.kind == "notes":
            return {name: getattr(held.meeting, name) for name in NOTE_TEXTS}, held.meeting.notes_version
        if self.kind == "views":
            notice = held.notice_of(self.subject)
            if notice is None:
                return dict.fromkeys(VIEW_TEXTS, ""), 0
            return {name: getattr(notice, name) for name in VIEW_TEXTS}, notice.version
        row = next((one for one in held.items if one.id == self.subject), None)
        if row is None:
            raise NotFound("agenda item")
        return {name: getattr(row, name) for name in ITEM_TEXTS}, row.version

    def save(
        self,
        session: Session,
        actor: Person,
        now: datetime,
        *,
        meeting_id: UUID,
        case: Case,
        stage: Stage,
        form: TextForm,
    ) -> int:
        """Write what the form says; returns the new version. Raises Stale, OutOfOrder, NotFound, RuleRefused (A4.5)."""
        texts, version = form.texts(), int(form.version.data or 0)
        if self.kind == "notes":
            return discussing.save_notes(
                session,
                actor,
                now,
                meeting_id=meeting_id,
                case_id=case.id,
                stage=stage,
                version=version,
                texts=texts,
            ).notes_version
        meeting = discussing.writable(session, meeting_id=meeting_id, case_id=case.id, stage=stage)
        if self.kind == "item" and self.subject is not None:
            return discussing.save_item(
                session, actor, now, meeting=meeting, item_id=self.subject, version=version, texts=texts
            ).version
        if self.subject is not None:
            self._check_family(session, case, self.subject, now)
        return discussing.save_views(
            session, actor, now, meeting=meeting, relation_id=self.subject, version=version, texts=texts
        ).version

    @staticmethod
    def _check_family(session: Session, case: Case, relation_id: UUID, now: datetime) -> None:
        relation = session.get(Relation, relation_id, options=[joinedload(Relation.family_member)])
        if relation is None or relation.case_id != case.id:
            raise NotFound("relation")
        verdict = exclusion.relation_excluded(relation, civil_date(now))
        if verdict.refuses:
            raise RuleRefused(verdict, case_id=case.id)
