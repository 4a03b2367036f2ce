"""The command `podium`: what it leaves on the disk is for its owner only."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from service import cli

FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def test_it_works(tmp_path: Path) -> None:
    """A database and what lies beside it, as a new installation makes them."""
    database = tmp_path / "podium.db"
    environment = {
        "PATH": os.environ["PATH"],
        "PODIUM_ENVIRONMENT": "development",
        "PODIUM_DATABASE_URL": f"sqlite:///{database}",
    }
    command = f"umask 022; exec {sys.executable} -m service migrate"
    subprocess.run(["/bin/sh", "-c", command], env=environment, check=True, capture_output=True)
    left = list(tmp_path.iterdir())
    assert database in left
    assert [path.name for path in left if path.stat().st_mode & FOR_OTHERS] == []


@pytest.mark.parametrize(
    "command", ["serve", "demo", "worker", "migrate", "admin a@example.nl Bo", "jobs run x"]
)
def test_what_writes_about_people_writes_for_the_owner(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail in files, the queue beside the database, and what the processes it starts make."""
    chosen: list[int] = []
    monkeypatch.setattr(os, "umask", chosen.append)
    monkeypatch.setenv("PODIUM_BASE_URL", "no address: nothing is started")
    monkeypatch.setattr(cli, "demonstrate", lambda _arguments: 2)
    assert cli.run(command.split()) == 2
    assert chosen == [0o077]
