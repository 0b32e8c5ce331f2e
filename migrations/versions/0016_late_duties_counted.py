"""the late duties of a Centre are counted without their cases"""

from collections.abc import Sequence

from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_case_qps_due"
COLUMNS = ["qps_id", "status", "next_duty_on", "id"]


def upgrade() -> None:
    op.drop_index(NAME, "case_file")
    op.create_index(NAME, "case_file", [*COLUMNS, "next_duty"])


def downgrade() -> None:
    op.drop_index(NAME, "case_file")
    op.create_index(NAME, "case_file", COLUMNS)
