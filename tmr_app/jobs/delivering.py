"""Draining the outbox: claim, ask again whether it may go, talk SMTP outside any transaction, record the reply.

Two workers never hold the same row; a worker that dies leaves a lease that runs out. At most one mail per death is sent
twice, with the same Message-ID.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tmr_app.jobs.letters import letter
from tmr_app.kernel import audit, clock, db, outbox
from tmr_app.kernel.mail import ReplyClass, Server, ServerReply
from tmr_app.kernel.outbox import OutboxMessage

log = logging.getLogger("tmr.worker")

LEASE = timedelta(minutes=5)
BATCH = 20
WAITS_MINUTES = (1, 5, 15, 30, 60)

SECRET_KINDS = frozenset({"account_invitation", "account_reset"})

MaySend = Callable[[Session, OutboxMessage, datetime], bool]
AfterReply = Callable[[Session, OutboxMessage, datetime], None]


class Postman:
    """One worker's round. `may_send` asks the exclusion at the moment of sending; `after_reply` hears each final state."""

    def __init__(
        self,
        app: Flask,
        engine: Engine,
        *,
        worker: str,
        may_send: MaySend,
        after_reply: AfterReply | None = None,
    ) -> None:
        self.app = app
        self.engine = engine
        self.worker = worker
        self.may_send = may_send
        self.after_reply = after_reply

    def drain(self) -> int:
        """Send what is due until nothing is left. Returns how many were accepted by the mail server."""
        accepted = 0
        settings = self.app.extensions["tmr_settings"]
        with self.app.app_context(), Server(self.app, settings.smtp_url) as server:
            while batch := self._claim():
                accepted += self._send_batch(server, batch)
        return accepted

    def _claim(self) -> list[OutboxMessage]:
        with db.unit(self.engine) as session:
            return outbox.claim(session, worker=self.worker, now=clock.real_now(), lease=LEASE, limit=BATCH)

    def _send_batch(self, server: Server, batch: list[OutboxMessage]) -> int:
        accepted = 0
        replied: tuple[OutboxMessage, ServerReply] | None = None
        for message in batch:
            if not self._turn(replied, message):
                replied = None
                continue
            replied = (message, self._speak(server, message))
            accepted += replied[1].kind is ReplyClass.ACCEPTED
        self._turn(replied, None)
        return accepted

    def _turn(
        self, replied: tuple[OutboxMessage, ServerReply] | None, following: OutboxMessage | None
    ) -> bool:
        """In one unit: record the last reply, and ask whether the next mail may still go."""
        if replied is None and following is None:
            return False
        with db.unit(self.engine) as session:
            if replied is not None:
                self._record(session, *replied)
            return following is not None and self._admit(session, following)

    def _admit(self, session: Session, message: OutboxMessage) -> bool:
        now = clock.real_now()
        row = session.get(OutboxMessage, message.id)
        if row is None or row.state != outbox.CLAIMED or row.claimed_by != self.worker:
            return False
        row.lease_until = now + LEASE
        if self.may_send(session, row, clock.now()):
            message.address = row.address  # the person may have moved since the row was claimed
            return True
        row.state, row.ended_at = outbox.CANCELLED, now
        audit.note(
            session,
            "mail:cancelled",
            object_type="mail",
            object_id=row.id,
            case_id=row.case_id,
            rule="exclusion",
        )
        return False

    def _speak(self, server: Server, message: OutboxMessage) -> ServerReply:
        try:
            mail = letter(self.app, message)
        except Exception as error:  # a broken template must not stop the other mail
            log.error(
                "mail could not be written", extra={"kind": message.kind, "error": type(error).__name__}
            )
            return ServerReply(ReplyClass.LATER, f"not written: {type(error).__name__}")
        return server.deliver(mail)

    def _record(self, session: Session, message: OutboxMessage, reply: ServerReply) -> None:
        now = clock.real_now()
        row = session.get(OutboxMessage, message.id)
        if (
            row is None
            or row.claimed_by != self.worker
            or (row.state in outbox.FINAL and row.state != outbox.CANCELLED)
        ):
            return
        row.last_reply = reply.text
        if reply.kind is not ReplyClass.LATER and row.kind in SECRET_KINDS:
            row.parameters = {}  # the link and its code stay in the mail alone
        if reply.kind is ReplyClass.ACCEPTED:
            row.state, row.accepted_at, row.ended_at = outbox.ACCEPTED, clock.now(), now
        elif reply.kind is ReplyClass.NEVER:
            row.state, row.ended_at = outbox.DEAD, now
        elif row.state == outbox.CLAIMED:
            wait = WAITS_MINUTES[min(row.attempts, len(WAITS_MINUTES)) - 1]
            row.state, row.lease_until, row.next_try_at = outbox.QUEUED, None, now + timedelta(minutes=wait)
        audit.note(
            session,
            f"mail:{reply.kind}",
            object_type="mail",
            object_id=row.id,
            case_id=row.case_id,
            outcome=reply.kind,
        )
        if self.after_reply is not None:
            self.after_reply(session, row, clock.now())
