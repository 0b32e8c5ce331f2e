"""Write the first migration anew from the models (until the first release; afterwards migrations are only added).

python -m tools.ground_migration
"""

import re
import tempfile
from pathlib import Path

from tmr_app.kernel import db, migrations

TARGET = migrations.SCRIPTS / "versions" / "0001_ground.py"
APPEND_ONLY = '''
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
'''
DROP = """
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_no_update")
        op.execute("DROP TRIGGER audit_entry_no_delete")
    else:
        op.execute("DROP TRIGGER audit_entry_append_only ON audit_entry")
        op.execute("DROP FUNCTION audit_entry_append_only")
"""


def main() -> None:
    for old in TARGET.parent.glob("0001_*.py"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        engine = db.make_engine(f"sqlite:///{folder}/empty.sqlite3")
        migrations.generate(engine, "ground", "0001")
    written = next(Path(TARGET.parent).glob("0001_*.py"))
    text = written.read_text()
    text = re.sub(r"\n    # ### [^\n]*", "", text)
    text = text.replace("\n\n\ndef downgrade", APPEND_ONLY + "\n\ndef downgrade")
    text = text.replace("def downgrade() -> None:\n", "def downgrade() -> None:" + DROP, 1)
    text = re.sub(
        r"    with op.batch_alter_table\(.*?\) as batch_op:\n(?:        batch_op.drop_index.*\n)+\n", "", text
    )
    written.unlink()
    TARGET.write_text(text)


if __name__ == "__main__":
    main()
