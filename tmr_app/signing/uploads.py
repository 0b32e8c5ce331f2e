"""The other two ways: wet ink (a scan that two people attest) and the member's own certificate on the frozen file.

Neither is called what it is not: the scan is "paper", and of a certificate only integrity and the name are checked here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.case_files import Upload
from tmr_app.kernel.content_checks import CheckedFile, FileRefused, check_file
from tmr_app.kernel.content_kinds import Kind
from tmr_app.kernel.errors import FieldRefused, Forbidden, NotFound, OutOfOrder
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import acts, completing, evidence, freezing, member_certificate, notifications, queries
from tmr_app.signing.evidence import Trace
from tmr_app.signing.kinds import kind_of
from tmr_app.signing.models import (
    CERTIFICATE,
    PAPER,
    FrozenVersion,
    Signature,
    SignatureSlot,
    SigningFile,
    SigningUpload,
)


def checked(upload: Upload, *, largest: int, allowed: Collection[Kind], keep_bytes: bool) -> CheckedFile:
    """The upload by content. FieldRefused names what it is instead: damaged, encrypted, with scripts, another kind."""
    try:
        return check_file(
            upload.read(), upload.filename or "", largest=largest, allowed=allowed, keep_bytes=keep_bytes
        )
    except FileRefused as refused:
        raise FieldRefused("upload", refused.message) from refused


def record_paper(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    version_id: UUID,
    slot_ids: Sequence[UUID],
    upload: Upload,
    largest: int,
) -> SigningUpload:
    """Keep the scan of a sheet signed by hand; a second person then attests it. OutOfOrder for places already signed."""
    version = queries.locked(session, version_id)
    completing.require_open(version)
    open_ones = {one.slot.id for one in queries.places_of(session, version) if one.is_expected}
    if not slot_ids:
        raise FieldRefused("people", Message("Choose whose signatures the sheet shows."))
    if not set(slot_ids) <= open_ones:
        raise OutOfOrder(Message("One of these people has signed already, or is not expected to."))
    kinds = (Kind.PDF, Kind.PNG, Kind.JPEG)
    scan = checked(upload, largest=largest, allowed=kinds, keep_bytes=False)
    return _keep(session, actor, now, version, scan, way=PAPER, slot_ids=slot_ids, about={})


def _keep(
    session: Session,
    actor: Person,
    now: datetime,
    version: FrozenVersion,
    found: CheckedFile,
    *,
    way: str,
    slot_ids: Sequence[UUID],
    about: dict[str, Any],
) -> SigningUpload:
    role = "scan" if way == PAPER else "certificate"
    file = freezing.file_of(version, role, found.data, now, added_by_id=actor.id, media_type=found.media_type)
    session.add(file)
    session.flush()
    made = SigningUpload(
        version_id=version.id,
        owner_id=version.owner_id,
        file_id=file.id,
        way=way,
        slot_ids=[str(one) for one in slot_ids],
        recorded_at=now,
        recorded_by_id=actor.id,
        about=about,
    )
    session.add(made)
    completing.note(session, version, "uploaded", made.id)
    session.flush()
    return made


def decide(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    version_id: UUID,
    upload_id: UUID,
    accept: bool,
    language: str,
    trace: Trace,
) -> SigningUpload:
    """A second person has looked at the file: it becomes signatures, or it is declined.

    Forbidden for whoever recorded it or is shown as a signer (two different people attest). OutOfOrder when it is decided.
    """
    version = queries.locked(session, version_id)
    row = session.scalar(
        select(SigningUpload)
        .where(SigningUpload.id == upload_id, SigningUpload.version_id == version.id)
        .with_for_update()
    )
    if row is None:
        raise NotFound("upload")
    if row.state != "waiting":
        raise OutOfOrder(Message("This has been decided already."))
    places = {str(one.slot.id): one for one in queries.places_of(session, version)}
    shown = [places[one] for one in row.slot_ids]
    if actor.id == row.recorded_by_id or actor.id in {one.slot.person_id for one in shown}:
        raise Forbidden(
            Message(
                "A second person attests: not who uploaded the file, and nobody whose signature it shows."
            )
        )
    row.decided_at, row.decided_by_id, row.state = now, actor.id, "accepted" if accept else "declined"
    completing.note(session, version, "attested" if accept else "attestation-declined", row.id)
    if accept:
        completing.require_open(version)
        attesters = [_name(session, row.recorded_by_id), actor.name]
        for place in shown:
            if place.is_expected:
                _sign(session, now, version, place.slot, row, attesters, language, trace)
        completing.look(session, now, version=version)
    return row


def _sign(
    session: Session,
    now: datetime,
    version: FrozenVersion,
    slot: SignatureSlot,
    row: SigningUpload,
    attesters: list[str],
    language: str,
    trace: Trace,
) -> Signature:
    file = session.get_one(SigningFile, row.file_id)
    record = evidence.base_record(version, slot, deed=evidence.deed_of(slot), way=row.way, language=language)
    record["upload"] = {"sha256": file.sha256, "media_type": file.media_type, **(row.about or {})}
    record["attested_by"] = attesters
    made = acts.insert(session, now, version=version, slot=slot, record=record, trace=trace)
    person = session.get(Person, slot.person_id)
    if person is not None:
        notifications.receipt(session, now, version=version, person=person)
    return made


def sign_by_certificate(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    version_id: UUID,
    upload: Upload,
    largest: int,
    language: str,
    trace: Trace,
) -> SigningUpload:
    """The frozen file with the member's own signature on it. Signed at once when the certificate names the member;
    otherwise it waits for a second person. FieldRefused says what is wrong with the file.
    """
    version, slot = acts.place_of(session, actor, version_id)
    completing.require_open(version)
    place = next(one for one in queries.places_of(session, version) if one.slot.id == slot.id)
    if not place.is_expected:
        raise OutOfOrder(Message("You have signed this version already."), kind_of(version.kind).duty)
    acts.require_not_resting(session, actor, field="upload")
    found = checked(upload, largest=largest, allowed=(Kind.PDF,), keep_bytes=True)
    about = member_certificate.judged(found.data, queries.bytes_of(session, version, "frozen"))
    row = _keep(session, actor, now, version, found, way=CERTIFICATE, slot_ids=[slot.id], about=about)
    if member_certificate.names(about["subject"], slot.name):
        row.state, row.decided_at, row.decided_by_id = "accepted", now, actor.id
        _sign(session, now, version, slot, row, [], language, trace)
        completing.look(session, now, version=version)
    return row


def _name(session: Session, person_id: UUID) -> str:
    person = session.get(Person, person_id)
    return person.name if person is not None else ""
