"""The floors of the house, which packages live where, and what the library never does."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import motifnet

ROOT = Path(motifnet.__file__).parent

# Imports go down only; rooms on one floor do not import each other. Errors are below everything.
FLOORS = (
    {"errors"},
    {"caches", "progress", "registry", "strand", "testing", "wording"},
    {"config"},
    {"symbols"},
    {"motifs", "ties", "stats"},
    {"kernels", "io"},
    {"layers", "hmm"},
    {"datasets", "models"},
    {"training"},
    {"discovery", "scanning", "attribution"},
    {"hypotheses"},
    {"report"},
    {"runs"},
    {"cli"},
    {"__main__"},
)

# Packages that may be imported in their homes alone.
HOMES = {
    "click": ("cli",),
    "rich": ("cli",),
    "matplotlib": ("report",),
    "jinja2": ("report",),
    "pyfaidx": ("io",),
    "Bio": ("io",),
    "pyjaspar": ("io",),
    "pyBigWig": ("io",),
    "llvmlite": ("kernels",),
    "numba": ("kernels", "caches"),
    "triton": ("kernels",),
    "memelite": ("motifs/tomtom.py",),
}

# What libraries raise of damaged files becomes an error of ours here, and nowhere else.
CATCHES_ALL = "io/text.py"

# Packages that take long to import and that few runs need: imported where they are used.
LATE = {"scipy"}

# Packages of our own dependencies that stand in their interfaces, and whose they are.
COMES_WITH = {
    "annotated_types": "pydantic",  # the bounds of an option
    "markupsafe": "jinja2",  # text that needs no escaping
    "triton": "torch",  # where it is built for a GPU
}

FEWEST_FILES = 60


class Source(NamedTuple):
    """One file of the package: its path below the package, its room, and its syntax tree."""

    path: Path
    room: str
    tree: ast.Module

    def at(self, node):
        """Where a node is, as it is clicked on in an editor."""
        return f"motifnet/{self.path}:{node.lineno}"


@cache
def sources():
    """Every file of the package."""
    found = []
    for file in sorted(ROOT.rglob("*.py")):
        path = file.relative_to(ROOT)
        room = path.parts[0].removesuffix(".py")
        found.append(Source(path, room, ast.parse(file.read_text(), str(file))))
    return found


def collected(*, but_not=()):
    """The files to check, of which there must be enough for a check to mean something."""
    chosen = [source for source in sources() if source.room not in but_not]
    assert len(chosen) > FEWEST_FILES
    return chosen


def imports(source):
    """Every module that a file imports, wherever in the file, and the node that imports it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source.at(node)}: a relative import"
            # "from motifnet import models" imports a room as well; "__version__" is of no room.
            rooms = [f"motifnet.{alias.name}" for alias in node.names if alias.name != "__version__"]
            yield from ((name, node) for name in (rooms if node.module == "motifnet" else [node.module]))


def calls(source):
    """Every call of a plain or dotted name, and its node."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def floor_of(room):
    """The floor that a room is on."""
    return next(floor for floor, rooms in enumerate(FLOORS) if room in rooms)


def breaches_of_floors(source):
    for name, node in imports(source):
        package, _, rest = name.partition(".")
        room = rest.split(".")[0]
        if package == "motifnet" and room != source.room and floor_of(room) >= floor_of(source.room):
            yield f"{source.at(node)}: {source.room} imports {room}"


def breaches_of_homes(source):
    for name, node in imports(source):
        homes = HOMES.get(name.split(".")[0], ())
        if homes and not {source.room, str(source.path)} & set(homes):
            yield f"{source.at(node)}: {name} belongs in {' and '.join(homes)} only"


def breaches_of_lateness(source):
    for node in source.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
            for name in names:
                if name.split(".")[0] in LATE:
                    yield f"{source.at(node)}: {name} must be imported inside the function that needs it"


def breaches_of_silence(source):
    for name, node in calls(source):
        if name in ("print", "exit", "quit", "sys.exit", "os._exit", "breakpoint"):
            yield f"{source.at(node)}: {name}() below the command line"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and node.exc is not None and "SystemExit" in ast.unparse(node.exc):
            yield f"{source.at(node)}: SystemExit below the command line"


def breaches_of_typed_errors(source):
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.walk(node.type) if node.type is not None else ()
            names = {part.id for part in caught if isinstance(part, ast.Name)}
            caught_all = node.type is None or names & {"Exception", "BaseException"}
            if caught_all and str(source.path) != CATCHES_ALL:
                yield f"{source.at(node)}: catches whatever comes"


def breaches_of_naming(source):
    if {part.removesuffix(".py") for part in source.path.parts} & {
        "utils",
        "util",
        "helpers",
        "misc",
        "common",
    }:
        yield f"motifnet/{source.path}: a name that says nothing"


def test_every_room_is_on_a_floor():
    rooms = {source.room for source in collected()} - {"__init__"}
    known = set().union(*FLOORS)
    assert sum(map(len, FLOORS)) == len(known)
    assert rooms <= known, f"no floor for {sorted(rooms - known)}"
    assert len(rooms) >= 14


def test_the_package_itself_imports_nothing_of_its_own():
    """But for type checkers; what it offers is imported when it is asked for."""
    (source,) = (source for source in sources() if source.room == "__init__")
    at_once = [node for node in source.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {ast.unparse(node) for node in at_once} == {
        "import importlib",
        "from typing import TYPE_CHECKING, Any",
    }


@pytest.mark.parametrize(
    ("breaches", "but_not"),
    [
        (breaches_of_floors, {"__init__"}),
        (breaches_of_homes, set()),
        (breaches_of_lateness, set()),
        (breaches_of_silence, {"cli", "__main__"}),
        (breaches_of_typed_errors, set()),
        (breaches_of_naming, set()),
    ],
)
def test_rules_of_the_house(breaches, but_not):
    found = [breach for source in collected(but_not=but_not) for breach in breaches(source)]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("breaches", "room", "text"),
    [
        (breaches_of_floors, "symbols", "from motifnet.motifs import Motif"),
        (breaches_of_floors, "motifs", "import motifnet.stats.scores"),  # a room on the same floor
        (breaches_of_floors, "layers", "def f():\n    from motifnet import models"),
        (breaches_of_floors, "errors", "from motifnet.registry import Registry"),
        (breaches_of_homes, "training", "from rich.progress import Progress"),
        (breaches_of_homes, "datasets", "import Bio.SeqIO"),
        (breaches_of_homes, "discovery", "import memelite"),
        (breaches_of_lateness, "stats", "from scipy.stats import norm"),
        (breaches_of_silence, "runs", "def f():\n    print('done')"),
        (breaches_of_silence, "runs", "import sys\nsys.exit(2)"),
        (breaches_of_silence, "runs", "raise SystemExit(2)"),
        (breaches_of_typed_errors, "io", "try:\n    x = 1\nexcept:\n    x = 2"),
        (breaches_of_typed_errors, "io", "try:\n    x = 1\nexcept (ValueError, Exception):\n    x = 2"),
        (breaches_of_naming, "utils", ""),
    ],
)
def test_a_breach_is_seen(breaches, room, text):
    assert list(breaches(Source(Path(room, "new.py"), room, ast.parse(text))))


@pytest.mark.parametrize(
    ("breaches", "room", "text"),
    [
        (
            breaches_of_floors,
            "discovery",
            "from motifnet.discovery.refine import refine\nimport motifnet.io.bed",
        ),
        (breaches_of_homes, "cli", "import click"),
        (breaches_of_lateness, "stats", "def f():\n    from scipy.stats import norm"),
        (breaches_of_typed_errors, "io", "try:\n    x = 1\nexcept (ValueError, OSError):\n    x = 2"),
    ],
)
def test_what_is_allowed_is_let_through(breaches, room, text):
    assert list(breaches(Source(Path(room, "new.py"), room, ast.parse(text)))) == []


def test_third_parties_are_declared_dependencies():
    """What the package imports is what an installation brings."""
    import tomllib

    declared = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["project"]
    extras = declared["optional-dependencies"]
    named = [*declared["dependencies"], *extras["jaspar"], *extras["bigwig"]]
    installed_as = {"biopython": "Bio"}
    packages = {name.split(">=")[0].split("[")[0].strip() for name in named}
    ours = {installed_as.get(name, name) for name in packages}
    known = ours | {name for name, owner in COMES_WITH.items() if owner in ours}
    imported = {name.split(".")[0] for source in collected() for name, _ in imports(source)}
    imported -= {"motifnet", *sys.stdlib_module_names}
    assert imported <= known, f"not declared: {sorted(imported - known)}"
    assert len(imported) >= 12


WITHOUT_TORCH = (
    "motifnet.cli",
    "motifnet.runs.align",
    "motifnet.runs.cluster",
    "motifnet.runs.compare",
    "motifnet.runs.enrich",
    "motifnet.runs.scan",
)
"""What starts in a second, because nobody imports torch on the way."""


@pytest.mark.parametrize("module", WITHOUT_TORCH)
def test_what_has_no_network_does_not_wait_for_torch(module):
    program = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
