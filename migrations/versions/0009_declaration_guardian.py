"""declaration guardian: who signed the declaration of confidentiality for a small child (A18.2)"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guardian_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_declaration_guardian_id"), "relation", ["guardian_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_declaration_guardian_id"), type_="foreignkey")
        batch_op.drop_column("guardian_id")
