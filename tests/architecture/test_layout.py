"""Files stand where a newcomer looks for them, under names that say what is inside."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOTS = ("matching", "service", "seeds", "tests")
SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "managers",
    "misc",
    "shared",
}
PARTS_OF_A_MAIL = {"subject.txt", "body.txt", "body.html"}
MODULES = sorted(path for root in ROOTS for path in (ROOT / root).rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_modules_are_found() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(ROOTS)


@pytest.mark.parametrize("root", ROOTS)
def test_every_module_opens_with_a_sentence(root: str) -> None:
    silent = []
    for path in MODULES:
        if path.relative_to(ROOT).parts[0] != root:
            continue
        opening = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0]
        if not opening.endswith((".", "?", "».")):
            silent.append(f"{name(path)}: {opening!r}")
    assert not silent, "no opening sentence:\n" + "\n".join(silent)


def test_no_name_says_nothing() -> None:
    files = [path for root in ROOTS for path in (ROOT / root).rglob("*")]
    empty = sorted(
        name(path) for path in files if path.stem.strip("_") in SAYS_NOTHING and path.suffix != ".html"
    )
    assert not empty, "name the noun: " + ", ".join(empty)


def test_every_package_can_be_imported() -> None:
    packages = {path.parent for path in MODULES if path.relative_to(ROOT).parts[0] != "tests"}
    without = sorted(name(folder) for folder in packages if not (folder / "__init__.py").is_file())
    # Migrations are read by Alembic as files; they are no part of the program.
    without = [folder for folder in without if not folder.startswith("service/migrations")]
    assert not without, "no __init__.py: " + ", ".join(without)


def test_every_mail_has_three_parts() -> None:
    mails = [folder for folder in ROOT.glob("service/*/templates/mails/*") if folder.is_dir()]
    assert mails
    for folder in mails:
        assert {part.name for part in folder.iterdir()} >= PARTS_OF_A_MAIL, name(folder)


def test_tests_of_the_service_stand_in_its_packages() -> None:
    packages = {path.parent.name for path in ROOT.glob("service/*/__init__.py")}
    folders = {path.name for path in ROOT.glob("tests/service/*") if any(path.glob("test_*.py"))}
    assert folders <= packages
