"""The documents of the demonstration's cases as files in a folder, without a server: `tmr demo --documents DIR`.

Each kind's newest document of each case, as PDF and Word; one first invitation as mail and calendar entry; what the
signing room seals. Drawn by as many processes as the machine has processors.
"""

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tmr_app.cases import papers, standing_loader
from tmr_app.cases.models import Case
from tmr_app.documents import copies, output
from tmr_app.documents.content import Document, Language
from tmr_app.kernel import clock, db, vault
from tmr_app.kernel.errors import TmrError
from tmr_app.kernel.mail import as_file
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members.models import Person

NAMES = {"unified-plan": "plan"}
"""How the files are called where the registry's word is another."""
COPIES = frozenset({"pack"})
"""Written as one person's copy, with name and time on every page."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document to draw: the name of its files without ending."""

    name: str
    document: Document


def write(app: Any, engine: Engine, folder: Path, language: Language, say: Say) -> int:
    """Write everything; returns how many files. The database is a demonstration (the caller has asked)."""
    folder.mkdir(parents=True, exist_ok=True)
    with db.unit(engine) as session:
        sheets = list(sheets_of(session, language))
        mails = list(first_invitation(app, session))
        session.rollback()
    say(f"{len(sheets)} documents to draw, as PDF and Word ...")
    written = draw(sheets, folder, say)
    for name, data in [*mails, *sealed_minutes(engine, say)]:
        (folder / name).write_bytes(data)
        written += 1
    return written


def sheets_of(session: Session, language: Language) -> Iterator[Sheet]:
    """Case by case, the newest document of each kind; as the case manager may have it."""
    for case in session.scalars(select(Case).order_by(Case.number)):
        manager = session.get(Person, case.case_manager_id) if case.case_manager_id else None
        if manager is None:
            continue
        vault.unlock(session, [case.id, case.family_id])
        now, at = clock.now(), clock.real_now()
        standing, _case = standing_loader.in_case(session, manager.id, case.id, now)
        reader = papers.Reader(manager, standing, now, at, language)
        for name, offer in _newest(papers.offers_for(session, case, reader)):
            try:
                document = papers.make(session, case, reader, offer.kind, offer.key)
            except TmrError:  # not this reader's any more, or without content: nothing to show
                continue
            if offer.kind in COPIES:
                document = copies.for_person(document, manager.name, papers.printed(at))
            yield Sheet(f"{name}-{_word(case.number)}", document)
        session.expunge_all()


def _newest(offers: list[papers.Offer]) -> list[tuple[str, papers.Offer]]:
    """Sources offer the newest first; what is addressed to others counts like the reader's own."""
    found: dict[str, papers.Offer] = {}
    for offer in offers:
        if offer.key:
            found.setdefault(NAMES.get(offer.kind, offer.kind), offer)
    return sorted(found.items())


def _word(number: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", number)


def draw(sheets: list[Sheet], folder: Path, say: Say) -> int:
    """Each document in both formats; progress every hundred files."""
    workers = max(1, min(4, os.cpu_count() or 1))
    total, done = 2 * len(sheets), 0
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_draw_one, one, str(folder)) for one in sheets]
        for one in as_completed(waiting):
            done += one.result()
            if done % 100 == 0 or done == total:
                say(f"  {done} of {total} files")
    return done


def _draw_one(sheet: Sheet, folder: str) -> int:
    for file_format in ("pdf", "docx"):
        path = Path(folder) / f"{sheet.name}.{file_format}"
        path.write_bytes(output.write(sheet.document, "pdf" if file_format == "pdf" else "docx"))
    return 2


def first_invitation(app: Any, session: Session) -> Iterator[tuple[str, bytes]]:
    """The newest mail that invites for the first time (SEQUENCE:0), with its calendar part beside it."""
    from tmr_app.jobs.letters import letter

    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.kind == "invitation")
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
        .limit(200)
    )
    row = next((one for one in rows if _is_first(one)), None)
    if row is None:
        return
    case = session.get(Case, row.case_id) if row.case_id else None
    name = f"invitation-{_word(case.number)}" if case else "invitation"
    mail = letter(app, row)
    yield f"{name}.eml", as_file(app, mail)
    if mail.calendar is not None:
        yield f"{name}.ics", mail.calendar


class _OneIsEnough(Exception):
    """Minutes are sealed: the rest waits for the worker."""


def sealed_minutes(engine: Engine, say: Say) -> Iterator[tuple[str, bytes]]:
    """The newest minutes that everybody signed, sealed (here, when the worker has not done it yet), and the certificate."""
    from tmr_app.signing import queries, sealing
    from tmr_app.signing.models import FrozenVersion, SealKey

    newest = (
        select(FrozenVersion)
        .where(FrozenVersion.kind == "minutes", FrozenVersion.sealed_at.is_not(None))
        .order_by(FrozenVersion.sealed_at.desc(), FrozenVersion.id)
        .limit(1)
    )

    def until_one_is_sealed(step: str) -> None:
        """The others are the worker's: sealing them all would take longer than everything else here."""
        if step == "kept":
            with db.unit(engine) as looking:
                if looking.scalar(newest) is not None:
                    raise _OneIsEnough

    with db.unit(engine) as session:
        sealed_before = session.scalar(newest) is not None
    if not sealed_before:
        with suppress(_OneIsEnough):
            sealing.run(engine, worker="documents", demonstration=True, pause=until_one_is_sealed)
    with db.unit(engine) as session:
        version = session.scalar(newest)
        if version is None:
            say("No minutes of this demonstration are signed by everybody: nothing is sealed.")
            return
        vault.unlock(session, [version.owner_id])
        yield "minutes-sealed.pdf", queries.bytes_of(session, version, "sealed")
        yield "seal-cert.pem", session.get_one(SealKey, version.seal_key_id).certificate.encode()


def _is_first(row: OutboxMessage) -> bool:
    entry = row.parameters.get("calendar") or {}
    return entry.get("sequence") in (0, "0") and entry.get("method") != "CANCEL"
