"""How the house is built, checked: imports, sizes, tables, documents, lint and types."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint

import schema
from ledger.errors import Reason
from schema.operation import OPERATIONS
from settings import Settings
from store.figure_tables import metadata

ROOT = Path(__file__).parents[1]
ROW = ("server", "entrypoints", "schema", "resolvers", "store", "ledger")
"""A package may import any to its right, and none to its left."""

MAY_READ_SETTINGS = {"server", "entrypoints", "bench", "tests"}
SQLALCHEMY = {
    "resolvers": {"Connection"},  # the type of what is handed on to the store
    "schema": {"Connection"},
    # An address shown without its password, and what the database said on the command line.
    "entrypoints": {"Connection", "make_url", "ArgumentError", "DBAPIError"},
}
"""All that is used of SQLAlchemy outside of the store."""

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_TABLE = 80
"""A test that is the table of a life, or of refusals, is read from top to bottom."""
WRITTEN_OUT = "store/migrations/versions/"
"""A step of the migrations is written out in full, once, and never changed again."""

DIRECTORIES = {
    "organization": "what all else belongs to; found by its id before anything is known of it",
    "api_key": "found by its hash, before it is known whose it is",
    "claimable": "workers look for jobs of any organization",
    "awaited": "what those jobs wait for",
    "queue_figure": "what a queue has done for all organizations",
    "request_total": "what all organizations have asked, for those who run the service",
    "service_secret": "one for all organizations: what links are signed with",
}
"""The tables that are not led by an organization, each with its reason."""


@cache
def sources(*parts: str) -> list[Path]:
    """The Python files of the project, or of some parts of it."""
    found = sorted(ROOT.glob("*.py"))
    for package in ("bench", "entrypoints", "ledger", "resolvers", "schema", "store", "tests"):
        found += sorted((ROOT / package).rglob("*.py"))
    return [path for path in found if not parts or part_of(path) in parts]


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[str, set[str]]]:
    """The modules that a file imports, wherever in it, and the names that it takes from each."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, set()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} has a relative import"
            yield node.module or "", {alias.name for alias in node.names}


def tops(path: Path) -> set[str]:
    return {module.partition(".")[0] for module, _ in imports(path)}


# Imports


def test_there_is_something_to_check():
    for part in (*ROW, "settings", "bench", "tests"):
        assert sources(part), part


@pytest.mark.parametrize("part", ROW)
def test_no_package_imports_one_to_its_left(part):
    left = set(ROW[: ROW.index(part)]) | {"tests", "bench"}
    for path in sources(part):
        assert not tops(path) & left, name_of(path)


def test_settings_are_read_at_the_edges_alone():
    for path in sources():
        if "settings" in tops(path):
            assert part_of(path) in MAY_READ_SETTINGS, name_of(path)
    assert not tops(ROOT / "settings.py") & set(ROW)


def test_the_ledger_imports_the_standard_library_alone():
    for path in sources("ledger"):
        assert tops(path) <= sys.stdlib_module_names | {"ledger"}, name_of(path)


def test_the_ledger_has_no_clock_no_randomness_and_no_files():
    for path in sources("ledger"):
        assert not tops(path) & {"random", "secrets", "time", "os", "io", "pathlib", "asyncio"}
        names = {n.attr for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute)}
        assert not names & {"now", "utcnow", "today_utc", "uuid4"}, name_of(path)


def test_only_the_schema_knows_strawberry():
    for path in sources(*ROW):
        if "strawberry" in tops(path):
            assert part_of(path) == "schema", name_of(path)


@pytest.mark.parametrize("part", [part for part in ROW if part != "store"])
def test_only_the_store_speaks_sql(part):
    found = [each for path in sources(part) for each in imports(path)]
    used = [names or {module} for module, names in found if module.startswith("sqlalchemy")]
    assert set().union(*used) == SQLALCHEMY.get(part, set())


def test_no_top_level_name_of_ours_hides_a_library():
    names = {path.name.removesuffix(".py") for path in ROOT.iterdir() if path.suffix == ".py"}
    names |= {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert not names & {"mcp"}


def test_no_other_distribution_provides_our_top_level_modules():
    provided = packages_distributions()
    for name in (*ROW, "settings"):
        assert set(provided.get(name, [])) <= {"crane-ledger"}, name


# Sizes


def kept_short() -> list[Path]:
    return [path for path in sources() if not name_of(path).startswith(WRITTEN_OUT)]


def test_no_file_is_longer_than_can_be_kept_in_mind():
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in kept_short()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_two_screens():
    long = {}
    for path in kept_short():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                is_test = node.name.startswith("test_")
                if length > (LONGEST_TABLE if is_test else LONGEST_FUNCTION):
                    long[f"{name_of(path)}:{node.name}"] = length
    assert long == {}


# Tables


def test_an_organizations_data_is_led_by_it_in_every_key():
    for table in metadata.tables.values():
        if table.name in DIRECTORIES:
            continue
        keys = [table.primary_key.columns.keys()]
        keys += [c.columns.keys() for c in table.constraints if isinstance(c, UniqueConstraint)]
        keys += [constraint.column_keys for constraint in table.foreign_key_constraints]
        keys += [index.columns.keys() for index in table.indexes]
        assert {key[0] for key in keys} == {"organization_id"}, table.name


def test_a_foreign_key_leads_to_a_row_of_the_same_organization():
    for table in metadata.tables.values():
        for constraint in table.foreign_key_constraints:
            first = constraint.elements[0]
            leads_to = "id" if first.column.table.name == "organization" else "organization_id"
            assert (first.parent.name, first.column.name) == ("organization_id", leads_to)


def test_every_directory_is_a_table_and_has_a_reason():
    assert DIRECTORIES.keys() <= metadata.tables.keys()
    assert all(DIRECTORIES.values())


# Documents


def documents() -> str:
    """All that a reader is given: the README, the pages beside it, and the schema's own text."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages) + schema.sdl()


def test_every_setting_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {name: f"CRANE_{name.upper()}" for name in Settings.model_fields}
    assert [name for name, variable in named.items() if variable not in readme] == []


def test_every_reason_of_a_refusal_is_documented():
    text = documents()
    assert [reason.slug for reason in Reason if f"`{reason.slug}`" not in text] == []


def test_every_operation_is_documented():
    text = documents()
    assert [name for name in OPERATIONS if name not in text] == []
    fields = {**schema.core.query_type.fields, **schema.core.mutation_type.fields}
    assert fields.keys() == OPERATIONS.keys()
    assert all(field.description for field in fields.values())


def test_the_committed_schema_is_the_one_that_is_served():
    committed = (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")
    assert committed == schema.sdl(), "Run `python -m schema` and commit what it writes."


# Lint and types


@pytest.mark.parametrize(
    "command", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)], ids=" ".join
)
def test_lint_form_and_types_are_without_a_finding(command):
    tool, *arguments = command
    asked = [sys.executable, "-m", tool, *arguments]
    done = subprocess.run(  # noqa: S603 (our own tools)
        asked, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
