"""The sections of the report, one file each: see :mod:`motifnet.report.pages.section_registry`.

Importing this package registers every module in it.
"""

from importlib import import_module
from pkgutil import iter_modules

MODULES = tuple(sorted(module.name for module in iter_modules(__path__)))

for _name in MODULES:
    import_module(f"{__name__}.{_name}")
