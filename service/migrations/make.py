"""`python -m service.migrations.make "What changes"` writes the next migration; read it, then keep it."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from service.core.db import make_engine
from service.migrations import configuration, migrate


def make_migration(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'schema.db'}")
        migrate(engine)
        with engine.begin() as connection:
            config = configuration(connection)
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04}")
        engine.dispose()


if __name__ == "__main__":
    make_migration(sys.argv[1])
