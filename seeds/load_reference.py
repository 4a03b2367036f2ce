"""Loads the reference tables into the database of the settings, as every `podium migrate` does too."""

import sys
from collections.abc import Sequence

from service.core.db import make_engine, transaction
from service.core.settings import Settings
from service.reference.actions import load_reference


def main(_arguments: Sequence[str]) -> int:
    """Bring the tables in line with the files; the schema must be there."""
    engine = make_engine(Settings().database_url)
    with transaction(engine) as session:
        changed = load_reference(session)
    engine.dispose()
    sys.stdout.write(f"{changed} rows new or changed.\n")
    return 0
