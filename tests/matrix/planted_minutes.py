"""Markers, and the minutes of the furnished world: a version in each state a page may show."""

from typing import Any

from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tmr_app.cases.models import Case
from tmr_app.meetings import minutes_course
from tmr_app.meetings.models import Meeting
from tmr_app.signing import acts, completing, freezing, queries
from tmr_app.signing.evidence import Trace
from tmr_app.signing.models import SigningUpload


def marker(table: str, column: str) -> str:
    """The word planted in this column: letters only, so that no escaping hides it."""
    letters = f"{table}_{column.removesuffix('_enc')}".replace("_", " ").title().replace(" ", "")
    return f"Kanar{letters}"


def circulated_minutes(session: Session, here: mw.CaseWorld, case: Case, first: Meeting, now: Any) -> None:
    """The first meeting's minutes: circulated, objected to, corrected, approved, one place refused, one reason recorded."""
    manager, member = here.town.case_manager, here.town.members["police"]
    minutes_course.circulate(session, manager, now, meeting=first, case=case)
    objection = minutes_course.object_to(
        session, member, now, meeting=first, seen_version=1, text=marker("minutes_objection", "text")
    )
    minutes_course.answer_objection(
        session, manager, now, meeting=first, objection_id=objection.id, accepted=True,
        answer=marker("minutes_objection", "answer"),
    )  # fmt: skip
    minutes_course.take_back(
        session, manager, now, meeting=first, seen_version=1, reason=marker("minutes", "reason")
    )
    row = minutes_course.circulate(session, manager, now, meeting=first, case=case)
    version = queries.find(session, row.frozen_id, case_id=case.id)  # type: ignore[arg-type]
    row.status, row.approval = "signing", marker("minutes", "approval")
    freezing.open_for_signing(
        session, manager, now, version=version, notes={"approval": marker("frozen_version", "notes")}
    )
    acts.refuse(
        session, member, now, version_id=version.id, reason=marker("signature", "record"), language="sq",
        trace=Trace(browser=marker("signature", "trace")),
    )  # fmt: skip
    slot = queries.slots_of(session, version.id)[0]
    completing.record_missing(
        session, manager, now, version_id=version.id, slot_id=slot.id, kind="unreachable",
        reason=marker("missing_signature", "reason"),
    )  # fmt: skip
    scan = freezing.file_of(version, "scan", b"KanarSigningFileData", now, added_by_id=manager.id)
    session.add(scan)
    session.flush()
    session.add(
        SigningUpload(
            version_id=version.id, owner_id=case.id, file_id=scan.id, way="paper", slot_ids=[str(slot.id)],
            recorded_at=now, recorded_by_id=manager.id, about={"note": marker("signing_upload", "about")},
        )
    )  # fmt: skip
