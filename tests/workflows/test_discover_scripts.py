"""The scripts of the workflow, called as functions."""

import importlib
import json
from pathlib import Path

import pytest

from motifnet.errors import FastaFormatError

SCRIPTS = Path(__file__).parents[2] / "workflows" / "discover" / "workflow" / "scripts"
HEADER = "RANK\tID\tCONSENSUS\tSIM_MOTIF\n"
NUMBERS = {"auprc": 0.5, "gc_auroc": 0.5, "length_auroc": 0.5, "n_targets": 9, "n_controls": 9}


@pytest.fixture
def scripts(monkeypatch):
    """Import a script by its name."""
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module


def motif(name: str, *, significant: bool, **log10_p: float) -> dict:
    by_task = {task: {"fold": 2.0, "log10_p": value} for task, value in log10_p.items()}
    return {"name": name, "significant": significant, "by_task": by_task}


def metrics(*motifs: dict, tasks: tuple[str, ...] = ("a",)) -> dict:
    return {
        "tasks": [{"task": task, "auroc": 0.9, **NUMBERS} for task in tasks],
        "n_significant": sum(motif["significant"] for motif in motifs),
        "motifs": list(motifs),
    }


def table(*names: str) -> list[dict[str, str]]:
    return [{"ID": name, "CONSENSUS": f"{name}-consensus", "SIM_MOTIF": f"known-{name}"} for name in names]


def test_each_task_names_the_motif_most_enriched_in_it(scripts):
    found = metrics(
        motif("x", significant=True, a=-50, b=-3),
        motif("y", significant=True, a=-20, b=-9),
        tasks=("a", "b"),
    )
    rows = list(scripts("summarise").task_rows("s", found, table("x", "y")))
    assert [(row["task"], row["best_motif"], row["log10_p_value"]) for row in rows] == [
        ("a", "x", -50),
        ("b", "y", -9),
    ]
    assert rows[1]["consensus"] == "y-consensus"
    assert rows[1]["known_motif"] == "known-y"


def test_a_motif_that_is_not_significant_is_never_the_best(scripts):
    found = metrics(motif("x", significant=False, a=-50), motif("y", significant=True, a=-5))
    (row,) = scripts("summarise").task_rows("s", found, table("x", "y"))
    assert row["best_motif"] == "y"


def test_samples_without_motifs_give_whole_tables(scripts, tmp_path):
    numbers, motifs = tmp_path / "metrics.json", tmp_path / "in.tsv"
    numbers.write_text(json.dumps(metrics()))
    motifs.write_text(HEADER)
    summary, joined = tmp_path / "summary.tsv", tmp_path / "motifs.tsv"
    summarise = scripts("summarise")
    summarise.summarise(["s"], [numbers], [motifs], summary, joined)
    columns, rows = summarise.read_table(summary)
    assert columns == list(summarise.TASK_COLUMNS)
    assert [(row["sample"], row["auroc"], row["best_motif"]) for row in rows] == [("s", "0.9", "")]
    assert joined.read_text() == f"sample\t{HEADER}"


def test_cells_keep_quotes_and_hashes(scripts, tmp_path):
    summarise = scripts("summarise")
    rows = [{"a": '"x" #1', "b": None}, {"a": 2.0}]
    summarise.write_table(tmp_path / "t.tsv", ["a", "b"], rows)
    assert summarise.read_table(tmp_path / "t.tsv") == (
        ["a", "b"],
        [{"a": '"x" #1', "b": ""}, {"a": "2", "b": ""}],
    )


def test_a_genome_is_indexed_and_its_contigs_are_listed(scripts, tmp_path):
    genome, sizes, log = tmp_path / "g.fa", tmp_path / "sizes", tmp_path / "log"
    genome.write_text(">chr1\nACGTACGT\nACGT\n>chr2\nAC\n")
    scripts("index_genome").index_genome(genome, sizes, log)
    assert sizes.read_text() == "chr1\t12\nchr2\t2\n"
    assert (tmp_path / "g.fa.fai").is_file()
    assert log.read_text().endswith("g.fa: 2 contigs, 14 bases\n")


def test_a_genome_that_cannot_be_read_says_so_in_the_log(scripts, tmp_path):
    genome, sizes, log = tmp_path / "g.fa", tmp_path / "sizes", tmp_path / "log"
    genome.write_text("chr1\t1\t2\n")
    with pytest.raises(FastaFormatError):
        scripts("index_genome").index_genome(genome, sizes, log)
    assert "FastaFormatError: " in log.read_text()
    assert not sizes.exists()
