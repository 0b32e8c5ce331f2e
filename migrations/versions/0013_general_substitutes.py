"""a member names a substitute for a general meeting; calendar replies to its invitations"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KNOWN = "ck_general_invitee_answer_known"


def upgrade() -> None:
    with op.batch_alter_table("general_invitee", schema=None) as batch_op:
        batch_op.alter_column("answer", type_=sa.String(length=10), existing_type=sa.String(length=5))
        batch_op.add_column(sa.Column("substitute_uid", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("reply_sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.drop_constraint(batch_op.f(KNOWN), type_="check")
        batch_op.create_check_constraint(
            batch_op.f(KNOWN), "answer IS NULL OR answer IN ('yes', 'no', 'substitute')"
        )
        batch_op.create_unique_constraint(batch_op.f("uq_general_invitee_substitute_uid"), ["substitute_uid"])
    with op.batch_alter_table("general_invitee", schema=None) as batch_op:
        batch_op.alter_column(
            "reply_sequence", server_default=None, existing_type=sa.Integer(), existing_nullable=False
        )


def downgrade() -> None:
    op.execute("UPDATE general_invitee SET answer = 'no' WHERE answer = 'substitute'")
    with op.batch_alter_table("general_invitee", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_general_invitee_substitute_uid"), type_="unique")
        batch_op.drop_constraint(batch_op.f(KNOWN), type_="check")
        batch_op.create_check_constraint(batch_op.f(KNOWN), "answer IS NULL OR answer IN ('yes', 'no')")
        batch_op.drop_column("reply_sequence")
        batch_op.drop_column("substitute_uid")
        batch_op.alter_column("answer", type_=sa.String(length=5), existing_type=sa.String(length=10))
