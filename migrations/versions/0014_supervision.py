"""what the head's dashboard counts is kept; the index of guests' seats holds guests only"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DATES = ("last_visit_on", "meeting_ahead_on", "action_due_on")
INDEXES = {
    "ix_case_qps_review": "review_due_on",
    "ix_case_qps_meeting": "meeting_ahead_on",
    "ix_case_qps_action": "action_due_on",
}
GUEST = sa.text("meeting_id IS NOT NULL")
KEPT = """
UPDATE case_file SET
    last_visit_on = (SELECT max(visited_on) FROM visit WHERE visit.case_id = case_file.id),
    meeting_ahead_on = (
        SELECT max(meeting_on) FROM meeting
        WHERE meeting.case_id = case_file.id AND meeting.status IN ('preparing', 'convened')),
    action_due_on = (SELECT min(planned_on) FROM action_tally WHERE action_tally.case_id = case_file.id)
"""
OWED = """
INSERT INTO action_tally (case_id, planned_on, institution_id, number)
SELECT a.case_id, a.planned_on, s.institution_id, count(*)
FROM plan_action a
JOIN plan_version v ON v.id = a.version_id AND v.status = 'adopted'
JOIN plan_objective o ON o.id = a.objective_id AND o.removed_at IS NULL
LEFT JOIN plan_seat_change c ON c.version_id = a.version_id AND c.action_key = a.action_key AND c.number = (
    SELECT max(number) FROM plan_seat_change WHERE version_id = a.version_id AND action_key = a.action_key)
LEFT JOIN plan_action_update u ON u.case_id = a.case_id AND u.action_key = a.action_key AND u.number = (
    SELECT max(number) FROM plan_action_update WHERE case_id = a.case_id AND action_key = a.action_key)
JOIN seat s ON s.id = coalesce(c.seat_id, a.seat_id) AND s.institution_id IS NOT NULL
WHERE a.removed_at IS NULL AND a.planned_on IS NOT NULL AND coalesce(u.status, 'in_process') <> 'done'
AND NOT EXISTS (
    SELECT 1 FROM plan_version n WHERE n.case_id = v.case_id AND n.status = 'adopted' AND n.number > v.number)
GROUP BY a.case_id, a.planned_on, s.institution_id
"""


def upgrade() -> None:
    op.create_table(
        "action_tally",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_action_tally_case_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_action_tally_institution_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "planned_on", "institution_id", name=op.f("pk_action_tally")),
    )
    # Plainly, not by a copy of the table: nothing but a column and indexes is added.
    for name in DATES:
        op.add_column("case_file", sa.Column(name, sa.Date(), nullable=True))
    op.execute(OWED)
    op.execute(KEPT)
    for name, column in INDEXES.items():
        op.create_index(name, "case_file", ["qps_id", "status", column, "id"])
    op.create_index(
        "ix_case_workload",
        "case_file",
        [
            "qps_id", "status", "case_manager_id", "next_duty_on", "next_duty", "review_due_on", "risk_level",
            "last_visit_on", "id",
        ],
    )  # fmt: skip
    op.drop_index("ix_seat_meeting_id", "seat")
    op.create_index("ix_seat_meeting_id", "seat", ["meeting_id"], sqlite_where=GUEST, postgresql_where=GUEST)


def downgrade() -> None:
    op.drop_index("ix_seat_meeting_id", "seat")
    op.create_index("ix_seat_meeting_id", "seat", ["meeting_id"])
    op.drop_index("ix_case_workload", "case_file")
    for name in INDEXES:
        op.drop_index(name, "case_file")
    for name in DATES:
        op.drop_column("case_file", name)
    op.drop_table("action_tally")
