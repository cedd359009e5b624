"""Versions of what results depend on."""

from __future__ import annotations

import importlib.metadata
import platform

from motifnet import __version__

_PACKAGES = ("biopython", "numba", "numpy", "pyfaidx", "scipy", "torch")


def versions() -> dict[str, str]:
    """Versions of motifnet, Python and the packages that results depend on."""
    return {
        "motifnet": __version__,
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in _PACKAGES},
    }
