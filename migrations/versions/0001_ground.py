"""ground"""

from collections.abc import Sequence

import flask_security.datastore  # noqa: F401
import sqlalchemy as sa
from alembic import op

import tmr_app.kernel.db

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column(
            "sequence",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("standing", sa.String(length=60), nullable=True),
        sa.Column("session_ref", sa.String(length=64), nullable=True),
        sa.Column("network", sa.String(length=64), nullable=True),
        sa.Column("tag", sa.String(length=80), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.String(length=80), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("own_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_actor", ["actor_id", "sequence"], unique=False)
        batch_op.create_index("ix_audit_case", ["case_id", "sequence"], unique=False)
        batch_op.create_index("ix_audit_object", ["object_id", "tag"], unique=False)

    op.create_table(
        "data_key",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_data_key")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("values_enc", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("person_id", "place", name="uq_draft_place"),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_case_id"), ["case_id"], unique=False)

    op.create_table(
        "installation_fact",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation_fact")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("used_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("revoked_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "municipality",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("table_registered_on", sa.Date(), nullable=True),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("guide_notice", sa.Boolean(), nullable=False),
        sa.Column("assessment_days", sa.Integer(), nullable=False),
        sa.Column("annual_report_due_month", sa.Integer(), nullable=False),
        sa.Column("annual_report_due_day", sa.Integer(), nullable=False),
        sa.CheckConstraint("lead_days >= 3", name=op.f("ck_municipality_lead_days_lawful")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("key", name=op.f("uq_municipality_key")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("once_key", sa.String(length=160), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("next_try_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("lease_until", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=60), nullable=True),
        sa.Column("accepted_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("ended_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("last_reply", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_message_id")),
        sa.UniqueConstraint("once_key", name=op.f("uq_outbox_message_once_key")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["state", "next_try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_recipient_id"), ["recipient_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("address_suspended_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("notification_settings", sa.JSON(), nullable=True),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "throttle",
        sa.Column("bucket", sa.LargeBinary(length=32), nullable=False),
        sa.Column("started_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("ends_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_throttle")),
    )
    with op.batch_alter_table("throttle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_throttle_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("last_seen_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("authenticated_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=120), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_last_seen_at"), ["last_seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_web_session_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "declaration_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_sq", sa.Text(), nullable=False),
        sa.Column("text_sr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_declaration_text_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_text")),
        sa.UniqueConstraint("kind", "version", name="uq_declaration_text_version"),
    )
    op.create_table(
        "holiday_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("is_holiday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("corrected_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrected_by_id"], ["person.id"], name=op.f("fk_holiday_correction_corrected_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_correction")),
        sa.UniqueConstraint("on", name=op.f("uq_holiday_correction_on")),
    )
    op.create_table(
        "institution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=True),
        sa.Column("seat_kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("superior_name", sa.String(length=200), nullable=True),
        sa.Column("superior_title", sa.String(length=200), nullable=True),
        sa.Column("superior_email", sa.String(length=254), nullable=True),
        sa.Column("roster_confirmed_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_institution_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("municipality_id", "seat_kind", "name", name="uq_institution_name"),
    )
    with op.batch_alter_table("institution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_institution_municipality_id"), ["municipality_id"], unique=False)

    op.create_table(
        "meeting_room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_meeting_room_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_room")),
    )
    with op.batch_alter_table("meeting_room", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_meeting_room_municipality_id"), ["municipality_id"], unique=False
        )

    op.create_table(
        "qps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("case_prefix", sa.String(length=6), nullable=False),
        sa.Column("reply_address", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_qps_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qps")),
        sa.UniqueConstraint("case_prefix", name=op.f("uq_qps_case_prefix")),
    )
    with op.batch_alter_table("qps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_qps_municipality_id"), ["municipality_id"], unique=False)

    op.create_table(
        "roster_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("imported_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name=op.f("fk_roster_upload_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_upload")),
    )
    with op.batch_alter_table("roster_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_upload_uploaded_by_id"), ["uploaded_by_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("fs_webauthn_user_handle", sa.String(length=64), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=400), nullable=True),
        sa.Column("tf_last_counter", sa.Integer(), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.Column("invited_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("activated_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("last_sign_in_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("disabled_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("signing_blocked_until", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_user_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_account_fs_uniquifier")),
        sa.UniqueConstraint("fs_webauthn_user_handle", name=op.f("uq_user_account_fs_webauthn_user_handle")),
        sa.UniqueConstraint("person_id", name=op.f("uq_user_account_person_id")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.String(length=30), nullable=False),
        sa.Column("qps_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("named_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_appointment_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_appointment_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_appointment_municipality_id")
        ),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name=op.f("fk_appointment_named_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id")),
        sa.ForeignKeyConstraint(["qps_id"], ["qps.id"], name=op.f("fk_appointment_qps_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_municipality_id"), ["municipality_id"], unique=False)
        batch_op.create_index("ix_appointment_office", ["office", "qps_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_qps_id"), ["qps_id"], unique=False)

    op.create_table(
        "case_number_series",
        sa.Column("qps_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["qps_id"], ["qps.id"], name=op.f("fk_case_number_series_qps_id")),
        sa.PrimaryKeyConstraint("qps_id", "year", name=op.f("pk_case_number_series")),
    )
    op.create_table(
        "duplicate_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("qps_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("searched_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("matches_here", sa.Integer(), nullable=False),
        sa.Column("matches_elsewhere", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duplicate_search_person_id")),
        sa.ForeignKeyConstraint(["qps_id"], ["qps.id"], name=op.f("fk_duplicate_search_qps_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_search")),
    )
    op.create_table(
        "family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("qps_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["qps_id"], ["qps.id"], name=op.f("fk_family_qps_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
    )
    op.create_table(
        "known_network",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("last_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["user_account.id"], name=op.f("fk_known_network_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "network", name=op.f("pk_known_network")),
    )
    op.create_table(
        "sitting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("qps_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("sitting_on", sa.Date(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_sitting_created_by_id")),
        sa.ForeignKeyConstraint(["qps_id"], ["qps.id"], name=op.f("fk_sitting_qps_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("code", name=op.f("uq_sitting_code")),
    )
    op.create_table(
        "webauthn_credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=True),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=True),
        sa.Column("lastuse_datetime", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_webauthn_credential_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webauthn_credential")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_webauthn_credential_credential_id")),
        sa.UniqueConstraint("user_id", "name", name="uq_webauthn_name"),
    )
    with op.batch_alter_table("webauthn_credential", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webauthn_credential_user_id"), ["user_id"], unique=False)

    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("qps_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("case_manager_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("referred_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("taken_over_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_ground", sa.String(length=20), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(length=10), nullable=True),
        sa.Column("is_asylum_seeker", sa.Boolean(), nullable=False),
        sa.Column("is_stateless", sa.Boolean(), nullable=False),
        sa.Column("is_refugee", sa.Boolean(), nullable=False),
        sa.Column("is_migrant", sa.Boolean(), nullable=False),
        sa.Column("is_placed", sa.Boolean(), nullable=False),
        sa.Column("in_conflict_with_law", sa.Boolean(), nullable=False),
        sa.Column("community_office_concerned", sa.Boolean(), nullable=False),
        sa.Column("guide_applies", sa.Boolean(), nullable=False),
        sa.Column("risk_level", sa.String(length=10), nullable=True),
        sa.Column("adult_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("next_duty_on", sa.Date(), nullable=True),
        sa.Column("next_duty", sa.String(length=12), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_case_file_status_known")),
        sa.ForeignKeyConstraint(
            ["case_manager_id"], ["person.id"], name=op.f("fk_case_file_case_manager_id")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_case_file_family_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_case_file_municipality_id")
        ),
        sa.ForeignKeyConstraint(["qps_id"], ["qps.id"], name=op.f("fk_case_file_qps_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
        sa.UniqueConstraint("once_key", name=op.f("uq_case_file_once_key")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_file_family_id"), ["family_id"], unique=False)
        batch_op.create_index(
            "ix_case_manager_due", ["case_manager_id", "status", "next_duty_on", "id"], unique=False
        )
        batch_op.create_index("ix_case_municipality", ["municipality_id", "status"], unique=False)
        batch_op.create_index("ix_case_qps_due", ["qps_id", "status", "next_duty_on", "id"], unique=False)

    op.create_table(
        "family_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("name_enc", sa.LargeBinary(), nullable=True),
        sa.Column("contact_enc", sa.LargeBinary(), nullable=True),
        sa.Column("note_enc", sa.LargeBinary(), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_member_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_member")),
        sa.UniqueConstraint("once_key", name=op.f("uq_family_member_once_key")),
    )
    with op.batch_alter_table("family_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_family_member_family_id"), ["family_id"], unique=False)

    op.create_table(
        "staff_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("deed", sa.String(length=10), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("office", sa.String(length=30), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("function", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("decision", sa.String(length=12), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('confirmed', 'declined')",
            name=op.f("ck_staff_proposal_decision_known"),
        ),
        sa.CheckConstraint("deed IN ('new', 'end')", name=op.f("ck_staff_proposal_deed_known")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_staff_proposal_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_staff_proposal_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_staff_proposal_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_staff_proposal_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_proposal")),
        sa.UniqueConstraint("once_key", name=op.f("uq_staff_proposal_once_key")),
    )
    with op.batch_alter_table("staff_proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_staff_proposal_institution_id"), ["institution_id"], unique=False
        )

    op.create_table(
        "address_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("granted_by_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_address_grant_case_id")),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_address_grant_granted_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_grant")),
    )
    with op.batch_alter_table("address_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_grant_case_id"), ["case_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("risk_level", sa.String(length=10), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("completed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("summary_enc", sa.LargeBinary(), nullable=True),
        sa.Column("best_interest_enc", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_assessment_case_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_assessment_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("case_id", "kind", "version", name="uq_assessment_version"),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_case_id"), ["case_id"], unique=False)

    op.create_table(
        "blind_token",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_blind_token_case_id")),
        sa.PrimaryKeyConstraint("case_id", "kind", "token", name=op.f("pk_blind_token")),
    )
    with op.batch_alter_table("blind_token", schema=None) as batch_op:
        batch_op.create_index("ix_blind_token_look_up", ["token", "kind"], unique=False)

    op.create_table(
        "break_glass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("until_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("review_enc", sa.LargeBinary(), nullable=True),
        sa.Column("justified", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_break_glass_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_break_glass_person_id")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["person.id"], name=op.f("fk_break_glass_reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    with op.batch_alter_table("break_glass", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_break_glass_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_break_glass_person_id"), ["person_id"], unique=False)

    op.create_table(
        "case_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("store_name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=15), nullable=False),
        sa.Column("title_enc", sa.LargeBinary(), nullable=True),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_case_document_added_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_document_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_document")),
        sa.UniqueConstraint("once_key", name=op.f("uq_case_document_once_key")),
        sa.UniqueConstraint("store_name", name=op.f("uq_case_document_store_name")),
    )
    with op.batch_alter_table("case_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_document_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_manager_term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("to_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("note_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_manager_term_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_case_manager_term_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_manager_term_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_manager_term")),
    )
    with op.batch_alter_table("case_manager_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_manager_term_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_risk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("risk", sa.String(length=40), nullable=False),
        sa.Column("other_text_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_risk_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_risk")),
        sa.UniqueConstraint("case_id", "risk", name="uq_case_risk_once"),
    )
    with op.batch_alter_table("case_risk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_risk_case_id"), ["case_id"], unique=False)

    op.create_table(
        "child",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("name_enc", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date_enc", sa.LargeBinary(), nullable=True),
        sa.Column("personal_number_enc", sa.LargeBinary(), nullable=True),
        sa.Column("birth_place_enc", sa.LargeBinary(), nullable=True),
        sa.Column("residence_enc", sa.LargeBinary(), nullable=True),
        sa.Column("ethnicity_enc", sa.LargeBinary(), nullable=True),
        sa.Column("health_enc", sa.LargeBinary(), nullable=True),
        sa.Column("disability_enc", sa.LargeBinary(), nullable=True),
        sa.Column("school_enc", sa.LargeBinary(), nullable=True),
        sa.Column("other_enc", sa.LargeBinary(), nullable=True),
        sa.Column("placement_enc", sa.LargeBinary(), nullable=True),
        sa.Column("placement_institution_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_child_case_id")),
        sa.ForeignKeyConstraint(
            ["placement_institution_id"], ["institution.id"], name=op.f("fk_child_placement_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child")),
        sa.UniqueConstraint("case_id", name=op.f("uq_child_case_id")),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_enc", sa.LargeBinary(), nullable=True),
        sa.Column("legal_basis_enc", sa.LargeBinary(), nullable=True),
        sa.Column("what_enc", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("approved_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("refused_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("disclosed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_disclosure_approved_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_disclosure_case_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_disclosure_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("once_key", name=op.f("uq_disclosure_once_key")),
    )
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_case_id"), ["case_id"], unique=False)

    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("decided_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("note_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_hand_over_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_hand_over_decided_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hand_over_person_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_hand_over_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_over_case_id"), ["case_id"], unique=False)

    op.create_table(
        "initial_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("goal_enc", sa.LargeBinary(), nullable=True),
        sa.Column("services_enc", sa.LargeBinary(), nullable=True),
        sa.Column("measures_enc", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_initial_plan_case_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_initial_plan_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initial_plan")),
        sa.UniqueConstraint("case_id", "version", name="uq_initial_plan_version"),
    )
    with op.batch_alter_table("initial_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_initial_plan_case_id"), ["case_id"], unique=False)

    op.create_table(
        "linked_case",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_linked_case_case_id")),
        sa.ForeignKeyConstraint(["other_id"], ["case_file.id"], name=op.f("fk_linked_case_other_id")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_linked_case")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("starts_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("ends_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("sitting_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("called_by_id", sa.Uuid(), nullable=False),
        sa.Column("called_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.Column("agreement_asked_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("head_informed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("asylum_override_by_id", sa.Uuid(), nullable=True),
        sa.Column("convened_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("convened_by_id", sa.Uuid(), nullable=True),
        sa.Column("pack_sha256", sa.String(length=64), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("started_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("chaired_by_id", sa.Uuid(), nullable=True),
        sa.Column("agenda_approved_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("ended_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("cancelled_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("notes_version", sa.Integer(), nullable=False),
        sa.Column("next_meeting_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("video_link_enc", sa.LargeBinary(), nullable=True),
        sa.Column("stated_risk_enc", sa.LargeBinary(), nullable=True),
        sa.Column("no_assessment_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("late_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("asylum_override_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("cancel_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("agenda_changes_enc", sa.LargeBinary(), nullable=True),
        sa.Column("information_given_enc", sa.LargeBinary(), nullable=True),
        sa.Column("no_parent_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("agreement_note_enc", sa.LargeBinary(), nullable=True),
        sa.Column("agenda_note_enc", sa.LargeBinary(), nullable=True),
        sa.Column("dissent_enc", sa.LargeBinary(), nullable=True),
        sa.Column("next_plan_enc", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('preparing', 'convened', 'running', 'held', 'cancelled')",
            name=op.f("ck_meeting_status_known"),
        ),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["person.id"], name=op.f("fk_meeting_agreed_by_id")),
        sa.ForeignKeyConstraint(
            ["asylum_override_by_id"], ["person.id"], name=op.f("fk_meeting_asylum_override_by_id")
        ),
        sa.ForeignKeyConstraint(["called_by_id"], ["person.id"], name=op.f("fk_meeting_called_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_meeting_case_id")),
        sa.ForeignKeyConstraint(["chaired_by_id"], ["person.id"], name=op.f("fk_meeting_chaired_by_id")),
        sa.ForeignKeyConstraint(["convened_by_id"], ["person.id"], name=op.f("fk_meeting_convened_by_id")),
        sa.ForeignKeyConstraint(["room_id"], ["meeting_room.id"], name=op.f("fk_meeting_room_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_meeting_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("code", name=op.f("uq_meeting_code")),
        sa.UniqueConstraint("once", name=op.f("uq_meeting_once")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_case_day", ["case_id", "meeting_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_meeting_day", ["meeting_on", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("reporter_enc", sa.LargeBinary(), nullable=True),
        sa.Column("facts_enc", sa.LargeBinary(), nullable=True),
        sa.Column("services_before_enc", sa.LargeBinary(), nullable=True),
        sa.Column("received_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_referral_case_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["person.id"], name=op.f("fk_referral_received_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_case_id"), ["case_id"], unique=False)

    op.create_table(
        "relation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("family_member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("has_parental_care", sa.Boolean(), nullable=False),
        sa.Column("is_suspected_perpetrator", sa.Boolean(), nullable=False),
        sa.Column("marked_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("marked_by_id", sa.Uuid(), nullable=True),
        sa.Column("mark_reason_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_relation_case_id")),
        sa.ForeignKeyConstraint(
            ["family_member_id"], ["family_member.id"], name=op.f("fk_relation_family_member_id")
        ),
        sa.ForeignKeyConstraint(["marked_by_id"], ["person.id"], name=op.f("fk_relation_marked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sa.UniqueConstraint("case_id", "family_member_id", name="uq_relation_once"),
    )
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relation_case_id"), ["case_id"], unique=False)

    op.create_table(
        "risk_level",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("determined_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("determined_by_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_risk_level_case_id")),
        sa.ForeignKeyConstraint(
            ["determined_by_id"], ["person.id"], name=op.f("fk_risk_level_determined_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_level")),
    )
    with op.batch_alter_table("risk_level", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_risk_level_case_id"), ["case_id"], unique=False)

    op.create_table(
        "seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("substitute_for_id", sa.Uuid(), nullable=True),
        sa.Column("delegated", sa.Boolean(), nullable=False),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("seated_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("seated_by_id", sa.Uuid(), nullable=True),
        sa.Column("informed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("ends_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("ended_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=30), nullable=True),
        sa.Column("end_note_enc", sa.LargeBinary(), nullable=True),
        sa.Column("conflict", sa.Boolean(), nullable=True),
        sa.Column("conflict_answered_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("recused_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("recused_by_id", sa.Uuid(), nullable=True),
        sa.Column("recusal_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("substitute_asked_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_seat_appointment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_seat_case_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_seat_institution_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id")),
        sa.ForeignKeyConstraint(["recused_by_id"], ["person.id"], name=op.f("fk_seat_recused_by_id")),
        sa.ForeignKeyConstraint(["seated_by_id"], ["person.id"], name=op.f("fk_seat_seated_by_id")),
        sa.ForeignKeyConstraint(["substitute_for_id"], ["seat.id"], name=op.f("fk_seat_substitute_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("once_key", name=op.f("uq_seat_once_key")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index("ix_seat_person_case", ["person_id", "case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_person_id"), ["person_id"], unique=False)

    op.create_table(
        "take_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("taken_over_on", sa.Date(), nullable=False),
        sa.Column("last_meeting_on", sa.Date(), nullable=True),
        sa.Column("last_review_on", sa.Date(), nullable=True),
        sa.Column("plan_adopted_on", sa.Date(), nullable=True),
        sa.Column("next_meeting_on", sa.Date(), nullable=True),
        sa.Column("plan_enc", sa.LargeBinary(), nullable=True),
        sa.Column("minutes_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_take_over_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_over")),
        sa.UniqueConstraint("case_id", name=op.f("uq_take_over_case_id")),
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("added_in_meeting", sa.Boolean(), nullable=False),
        sa.Column("dropped_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("edited_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("title_enc", sa.LargeBinary(), nullable=True),
        sa.Column("discussion_enc", sa.LargeBinary(), nullable=True),
        sa.Column("decision_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_agenda_item_case_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_agenda_item_edited_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_item_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "conflict_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("raised_by_id", sa.Uuid(), nullable=False),
        sa.Column("raised_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("decision_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_conflict_flag_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_conflict_flag_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["raised_by_id"], ["person.id"], name=op.f("fk_conflict_flag_raised_by_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_conflict_flag_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_flag")),
    )
    with op.batch_alter_table("conflict_flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_flag_case_id"), ["case_id"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("relation_id", sa.Uuid(), nullable=True),
        sa.Column("for_child", sa.Boolean(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("signed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("session_ref", sa.String(length=64), nullable=True),
        sa.Column("attested_by_id", sa.Uuid(), nullable=True),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attested_by_id"], ["person.id"], name=op.f("fk_declaration_attested_by_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_declaration_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_declaration_person_id")),
        sa.ForeignKeyConstraint(["relation_id"], ["relation.id"], name=op.f("fk_declaration_relation_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["case_document.id"], name=op.f("fk_declaration_scan_id")),
        sa.ForeignKeyConstraint(["text_id"], ["declaration_text.id"], name=op.f("fk_declaration_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("case_id", "person_id", "text_id", name="uq_declaration_once"),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_person_id"), ["person_id"], unique=False)

    op.create_table(
        "family_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("relation_id", sa.Uuid(), nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("not_notified_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("views_enc", sa.LargeBinary(), nullable=True),
        sa.Column("no_views_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("considered_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_family_notice_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_family_notice_meeting_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_family_notice_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["relation_id"], ["relation.id"], name=op.f("fk_family_notice_relation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_notice")),
        sa.UniqueConstraint("meeting_id", "relation_id", name="uq_family_notice_once"),
    )
    with op.batch_alter_table("family_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_family_notice_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_family_notice_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.Column("title_enc", sa.LargeBinary(), nullable=True),
        sa.Column("findings_enc", sa.LargeBinary(), nullable=True),
        sa.Column("source_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_finding_assessment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_finding_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_case_id"), ["case_id"], unique=False)

    op.create_table(
        "meeting_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("escalated_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_meeting_request_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_request_meeting_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_meeting_request_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_request")),
        sa.UniqueConstraint("once", name=op.f("uq_meeting_request_once")),
    )
    with op.batch_alter_table("meeting_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_request_case_id"), ["case_id"], unique=False)

    op.create_table(
        "minutes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("content_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_minutes_case_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_minutes_made_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", "version", name="uq_minutes_version"),
    )
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minutes_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_minutes_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "pack_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("addition", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("frozen_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("title_enc", sa.LargeBinary(), nullable=True),
        sa.Column("values_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_pack_document_case_id")),
        sa.ForeignKeyConstraint(["file_id"], ["case_document.id"], name=op.f("fk_pack_document_file_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_pack_document_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_document")),
    )
    with op.batch_alter_table("pack_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pack_document_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pack_document_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_paper_added_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_paper_case_id")),
        sa.ForeignKeyConstraint(["file_id"], ["case_document.id"], name=op.f("fk_paper_file_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_paper_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("relation_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_rule", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_participant_added_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_participant_case_id")),
        sa.ForeignKeyConstraint(["relation_id"], ["relation.id"], name=op.f("fk_participant_relation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_case_id"), ["case_id"], unique=False)

    op.create_table(
        "report_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_report_request_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_report_request_meeting_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_report_request_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_request")),
        sa.UniqueConstraint("meeting_id", "seat_id", name="uq_report_request_once"),
    )
    with op.batch_alter_table("report_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_request_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_request_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_request_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("uid", sa.String(length=120), nullable=False),
        sa.Column("sitting_uid", sa.String(length=120), nullable=True),
        sa.Column("preselected", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("outbox_id", sa.Uuid(), nullable=True),
        sa.Column("handed_over_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("handed_over_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("answered_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=12), nullable=True),
        sa.Column("reply_sequence", sa.Integer(), nullable=False),
        sa.Column("substitute_person_id", sa.Uuid(), nullable=True),
        sa.Column("substitute_seat_id", sa.Uuid(), nullable=True),
        sa.Column("substitute_confirmed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("attendance", sa.String(length=20), nullable=True),
        sa.Column("attendance_noted_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("attendance_version", sa.Integer(), nullable=False),
        sa.Column("left_out_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("answer_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("handover_note_enc", sa.LargeBinary(), nullable=True),
        sa.Column("attendance_reason_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_invitation_case_id")),
        sa.ForeignKeyConstraint(
            ["handed_over_by_id"], ["person.id"], name=op.f("fk_invitation_handed_over_by_id")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_invitation_meeting_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox_message.id"], name=op.f("fk_invitation_outbox_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_invitation_participant_id")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_invitation_seat_id")),
        sa.ForeignKeyConstraint(
            ["substitute_person_id"], ["person.id"], name=op.f("fk_invitation_substitute_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_seat_id"], ["seat.id"], name=op.f("fk_invitation_substitute_seat_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("meeting_id", "participant_id", name="uq_invitation_participant"),
        sa.UniqueConstraint("meeting_id", "seat_id", name="uq_invitation_seat"),
        sa.UniqueConstraint("uid", name=op.f("uq_invitation_uid")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_sitting_uid"), ["sitting_uid"], unique=False)

    op.create_table(
        "progress_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("filed_by_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("is_addition", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("done_enc", sa.LargeBinary(), nullable=True),
        sa.Column("obstacles_enc", sa.LargeBinary(), nullable=True),
        sa.Column("needed_enc", sa.LargeBinary(), nullable=True),
        sa.Column("child_enc", sa.LargeBinary(), nullable=True),
        sa.Column("manager_part_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_progress_report_case_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["person.id"], name=op.f("fk_progress_report_filed_by_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["report_request.id"], name=op.f("fk_progress_report_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
        sa.UniqueConstraint("request_id", name=op.f("uq_progress_report_request_id")),
    )
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_report_case_id"), ["case_id"], unique=False)

    op.create_table(
        "report_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaced_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("done_enc", sa.LargeBinary(), nullable=True),
        sa.Column("obstacles_enc", sa.LargeBinary(), nullable=True),
        sa.Column("needed_enc", sa.LargeBinary(), nullable=True),
        sa.Column("child_enc", sa.LargeBinary(), nullable=True),
        sa.Column("manager_part_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_report_version_case_id")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_report_version_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_version")),
        sa.UniqueConstraint("report_id", "version", name="uq_report_version_once"),
    )
    with op.batch_alter_table("report_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_version_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_version_report_id"), ["report_id"], unique=False)

    op.execute(
        """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"""
        if op.get_bind().dialect.name == "sqlite"
        else """CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"""
    )
    op.execute(
        """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"""
        if op.get_bind().dialect.name == "sqlite"
        else """CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only()"""
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_no_update")
        op.execute("DROP TRIGGER audit_entry_no_delete")
    else:
        op.execute("DROP TRIGGER audit_entry_append_only ON audit_entry")
        op.execute("DROP FUNCTION audit_entry_append_only")
    op.drop_table("report_version")
    op.drop_table("progress_report")
    op.drop_table("invitation")
    op.drop_table("report_request")
    op.drop_table("participant")
    op.drop_table("paper")
    op.drop_table("pack_document")
    op.drop_table("minutes")
    op.drop_table("meeting_request")
    op.drop_table("finding")
    op.drop_table("family_notice")
    op.drop_table("declaration")
    op.drop_table("conflict_flag")
    op.drop_table("agenda_item")
    op.drop_table("take_over")
    op.drop_table("seat")
    op.drop_table("risk_level")
    op.drop_table("relation")
    op.drop_table("referral")
    op.drop_table("meeting")
    op.drop_table("linked_case")
    op.drop_table("initial_plan")
    op.drop_table("hand_over")
    op.drop_table("disclosure")
    op.drop_table("child")
    op.drop_table("case_risk")
    op.drop_table("case_manager_term")
    op.drop_table("case_document")
    op.drop_table("break_glass")
    op.drop_table("blind_token")
    op.drop_table("assessment")
    op.drop_table("address_grant")
    op.drop_table("staff_proposal")
    op.drop_table("family_member")
    op.drop_table("case_file")
    op.drop_table("webauthn_credential")
    op.drop_table("sitting")
    op.drop_table("known_network")
    op.drop_table("family")
    op.drop_table("duplicate_search")
    op.drop_table("case_number_series")
    op.drop_table("appointment")
    op.drop_table("user_account")
    op.drop_table("roster_upload")
    op.drop_table("qps")
    op.drop_table("meeting_room")
    op.drop_table("institution")
    op.drop_table("holiday_correction")
    op.drop_table("declaration_text")
    op.drop_table("web_session")
    op.drop_table("throttle")
    op.drop_table("person")
    op.drop_table("outbox_message")
    op.drop_table("municipality")
    op.drop_table("link")
    op.drop_table("installation_fact")
    op.drop_table("draft")
    op.drop_table("data_key")
    op.drop_table("audit_entry")
