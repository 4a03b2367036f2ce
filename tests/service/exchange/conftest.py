"""Files in a folder of their own."""

from pathlib import Path

import pytest

from tests.service.exchange.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)
