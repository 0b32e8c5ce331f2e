"""Alembic's environment: one explicit transaction around each migration, on SQLite and PostgreSQL alike."""

from alembic import context

from tmr_app.kernel.db import Base
from tmr_app.kernel.schema import load_all

load_all()


def run() -> None:
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
