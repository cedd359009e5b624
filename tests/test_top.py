"""What ``import motifnet`` offers: quickly, whole, and each with an example."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import motifnet

_MOST_SECONDS = 0.05
# A registry is a value: what it holds is documented where its entries are.
VALUES = {"TIES"}


def test_names_are_listed_once_and_again_for_type_checkers():
    tree = ast.parse(Path(motifnet.__file__).read_text())
    typed = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module != "typing"]
    homes = {alias.name: node.module for node in typed for alias in node.names}
    assert homes == motifnet._HOMES
    assert sorted(motifnet.__all__) == sorted(motifnet._HOMES)
    assert len(homes) >= 12


@pytest.mark.parametrize("name", sorted(motifnet._HOMES))
def test_what_is_offered_is_there_and_has_an_example(name):
    value = getattr(motifnet, name)
    assert name in dir(motifnet)
    if name not in VALUES:
        assert ">>> " in value.__doc__, f"motifnet.{name} has no example"


def test_what_is_not_offered_is_refused():
    with pytest.raises(AttributeError, match="has no attribute 'no_such'"):
        _ = motifnet.no_such


def test_importing_takes_no_time():
    program = "import time; began = time.process_time(); import motifnet; print(time.process_time() - began)"
    seconds = [
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(seconds) < _MOST_SECONDS
