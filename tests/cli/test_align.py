"""``motifnet align``, as a user calls it."""

import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

from motifnet.cli.align import command
from motifnet.errors import InvalidValue, MotifnetError, NotEnoughMemory, RunExists
from motifnet.hmm.model_file import read_model
from motifnet.io.alignments import read_alignments
from motifnet.io.posteriors import read_posteriors
from motifnet.symbols import DNA


def related(generator, length):
    x = generator.integers(0, 4, length).astype(np.uint8)
    y = np.where(generator.random(length) < 0.1, generator.integers(0, 4, length), x).astype(np.uint8)
    return x, np.delete(y, slice(length // 2, length // 2 + 5))


@pytest.fixture
def files(tmp_path):
    """Two FASTA files of ten pairs."""
    generator = np.random.default_rng(0)
    pairs = [related(generator, 80) for _ in range(10)]
    for side, name in enumerate(("human", "mouse")):
        records = [f">{name}{i}\n{DNA.decode(pair[side])}\n" for i, pair in enumerate(pairs)]
        (tmp_path / f"{name}.fa").write_text("".join(records))
    return tmp_path / "human.fa", tmp_path / "mouse.fa"


def run(*arguments):
    """Call the command; errors come out as they are."""
    return CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False)


def test_two_files_become_a_run_folder(files, tmp_path):
    out = tmp_path / "aln"
    result = run(*files, "-o", out, "-q", "--n-samples", "2", "--format", "fasta", "--format", "sam")
    assert result.exit_code == 0
    assert "cannot tell an insertion in x from a deletion in y" in " ".join(result.output.split())
    assert {path.name for path in out.iterdir()} == {
        "alignments.fa",
        "alignments.sam",
        "samples.fa",
        "posteriors.tsv",
        "confidence.bedgraph",
        "pairs.tsv",
        "model.json",
        "report.html",
        "run.json",
    }
    found = read_alignments(out / "alignments.fa")
    assert [one.x_name for one in found] == [f"human{i}" for i in range(10)]
    assert len(read_alignments(out / "samples.fa")) == 20
    assert sum(bool(re.fullmatch(r"\d+M5D\d+M", one.cigar())) for one in found) >= 8
    posteriors = read_posteriors(out / "posteriors.tsv")
    assert np.mean([one.posterior.probability.max() for one in posteriors]) > 0.99
    header, *rows = [line.split("\t") for line in (out / "pairs.tsv").read_text().splitlines()]
    assert [row[header.index("x_only")] for row in rows].count("5") >= 8
    assert json.loads((out / "run.json").read_text())["config"]["pair_model"]["tie"] == ["lineages"]
    assert (
        re.search(r"gap opening, x alone\s+0\.01\d+ ± 0\.00", result.output) or "gap opening" in result.output
    )


def test_exchanging_the_files_mirrors_the_alignments(files, tmp_path):
    for order, name in ((files, "one"), (files[::-1], "other")):
        run(*order, "-o", tmp_path / name, "-q")
    one, other = (read_alignments(tmp_path / name / "alignments.fa") for name in ("one", "other"))
    assert [pair.cigar() for pair in one] == [pair.swapped().cigar() for pair in other]


def test_a_given_model_is_used_as_it_is(files, tmp_path):
    run(*files, "-o", tmp_path / "one", "-q", "--tie", "none")
    result = run(*files, "-o", tmp_path / "two", "-q", "--model", tmp_path / "one" / "model.json")
    assert result.exit_code == 0
    assert not (tmp_path / "two" / "model.json").exists()
    one, two = ((tmp_path / name / "alignments.paf").read_text() for name in ("one", "two"))
    assert one == two
    assert not read_model(tmp_path / "one" / "model.json").is_symmetric


def test_pairs_may_have_divergence_times_of_their_own(files, tmp_path):
    result = run(*files, "-o", tmp_path / "own", "-q", "--divergence", "own", "--substitution", "jc69")
    assert result.exit_code == 0
    assert "median substitutions a site" in result.output
    header, *rows = [line.split("\t") for line in (tmp_path / "own" / "pairs.tsv").read_text().splitlines()]
    assert len({row[header.index("divergence")] for row in rows}) > 5
    with pytest.raises(InvalidValue, match="divergence"):
        run(*files, "-o", tmp_path / "full", "-q", "--divergence", "own")


def test_circles_are_cut_alike(tmp_path):
    generator = np.random.default_rng(1)
    x, y = related(generator, 2000)
    (tmp_path / "circles.fa").write_text(f">x\n{DNA.decode(x)}\n>y\n{DNA.decode(np.roll(y, 700))}\n")
    run(tmp_path / "circles.fa", "-o", tmp_path / "aln", "-q", "--circular")
    header, row = [line.split("\t") for line in (tmp_path / "aln" / "pairs.tsv").read_text().splitlines()]
    told = dict(zip(header, row, strict=True))
    assert told["y_cut"] == "700"
    assert told["x_only"] == "5"
    assert float(told["identity"]) > 0.9


@pytest.mark.parametrize("mode", ["local", "semi-global"])
def test_what_is_shared_is_found_in_longer_sequences(tmp_path, mode):
    generator = np.random.default_rng(2)
    x, y = related(generator, 200)
    flanks = [generator.integers(0, 4, 150).astype(np.uint8) for _ in range(2)]
    x, y = np.concatenate([flanks[0], x]), np.concatenate([y, flanks[1]])
    (tmp_path / "pair.fa").write_text(f">x\n{DNA.decode(x)}\n>y\n{DNA.decode(y)}\n")
    run(tmp_path / "pair.fa", "-o", tmp_path / "aln", "-q", "--mode", mode)
    query = (tmp_path / "aln" / "alignments.paf").read_text().split("\t")
    assert abs(int(query[2])) <= 5
    assert abs(int(query[3]) - 195) <= 5


@pytest.mark.parametrize(
    ("text", "options", "error", "told"),
    [
        (">x\nACGT\n", [], MotifnetError, "even number"),
        (">x\nACGT\n>y\n\n", [], MotifnetError, "y"),
        (">x\nMKVLAW\n>y\nMKVLAW\n", [], MotifnetError, "letter 'L'"),
        ("", [], MotifnetError, "empty|no "),
        (">x\nACGT\n>y\n" + "ACGT" * 100, [], InvalidValue, "4 and 400.*--mode"),
        (">x\nACGT\n>y\nACGT\n", ["--tie", "gapps"], MotifnetError, "did you mean 'gaps'"),
        (">x\nACGT\n>y\nACGT\n", ["--model", "none.json"], MotifnetError, "none.json"),
        (">x\nACGT\n>y\nACGT\n", ["--species", "x"], InvalidValue, "two names"),
        (">x\nACGTTGCA\n>y\nGGGGCCCC\n", ["--circular"], InvalidValue, "anchors"),
        (">x\nACGT\n>y\nACGT\n", ["--mode", "local", "--n-samples", "1"], InvalidValue, "n_samples"),
        (
            ">x\n" + "ACGT" * 5000 + "\n>y\n" + "ACGT" * 5000,
            ["--memory", "0.001"],
            NotEnoughMemory,
            "--memory.*--band",
        ),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(tmp_path, text, options, error, told):
    path = tmp_path / "pairs.fa"
    path.write_text(text)
    with pytest.raises(error, match=told):
        run(path, "-o", tmp_path / "aln", "-q", *options)
    assert not (tmp_path / "aln").exists()


def test_a_run_is_not_overwritten_unasked(files, tmp_path):
    run(*files, "-o", tmp_path / "aln", "-q")
    with pytest.raises(RunExists, match="--overwrite"):
        run(*files, "-o", tmp_path / "aln", "-q")
    assert run(*files, "-o", tmp_path / "aln", "-q", "--overwrite").exit_code == 0


def test_confidence_lies_in_the_genome_where_places_are_known(files, tmp_path):
    lines = (
        files[0]
        .read_text()
        .replace(">human0\n", ">chr2:1000-1080\n")
        .replace(">human1\n", ">chr2:500-580(-)\n")
    )
    files[0].write_text(lines)
    run(*files, "-o", tmp_path / "aln", "-q")
    rows = [line.split("\t") for line in (tmp_path / "aln" / "confidence.bedgraph").read_text().splitlines()]
    spans = {}
    for name, start, end, _ in rows:
        first, last = spans.get(name, (int(start), int(end)))
        spans[name] = min(first, int(start)), max(last, int(end))
    assert spans["chr2"] == (500, 1080)
    assert spans["human2"] == (0, 80)


def test_the_smaller_bic_chooses_the_classes_of_gaps(tmp_path):
    generator = np.random.default_rng(1)
    pairs = []
    for _ in range(60):
        x, y = related(generator, 200)
        for place, length in zip(generator.integers(0, 150, 4), (1, 1, 30, 1), strict=True):
            y = np.delete(y, slice(place, place + length))
        pairs.append((x, y))
    rows = [f"{DNA.decode(x)}\t{DNA.decode(y)}\n" for x, y in pairs]
    (tmp_path / "pairs.tsv").write_text("x\ty\n" + "".join(rows))
    run(tmp_path / "pairs.tsv", "-o", tmp_path / "two", "-q")
    assert read_model(tmp_path / "two" / "model.json").n_classes == 2
    (tmp_path / "few.tsv").write_text("x\ty\n" + rows[0])
    run(tmp_path / "few.tsv", "-o", tmp_path / "one", "-q")
    assert read_model(tmp_path / "one" / "model.json").n_classes == 1
