"""what monitoring gathers: information, changes, visits, the head's remarks"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import tmr_app.kernel.db

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "supervision_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("note_enc", sa.LargeBinary(), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_supervision_note_case_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_supervision_note_noted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_note")),
        sa.UniqueConstraint("once_key", name=op.f("uq_supervision_note_once_key")),
    )
    with op.batch_alter_table("supervision_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supervision_note_case_id"), ["case_id"], unique=False)

    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("is_monitoring", sa.Boolean(), nullable=False),
        sa.Column("with_child", sa.Boolean(), nullable=False),
        sa.Column("with_family", sa.Boolean(), nullable=False),
        sa.Column("with_services", sa.Boolean(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("followed_up_at", tmr_app.kernel.db.Instant(timezone=True), nullable=True),
        sa.Column("followed_up_by_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("saved_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place_enc", sa.LargeBinary(), nullable=True),
        sa.Column("present_enc", sa.LargeBinary(), nullable=True),
        sa.Column("purpose_enc", sa.LargeBinary(), nullable=True),
        sa.Column("summary_enc", sa.LargeBinary(), nullable=True),
        sa.Column("observations_enc", sa.LargeBinary(), nullable=True),
        sa.Column("agreed_enc", sa.LargeBinary(), nullable=True),
        sa.Column("next_step_enc", sa.LargeBinary(), nullable=True),
        sa.Column("child_words_enc", sa.LargeBinary(), nullable=True),
        sa.Column("findings_enc", sa.LargeBinary(), nullable=True),
        sa.Column("follow_up_enc", sa.LargeBinary(), nullable=True),
        sa.Column("followed_up_enc", sa.LargeBinary(), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_visit_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_visit_case_id")),
        sa.ForeignKeyConstraint(
            ["followed_up_by_id"], ["person.id"], name=op.f("fk_visit_followed_up_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("once_key", name=op.f("uq_visit_once_key")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_case_id"), ["case_id"], unique=False)

    op.create_table(
        "circumstance_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("what_enc", sa.LargeBinary(), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_circumstance_change_assessment_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_circumstance_change_case_id")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["person.id"], name=op.f("fk_circumstance_change_noted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circumstance_change")),
        sa.UniqueConstraint("once_key", name=op.f("uq_circumstance_change_once_key")),
    )
    with op.batch_alter_table("circumstance_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circumstance_change_case_id"), ["case_id"], unique=False)

    op.create_table(
        "information",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("text_enc", sa.LargeBinary(), nullable=True),
        sa.Column("source_enc", sa.LargeBinary(), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "state IN ('to_verify', 'verified', 'disproved')", name=op.f("ck_information_state_known")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_information_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_information_case_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_information_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information")),
        sa.UniqueConstraint("once_key", name=op.f("uq_information_once_key")),
    )
    with op.batch_alter_table("information", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_information_case_id"), ["case_id"], unique=False)

    op.create_table(
        "visit_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaced_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=False),
        sa.Column("place_enc", sa.LargeBinary(), nullable=True),
        sa.Column("present_enc", sa.LargeBinary(), nullable=True),
        sa.Column("purpose_enc", sa.LargeBinary(), nullable=True),
        sa.Column("summary_enc", sa.LargeBinary(), nullable=True),
        sa.Column("observations_enc", sa.LargeBinary(), nullable=True),
        sa.Column("agreed_enc", sa.LargeBinary(), nullable=True),
        sa.Column("next_step_enc", sa.LargeBinary(), nullable=True),
        sa.Column("child_words_enc", sa.LargeBinary(), nullable=True),
        sa.Column("findings_enc", sa.LargeBinary(), nullable=True),
        sa.Column("follow_up_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_visit_version_case_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["person.id"], name=op.f("fk_visit_version_replaced_by_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_version_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_version")),
        sa.UniqueConstraint("visit_id", "version", name="uq_visit_version"),
    )
    with op.batch_alter_table("visit_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_version_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_version_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "information_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("information_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("note_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_information_decision_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_information_decision_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["information_id"], ["information.id"], name=op.f("fk_information_decision_information_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_decision")),
    )
    with op.batch_alter_table("information_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_information_decision_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_information_decision_information_id"), ["information_id"], unique=False
        )

    # ### end Alembic commands ###


def downgrade() -> None:
    with op.batch_alter_table("information_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_information_decision_information_id"))
        batch_op.drop_index(batch_op.f("ix_information_decision_case_id"))

    op.drop_table("information_decision")
    with op.batch_alter_table("visit_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_version_visit_id"))
        batch_op.drop_index(batch_op.f("ix_visit_version_case_id"))

    op.drop_table("visit_version")
    with op.batch_alter_table("information", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_information_case_id"))

    op.drop_table("information")
    with op.batch_alter_table("circumstance_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circumstance_change_case_id"))

    op.drop_table("circumstance_change")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_case_id"))

    op.drop_table("visit")
    with op.batch_alter_table("supervision_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supervision_note_case_id"))

    op.drop_table("supervision_note")
    # ### end Alembic commands ###
