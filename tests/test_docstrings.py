"""The examples in docstrings print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import motifnet

NEEDS_A_GPU = {"motifnet.kernels.onehot_conv.gpu"}
NOT_IMPORTED = {"motifnet.__main__"}
MODULES = sorted(
    {found.name for found in pkgutil.walk_packages(motifnet.__path__, "motifnet.")}
    - NEEDS_A_GPU
    - NOT_IMPORTED
)


def test_modules_are_found():
    assert len(MODULES) > 120


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert doctest.testmod(importlib.import_module(name)).failed == 0
