"""annex forms: the work form of Annex 1 as it was made for a meeting, by version (A20)"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import tmr_app.kernel.db

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "annex_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("labels_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", tmr_app.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("content_enc", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_annex_form_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_annex_form_meeting_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_annex_form_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annex_form")),
        sa.UniqueConstraint("meeting_id", "version", name="uq_annex_form_version"),
    )
    with op.batch_alter_table("annex_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annex_form_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_annex_form_meeting_id"), ["meeting_id"], unique=False)


def downgrade() -> None:
    op.drop_table("annex_form")
