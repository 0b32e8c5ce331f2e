"""Write the table of every column, clear or sealed, into the architecture page: ``python -m tools.columns [--check]``.

A column whose name ends in ``_enc`` is sealed. Every other one must stand in a group below, with the reason why it is clear;
one that stands nowhere stops the tool (and its test). Ids, instants and dates are recognised by their ending.
"""

import sys
from pathlib import Path

from sqlalchemy import Column, Table

from tmr_app.kernel import schema
from tmr_app.kernel.db import Base

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- columns: begin -->", "<!-- columns: end -->"

REASONS = {
    "sealed": "AES-256-GCM under the subject's own data key",
    "id": "a random or derived id: says nothing by itself, joins tables",
    "time": "an instant or a date: duties and limits are counted by it",
    "state": "a word of a fixed list, a number or yes/no: filtered, counted, asked by rules",
    "staff": "an official's or an office's own data, needed before any key is unlocked (decision 0011)",
    "secret": "a hash, a wrapped key or an encrypted secret: useless without the key file",
    "mail": "what a mail needs: a link, a neutral code, the address of an official",
    "trace": "evidence without content: who, from which network, by which rule",
    "public": "text of the installation that everybody may read",
}
KEYS = {"objective_key", "action_key", "about_key"}
"""Random ids that stay the same from version to version of a plan."""
FILES = {"store_name", "media_type", "size_bytes"}
STATE = {
    "duty", "quarter",
    "accepted", "age_checked", "approved_version", "family_told", "ground", "no_risk", "out_of_danger", "risk_lowered",
    "services_given", "services_needed",
    "active", "addition", "added_in_meeting", "answer", "answered_by", "attempts", "attendance",
    "attendance_version", "audience", "birth_year", "closing_ground", "code", "community_office_concerned", "conflict",
    "count", "deed", "delegated", "decision", "device_type", "end_reason", "for_child",
    "gender", "guide_applies", "guide_notice", "has_parental_care", "how", "in_conflict_with_law", "indicator", "is_addition",
    "is_asylum_seeker", "is_holiday", "is_late", "is_migrant", "is_placed", "is_refugee", "is_stateless",
    "is_suspected_perpetrator", "justified", "key", "kind", "language", "late", "last", "lead_days", "left_out", "level",
    "matches_elsewhere", "matches_here", "method", "next_duty", "notes_version", "number", "office", "outcome", "phase",
    "place", "position", "preselected", "purpose", "reason", "reply_sequence", "revision", "risk", "risk_level", "seat_kind",
    "sequence", "source", "state", "status", "upheld", "usage", "value", "version", "withdrawn_rule", "year",
    "tries", "confirmed", "course", "asks_reassessment", "status_before",
    "is_monitoring", "with_child", "with_family", "with_services", "minutes",
    "term", "review_days", "for_family", "moment",
    "role", "absent", "way", "schema_number", "reference", "slot_ids",
    "approved_how",
    "assessment_days", "annual_report_due_month", "annual_report_due_day", "backup_state", "sign_count", "tf_last_counter",
    "body", "labour_sector",
}  # fmt: skip
SECRET = {
    "wrapped", "token_hash", "token", "own_hash", "previous_hash", "sha256", "text_sha256", "labels_sha256", "pack_sha256",
    "password", "fs_uniquifier", "fs_webauthn_user_handle", "tf_totp_secret", "mf_recovery_codes", "tf_primary_method",
    "public_key", "content_sha256", "pdf_sha256", "seal_sha256", "mark",
    "code_hash", "once", "once_key", "substitute_uid", "uid", "sitting_uid", "extensions", "transports", "bucket", "data",
}  # fmt: skip
TRACE = {
    "standing", "session_ref", "network", "tag", "object_type", "rule", "changes", "browser", "claimed_by", "last_reply",
}  # fmt: skip
MAIL = {"address", "parameters"}
STAFF_TABLES = {
    "appointment",
    "person",
    "institution",
    "qps",
    "meeting_room",
    "user_account",
    "staff_proposal",
    "roster_upload",
    "webauthn_credential",
}
STAFF = {
    "name", "function", "email", "phone", "address", "notification_settings", "superior_name", "superior_title",
    "superior_email", "ended_reason", "case_prefix", "reply_address", "cells",
}  # fmt: skip
PUBLIC = {
    "declaration_text": {"text_sq", "text_sr", "text_en"},
    "holiday_correction": {"name"},
    "installation_fact": {"name"},
    "seal_key": {"certificate", "fingerprint"},
}


class Unlisted(Exception):
    """A column stands in no list: seal it, or say why it is clear."""


def group_of(table: Table, column: Column[object]) -> str:
    """The group of this column. Raises Unlisted."""
    name = column.name
    if name.endswith("_enc"):
        return "sealed"
    if table.name in STAFF_TABLES and name in STAFF:
        return "staff"
    if name in PUBLIC.get(table.name, ()):
        return "public"
    if table.name == "outbox_message" and name in MAIL:
        return "mail"
    if name in SECRET:
        return "secret"
    if name in TRACE:
        return "trace"
    if name in STATE or name in FILES:
        return "state"
    if name == "id" or name.endswith("_id") or name in KEYS:
        return "id"
    if name in ("at", "on") or name.endswith(("_at", "_on", "_until", "_datetime")):
        return "time"
    raise Unlisted(f"{table.name}.{name}")


def page() -> str:
    """The generated part of the page."""
    schema.load_all()
    lines = [f"- *{group}*: {reason}." for group, reason in REASONS.items()]
    lines += ["", "| Table | Sealed | Clear |", "|---|---|---|"]
    counted = {"sealed": 0, "clear": 0}
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        groups: dict[str, list[str]] = {}
        for column in table.columns:
            groups.setdefault(group_of(table, column), []).append(column.name)
        sealed = groups.pop("sealed", [])
        counted["sealed"] += len(sealed)
        counted["clear"] += sum(len(names) for names in groups.values())
        clear = "; ".join(f"*{group}*: {', '.join(names)}" for group, names in sorted(groups.items()))
        lines.append(f"| {table.name} | {', '.join(sealed)} | {clear} |")
    head = (
        f"{counted['sealed']} columns are sealed, {counted['clear']} are clear; each clear one has a reason:"
    )
    return "\n".join([head, "", *lines])


def whole(text: str) -> str:
    """The page with its generated part made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{page()}\n{END}{after}"


def main() -> int:
    text = PAGE.read_text(encoding="utf-8")
    made = whole(text)
    if "--check" in sys.argv:
        if made != text:
            print("docs/architecture.md is stale: run python -m tools.columns", file=sys.stderr)
        return int(made != text)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
