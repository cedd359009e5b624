"""An input or option that has no effect is told, by every command; what has one is not."""

from __future__ import annotations

import csv
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.config.train import SplitOptions, TrainConfig
from motifnet.datasets.compose import compose
from motifnet.datasets.controls import GivenControls
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.datasets.split import TEST
from motifnet.datasets.split import TRAIN as TRAINING
from motifnet.io import write_fasta
from motifnet.io.motif_files import write_meme
from motifnet.runs import memory
from motifnet.runs.train import _Judging, _too_few
from motifnet.stats.enrichment import Enrichment
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

SMALL = ("--n-filters", "4", "--filter-width", "12", "--max-epochs", "1", "--n-motifs", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Targets as FASTA and as peaks of a genome, controls, motifs, and blacklists."""
    path = tmp_path_factory.mktemp("no_effect")
    background = Background.from_gc(0.42)
    motifs = [motif_from_word(word) for word in ("TGASTCAY", "CCACTTGGC")]
    made = simulate([Planted(motifs[0], 0.8)], background, n_targets=60, n_controls=90, length=60, seed=1)
    write_fasta(path / "in.fa", made.targets)
    write_fasta(path / "controls.fa", made.controls)
    tiles = [
        bases[start : start + 50] for bases in map(made.targets.__getitem__, range(60)) for start in (0, 10)
    ]
    write_fasta(path / "tiles.fa", Sequences.from_codes(tiles, [f"t{i}" for i in range(len(tiles))]))
    write_meme(path / "motifs.meme", motifs)
    write_meme(path / "short.meme", [motif_from_word("GATA"), *motifs])
    contigs = background.sample(3, 12_000, np.random.default_rng(2))
    write_fasta(path / "genome.fa", Sequences.from_codes(list(contigs), ["c1", "c2", "c3"]))
    peaks = "".join(f"c{i % 3 + 1}\t{400 * i}\t{400 * i + 60}\tp{i}\n" for i in range(29))
    (path / "peaks.bed").write_text(peaks)
    (path / "black.bed").write_text("c1\t100\t150\n1\t0\t900\nchr2\t5\t60\n")
    longer = simulate([], background, n_targets=90, n_controls=0, length=100, seed=3)
    write_fasta(path / "longer.fa", longer.targets)
    write_meme(path / "one.meme", motifs[:1])
    known = [f"{site.sequence}\t{site.start}\t{site.end}\t{motifs[0].name}\n" for site in made.truth]
    (path / "known.bed").write_text("".join(known))
    (path / "other.bed").write_text("1\t0\t900\n")
    (path / "pairs.fa").write_text(">a\nACGTTGCAACGTGCAGTC\n>b\nACGTTGCAACGTCAGTC\n")
    (path / "few.fa").write_text(">a\nACGTTGCATGACTCATGC\n>b\nCCGTTGACTCATCAGTCC\n>c\nGGTTGTGACTCATCAGTC\n")
    (path / "unknown.fa").write_text(">a\nNNNNNNNNNNNNNNNNNN\n>b\nNNNNNNNNNNNN\n>c\nNNNNNNNNNNNN\n")
    return path


def said(folder, out, capsys, line):
    """The warnings of a command; words that are files of the folder are taken from there."""
    words = [str(folder / word) if (folder / word).is_file() else word for word in line.split()]
    more = {"logos": [], "simulate": [], "scan": ["-q", "--format", "tsv"]}.get(words[0], ["-q"])
    main([*words, "-o", str(out), *more])
    lines = capsys.readouterr().err.splitlines()
    return [text.removeprefix("warning: ") for text in lines if text.startswith("warning: ")]


ENRICH, TRAIN = "enrich motifs.meme in.fa ", f"train in.fa {' '.join(SMALL)} "
SCAN, DECODE = "scan motifs.meme in.fa ", "decode motifs.meme in.fa "
WITHOUT_EFFECT = [
    (ENRICH + "--control controls.fa --blacklist black.bed", "--blacklist has no effect, since all controls"),
    (ENRICH + "--control controls.fa --controls-per-target 3", "--controls-per-target has no effect"),
    (ENRICH + "--control controls.fa --no-match-controls --shuffle-klet 3", "--shuffle-klet has no effect"),
    (ENRICH + "--control controls.fa --no-match-controls --seed 3", "--seed has no effect"),
    (
        ENRICH + "--control controls.fa --no-match-controls",
        "--no-match-controls has no effect, since neither GC content nor length tells targets from",
    ),
    (ENRICH + "--control controls.fa --shuffle-klet 3", "--shuffle-klet has no effect, since all controls"),
    (
        ENRICH + "--control controls.fa --seed 3",
        "--seed has no effect, since all controls of controls.fa are",
    ),
    (TRAIN + "--control controls.fa --shuffle-klet 3", "--shuffle-klet has no effect"),
    (TRAIN + "--control controls.fa --no-match-controls", "--no-match-controls has no effect"),
    (TRAIN + "--control controls.fa --controls-per-target 3", "--controls-per-target has no effect"),
    (
        ENRICH + "--control longer.fa --blacklist black.bed",
        "--blacklist has no effect, since controls are shuf",
    ),
    (ENRICH + "--blacklist black.bed", "--blacklist has no effect, since controls are shuffles"),
    (ENRICH + "--genome genome.fa", "--genome has no effect, since 60 of 60 targets have no coordinates"),
    (ENRICH + "--window 50", "--window has no effect"),
    (
        "enrich motifs.meme peaks.bed --window 60 --genome genome.fa --shuffle-klet 3",
        "--shuffle-klet has no effect, since controls are windows of the genome",
    ),
    (
        "enrich motifs.meme peaks.bed --window 60 --genome genome.fa --blacklist black.bed",
        "2 of 3 regions lie on contigs that",
    ),
    (
        "enrich motifs.meme peaks.bed --window 60 --genome genome.fa --blacklist other.bed",
        "1 of 1 region lies on contigs that",
    ),
    (TRAIN + "--controls-per-target 1 --test-fraction 0.2", "--test-fraction has no effect, since 60 places"),
    (TRAIN + "--controls-per-target 1 --cross-fit-below 0 --n-folds 4", "--n-folds has no effect"),
    (
        "train peaks.bed --window 60 --controls-per-target 1 --genome genome.fa --test-chroms c1 "
        f"--validation-chroms c2 --test-fraction 0.2 {' '.join(SMALL)}",
        "--test-fraction has no effect, since --test-chroms names",
    ),
    (
        "train peaks.bed --window 60 --controls-per-target 1 --genome genome.fa --test-chroms c1 "
        f"--validation-chroms c2 {' '.join(SMALL)}",
        "--test-chroms has no effect, since 29 places of targets, fewer than --cross-fit-below 1,000",
    ),
    (SCAN + "--stride 5", "--stride has no effect, since no network"),
    (SCAN + "--window 50", "--window has no effect"),
    (SCAN + "--coordinates sequence", "--coordinates has no effect"),
    (SCAN + "--genome genome.fa", "--genome has no effect"),
    (SCAN + "--background uniform --background-order 2", "--background-order has no effect"),
    (SCAN + "--across-motifs", "--across-motifs has no effect"),
    (DECODE + "--sites oops --rate 0.01", "--rate has no effect"),
    (DECODE + "--decoding viterbi --min-posterior 0.9", "--min-posterior has no effect"),
    (DECODE + "--pseudocount 2", "--pseudocount has no effect"),
    (DECODE + "--genome genome.fa", "--genome has no effect"),
    (DECODE + "--followed 0.3", "--followed has no effect, since sites do not come in clusters"),
    (DECODE + "--sites zoops --max-step 30", "--max-step has no effect"),
    ("decode one.meme in.fa --known-sites known.bed --rate 0.01", "--rate has no effect, since known sites"),
    (DECODE + "--strand-tie untied", "--strand-tie has no effect"),
    (SCAN + "--best --overlaps best", "--overlaps has no effect"),
    (TRAIN + "--controls-per-target 1 --patience 7", "--patience has no effect"),
    (
        "simulate --background in.fa --gc 0.5 --n-targets 2",
        "--gc has no effect, since the background is that of",
    ),
    ("simulate --gc 0.5 --background-order 3 --n-targets 2", "--background-order has no effect"),
    ("simulate --n-targets 2 --share 0.5", "--share has no effect"),
    ("simulate --n-targets 2 --strand single", "--strand has no effect"),
    ("logos motifs.meme --n-columns 3", "--n-columns has no effect"),
    ("logos motifs.meme --together stack --first-position 3", "--first-position has no effect"),
    ("logos motifs.meme --kind probability --small-sample-correction", "--small-sample-correction has no"),
    ("logos motifs.meme --format svg --dpi 100", "--dpi has no effect"),
    ("align pairs.fa --method viterbi --gamma 4", "--gamma has no effect"),
    ("align pairs.fa --seed 4", "--seed has no effect"),
    (ENRICH + "--max-skipped 0.5", "--max-skipped has no effect, since it is of lines of BED"),
    (ENRICH + "--control controls.fa --max-skipped 0.5", "--max-skipped has no effect"),
    (TRAIN + "--controls-per-target 1 --max-skipped 0.5", "--max-skipped has no effect"),
    (SCAN + "--max-skipped 0.5", "--max-skipped has no effect"),
    (DECODE + "--max-skipped 0.5", "--max-skipped has no effect"),
    (DECODE + "--window 50", "--window has no effect"),
    ("test strand in.fa --window 50", "--window has no effect"),
    ("test strand in.fa --shuffle-klet 3", "--shuffle-klet has no effect, since controls are shuffles"),
    ("test palindrome motifs.meme in.fa --window 50", "--window has no effect, since it is of peaks"),
    ("test palindrome motifs.meme in.fa --genome genome.fa", "--genome has no effect, since it is of peaks"),
    ("test strand in.fa --blacklist black.bed", "--blacklist has no effect, since controls are shuffles"),
    ("test position in.fa --genome genome.fa", "--genome has no effect, since 60 of 60 targets have no"),
    ("test position in.fa --max-skipped 0.5", "--max-skipped has no effect"),
    ("test experiments in.fa longer.fa --window 50", "--window has no effect, since it is of peaks"),
    ("test experiments in.fa longer.fa --genome genome.fa", "--genome has no effect, since it is of peaks"),
    ("test experiments in.fa longer.fa --max-skipped 0.5", "--max-skipped has no effect"),
    (
        "scan motifs.meme peaks.bed --genome genome.fa --degap",
        "--degap has no effect, since it is of sequences",
    ),
    ("decode motifs.meme peaks.bed --genome genome.fa --degap", "--degap has no effect"),
    ("enrich motifs.meme peaks.bed --window 60 --genome genome.fa --degap", "--degap has no effect"),
    (TRAIN + "--controls-per-target 1 --resume", "--resume has no effect, since no run was interrupted in"),
    ("profile few.fa --gaps never --inserts own", "--inserts has no effect"),
    ("profile few.fa --width fixed --max-columns 20", "--max-columns has no effect"),
    # Asked for, though it be the default.
    (ENRICH + "--match-controls", "--match-controls has no effect, since no controls are given"),
    (ENRICH + "--control controls.fa --controls-per-target 0", "--controls-per-target has no effect"),
    (ENRICH + "--control controls.fa --seed 0", "--seed has no effect"),
    (TRAIN + "--controls-per-target 1 --n-folds 5 --cross-fit-below 0", "--n-folds has no effect"),
    (SCAN + "--window 0", "--window has no effect"),
    (DECODE + "--pseudocount 0.5", "--pseudocount has no effect"),
    ("simulate --n-targets 2 --strand both", "--strand has no effect"),
    ("logos motifs.meme --n-columns 4", "--n-columns has no effect"),
    ("align pairs.fa --seed 0", "--seed has no effect"),
    ("profile few.fa --width fixed --max-columns 60", "--max-columns has no effect"),
]
WITH_EFFECT = [
    ENRICH + "--control longer.fa --match-controls --seed 3 --controls-per-target 3 --shuffle-klet 3",
    ENRICH + "--control longer.fa --no-match-controls",
    TRAIN + "--control controls.fa --seed 3",
    TRAIN + "--control longer.fa --controls-per-target 1 --shuffle-klet 1",
    ENRICH + "--seed 3 --controls-per-target 3 --shuffle-klet 3",
    "enrich motifs.meme peaks.bed --window 60 --genome genome.fa --seed 3",
    TRAIN + "--controls-per-target 1",
    SCAN + "--background genome --genome genome.fa --background-order 1",
    "scan motifs.meme peaks.bed --window 50 --genome genome.fa --coordinates sequence",
    SCAN + "--overlaps best --across-motifs",
    SCAN + "--degap",
    "scan motifs.meme peaks.bed --genome genome.fa --background genome --degap",
    "scan motifs.meme peaks.bed --genome genome.fa --max-skipped 0.5",
    "enrich motifs.meme peaks.bed --genome genome.fa --control controls.fa --degap --max-skipped 0.5",
    "align pairs.fa --band 40",
    DECODE + "--strand-tie untied --refine --max-rounds 1",
    SCAN + "--best --overlaps best --across-motifs",
    "simulate --n-targets 2",
    "simulate --background in.fa --background-order 1 --motif GATA --n-targets 2 --share 0.5 "
    "--strand single --position centred",
    DECODE + "--rate 0.01 --refine --max-rounds 1 --pseudocount 2 --min-posterior 0.9",
    "logos motifs.meme --together grid --n-columns 3 --format png --dpi 100 --small-sample-correction",
    "align pairs.fa --gamma 4 --n-samples 1 --seed 4",
    "profile few.fa --inserts own --max-columns 20",
    "test strand in.fa --control longer.fa --seed 3",
    "test position in.fa --strand single --origin 30 --seed 3 --degap",
    "test experiments in.fa longer.fa --seed 3 --strand single --mask-lowercase",
]


@pytest.mark.parametrize(("line", "sentence"), WITHOUT_EFFECT)
def test_what_has_no_effect_is_told(folder, tmp_path, capsys, line, sentence):
    told = said(folder, tmp_path / "out", capsys, line)
    assert sum(sentence in text for text in told) == 1, told


@pytest.mark.parametrize("line", WITH_EFFECT)
def test_what_has_an_effect_is_not(folder, tmp_path, capsys, line):
    assert not [text for text in said(folder, tmp_path / "out", capsys, line) if "no effect" in text]


def test_a_blacklist_that_is_no_bed_file_is_an_error(folder, tmp_path, capsys):
    line = "enrich motifs.meme peaks.bed --window 60 --genome genome.fa --blacklist in.fa"
    with pytest.raises(SystemExit, match="2"):
        said(folder, tmp_path / "out", capsys, line)
    assert "in.fa: is no BED file; give the regions that no control may overlap" in capsys.readouterr().err


OUT_OF_REACH = [
    (
        "scan short.meme in.fa",
        "1 of 3 motifs can have no site, since no word has a p-value of 0.0001 or less: GATA",
    ),
    ("scan short.meme in.fa --min-score 12", "since no word has a score of 12 bits or more: GATA (best"),
    (
        "enrich short.meme in.fa",
        "1 of 3 motifs can have no site, since no word has a p-value of 0.001 or less: GATA",
    ),
    ("enrich short.meme in.fa --max-site-p 1e-5", "2 of 3 motifs can have no site"),
    ("decode short.meme in.fa --rate 0.001", "2 of 3 motifs have no site of --min-posterior 0.5: GATA"),
]


@pytest.mark.parametrize(("line", "sentence"), OUT_OF_REACH)
def test_motifs_that_can_have_no_site_are_named(folder, tmp_path, capsys, line, sentence):
    told = said(folder, tmp_path / "out", capsys, line)
    assert sum(sentence in text for text in told) == 1, told


@pytest.mark.parametrize(
    "line", ["scan short.meme in.fa --max-p 0.02", "enrich short.meme in.fa --max-site-p 0.02"]
)
def test_motifs_that_can_have_one_are_not(folder, tmp_path, capsys, line):
    assert not [text for text in said(folder, tmp_path / "out", capsys, line) if "no site" in text]


def test_controls_too_few_for_any_test_are_told(folder, tmp_path, capsys):
    for name, n in (("two", 2), ("one", 1)):
        codes = np.random.default_rng(n).integers(0, 4, (n, 30), dtype=np.uint8)
        write_fasta(folder / f"{name}.fa", Sequences.from_codes(list(codes)))
    told = said(folder, tmp_path / "out", capsys, "enrich motifs.meme two.fa --control one.fa")
    sentence = (
        "2 targets and 1 control can give no p-value below 0.17, and no E-value below 0.33: more are needed."
    )
    assert sentence in told


def test_held_out_sequences_too_few_for_any_motif_are_told():
    judging = _Judging({"a": 9, "b": 40}, {"a": (3, 4), "b": (30, 40)})
    motif = SimpleNamespace(n_tests=4, extends="")
    sentence = "3 targets and 4 controls can give no p-value below 0.014, and no E-value below 0.057"
    (told,) = _too_few(SimpleNamespace(motifs=[motif]), judging, 0.05)
    assert told.startswith(f"a: {sentence}")
    assert _too_few(SimpleNamespace(motifs=[motif]), judging, 0.1) == []
    (told,) = _too_few(SimpleNamespace(motifs=[]), judging, 0.01)
    assert told.startswith(
        "a: 3 targets and 4 controls can give no p-value below 0.014, and no E-value below 0.029"
    )
    assert _too_few(SimpleNamespace(motifs=[]), judging, 0.05) == []


@pytest.mark.parametrize(
    ("n", "options", "most"), [(10, "", "0.05"), (20, "", "0.05"), (60, "--site-fpr 0.01", "0.01")]
)
def test_controls_too_few_for_thresholds_are_told(folder, tmp_path, capsys, n, options, most):
    """A search that finds nothing for want of controls says so, as does one that finds little."""
    records = (folder / "controls.fa").read_text().split(">")[1 : n + 1]
    (tmp_path / "some.fa").write_text("".join(f">{one}" for one in records))
    told = said(folder, tmp_path / "out", capsys, f"{TRAIN} --control {tmp_path / 'some.fa'} {options}")
    (sentence,) = (text for text in told if "left to seek motifs with" in text)
    left = int(sentence.removeprefix("in: ").split()[0])
    assert 0 < left < n
    assert f"at most {most} of them (--site-fpr), which is less than one" in sentence
    assert f"so that {1 / float(most):.0f} are left" in sentence
    assert sentence in (tmp_path / "out" / "report.html").read_text()


def test_controls_enough_for_thresholds_are_not(folder, tmp_path, capsys):
    told = said(folder, tmp_path / "out", capsys, f"{TRAIN} --control controls.fa --site-fpr 0.3")
    assert not any("left to seek" in text for text in told)


def test_each_task_is_judged_by_its_own(folder):
    codes = np.random.default_rng(0).integers(0, 4, (3, 40, 60), dtype=np.uint8)
    first, second, others = (Sequences.from_codes(list(some)) for some in codes)
    data = compose({"a": first, "b": second}, GivenControls(others), SplitOptions(cross_fit_below=0)).dataset
    config = TrainConfig().with_options("split", cross_fit_below=0)
    held = _Judging.of(data, config)
    test, train = (data.part == part for part in (TEST, TRAINING))
    for column, task in enumerate(data.tasks):
        labels = data.labels[:, column]
        assert held.n_tested[task] == (int((labels[test] == 1).sum()), int((labels[test] == 0).sum()))
        assert held.n_learnt_from[task] == int((labels[train] == 0).sum())
    crossed = _Judging.of(data, TrainConfig())
    assert set(crossed.n_tested.values()) == {(40, 40)}
    assert all(0 < n < 40 for n in crossed.n_learnt_from.values())


@pytest.mark.parametrize(("shuffled", "noun"), [(True, "shuffles"), (False, "controls")])
def test_a_composite_that_too_few_sequences_can_tell_from_chance_is_told(shuffled, noun):
    few, enough = Enrichment(2, 3, 0, 4, -1.0), Enrichment(9, 30, 0, 40, -1.0)

    def told(net):
        motif = SimpleNamespace(
            n_tests=4,
            extends="1-GATA",
            net=net,
            against_shuffled=shuffled,
            motif=SimpleNamespace(name="2-GATACTG"),
        )
        judging = _Judging({"a": 40}, {"a": (30, 40)})
        return _too_few(SimpleNamespace(motifs=[motif]), judging, 0.05)

    (sentence,) = told(few)
    assert sentence == (
        f"2-GATACTG cannot be told from chance at sites of 1-GATA: 3 targets and 4 {noun} can give no "
        "p-value below 0.014, and no E-value below 0.057: more are needed."
    )
    assert told(enough) == []


def test_a_background_of_no_bases_is_an_error(folder, tmp_path, capsys):
    for line in ("scan motifs.meme unknown.fa", "decode motifs.meme unknown.fa", "profile unknown.fa"):
        with pytest.raises(SystemExit, match="2"):
            said(folder, tmp_path / "out", capsys, line)
        assert "known base" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("command", ["scan", "decode", "train", "profile"])
def test_records_of_one_name_are_told_apart(folder, tmp_path, capsys, command):
    given = folder / "in.fa"
    twins = tmp_path / "twins.fa"
    twins.write_text(
        "".join(
            f">{'same' if i % 30 == 0 else i}\n{t}\n" for i, t in enumerate(given.read_text().split()[1::2])
        )
    )
    line = {
        "scan": f"scan motifs.meme {twins}",
        "decode": f"decode motifs.meme {twins}",
        "train": f"train {twins} --controls-per-target 1 {' '.join(SMALL)}",
        "profile": f"profile {twins}",
    }[command]
    out = tmp_path / "out"
    told = said(folder, out, capsys, line)
    assert "1 of 60 sequences has the name of an earlier one and a number behind it, such as same_2" in told
    if command in ("scan", "decode"):
        column, table = ("sequence_name", out) if command == "scan" else ("seq_ID", out / "sequences.tsv")
        with table.open() as handle:
            names = {row[column] for row in csv.DictReader(handle, delimiter="\t")}
        assert {"same", "same_2"} <= names


def test_motifs_too_many_to_scan_with_are_refused_before_work_begins(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(memory, "_limits", lambda: iter([1000.0]))
    with pytest.raises(SystemExit, match="2"):
        said(folder, tmp_path / "hits.tsv", capsys, "scan motifs.meme in.fa")
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "NotEnoughMemory" in line]
    assert line.startswith(
        "NotEnoughMemory: scanning with 2 motifs takes about 6.8e-05 GB; 0 GB are allowed: scan"
    )
    assert not (tmp_path / "hits.tsv").exists()


@pytest.mark.parametrize(
    "line",
    [
        "scan long.meme in.fa --max-p 1e-9",
        "enrich long.meme in.fa",
        "decode long.meme in.fa",
        "cluster long.meme",
        "compare long.meme long.meme",
        "logos long.meme",
    ],
)
def test_names_as_long_as_a_book_are_cut_where_they_are_told(folder, tmp_path, capsys, line):
    write_meme(
        folder / "long.meme",
        [replace(motif_from_word(word), name=word * 600) for word in ("GATAAG", "CCACTT")],
    )
    words = [str(folder / word) if (folder / word).is_file() else word for word in line.split()]
    main([*words, "-o", str(tmp_path / "out.tsv")])
    told = capsys.readouterr()
    assert max(len(text) for text in (told.out + told.err).splitlines()) < 600


@pytest.mark.parametrize(
    ("line", "work"),
    [
        ("enrich motifs.meme in.fa", "testing 2 motifs in 1,260 sequences takes about 1e-05 GB"),
        ("compare motifs.meme motifs.meme", "comparing 2 motifs with 2 takes about 1e-07 GB"),
    ],
)
def test_motifs_too_many_for_the_memory_are_refused(folder, tmp_path, monkeypatch, capsys, line, work):
    monkeypatch.setattr(memory, "_limits", lambda: iter([10.0]))
    words = [str(folder / word) if (folder / word).is_file() else word for word in line.split()]
    with pytest.raises(SystemExit, match="2"):
        main([*words, "-o", str(tmp_path / "out.tsv")])
    assert f"NotEnoughMemory: {work}; 0 GB are allowed: " in capsys.readouterr().err
    assert not (tmp_path / "out.tsv").exists()


@pytest.mark.parametrize("quiet", [(), ("-q",)], ids=["told", "quiet"])
@pytest.mark.parametrize("line", ["enrich motifs.meme tiles.fa", f"train tiles.fa {' '.join(SMALL)}"])
def test_a_warning_is_said_once_and_after_what_is_told_of_the_data(line, quiet, folder, tmp_path, capsys):
    words = [str(folder / word) if (folder / word).is_file() else word for word in line.split()]
    main([*words, "-o", str(tmp_path / "out"), "--controls-per-target", "1", *quiet])
    lines = capsys.readouterr().err.splitlines()
    of_overlaps = [text for text in lines if "targets overlap others; they are 60 places" in text]
    assert len(of_overlaps) == 1
    assert of_overlaps[0].startswith("warning: 60 of 120 targets overlap others")
    assert any("controls: " in text for text in lines) == (not quiet)
