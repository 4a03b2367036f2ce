"""The import contracts of pyproject.toml hold, and the engine is entered by its front door only."""

import ast
from collections.abc import Iterator
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]


def test_import_contracts_hold() -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, "run lint-imports to see which contract is broken"


def modules_imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_engine_has_one_door() -> None:
    files = [path for root in ("service", "seeds") for path in (ROOT / root).rglob("*.py")]
    through_a_window = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in files
        for module in modules_imported(path)
        if module.startswith("matching.")
    ]
    assert not through_a_window, "import from matching itself:\n" + "\n".join(through_a_window)
    assert any("matching" in modules_imported(path) for path in files)
