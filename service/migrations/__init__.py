"""The steps of the schema; `podium migrate` goes to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.engine import Connection


def configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    """Forward only, all steps in one transaction."""
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "head")
