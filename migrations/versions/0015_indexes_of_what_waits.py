"""what waits for the head is found first, by indexes that hold nothing else; so are the reports asked for a meeting"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {
    "ix_conflict_flag_waiting": ("conflict_flag", ["raised_at", "case_id"], "decided_at IS NULL"),
    "ix_hand_over_waiting": ("hand_over", ["proposed_at", "case_id"], "decided_at IS NULL"),
    "ix_disclosure_waiting": (
        "disclosure", ["proposed_at", "case_id"], "approved_at IS NULL AND refused_at IS NULL",
    ),
    "ix_break_glass_waiting": ("break_glass", ["opened_at", "case_id"], "reviewed_at IS NULL"),
    "ix_meeting_to_agree": (
        "meeting", ["meeting_on", "id"], "agreement_asked_at IS NOT NULL AND agreed_on IS NULL",
    ),
    "ix_meeting_request_waiting": (
        "meeting_request", ["requested_at", "case_id"],
        "escalated_at IS NOT NULL AND withdrawn_at IS NULL AND meeting_id IS NULL",
    ),
    "ix_report_request_asked": ("report_request", ["meeting_id", "due_on"], "withdrawn_at IS NULL"),
}  # fmt: skip


def upgrade() -> None:
    for name, (table, columns, where) in INDEXES.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, (table, _columns, _where) in INDEXES.items():
        op.drop_index(name, table)
