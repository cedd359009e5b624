"""What is no motif, end to end: set apart in all files, or with --keep-repeats a motif in all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motifnet.cli import main
from motifnet.io import read_motifs
from tests.cli.tables import table


@pytest.fixture(scope="module")
def simulated(tmp_path_factory) -> Path:
    """A motif and a tandem of two bases, in targets alone."""
    folder = tmp_path_factory.mktemp("tandem")
    words = ["--motif", "CCGGAAGTGA:0.5", "--motif", "CACACACACACA:0.4"]
    numbers = ["--n-targets", "300", "--n-controls", "600", "--length", "90"]
    main(["simulate", "-o", str(folder), *words, *numbers, "-q"])
    return folder


@pytest.fixture(scope="module", params=[[], ["--keep-repeats"]], ids=["apart", "kept"])
def run(request, simulated: Path, tmp_path_factory) -> tuple[Path, bool]:
    """A run folder, and whether repeats were to be kept."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    quick = ["--cross-fit-below", "0", "--max-epochs", "2", "--n-motifs", "3", "--n-filters", "4"]
    given = [
        str(simulated / "targets.fa"),
        "--control",
        str(simulated / "controls.fa"),
        "--no-match-controls",
    ]
    main(["train", *given, "-o", str(folder), *quick, "-q", *request.param])
    return folder, bool(request.param)


def test_a_tandem_is_told_apart_or_kept(run: tuple[Path, bool]):
    folder, kept = run
    rows = table(folder / "motifs.tsv")
    (tandem,) = (row for row in rows if row["class"] == "low complexity")
    (motif,) = (row for row in rows if row["CONSENSUS"] == "CCGGAAGTGA")
    assert motif["significant"] == "yes"
    assert tandem["significant"] == ("yes" if kept else "set apart")
    written = {one.name for one in read_motifs(folder / "motifs.meme")}
    assert written == ({motif["ID"], tandem["ID"]} if kept else {motif["ID"]})
    assert ("MOTIF " in (folder / "repeats.meme").read_text()) != kept
    told = json.loads((folder / "metrics.json").read_text())
    assert (told["n_significant"], told["n_set_apart"]) == ((2, 0) if kept else (1, 1))
    page = (folder / "report.html").read_text()
    assert ('<section id="set-apart"' in page) != kept
    assert any(row["motif_ID"] == tandem["ID"] for row in table(folder / "sites.tsv")) == kept


def test_every_pair_that_counts_is_in_the_table_of_companions(run: tuple[Path, bool]):
    folder, kept = run
    rows = [row for row in table(folder / "motifs.tsv") if row["significant"] == "yes"]
    pairs = [(row["first"], row["second"]) for row in table(folder / "companions.tsv")]
    assert pairs == ([(rows[0]["ID"], rows[1]["ID"])] if kept else [])
