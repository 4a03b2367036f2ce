"""The invented region as `podium demo` makes it, once for all tests that walk in it."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from service.core.settings import Environment
from tests.installation import SECRET
from tests.journeys.visitor import Visitor

ROLES = ("coordinator", "school", "mentor", "bedrijf", "beheer", "youth")
LINK = re.compile(r"^ +(\w+) +http://[^/]+(/sign-in/\S+)$", re.MULTILINE)
CODES = re.compile(r"class code (\S+), own code (\S+)")


@dataclass(frozen=True)
class Demo:
    """A filled database to copy, and the ways in that the command printed."""

    database: Path
    links: dict[str, str]
    class_code: str
    own_code: str

    def copy_to(self, folder: Path) -> str:
        shutil.copy(self.database, folder / "demo.db")
        return f"sqlite:///{folder / 'demo.db'}"

    def sign_in(self, somebody: Visitor, role: str) -> None:
        if role == "youth":
            somebody.go("/code")
            somebody.fill(class_code=self.class_code, personal_code=self.own_code)
            somebody.send("/code")
        elif role != "guest":
            somebody.go(self.links[role])
            somebody.send(self.links[role])


def make_demo(template: Path, folder: Path) -> Demo:
    """Runs the command as people do, and reads what it prints."""
    database = folder / "demo.db"
    shutil.copy(template, database)
    environment = os.environ | {
        "PODIUM_ENVIRONMENT": Environment.DEVELOPMENT.value,
        "PODIUM_DATABASE_URL": f"sqlite:///{database}",
        "PODIUM_SECRET_KEY": SECRET,
        "PODIUM_VAR_DIR": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-m", "seeds", "demo"], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    codes = CODES.search(done.stdout)
    assert codes, done.stdout
    return Demo(database, dict(LINK.findall(done.stdout)), codes[1], codes[2])
