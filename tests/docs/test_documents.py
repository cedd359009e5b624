"""The documents are true: their code runs, their links lead somewhere, their tables are those of the code."""

import ast
import importlib
import json
import os
import re
import runpy
import shlex
import shutil
from pathlib import Path
from pkgutil import walk_packages

import click
import pytest
from markdown_pages import PAGES, ROOT, anchors, blocks, first_missing, links, name, run_page

import motifnet
from motifnet.cli import group
from motifnet.registry import Registry

FIRST = ROOT / "docs" / "tutorials" / "first-run.md"
FEWEST_RUN, FEWEST_PAGES_RUN = 30, 12

BLOCKS = [block for page in PAGES for block in blocks(page)]
RUN = [block for block in BLOCKS if block.runs]
NOT_RUN = [block for block in BLOCKS if block.reason is not None]
OTHERS = [page for page in PAGES if page != FIRST and any(block.page == page for block in RUN)]

# Paths of one machine, and the hosts of package registries, which differ from place to place.
_NOT_OURS = re.compile(
    r"(?<![\w.~])/(?:work|tmp|home|root|Users|opt|mnt|data)/|pypi\.org|pythonhosted|anaconda\.org|"
    r"download\.pytorch|index-url|\blocalhost\b"
)


@pytest.fixture(scope="session")
def one_core():
    """What is run here, and what that starts, on one core: small networks lose by more."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


@pytest.fixture(scope="session")
def first_folder(tmp_path_factory, one_core):
    """A folder with the embedded data in which the first tutorial was gone through."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(ROOT / "data", folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run_page(FIRST, folder)
    return folder


@pytest.fixture
def folder(first_folder, tmp_path, monkeypatch):
    """A folder of its own for a page, with the embedded data and the run of the first tutorial."""
    shutil.copytree(first_folder / "data", tmp_path / "data")
    shutil.copytree(first_folder / "runs", tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_tutorial_runs(first_folder):
    assert json.loads((first_folder / "runs/first/metrics.json").read_text())["n_significant"] == 3


@pytest.mark.parametrize("page", OTHERS, ids=name)
def test_page_runs(page, folder):
    assert run_page(page, folder) == sum(block.page == page for block in RUN)


def test_enough_is_run():
    assert len(RUN) >= FEWEST_RUN
    assert 1 + len(OTHERS) >= FEWEST_PAGES_RUN


def test_what_is_not_run_says_why():
    told = "\n".join(f"{block.place}: {block.reason}" for block in NOT_RUN)
    print(f"{len(RUN)} blocks are run, {len(NOT_RUN)} are not:\n{told}")  # shown by pytest -rP
    assert all(block.reason for block in NOT_RUN)
    assert len(NOT_RUN) < len(RUN)


def test_every_block_is_of_a_known_kind():
    kinds = {"bash": r"(no-test .+|exits \d+)?", "python": r"(no-test .+)?", "text": "(output)?"}
    odd = [b.place for b in BLOCKS if b.language not in kinds or not re.fullmatch(kinds[b.language], b.info)]
    assert odd == []
    assert len(BLOCKS) > FEWEST_RUN
    fences = sum(page.read_text().count("```") for page in PAGES)
    assert fences == 2 * len(BLOCKS)


def commands_not_run():
    """The lines of ``motifnet`` in the blocks that are not run."""
    lines = [(block.place, line) for block in NOT_RUN for line in block.text.splitlines()]
    return [(place, shlex.split(line)[1:]) for place, line in lines if line.startswith("motifnet ")]


def test_commands_that_are_not_run_are_well_formed():
    commands = commands_not_run()
    assert len(commands) >= 10
    for place, (command, *arguments) in commands:
        with click.Context(group, **group.context_settings) as context:
            found = group.get_command(context, command)
        assert found is not None, place
        found.make_context(command, list(arguments))  # raises on an unknown option or a bad value


def test_links_lead_somewhere():
    n_links, broken = 0, []
    for page in PAGES:
        for target in links(page):
            path, _, anchor = target.partition("#")
            there = (page.parent / path).resolve() if path else page
            n_links += 1
            if not there.exists() or (anchor and anchor not in anchors(there)):
                broken.append(f"{name(page)}: {target}")
    assert broken == []
    assert n_links > 60


def test_every_page_is_linked_from_the_index():
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / target.partition("#")[0]).resolve() for target in links(index)}
    assert {page for page in PAGES if page.parent != ROOT} - linked == {index}


def test_nothing_of_one_machine_is_mentioned():
    found = [f"{name(page)}: {hit}" for page in PAGES for hit in _NOT_OURS.findall(page.read_text())]
    assert found == []


def test_the_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    assert set(sizes) == {"report.png", "motif.svg"}
    assert max(sizes.values()) < 300_000


def test_the_option_reference_is_what_the_declarations_make():
    made = runpy.run_path(str(ROOT / "docs" / "make_reference.py"))
    assert made["PAGE"].read_text() == made["page"](), "run: python docs/make_reference.py"


def rows(page, n_cells):
    """The cells of all rows with so many cells in the tables of a page."""
    lines = [line for line in (ROOT / page).read_text().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == n_cells]


def named(text):
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", text)


def resolved(path):
    """The thing that a dotted path names."""
    parts = path.split(".")
    for split in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for part in parts[split:]:
            thing = getattr(thing, part)
        return thing
    raise AssertionError(f"nothing is named {path}")


METHOD = "docs/explanation/method.md"

OF_THE_METHOD = ("motifnet.datasets", "motifnet.discovery", "motifnet.training")
"""Packages whose numbers decide what is found; of others, the modules that the table names."""

NOT_OF_THE_TABLE = {
    "motifnet.datasets.look_alikes._BUCKET": "bounds memory",
    "motifnet.datasets.propensity._LENGTH": "the place of a feature among the others",
    "motifnet.datasets.regions._BATCH": "bounds memory",
    "motifnet.datasets.regions._GAP": "how a file is read fastest",
    "motifnet.datasets.split.TEST": "the number of a part",
    "motifnet.datasets.split.TRAIN": "the number of a part",
    "motifnet.datasets.split.VALIDATION": "the number of a part",
    "motifnet.discovery.scored.ROUNDING": "the error of arithmetic",
    "motifnet.discovery.scored._NO_SITE": "below every score",
    "motifnet.discovery.seeds.STRUCTURES": "the text tells them",
    "motifnet.kernels.cut_from_one._DIFFERENT": "the name of an answer",
    "motifnet.kernels.cut_from_one._NONE": "the name of an answer",
    "motifnet.scanning.companions._NO_SITE": "below every score",
    "motifnet.scanning.spaced._BY_CHANCE": "one base in four is the same",
    "motifnet.scanning.spaced._MOST": "of `motifnet enrich`: companions have a number of their own",
    "motifnet.scanning.spaced._ROWS": "bounds memory",
    "motifnet.training.targets.binary._NO_SKILL_BRIER": "follows from saying a half",
}
"""Numbers that the table of the method leaves out, and why."""


def numbers_of_the_table():
    """The number, or the numbers, that the table has under each path."""
    cells = [
        (named(where)[0], [float(one) for one in value.split(",")]) for _, value, where in rows(METHOD, 3)[1:]
    ]
    return {where: values[0] if len(values) == 1 else tuple(values) for where, values in cells}


def is_number(thing):
    """Whether something is a number, or a tuple of some; neither a truth nor a name."""
    if isinstance(thing, tuple):
        return bool(thing) and all(map(is_number, thing))
    return isinstance(thing, int | float) and not isinstance(thing, bool)


def constants(module):
    """The numbers that a module gives names to, by their paths; those that it imports are not its own."""
    body = ast.parse(Path(importlib.import_module(module).__file__).read_text()).body
    nodes = [node for node in body if isinstance(node, ast.Assign | ast.AnnAssign)]
    targets = [
        one for node in nodes for one in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    names = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
    return {path: resolved(path) for name in names if is_number(resolved(path := f"{module}.{name}"))}


def modules_of_the_method():
    """All of the packages, and of others those that the table names a number of."""
    packages = [importlib.import_module(package) for package in OF_THE_METHOD]
    found = [
        one.name for package in packages for one in walk_packages(package.__path__, f"{package.__name__}.")
    ]
    named_ones = {where.rpartition(".")[0].removesuffix("._DEFAULTS") for where in numbers_of_the_table()}
    return sorted({*found, *named_ones})


def test_the_numbers_of_the_method_are_those_of_the_code():
    told = numbers_of_the_table()
    assert len(told) >= 100
    assert {where: value for where, value in told.items() if resolved(where) != value} == {}


@pytest.mark.parametrize("module", modules_of_the_method())
def test_every_number_of_the_method_is_told_or_left_out_for_a_reason(module):
    told = numbers_of_the_table()
    assert (
        sorted(path for path in constants(module) if path not in told and path not in NOT_OF_THE_TABLE) == []
    )


def test_what_is_left_out_of_the_numbers_is_there_and_is_not_told():
    known = {path for module in modules_of_the_method() for path in constants(module)}
    assert NOT_OF_THE_TABLE.keys() - known == set()
    assert NOT_OF_THE_TABLE.keys() & numbers_of_the_table().keys() == set()
    assert all(NOT_OF_THE_TABLE.values())
    assert len(known) > 100


def test_the_floors_of_the_documents_are_those_of_the_house():
    floors = runpy.run_path(str(ROOT / "tests" / "test_architecture.py"))["FLOORS"]
    rooms = {path.stem for path in Path(motifnet.__file__).parent.iterdir() if path.suffix in ("", ".py")}
    rooms -= {"__init__", "__pycache__"}
    told = {
        int(row[0]): set(named(row[1]))
        for row in rows("docs/explanation/architecture.md", 3)
        if row[0].isdigit()
    }
    assert told == {floor: known & rooms for floor, known in enumerate(floors) if known & rooms}


def test_every_plug_point_is_told():
    first_cells = [row[0] for row in rows("docs/explanation/architecture.md", 3)]
    told = [path for cell in first_cells for path in named(cell) if path.split(".")[-1].isupper()]
    sources = [path.read_text() for path in Path(motifnet.__file__).parent.rglob("*.py")]
    made = [
        hit for text in sources for hit in re.findall(r"^([A-Z_]+): Registry\b.* = Registry\(", text, re.M)
    ]
    assert all(isinstance(resolved(path), Registry) for path in told)
    assert sorted(path.split(".")[-1] for path in told) == sorted(made)
    assert len(made) >= 5


@pytest.mark.parametrize(
    "package",
    [
        "motifnet.discovery",
        "motifnet.kernels.onehot_conv",
        "motifnet.kernels.pair_hmm",
        "motifnet.kernels.pwm_scan",
        "motifnet.scanning",
    ],
)
def test_every_module_of_a_package_is_told(package):
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text()
    table = page.partition(f"| module of `{package}` | what |\n|---|---|\n")[2].partition("\n\n")[0]
    told = {name for line in table.splitlines() for name in named(line.split("|")[1])}
    folder = Path(importlib.import_module(package).__file__).parent
    assert told == {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_every_file_and_column_of_a_run_is_told(first_folder):
    run = first_folder / "runs" / "first"
    text = (ROOT / "docs" / "reference" / "files.md").read_text()
    files = [path.name for path in run.iterdir()]
    tables = [run / name for name in ("motifs.tsv", "companions.tsv", "matches.tsv", "sites.tsv")]
    columns = [column for table in tables for column in table.read_text().splitlines()[0].split("\t")]
    records = [json.loads((run / file).read_text()) for file in ("metrics.json", "run.json")]
    keys = [key for record in records for key in record]
    assert (len(files), len(columns), len(keys)) >= (11, 45, 14)
    assert [file for file in files if file not in text] == []
    assert [word for word in (*columns, *keys) if f"`{word}`" not in text] == []


def test_a_line_that_was_not_printed_is_seen():
    printed = ["device: cpu (2 threads)", "targets: 600 targets", "Report: runs/x"]
    assert first_missing(["device: cpu (1 thread)", "...", "Report: runs/x"], printed) is None
    assert first_missing(["Report: runs/x", "targets: 1 targets"], printed) == "targets: 1 targets"
    assert first_missing(["No significant motif."], printed) == "No significant motif."
