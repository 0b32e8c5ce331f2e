"""closing, transfer between Centres, legal hold, erasure"""

from collections.abc import Sequence

import flask_security.datastore  # noqa: F401
import sqlalchemy as sa
from alembic import op

import tmr_app.kernel.db

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "case_transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("from_qps_id", sa.Uuid(), nullable=False),
        sa.Column("to_qps_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("offered_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("offered_by_id", sa.Uuid(), nullable=False),
        sa.Column("reminded_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("case_manager_id", sa.Uuid(), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("answer_enc", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'refused', 'withdrawn')",
            name=op.f("ck_case_transfer_state_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_transfer_case_id")),
        sa.ForeignKeyConstraint(
            ["case_manager_id"], ["person.id"], name=op.f("fk_case_transfer_case_manager_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_case_transfer_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["from_qps_id"], ["qps.id"], name=op.f("fk_case_transfer_from_qps_id")),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["person.id"], name=op.f("fk_case_transfer_offered_by_id")
        ),
        sa.ForeignKeyConstraint(["to_qps_id"], ["qps.id"], name=op.f("fk_case_transfer_to_qps_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_transfer")),
        sa.UniqueConstraint("once_key", name=op.f("uq_case_transfer_once_key")),
    )
    with op.batch_alter_table("case_transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_transfer_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_transfer_from_qps_id"), ["from_qps_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_transfer_to_qps_id"), ["to_qps_id"], unique=False)
        batch_op.create_index(
            "uq_case_transfer_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        )

    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("proposed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("files_gone_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'refused', 'erased')", name=op.f("ck_erasure_state_known")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_erasure_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_erasure_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_erasure_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_erasure_once",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'refused'"),
            postgresql_where=sa.text("state <> 'refused'"),
        )

    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("placed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("placed_by_id", sa.Uuid(), nullable=False),
        sa.Column("lifted_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_legal_hold_case_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["person.id"], name=op.f("fk_legal_hold_lifted_by_id")),
        sa.ForeignKeyConstraint(["placed_by_id"], ["person.id"], name=op.f("fk_legal_hold_placed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_hold_case_id"), ["case_id"], unique=False)

    op.create_table(
        "closing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("qps_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("begun_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("assessed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("assessed_by_id", sa.Uuid(), nullable=False),
        sa.Column("recommended_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("out_of_danger", sa.Boolean(), nullable=False),
        sa.Column("no_risk", sa.Boolean(), nullable=False),
        sa.Column("risk_lowered", sa.Boolean(), nullable=False),
        sa.Column("services_given", sa.Boolean(), nullable=False),
        sa.Column("services_needed", sa.Boolean(), nullable=True),
        sa.Column("age_checked", sa.Boolean(), nullable=False),
        sa.Column("monitored_since_on", sa.Date(), nullable=True),
        sa.Column("family_told", sa.Boolean(), nullable=False),
        sa.Column("to_qps_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_version", sa.Integer(), nullable=True),
        sa.Column("reminded_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("form_made_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("closed_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reopened_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("reopened_by_id", sa.Uuid(), nullable=True),
        sa.Column("assessment_enc", sa.LargeBinary(), nullable=True),
        sa.Column("best_interest_enc", sa.LargeBinary(), nullable=True),
        sa.Column("services_enc", sa.LargeBinary(), nullable=True),
        sa.Column("undone_enc", sa.LargeBinary(), nullable=True),
        sa.Column("after_eighteen_enc", sa.LargeBinary(), nullable=True),
        sa.Column("country_enc", sa.LargeBinary(), nullable=True),
        sa.Column("authority_enc", sa.LargeBinary(), nullable=True),
        sa.Column("death_on_enc", sa.LargeBinary(), nullable=True),
        sa.Column("death_source_enc", sa.LargeBinary(), nullable=True),
        sa.Column("other_enc", sa.LargeBinary(), nullable=True),
        sa.Column("no_parent_reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("ended_reason_enc", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'withdrawn', 'declined', 'reopened')",
            name=op.f("ck_closing_state_known"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_closing_approved_by_id")),
        sa.ForeignKeyConstraint(["assessed_by_id"], ["person.id"], name=op.f("fk_closing_assessed_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_closing_case_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_closing_closed_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_closing_meeting_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_closing_municipality_id")
        ),
        sa.ForeignKeyConstraint(["qps_id"], ["qps.id"], name=op.f("fk_closing_qps_id")),
        sa.ForeignKeyConstraint(["reopened_by_id"], ["person.id"], name=op.f("fk_closing_reopened_by_id")),
        sa.ForeignKeyConstraint(["to_qps_id"], ["qps.id"], name=op.f("fk_closing_to_qps_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
    )
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_closing_municipality_id"), ["municipality_id"], unique=False)
        batch_op.create_index("ix_closing_place_day", ["municipality_id", "closed_on"], unique=False)
        batch_op.create_index(
            "uq_closing_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "closing_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("closing_id", sa.Uuid(), nullable=False),
        sa.Column("relation_id", sa.Uuid(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=True),
        sa.Column("recorded_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opinion_enc", sa.LargeBinary(), nullable=True),
        sa.Column("no_opinion_reason_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_closing_opinion_case_id")),
        sa.ForeignKeyConstraint(["closing_id"], ["closing.id"], name=op.f("fk_closing_opinion_closing_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_closing_opinion_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relation.id"], name=op.f("fk_closing_opinion_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_opinion")),
        sa.UniqueConstraint("closing_id", "relation_id", name="uq_closing_opinion_once"),
    )
    with op.batch_alter_table("closing_opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_opinion_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_closing_opinion_closing_id"), ["closing_id"], unique=False)

    op.create_table(
        "closing_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("closing_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("decided_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("note_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_closing_review_case_id")),
        sa.ForeignKeyConstraint(["closing_id"], ["closing.id"], name=op.f("fk_closing_review_closing_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_closing_review_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_review")),
        sa.UniqueConstraint("closing_id", "version", name="uq_closing_review_once"),
    )
    with op.batch_alter_table("closing_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_review_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_closing_review_closing_id"), ["closing_id"], unique=False)

    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("family_notices_stopped_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("erased_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_column("erased_at")
        batch_op.drop_column("family_notices_stopped_at")

    with op.batch_alter_table("closing_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closing_review_closing_id"))
        batch_op.drop_index(batch_op.f("ix_closing_review_case_id"))

    op.drop_table("closing_review")
    with op.batch_alter_table("closing_opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closing_opinion_closing_id"))
        batch_op.drop_index(batch_op.f("ix_closing_opinion_case_id"))

    op.drop_table("closing_opinion")
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_closing_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_closing_place_day")
        batch_op.drop_index(batch_op.f("ix_closing_municipality_id"))
        batch_op.drop_index(batch_op.f("ix_closing_case_id"))

    op.drop_table("closing")
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_hold_case_id"))

    op.drop_table("legal_hold")
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_erasure_once",
            sqlite_where=sa.text("state <> 'refused'"),
            postgresql_where=sa.text("state <> 'refused'"),
        )
        batch_op.drop_index(batch_op.f("ix_erasure_case_id"))

    op.drop_table("erasure")
    with op.batch_alter_table("case_transfer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_transfer_open",
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        )
        batch_op.drop_index(batch_op.f("ix_case_transfer_to_qps_id"))
        batch_op.drop_index(batch_op.f("ix_case_transfer_from_qps_id"))
        batch_op.drop_index(batch_op.f("ix_case_transfer_case_id"))

    op.drop_table("case_transfer")
