"""The account of a person: how somebody signs in. It gives no right to anything; standing does (`access`)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.kernel.db import Base, Identified
from tmr_app.members.models import Person


class Role(RoleMixin):
    """Flask-Security asks for a role model. There are none: rights come from `access.policy` alone."""


class Account(Identified, UserMixin, Base):  # type: ignore[misc]  # the library expects a whole number as id
    """One per person. Instants are real-clock UTC. The password is kept as Argon2id, the TOTP secret and the
    recovery codes encrypted, each under a derived key.
    """

    __tablename__ = "user_account"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """The sign-in address, in lower case: the person's official address at the time of the invitation."""
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(400))
    tf_last_counter: Mapped[int | None]
    """The time step of the last accepted code: no code is taken twice."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON))
    invited_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    signing_blocked_until: Mapped[datetime | None]
    """After a reset the account may not sign documents until then (24 h)."""
    person: Mapped[Person] = relationship(lazy="raise")
    webauthn: Mapped[list["WebAuthnCredential"]] = relationship(  # type: ignore[assignment]
        back_populates="user", cascade="all, delete-orphan", lazy="select", order_by="WebAuthnCredential.name"
    )

    roles: tuple[RoleMixin, ...] = ()  # type: ignore[assignment]

    @property
    def has_second_factor(self) -> bool:
        return bool(self.tf_totp_secret and self.tf_primary_method)

    def may_sign_at(self, now: datetime) -> bool:
        """Whether documents may be signed with this account at this instant (real clock)."""
        return self.signing_blocked_until is None or self.signing_blocked_until <= now

    def get_security_payload(self) -> dict[str, Any]:
        return {}

    def verify_auth_token(self, tdata: dict[str, Any]) -> bool:
        """No tokens: a browser session is the only way in."""
        return False


class WebAuthnCredential(Identified, WebAuthnMixin, Base):  # type: ignore[misc]
    """A passkey or security key, taken as a second factor only."""

    __tablename__ = "webauthn_credential"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int | None] = mapped_column(default=0)  # type: ignore[assignment]
    transports: Mapped[list[str] | None] = mapped_column(JSON)
    backup_state: Mapped[bool] = mapped_column(default=False)
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(Text)
    lastuse_datetime: Mapped[datetime]
    usage: Mapped[str] = mapped_column(String(64))
    user: Mapped[Account] = relationship(back_populates="webauthn", lazy="select")
    __table_args__ = (UniqueConstraint("user_id", "name", name="uq_webauthn_name"),)


class KnownNetwork(Base):
    """A network from which this account has signed in: strangers' wrong tries elsewhere never close it."""

    __tablename__ = "known_network"
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    network: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_at: Mapped[datetime]
