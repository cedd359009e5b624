"""Kinds of targets, one file each: see :mod:`motifnet.training.target`.

Importing this package registers every kind in :data:`~motifnet.training.target.TARGETS`.
"""

from importlib import import_module
from pkgutil import iter_modules

from motifnet.training.target import TARGETS, Target

__all__ = ["TARGETS", "Target"]

MODULES = tuple(sorted(module.name for module in iter_modules(__path__)))

for _name in MODULES:
    import_module(f"{__name__}.{_name}")
