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
    {"stats"},
    {"motifs", "ties"},
    {"kernels", "io"},
    {"layers", "hmm"},
    {"datasets", "models"},
    {"training"},
    {"discovery", "scanning", "attribution"},
    {"hypotheses", "estimators"},
    {"report"},
    {"runs"},
    {"cli"},
    {"__main__"},
)

# The same within the report; what is in no sub-package is below all of them.
FLOORS_OF_THE_REPORT = ({"drawing"}, {"charts"}, {"tables"}, {"pages"})

# Packages that may be imported in their homes alone.
HOMES = {
    "click": ("cli",),
    "rich": ("cli",),
    "matplotlib": ("report", "motifs"),
    "logomaker": ("motifs",),
    "pandas": ("motifs",),
    "jinja2": ("report",),
    "pyfaidx": ("io",),
    "Bio": ("io", "motifs", "symbols"),
    "pyjaspar": ("io",),
    "pyBigWig": ("io",),
    "pysam": ("io",),
    "llvmlite": ("kernels",),
    "numba": ("kernels", "caches"),
    "triton": ("kernels",),
    "sklearn": ("models/baselines.py", "training", "estimators", "hypotheses"),
}

# What libraries raise of damaged files becomes an error of ours here, and nowhere else.
CATCHES_ALL = "io/text.py"

# Packages that take long to import and that few runs need: imported where they are used.
LATE = {"scipy"}

# Packages of our own dependencies that stand in their interfaces, and whose they are.
COMES_WITH = {
    "annotated_types": "pydantic",  # the bounds of an option
    "pandas": "logomaker",  # the table of the heights of letters
    "markupsafe": "jinja2",  # text that needs no escaping
    "triton": "torch",  # where it is built for a GPU
    "threadpoolctl": "sklearn",  # keeps BLAS from threads that small matrices have no use for
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


def floor_in_the_report(parts):
    """The floor of a module within the report, by the parts of its path below that: 0 for the ground."""
    return next((i for i, rooms in enumerate(FLOORS_OF_THE_REPORT, 1) if parts[0] in rooms), 0)


def breaches_of_floors_of_the_report(source):
    own = source.path.parts[1:]
    for name, node in imports(source):
        if source.room == "report" and name.startswith("motifnet.report."):
            other = name.split(".")[2:]
            floor, below = floor_in_the_report(own), floor_in_the_report(other)
            if below > floor or (below == floor and floor and other[0] != own[0]):
                yield f"{source.at(node)}: {own[0]} imports {other[0]}"


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


def module_of(source):
    """The dotted name of the module that a file is."""
    parts = ("motifnet", *source.path.with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules_imported(source, known):
    """The modules, of those that are known, that a file names in an import, itself left out."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & known
        elif isinstance(node, ast.ImportFrom):
            # "from motifnet.io import bed" names the module bed, and not the package around it.
            found = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from found & known
            if found - known and node.module in known:
                yield node.module


def circles(sources):
    """Modules of which each imports the next, and the last one the first; one such list a circle."""
    names = {module_of(source) for source in sources}
    graph = {module_of(one): sorted({*modules_imported(one, names)} - {module_of(one)}) for one in sources}
    done, found = set(), []

    def visit(name, path):
        if name in path:
            found.append(path[path.index(name) :])
        elif name not in done:
            for other in graph[name]:
                visit(other, [*path, name])
            done.add(name)

    for name in sorted(graph):
        visit(name, [])
    return found


def public_classes(sources):
    """The modules that define a public class, by its name."""
    homes = {}
    for source in sources:
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(module_of(source))
    return homes


def test_no_modules_import_each_other_in_a_circle():
    """Not even inside functions, or for types alone: a circle is one module in several files.

    The package itself names what it offers, for type checkers, and is below everything as its version.
    """
    assert circles(collected(but_not={"__init__"})) == []


def source_of(path, text):
    return Source(Path(path), Path(path).parts[0].removesuffix(".py"), ast.parse(text))


def test_a_circle_is_seen():
    one = source_of("io/one.py", "def f():\n    from motifnet.io import two")
    two = source_of("io/two.py", "import motifnet.io.three")
    three = source_of("io/three.py", "if TYPE_CHECKING:\n    from motifnet.io.one import One")
    package = source_of("io/__init__.py", "from motifnet.io.one import One")
    assert circles([package, one, two]) == []
    assert circles([package, one, two, three]) == [
        ["motifnet.io.one", "motifnet.io.two", "motifnet.io.three"]
    ]


def test_a_name_of_a_class_means_one_thing():
    homes = public_classes(collected())
    assert len(homes) > 150
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


def test_a_name_that_means_two_things_is_seen():
    one, two = source_of("io/one.py", "class Row: ..."), source_of("motifs/two.py", "class Row: ...")
    assert public_classes([one, two]) == {"Row": ["motifnet.io.one", "motifnet.motifs.two"]}


def test_every_part_of_the_report_is_on_a_floor():
    parts = {
        source.path.parts[1] for source in sources() if source.room == "report" and len(source.path.parts) > 2
    }
    assert parts == set().union(*FLOORS_OF_THE_REPORT)


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
        (breaches_of_floors_of_the_report, set()),
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
        (breaches_of_floors, "ties", "import motifnet.motifs.matrix"),  # a room on the same floor
        (breaches_of_floors, "layers", "def f():\n    from motifnet import models"),
        (breaches_of_floors, "errors", "from motifnet.registry import Registry"),
        (breaches_of_floors_of_the_report, "report/drawing", "from motifnet.report.charts import positions"),
        (breaches_of_floors_of_the_report, "report/charts", "import motifnet.report.tables.tsv"),
        (breaches_of_floors_of_the_report, "report", "from motifnet.report.drawing.plot import Plot"),
        (breaches_of_homes, "training", "from rich.progress import Progress"),
        (breaches_of_homes, "datasets", "import Bio.SeqIO"),
        (breaches_of_homes, "discovery", "import numba"),
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
    assert list(breaches(source_of(f"{room}/new.py", text)))


@pytest.mark.parametrize(
    ("breaches", "room", "text"),
    [
        (
            breaches_of_floors,
            "discovery",
            "from motifnet.discovery.refine import refine\nimport motifnet.io.bed",
        ),
        (breaches_of_floors_of_the_report, "report/pages", "from motifnet.report.tables import tsv"),
        (breaches_of_floors_of_the_report, "report/pages/sections", "from motifnet.report import numerals"),
        (breaches_of_homes, "cli", "import click"),
        (breaches_of_lateness, "stats", "def f():\n    from scipy.stats import norm"),
        (breaches_of_typed_errors, "io", "try:\n    x = 1\nexcept (ValueError, OSError):\n    x = 2"),
    ],
)
def test_what_is_allowed_is_let_through(breaches, room, text):
    assert list(breaches(source_of(f"{room}/new.py", text))) == []


def test_third_parties_are_declared_dependencies():
    """What the package imports is what an installation brings."""
    import tomllib

    declared = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["project"]
    extras = declared["optional-dependencies"]
    named = [*declared["dependencies"], *extras["jaspar"], *extras["bigwig"]]
    installed_as = {"biopython": "Bio", "scikit-learn": "sklearn"}
    packages = {name.split(">=")[0].split("[")[0].strip() for name in named}
    ours = {installed_as.get(name, name) for name in packages}
    known = ours | {name for name, owner in COMES_WITH.items() if owner in ours}
    imported = {name.split(".")[0] for source in collected() for name, _ in imports(source)}
    imported -= {"motifnet", *sys.stdlib_module_names}
    assert imported <= known, f"not declared: {sorted(imported - known)}"
    assert len(imported) >= 12


def test_training_does_not_wait_for_what_it_may_not_use():
    """What `train` imports, and draws with when not asked for PNG or PDF."""
    program = (
        "import sys, motifnet.runs.train\nfrom motifnet.motifs import Motif\n"
        "from motifnet.report.drawing.logo import logo_bytes\n"
        "logo_bytes(Motif('A', [[8], [0], [0], [0]]), format='svg')\n"
        "sys.exit(not {'matplotlib', 'logomaker', 'pandas', 'sklearn'}.isdisjoint(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


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
