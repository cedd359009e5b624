# What the rules share: the options and the samples, checked before anything runs.

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jsonschema import ValidationError
from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

from motifnet.cli.options import flag
from motifnet.config.train import TrainConfig
from motifnet.errors import UnknownName
from motifnet.io.databases import JASPAR


class Row(NamedTuple):
    """A row of the samples table: one file of peaks."""

    sample: str
    task: str
    peaks: str
    control: str


def check(content: dict, schema: str, place: str, kind: str) -> None:
    """Fill in the defaults of a schema, and say in one line what it refuses."""
    try:
        validate(content, schema=schema)
    except WorkflowError as problem:
        # Snakemake raises it while it handles the error of the validator, which knows the place.
        raise WorkflowError(f"{place}: {refusal(problem.__context__, kind)}") from None


def refusal(problem: ValidationError, kind: str) -> str:
    """What a schema refuses, where it stands, and what would be right."""
    where = ".".join(str(name) for name in problem.absolute_path)
    sentence = problem.message
    if problem.validator == "additionalProperties":
        known = problem.schema["properties"]
        unknown = next(name for name in problem.instance if name not in known)
        sentence = str(UnknownName(kind, unknown, known))
    return f"{where}: {sentence}" if where else sentence


def read_samples(path: str) -> Iterator[Row]:
    """The rows of the samples table; an empty cell is as one that is not there."""
    schema = "../schemas/samples.schema.yaml"
    # A spreadsheet may begin its tables with a mark of the encoding, which is no part of a name.
    with open(path, newline="", encoding="utf-8-sig") as handle:
        reader = csv.DictReader(handle, delimiter="\t", restkey="")
        for cells in reader:
            row = {name: cell for name, cell in cells.items() if cell}
            check(row, schema, f"{path} line {reader.line_num}", "column")
            yield Row(**row)


def refuse_clashes() -> None:
    """Refuse what the schema, which sees one row at a time, cannot see."""
    if not samples:
        raise WorkflowError(f"{config['samples']}: has no rows; give each sample one")
    for sample in names:
        tasks = [row.task for row in rows_of(sample)]
        twice = [task for task in tasks if tasks.count(task) > 1]
        controls = sorted({row.control or "none" for row in rows_of(sample)})
        if twice:
            raise WorkflowError(
                f"{config['samples']}: sample {sample} has the task {twice[0]} more than once; "
                "give each file of a sample a task of its own"
            )
        if len(controls) > 1:
            raise WorkflowError(
                f"{config['samples']}: sample {sample} has several controls ({', '.join(controls)}); "
                "give all of its rows the same, since its files are learnt together"
            )


def rows_of(sample: str) -> list[Row]:
    """The rows of a sample: one for each task."""
    return [row for row in samples if row.sample == sample]


def peaks_of(wildcards) -> str:
    """The file that holds the targets of a task."""
    return next(
        row.peaks for row in rows_of(wildcards.sample) if row.task == wildcards.task
    )


def targets_of(sample: str) -> list[str]:
    """The files of a sample under the names of their tasks, as motifnet names a task by its file."""
    return [
        f"results/targets/{sample}/{row.task}{ending(row.peaks)}"
        for row in rows_of(sample)
    ]


def ending(path: str) -> str:
    """The last ending of a file name, with that of its compression.

    ``rep1.ctcf.bed.gz`` ends in ``.bed.gz``.
    """
    endings = Path(path).suffixes
    return "".join(endings[-2:] if endings[-1:] == [".gz"] else endings[-1:])


def options_of(sample: str) -> TrainConfig:
    """The options of a sample: those of the configuration, and a control of its own if it has one."""
    control = rows_of(sample)[0].control
    if not control:
        return options
    return options.model_copy(
        update={
            "controls": options.controls.model_copy(update={"control": Path(control)})
        }
    )


def train_input(wildcards) -> dict[str, list[str]]:
    """All files that the training of a sample reads."""
    chosen = options_of(wildcards.sample)
    genome = chosen.reading.genome
    return {
        "targets": targets_of(wildcards.sample),
        "others": [
            str(path)
            for name, path in chosen.files()
            if name != "genome" and str(path) != JASPAR
        ],
        # The index is made once, before the samples that need it run side by side.
        "genome": [] if genome is None else [str(genome), "results/genome.sizes"],
    }


def train_options(wildcards) -> list[str]:
    """The options of a sample as they are typed; the rule itself gives the threads."""
    return [
        word
        for _, stage in options_of(wildcards.sample)
        for name, value in stage
        if value != type(stage).model_fields[name].default and name != "threads"
        for word in typed(name, value)
    ]


def typed(name: str, value: object) -> Iterator[str]:
    """One option as it is typed: a switch has no value, and several values repeat the option."""
    if isinstance(value, bool):
        yield flag(name if value else f"no_{name}")
        return
    for each in value if isinstance(value, tuple) else (value,):
        yield from (flag(name), str(each))


check(config, "../schemas/config.schema.yaml", "config", "option")
options = TrainConfig.model_validate(config["motifnet"])
samples = list(read_samples(config["samples"]))
names = list(dict.fromkeys(row.sample for row in samples))
refuse_clashes()


wildcard_constraints:
    sample=r"[^/.]+",
    task=r"[^/.]+",
