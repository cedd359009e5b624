"""Compiled kernels lie where those of other sources are never met, and do not pile up."""

import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import motifnet
from motifnet import caches

_MOST_SECONDS = 0.010
PROGRAM = """
import numpy as np
from motifnet.kernels.overlaps import chains
print(chains(np.array([0, 2, 9]), np.array([3, 5, 12]), np.zeros(3, np.int64)).tolist())
"""


def chained(folder, *, check=True):
    """A program of a compiled kernel, which is kept in a folder."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=check)


def kernels_in(folder):
    return sorted(path.name for path in folder.glob("motifnet-kernels-*"))


@pytest.fixture
def base(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_an_index_of_other_sources_is_never_read(tmp_path):
    """One that names a class which is gone stands in a folder of its own, once the sources differ."""
    assert chained(tmp_path).stdout == "[0, 0, 1]\n"
    (name,) = kernels_in(tmp_path)
    (index,) = tmp_path.rglob("overlaps._chains*.nbi")
    with index.open("rb") as file:
        version = pickle.load(file)
    index.write_bytes(pickle.dumps(version) + b"cmotifnet.kernels.overlaps\nGone\n.")
    failed = chained(tmp_path, check=False)
    assert "Can't get attribute 'Gone'" in failed.stderr  # so that the next line says something
    (tmp_path / name).rename(tmp_path / "motifnet-kernels-of-others")
    assert chained(tmp_path).stdout == "[0, 0, 1]\n"
    assert kernels_in(tmp_path) == sorted([name, "motifnet-kernels-of-others"])


def test_an_edit_of_any_kernel_leads_to_another_folder(tmp_path):
    kernels = tmp_path / "kernels"
    shutil.copytree(
        Path(motifnet.__file__).parent / "kernels", kernels, ignore=shutil.ignore_patterns("*.nb*")
    )
    before = caches.kernel_digest(kernels)
    assert before == caches.kernel_digest(Path(motifnet.__file__).parent / "kernels")
    with (kernels / "pair_hmm" / "cells.py").open("a") as file:
        file.write("\n")
    assert caches.kernel_digest(kernels) != before


def test_another_numba_leads_to_another_folder(tmp_path, monkeypatch):
    before = caches.kernel_digest(tmp_path)
    monkeypatch.setattr(caches, "version", lambda package: "0.1")
    assert caches.kernel_digest(tmp_path) != before


def test_folders_that_nobody_used_for_a_month_go_when_a_new_one_is_made(base):
    ages = {"motifnet-kernels-old": 40, "motifnet-kernels-recent": 20, "mine": 400}
    for name, days in ages.items():
        (base / name).mkdir()
        (base / name / "file").touch()
        os.utime(base / name, (time.time() - days * 86400,) * 2)
    made = caches.kernel_folder()
    assert sorted(path.name for path in base.iterdir()) == sorted(
        ["mine", "motifnet-kernels-recent", made.name]
    )


def test_a_folder_that_is_used_stays_young(base):
    made = caches.kernel_folder()
    os.utime(made, (0, 0))
    assert caches.kernel_folder() == made
    assert time.time() - made.stat().st_mtime < 60


def test_a_program_that_another_one_started_takes_a_folder_beside_it(base, monkeypatch):
    made = caches.kernel_folder()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(made))
    assert caches.kernel_folder() == made
    monkeypatch.setattr(caches, "kernel_digest", lambda sources: "other")
    assert caches.kernel_folder() == base / "motifnet-kernels-other"


def test_choosing_a_folder_takes_no_time(base):
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        caches.kernel_folder()
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < _MOST_SECONDS
