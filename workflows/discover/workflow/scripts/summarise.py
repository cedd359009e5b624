"""Two tables over all samples: a row for each task, and a row for each motif."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Row = Mapping[str, object]

TASK_COLUMNS = (
    "sample", "task", "n_targets", "n_controls", "auroc", "auprc", "gc_auroc", "length_auroc",
    "n_significant", "best_motif", "consensus", "fold", "log10_p_value", "known_motif",
)  # fmt: skip
"""Columns of the summary; the last five are empty where no motif of the sample is significant."""


def task_rows(sample: str, metrics: Mapping[str, Any], motifs: Iterable[Row]) -> Iterator[Row]:
    """One row for each task of a sample.

    Parameters
    ----------
    sample : str
        Name of the sample.
    metrics : mapping
        Content of the sample's ``metrics.json``.
    motifs : iterable of mapping
        Rows of the sample's ``motifs.tsv``.
    """
    by_name = {row["ID"]: row for row in motifs}
    for task in metrics["tasks"]:
        yield {
            **task,
            "sample": sample,
            "n_significant": metrics["n_significant"],
            **_best(task["task"], metrics["motifs"], by_name),
        }


def _best(task: str, found: Iterable[Mapping[str, Any]], rows: Mapping[object, Row]) -> Row:
    """The significant motif that is most enriched in a task; nothing where there is none."""
    significant = [motif for motif in found if motif["significant"]]
    if not significant:
        return {}
    best = min(significant, key=lambda motif: motif["by_task"][task]["log10_p"])
    row = rows[best["name"]]
    return {
        "best_motif": best["name"],
        "consensus": row["CONSENSUS"],
        "fold": best["by_task"][task]["fold"],
        "log10_p_value": best["by_task"][task]["log10_p"],
        "known_motif": row["SIM_MOTIF"],
    }


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The column names of a tab-separated table, and its rows."""
    with path.open(newline="") as handle:
        reader = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = list(reader)
    return list(reader.fieldnames or ()), rows


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows under column names; what a row does not have is an empty cell."""
    cells = ([_cell(row.get(name)) for name in columns] for row in rows)
    path.write_text("".join("\t".join(line) + "\n" for line in (columns, *cells)))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def summarise(
    samples: Sequence[str], metrics: Sequence[Path], tables: Sequence[Path], summary: Path, motifs: Path
) -> None:
    """Write both tables.

    Parameters
    ----------
    samples : sequence of str
        Names, in the order of the tables.
    metrics, tables : sequence of Path
        The ``metrics.json`` and ``motifs.tsv`` of each sample.
    summary : Path
        Where the row of each task goes.
    motifs : Path
        Where the rows of all motifs go, under the columns of ``motifs.tsv`` and the sample.
    """
    tasks, found, columns = [], [], []
    for sample, numbers, table in zip(samples, metrics, tables, strict=True):
        columns, rows = read_table(table)
        tasks += task_rows(sample, json.loads(numbers.read_text()), rows)
        found += [{"sample": sample, **row} for row in rows]
    write_table(summary, TASK_COLUMNS, tasks)
    write_table(motifs, ("sample", *columns), found)


if __name__ == "__main__":
    # Snakemake puts an object of this name before the first line of the script.
    job = snakemake  # noqa: F821
    summarise(
        job.params.samples,
        [Path(path) for path in job.input.metrics],
        [Path(path) for path in job.input.motifs],
        Path(job.output.summary),
        Path(job.output.motifs),
    )
