"""The commands end to end, on small simulated data: what they write, and that it is true."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.io import Genome, Peak, read_fasta, read_motifs, write_bed
from motifnet.models.saved import read_trained
from motifnet.motifs import compare
from motifnet.symbols import DNA, Interval
from tests.cli.tables import table

QUICK = [
    "--cross-fit-below",
    "0",
    "--max-epochs",
    "3",
    "--n-motifs",
    "3",
    "--n-filters",
    "4",
    "--threads",
    "1",
    "-q",
]
RESULTS = {
    "report.html", "motifs.meme", "motifs.tsv", "motifs.jaspar", "repeats.meme", "companions.tsv",
    "matches.tsv", "sites.bed", "sites.tsv", "metrics.json", "run.json", "model.pt", "logos",
}  # fmt: skip


def motifnet(*arguments: object) -> None:
    main([str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def simulated(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    words = ["--motif", "TGASTCAT:0.6", "--motif", "GGATAAGC:0.4"]
    motifnet("simulate", "-o", folder, *words, "--n-targets", 400, "--length", 80, "--max-length", 120)
    return folder


@pytest.fixture(scope="module")
def run(simulated: Path, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "one"
    motifnet("train", simulated / "targets.fa", "-o", folder, "--motif-db", simulated / "motifs.meme", *QUICK)
    return folder


def test_a_run_writes_everything_and_nothing_else(run: Path):
    assert {item.name for item in run.iterdir()} == RESULTS
    record = json.loads((run / "run.json").read_text())
    assert {"command", "config", "seed", "versions", "inputs", "device", "seconds"} <= record.keys()
    files = [file for files in record["inputs"].values() for file in files]
    assert files
    assert all(len(file["sha256"]) == 64 for file in files)
    trained = read_trained(run / "model.pt")
    assert (trained.tasks, trained.target, trained.window) == (("targets",), "binary", 200)
    assert trained.background.sum() == pytest.approx(1)
    assert record["config"]["model"]["family_option"] == list(trained.options.family_option)
    assert trained.options.family_option == ("pool=logsumexp",)


def test_repeats_tell_how_often_a_motif_is_found_again(simulated: Path, tmp_path: Path):
    motifnet("train", simulated / "targets.fa", "-o", tmp_path / "run", "--repeats", 2, *QUICK)
    rows = [row for row in table(tmp_path / "run" / "motifs.tsv") if row["significant"] == "yes"]
    assert [row["found_in"] for row in rows] == ["2/2", "2/2"]
    assert all(0 <= float(row["spread"]) < 0.2 for row in rows)
    again = table(tmp_path / "run" / "reproducibility.tsv")
    assert [row["sources"] for row in again[:2]] == ["seed 0,seed 1"] * 2
    assert (tmp_path / "run" / "report.html").read_text().count("2 of 2 runs") == 2


def test_repeats_of_rna_tell_rna(simulated: Path, tmp_path: Path):
    lines = (simulated / "targets.fa").read_text().splitlines()
    letters = [line if line[0] == ">" else line.replace("T", "U") for line in lines]
    (tmp_path / "rna.fa").write_text("\n".join(letters))
    motifnet("train", tmp_path / "rna.fa", "-o", tmp_path / "run", "--repeats", 2, *QUICK)
    for name, columns in (
        ("motifs.tsv", ("ID", "CONSENSUS")),
        ("reproducibility.tsv", ("family", "consensus")),
    ):
        words = [row[column] for row in table(tmp_path / "run" / name) for column in columns]
        assert any("U" in word for word in words)
        assert not any("T" in word for word in words)


def test_both_planted_motifs_are_found_once_each(run: Path, simulated: Path):
    found, planted = read_motifs(run / "motifs.meme"), read_motifs(simulated / "motifs.meme")
    assert len(found) == len(planted) == 2
    for truth in planted:
        alike = [compare.similarity(truth.probabilities, one.probabilities) for one in found]
        assert sorted(value > 0.9 for value in alike) == [False, True]
    rows = table(run / "motifs.tsv")
    assert [row["significant"] for row in rows[:2]] == ["yes", "yes"]
    assert {row["SIM_MOTIF"] for row in rows[:2]} == {motif.name for motif in planted}


def test_the_motif_file_reads_back_in_other_tools(run: Path):
    from Bio import motifs as bio
    from memelite.io import read_meme

    ours = read_motifs(run / "motifs.meme")
    with (run / "motifs.meme").open() as handle:
        theirs = bio.parse(handle, "minimal")
    theirs_too = read_meme(str(run / "motifs.meme"))
    assert len(ours) == len(theirs) == len(theirs_too) == 2
    for motif, one, other in zip(ours, theirs, theirs_too.values(), strict=True):
        frequencies = np.array([one.counts.normalize()[base] for base in "ACGT"])
        np.testing.assert_allclose(frequencies, motif.probabilities, atol=1e-5)
        np.testing.assert_allclose(np.asarray(other), motif.probabilities, atol=1e-5)
    assert [motif.n_sites for motif in ours] == [one.num_occurrences for one in theirs]


def test_sites_are_where_the_truth_has_them(run: Path, simulated: Path):
    sequences = read_fasta(simulated / "targets.fa")
    number = {name: i for i, name in enumerate(sequences.names)}
    planted = {(row["sequence"], int(row["start"])) for row in table(simulated / "truth.tsv")}
    rows = table(run / "sites.tsv")
    assert len(rows) > 300
    near = 0
    for row in rows:
        start, end = int(row["site_Start"]) - 1, int(row["site_End"])
        codes = sequences[number[row["seq_ID"]]][start:end]
        text = DNA.decode(DNA.reverse_complement(codes) if row["site_Strand"] == "-" else codes)
        assert text == row["site_Sequence"]
        near += any((row["seq_ID"], start + shift) in planted for shift in range(-6, 7))
    assert near > 0.9 * len(rows)


def test_a_run_draws_logos_as_svg_or_in_the_formats_asked_for(run: Path, simulated: Path, tmp_path: Path):
    assert {path.suffix for path in (run / "logos").iterdir()} == {".svg"}
    asked = [*QUICK, "--logo-format", "png", "--logo-format", "pdf", "--n-motifs", 1, "--max-epochs", 1]
    motifnet("train", simulated / "targets.fa", "-o", tmp_path / "a", *asked)
    assert {path.suffix for path in (tmp_path / "a" / "logos").iterdir()} == {".pdf", ".png"}


def test_logos_of_a_run_and_of_motif_files(run: Path, tmp_path: Path):
    motifnet("logos", run, "-o", tmp_path / "a", "--format", "svg", "--format", "png", "--format", "pdf")
    assert len(list((tmp_path / "a").iterdir())) == 6
    motifnet("logos", run / "motifs.jaspar", "-o", tmp_path / "b", "--reverse-complement")
    assert len(list((tmp_path / "b").glob("*.svg"))) == 2
    with pytest.raises(SystemExit):
        motifnet("logos", run, "-o", tmp_path / "c", "--format", "gif")
    assert not (tmp_path / "c").exists()


def test_the_same_seed_gives_the_same_bytes(run: Path, simulated: Path, tmp_path: Path):
    motifnet(
        "train",
        simulated / "targets.fa",
        "-o",
        tmp_path / "two",
        "--motif-db",
        simulated / "motifs.meme",
        *QUICK,
    )
    for name in ("motifs.meme", "motifs.tsv", "sites.bed", "metrics.json"):
        ours, again = ((folder / name).read_text() for folder in (run, tmp_path / "two"))
        assert ours.replace('"one"', "") == again.replace('"two"', "")


def test_a_set_without_a_motif_gives_well_formed_empty_files(tmp_path: Path, capsys):
    motifnet("simulate", "-o", tmp_path / "data", "--n-targets", 200, "--length", 80, "--seed", 7)
    motifnet("train", tmp_path / "data" / "targets.fa", "-o", tmp_path / "run", *QUICK)
    assert "No significant motif." in capsys.readouterr().out
    assert {item.name for item in (tmp_path / "run").iterdir()} == RESULTS
    assert read_motifs(tmp_path / "run" / "motifs.meme") == []
    assert table(tmp_path / "run" / "sites.tsv") == []
    assert all(row["significant"] == "no" for row in table(tmp_path / "run" / "motifs.tsv"))


@pytest.fixture(scope="module")
def genome(tmp_path_factory) -> tuple[Path, list[Path]]:
    """A genome of six chromosomes, and peaks of two proteins whose motifs stand at the summits."""
    folder = tmp_path_factory.mktemp("genome")
    rng = np.random.default_rng(3)
    chromosomes = {f"chr{i}": rng.choice(list("ACGT"), 60_000) for i in range(1, 7)}
    files = []
    for shift, (name, word) in enumerate({"ap1": "TGACTCATG", "gata": "AGATAAGGC"}.items()):
        peaks = []
        for chrom, letters in chromosomes.items():
            for summit in range(1000 + 400 * shift, 58_000, 1500):
                letters[summit : summit + len(word)] = list(word)
                peaks.append(Peak(Interval(chrom, summit - 150, summit + 150), summit=150))
        files.append(folder / f"{name}.narrowPeak")
        write_bed(files[-1], peaks)
    path = folder / "genome.fa"
    path.write_text("".join(f">{name}\n{''.join(letters)}\n" for name, letters in chromosomes.items()))
    return path, files


def test_several_peak_files_are_tasks_of_one_network(genome: tuple[Path, list[Path]], tmp_path: Path):
    path, files = genome
    motifnet("train", *files, "--genome", path, "--window", 100, "-o", tmp_path / "run", *QUICK)
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert [task["task"] for task in metrics["tasks"]] == ["ap1", "gata"]
    assert all(task["auroc"] > 0.9 for task in metrics["tasks"])
    rows = [row for row in table(tmp_path / "run" / "motifs.tsv") if row["significant"] == "yes"]
    assert {row["task"] for row in rows} == {"ap1", "gata"}
    sites = table(tmp_path / "run" / "sites.tsv")
    home = {row["ID"]: row["task"] for row in rows}
    assert {site["task"] for site in sites} == {"ap1", "gata"}
    assert np.mean([site["task"] == home[site["motif_ID"]] for site in sites]) > 0.8
    letters = Genome(path)
    for line in (tmp_path / "run" / "sites.bed").read_text().splitlines()[:50]:
        chrom, start, end, _, _, strand = line.split("\t")
        text = letters.fetch([Interval(chrom, int(start), int(end), strand)]).text(0)
        assert any(word in text for word in ("TGACTCA", "TGAGTCA", "GATAAG", "CTTATC"))


@pytest.mark.slow
def test_three_motifs_in_ten_thousand_sequences_are_found_in_one_run(tmp_path: Path):
    words = {"WGATAAGR": 0.4, "TGASTCAY": 0.3, "GGCACGTGCC": 0.2}
    planted = [argument for word, share in words.items() for argument in ("--motif", f"{word}:{share}")]
    motifnet("simulate", "-o", tmp_path / "data", *planted, "--n-targets", 10_000, "--length", 200)
    motifnet("train", tmp_path / "data" / "targets.fa", "-o", tmp_path / "run", "-q")
    found, truth = (read_motifs(tmp_path / name / "motifs.meme") for name in ("run", "data"))
    assert len(found) == 3
    for motif in truth:
        assert sum(compare.similarity(motif.probabilities, one.probabilities) > 0.9 for one in found) == 1


@pytest.mark.slow
def test_ten_motifs_asked_for_where_there_are_two_gives_two(tmp_path: Path):
    motifnet(
        "simulate",
        "-o",
        tmp_path / "data",
        "--motif",
        "TGASTCAT:0.6",
        "--motif",
        "GGATAAGC:0.25",
        "--n-targets",
        2000,
    )
    motifnet("train", tmp_path / "data" / "targets.fa", "-o", tmp_path / "run", "--n-motifs", "10", "-q")
    assert len(read_motifs(tmp_path / "run" / "motifs.meme")) == 2


@pytest.mark.slow
def test_a_long_motif_is_recovered_at_full_width(tmp_path: Path):
    word = "TTCAGCACCATGGACAGCGCC"
    motifnet("simulate", "-o", tmp_path / "data", "--motif", f"{word}:0.5", "--n-targets", 2000)
    motifnet("train", tmp_path / "data" / "targets.fa", "-o", tmp_path / "run", "-q")
    best = read_motifs(tmp_path / "run" / "motifs.meme")[0]
    assert word in (best.consensus, best.reverse_complement().consensus)
