"""The families of networks, one file each: see :mod:`motifnet.models.network`.

Importing this package registers every family in :data:`~motifnet.models.network.MODELS`.
"""

from importlib import import_module
from pkgutil import iter_modules

MODULES = tuple(sorted(module.name for module in iter_modules(__path__)))

for _name in MODULES:
    import_module(f"{__name__}.{_name}")
