"""The steps of the schema lead to what the code expects, in one line, and stand alone."""

import ast
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from service.tables import METADATA

MIGRATIONS = Path(__file__).parents[2] / "service" / "migrations"


def script_directory() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_migrating_gives_the_schema_of_the_code(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert METADATA.tables
    assert compare_metadata(context, METADATA) == []


def test_there_is_one_line_of_steps() -> None:
    assert len(script_directory().get_heads()) == 1
    assert len(script_directory().get_bases()) == 1


def test_steps_know_no_code_of_ours() -> None:
    """The code of today must not change what a step of last year does."""
    steps = sorted((MIGRATIONS / "versions").glob("*.py"))
    assert steps
    for path in steps:
        imported = [
            name
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        ]
        assert not [name for name in imported if name.split(".")[0] in {"service", "matching", "seeds"}], path
