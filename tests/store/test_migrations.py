"""How the tables come to be: as described, wholly or not at all, once."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

from store import migrations
from store.dialects import is_sqlite
from store.engines import open_database
from store.figure_tables import metadata

ROOT = Path(__file__).parents[2]
LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("account", sa.Column("later", sa.Text))
    op.execute("UPDATE organization SET name = 'Later'")
    {then}
"""
UPGRADE = """
import asyncio, sys
from store import migrations
from store.engines import DatabaseHeldError, open_database

async def main():
    try:
        database = open_database(sys.argv[1])
    except DatabaseHeldError:
        return print("held")
    before = await database.read(migrations.is_current)
    print("ready", flush=True)
    sys.stdin.readline()
    await database.write(migrations.upgrade)
    print("upgraded", before, await database.read(migrations.is_current))
    await database.close()

asyncio.run(main())
"""


@pytest.fixture
async def empty(engine, databases):
    database = open_database(await databases.empty(engine))
    yield database
    await database.close()


@pytest.fixture
async def ready(engine, databases):
    database = open_database(await databases.new(engine))
    yield database
    await database.close()


@pytest.fixture
def later(tmp_path, monkeypatch):
    """Puts one more step behind those that there are."""

    def put(then):
        steps = tmp_path / "migrations"
        shutil.copytree(Path(migrations.__file__).parent, steps)
        head = max(path.name.partition("_")[0] for path in steps.glob("versions/*.py"))
        (steps / "versions" / "9999_later.py").write_text(LATER.format(head=head, then=then))
        monkeypatch.setattr(migrations, "_SCRIPTS", steps)

    return put


def shape(connection):
    """Every table with its columns, and every trigger."""
    looked = inspect(connection)
    tables = {
        name: [column["name"] for column in looked.get_columns(name)]
        for name in looked.get_table_names()
    }
    listed = (
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        if is_sqlite(connection)
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return tables, sorted(connection.scalars(text(listed)))


async def test_the_migrated_database_is_what_the_tables_page_says(empty):
    assert not await empty.read(migrations.is_current)
    await empty.write(migrations.upgrade)
    assert await empty.read(migrations.is_current)

    def differences(connection):
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert await empty.read(differences) == []
    tables, triggers = await empty.read(shape)
    assert tables.keys() - {"alembic_version"} == metadata.tables.keys()
    frozen = {"transaction", "entry", "reversal", "event", "transaction_link"}
    frozen |= {"document", "document_line", "open_item", "payment", "application", "tax_entry"}
    frozen |= {"credit_grant", "checkout"}
    assert {trigger.rpartition("_frozen")[0] for trigger in triggers} - {""} == frozen


async def test_every_constraint_of_the_tables_page_is_in_the_database(ready):
    def constraints(connection):
        looked = inspect(connection)
        return {
            name: (
                looked.get_pk_constraint(name)["constrained_columns"],
                {tuple(u["column_names"]) for u in looked.get_unique_constraints(name)},
                {
                    (tuple(f["constrained_columns"]), f["referred_table"])
                    for f in looked.get_foreign_keys(name)
                },
                len(looked.get_check_constraints(name)),
            )
            for name in metadata.tables
        }

    found = await ready.read(constraints)
    for name, table in metadata.tables.items():
        uniques = {
            tuple(constraint.columns.keys())
            for constraint in table.constraints
            if type(constraint).__name__ == "UniqueConstraint"
        }
        foreign = {
            (tuple(constraint.column_keys), constraint.referred_table.name)
            for constraint in table.foreign_key_constraints
        }
        checks = [c for c in table.constraints if type(c).__name__ == "CheckConstraint"]
        expected = (list(table.primary_key.columns.keys()), uniques, foreign, len(checks))
        assert found[name] == expected


async def test_an_upgrade_again_changes_nothing(ready):
    before = await ready.read(shape)
    await ready.write(migrations.upgrade)
    assert await ready.read(shape) == before


async def test_a_failing_upgrade_leaves_nothing_of_itself(ready, later):
    before = await ready.read(shape)
    later("raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        await ready.write(migrations.upgrade)
    assert await ready.read(shape) == before
    assert not await ready.read(migrations.is_current)


async def test_a_failing_first_upgrade_leaves_an_empty_database(empty, later):
    later("op.execute('SELECT nothing FROM nowhere')")
    with pytest.raises(Exception, match="nowhere"):
        await empty.write(migrations.upgrade)
    assert await empty.read(shape) == ({}, [])


async def test_a_later_step_is_taken_once(ready, later):
    later("pass")
    assert not await ready.read(migrations.is_current)
    await ready.write(migrations.upgrade)
    await ready.write(migrations.upgrade)
    assert await ready.read(migrations.is_current)
    tables, _ = await ready.read(shape)
    assert "later" in tables["account"]
    versions = select(text("version_num")).select_from(text("alembic_version"))
    assert await ready.read(lambda c: c.scalars(versions).all()) == ["9999"]


async def test_two_processes_may_upgrade_at_once(engine, databases):
    url = await databases.empty(engine)
    script = (sys.executable, "-c", UPGRADE, url)
    pipe = asyncio.subprocess.PIPE
    both = [
        await asyncio.create_subprocess_exec(*script, cwd=ROOT, stdin=pipe, stdout=pipe)
        for _ in range(2)
    ]
    first = [(await each.stdout.readline()).decode().strip() for each in both]
    ended = [(await each.communicate(b"\n"))[0].decode().strip() for each in both]
    if engine == "sqlite":
        assert sorted(first) == ["held", "ready"]
        assert sorted(ended) == ["", "upgraded False True"]
    else:
        assert first == ["ready", "ready"]
        assert ended == ["upgraded False True"] * 2
    assert [each.returncode for each in both] == [0, 0]
    database = open_database(url)
    assert await database.read(migrations.is_current)
    await database.close()
