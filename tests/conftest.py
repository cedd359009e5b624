"""Fixtures that all tests share: devices, floating-point types, real data, fixed random numbers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run; a slow machine is no failure.
settings.register_profile("motifnet", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("motifnet")


def pytest_configure() -> None:
    # Before numpy and torch start their threads: the tests are too small to gain from more.
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # cuBLAS is deterministic only with a workspace of fixed size.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "real_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.real)


@pytest.fixture(autouse=True)
def _torch_is_reproducible() -> None:
    """The same random numbers for every test, whichever tests run before it."""
    if "torch" not in sys.modules:  # tests that need no torch should not pay for its import
        return
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


@pytest.fixture(params=["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def device(request: pytest.FixtureRequest):
    """Every device of this machine; those that it lacks are skipped, saying so."""
    import torch

    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("this machine has no CUDA device")
    return torch.device(request.param)


@pytest.fixture(params=["float32", "float64"])
def dtype(request: pytest.FixtureRequest):
    """Every floating-point type that results are promised in."""
    import torch

    return getattr(torch, request.param)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data that MOTIFNET_DATA names."""
    folder = os.environ.get("MOTIFNET_DATA")
    if not folder:
        pytest.skip("MOTIFNET_DATA is not set; it names the folder of real data")
    if not Path(folder).is_dir():
        pytest.skip(f"MOTIFNET_DATA names {folder}, which is no folder")
    return Path(folder)
