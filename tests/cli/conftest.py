"""Inputs of the calls of all commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.calls import write_inputs


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small inputs of all kinds."""
    folder = tmp_path_factory.mktemp("files")
    write_inputs(folder)
    return folder


@pytest.fixture
def here(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of the inputs, which the test is in."""
    shutil.copytree(files, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"
