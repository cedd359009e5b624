"""Formats of motif files, one file each: see :mod:`motifnet.io.motif_format`.

Importing this package registers every format in :data:`~motifnet.io.motif_format.FORMATS`.
"""

from importlib import import_module
from pkgutil import iter_modules

MODULES = tuple(sorted(module.name for module in iter_modules(__path__)))

for _name in MODULES:
    import_module(f"{__name__}.{_name}")
