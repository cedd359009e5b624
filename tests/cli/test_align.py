"""``motifnet align``, as a user calls it."""

import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

import motifnet
from motifnet.cli.commands.align import command
from motifnet.errors import FileFormatError, InvalidValue, MotifnetError, NotEnoughMemory, RunExists
from motifnet.hmm.model_file import read_model, read_process
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
    assert json.loads((out / "run.json").read_text())["config"]["pair_model"]["pair_tie"] == ["lineages"]
    assert (
        re.search(r"gap opening, x alone\s+0\.01\d+ ± 0\.00", result.output) or "gap opening" in result.output
    )


def test_exchanging_the_files_mirrors_the_alignments(files, tmp_path):
    for order, name in ((files, "one"), (files[::-1], "other")):
        run(*order, "-o", tmp_path / name, "-q")
    one, other = (read_alignments(tmp_path / name / "alignments.fa") for name in ("one", "other"))
    assert [pair.cigar() for pair in one] == [pair.swapped().cigar() for pair in other]


def test_a_given_model_is_used_as_it_is(files, tmp_path, caplog):
    run(*files, "-o", tmp_path / "one", "-q", "--pair-tie", "none")
    result = run(*files, "-o", tmp_path / "two", "-q", "--parameters", tmp_path / "one" / "model.json")
    assert result.exit_code == 0
    assert not (tmp_path / "two" / "model.json").exists()
    one, two = ((tmp_path / name / "alignments.paf").read_text() for name in ("one", "two"))
    assert one == two
    options = ["--parameters", tmp_path / "one" / "model.json", "--pair-tie", "none", "--max-rounds", "9"]
    run(*files, "-o", tmp_path / "three", "-q", *options)
    idle = "has no effect, since nothing is learnt: --parameters are used as they are"
    assert caplog.messages == [f"--max-rounds {idle}", f"--pair-tie {idle}"]
    assert not read_model(tmp_path / "one" / "model.json").is_symmetric


def test_pairs_may_have_divergence_times_of_their_own(files, tmp_path):
    result = run(*files, "-o", tmp_path / "own", "-q", "--divergence", "own", "--substitution", "jc69")
    assert result.exit_code == 0
    assert "median substitutions a site" in result.output
    header, *rows = [line.split("\t") for line in (tmp_path / "own" / "pairs.tsv").read_text().splitlines()]
    assert len({row[header.index("divergence")] for row in rows}) > 5
    process = read_process(tmp_path / "own" / "model.json")
    told = [float(row[header.index("divergence")]) for row in rows]
    assert [1 - process.model(i).identity for i in range(10)] == pytest.approx(told, abs=1e-6)
    learnt = motifnet.read_run(tmp_path / "own").model
    assert np.array_equal(learnt.times, process.times)
    with pytest.raises(FileFormatError, match=r"format: .*of --divergence shared"):
        run(*files, "-o", tmp_path / "again", "-q", "--parameters", tmp_path / "own")
    with pytest.raises(InvalidValue, match="divergence"):
        run(*files, "-o", tmp_path / "full", "-q", "--divergence", "own")


def test_circles_are_cut_alike(tmp_path):
    generator = np.random.default_rng(1)
    x, y = related(generator, 2000)
    (tmp_path / "circles.fa").write_text(f">x\n{DNA.decode(x)}\n>y\n{DNA.decode(np.roll(y, 700))}\n")
    run(tmp_path / "circles.fa", "-o", tmp_path / "aln", "-q", "--circular")
    header, row = [line.split("\t") for line in (tmp_path / "aln" / "pairs.tsv").read_text().splitlines()]
    told = dict(zip(header, row, strict=True))
    assert told["y_cut"] == told["y_start"] == "700"
    assert (told["y_end"], told["y_strand"], told["y_source_length"]) == ("2695", "+", "1995")
    assert told["x_only"] == "5"
    assert float(told["identity"]) > 0.9
    lines = (tmp_path / "aln" / "alignments.maf").read_text().splitlines()
    rows = [line.split() for line in lines if line[:2] == "s "]
    assert [row[2:6] for row in rows if row[1] == "y"] == [
        ["700", "1295", "+", "1995"],
        ["0", "700", "+", "1995"],
    ]
    around = np.roll(y, 700)
    for (x_row, y_row), (x_place, y_place) in (
        (one.rows(), one.homes()) for one in read_alignments(tmp_path / "aln" / "alignments.maf")
    ):
        assert x_row.replace("-", "") == DNA.decode(x[x_place.start : x_place.end])
        assert y_row.replace("-", "") == DNA.decode(around[y_place.start : y_place.end])


@pytest.mark.parametrize("strand", ["both", "single"])
def test_circles_of_opposite_strands(tmp_path, strand):
    generator = np.random.default_rng(1)
    x, y = related(generator, 2000)
    other = DNA.reverse_complement(np.roll(y, 700))
    (tmp_path / "circles.fa").write_text(f">x\n{DNA.decode(x)}\n>y\n{DNA.decode(other)}\n")
    options = [tmp_path / "circles.fa", "-o", tmp_path / "aln", "-q", "--circular", "--strand", strand]
    if strand == "single":
        with pytest.raises(InvalidValue, match="anchors"):
            run(*options)
        return
    run(*options)
    ((*_, row),) = [list(table_of(tmp_path / "aln"))]
    assert (row["y_strand"], row["y_cut"]) == ("-", str(1995 - 700 - 1))
    assert float(row["y_coverage"]) > 0.99
    for one in read_alignments(tmp_path / "aln" / "alignments.maf"):
        place = one.y_place
        letters = other[place.start : place.end]
        assert one.rows()[1].replace("-", "") == DNA.decode(DNA.reverse_complement(letters))


def test_a_circle_that_is_not_turned_is_told_so(tmp_path):
    x = np.random.default_rng(3).integers(0, 4, 60).astype(np.uint8)
    y = np.concatenate([DNA.reverse_complement(x), x[:22]])
    (tmp_path / "circles.fa").write_text(f">x\n{DNA.decode(x)}\n>y\n{DNA.decode(y)}\n")
    result = run(tmp_path / "circles.fa", "-o", tmp_path / "aln", "-q", "--circular")
    told = "not as it was cut: not learnt from, and not turned (a circle is turned where it clearly shares"
    assert told in result.stderr
    assert "--strand both" not in result.stderr


def table_of(folder):
    """Rows of ``pairs.tsv``."""
    header, *rows = [line.split("\t") for line in (folder / "pairs.tsv").read_text().splitlines()]
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_pairs_on_opposite_strands_are_turned_or_told(files, tmp_path):
    names = [f"mouse{i}" for i in range(10)]
    records = dict(zip(names, files[1].read_text().split("\n")[1::2], strict=True))
    forward = DNA.encode(records["mouse3"])
    records["mouse3"] = DNA.decode(DNA.reverse_complement(forward))
    files[1].write_text("".join(f">{name}\n{text}\n" for name, text in records.items()))
    both = run(
        *files, "-o", tmp_path / "both", "-q", "--format", "paf", "--format", "sam", "--format", "fasta"
    )
    assert "1 pair (human3-mouse3) is alike on the other strand of the second sequence, which is turned" in (
        both.stderr
    )
    single = run(*files, "-o", tmp_path / "single", "-q", "--strand", "single")
    assert "not learnt from, and not turned" in single.stderr
    turned, told = (table_of(tmp_path / name)[3] for name in ("both", "single"))
    assert (turned["y_strand"], turned["learnt_from"]) == ("-", "yes")
    assert (told["y_strand"], told["learnt_from"]) == ("+", "no")
    assert float(turned["x_coverage"]) > 0.9 > 0.6 > float(told["x_coverage"])
    paf = (tmp_path / "both" / "alignments.paf").read_text().splitlines()[3].split("\t")
    assert paf[4] == "-"
    sam = (tmp_path / "both" / "alignments.sam").read_text().splitlines()[-7].split("\t")
    assert (sam[0], sam[1], sam[9]) == ("mouse3", "16", DNA.decode(forward))
    assert ">mouse3:0-75(-)" in (tmp_path / "both" / "alignments.fa").read_text()
    positions = [
        line.split("\t")[2:4]
        for line in (tmp_path / "both" / "posteriors.tsv").read_text().splitlines()
        if line.startswith("human3\t") and line.endswith(("\t1", "\t0.999999"))
    ]
    assert len(positions) > 10
    y = [int(place) for _, place in positions]
    assert y == sorted(y, reverse=True)


def test_pairs_that_are_not_alike_do_not_teach(files, tmp_path):
    run(*files, "-o", tmp_path / "without", "-q", "--gap-classes", "1")
    generator = np.random.default_rng(5)
    for path in files:
        strange = DNA.decode(generator.integers(0, 4, 80).astype(np.uint8))
        path.write_text(path.read_text() + f">stranger\n{strange}\n")
    result = run(*files, "-o", tmp_path / "with", "-q", "--gap-classes", "1")
    assert "1 pair (stranger-stranger) is alike no more than by chance" in result.stderr
    assert [row["learnt_from"] for row in table_of(tmp_path / "with")] == ["yes"] * 10 + ["no"]
    one, other = (read_model(tmp_path / name / "model.json") for name in ("with", "without"))
    assert np.array_equal(one.match, other.match)
    assert np.array_equal(one.open, other.open)


def test_files_in_another_order_are_told(files, tmp_path):
    records = files[1].read_text().split(">")[1:]
    files[1].write_text("".join(f">{record}" for record in records[1:] + records[:1]))
    result = run(*files, "-o", tmp_path / "aln", "-q")
    assert "none of 10 pairs is more alike than by chance" in result.stderr
    assert "in the same order?" in result.stderr


def test_strands_of_maf_reach_every_file(tmp_path):
    generator = np.random.default_rng(3)
    blocks = ["##maf version=1\n"]
    genome = {"a.1": generator.integers(0, 4, 1000).astype(np.uint8)}
    genome["b.2"] = np.where(
        generator.random(1000) < 0.1, generator.integers(0, 4, 1000), genome["a.1"]
    ).astype(np.uint8)
    genome["b.2"] = DNA.reverse_complement(genome["b.2"])
    for start in (100, 300, 500):
        blocks.append(f"a score={start}\n")
        for name, strand, at in (("a.1", "-", 1000 - start - 120), ("b.2", "+", 1000 - start - 120)):
            codes = genome[name] if strand == "+" else DNA.reverse_complement(genome[name])
            blocks.append(f"s {name} {at} 120 {strand} 1000 {DNA.decode(codes[at : at + 120])}\n")
        blocks.append("\n")
    (tmp_path / "in.maf").write_text("".join(blocks))
    run(tmp_path / "in.maf", "-o", tmp_path / "out", "-q", "--format", "maf", "--format", "paf")
    for row, start in zip(table_of(tmp_path / "out"), (100, 300, 500), strict=True):
        assert (row["x_source"], row["x_strand"], row["y_strand"]) == ("a.1", "-", "+")
        assert (int(row["x_start"]), int(row["x_end"])) == (start, start + 120)
        assert int(row["y_start"]) == 1000 - start - 120
        assert float(row["deviation"]) < 1e-8
    for line in (tmp_path / "out" / "alignments.paf").read_text().splitlines():
        cells = line.split("\t")
        assert (cells[4], int(cells[2])) == ("-", 1000 - int(cells[8]))
    again = read_alignments(tmp_path / "out" / "alignments.maf")
    for one in again:
        codes = genome["a.1"][one.x_place.start : one.x_place.end]
        assert DNA.decode(DNA.reverse_complement(codes)) == one.rows()[0].replace("-", "")
    for x, y, posterior in read_posteriors(tmp_path / "out" / "posteriors.tsv"):
        assert (x.source, y.source, x.start, y.start) == ("a.1", "b.2", 100, 380)
        best = posterior.probability > 0.9
        at = np.stack([posterior.x_position[best] + x.start, posterior.column[best] + y.start])
        assert np.mean(at.sum(0) == 999) > 0.9  # what is first in the one is last in the other
    spans = [line.split("\t") for line in (tmp_path / "out" / "confidence.bedgraph").read_text().splitlines()]
    assert {span[0] for span in spans} == {"a.1"}
    assert (min(int(span[1]) for span in spans), max(int(span[2]) for span in spans)) == (100, 620)


def test_absurd_names_break_nothing(tmp_path):
    generator = np.random.default_rng(3)
    x, y = (DNA.decode(codes) for codes in related(generator, 90))
    name = "n/" + "=" * 5000
    (tmp_path / "in.tsv").write_text(f"name\tx\ty\n{name}\t{x}\t{y}\n{name}\t{x}\t{y}\n")
    result = run(tmp_path / "in.tsv", "-o", tmp_path / "out", "-q", "--format", "sam", "--format", "maf")
    assert max(map(len, result.output.splitlines())) < 300
    assert [row["name"] for row in table_of(tmp_path / "out")] == [name, name]
    assert len((tmp_path / "out" / "alignments.sam").read_text().splitlines()[-1].split("\t")[0]) == 254


def test_more_pairs_than_memory_holds_are_refused_before_work_begins(tmp_path):
    (tmp_path / "in.tsv").write_text("x\ty\n" + "ACGTACGTAC\tACGTACGTAC\n" * 200)
    with pytest.raises(NotEnoughMemory, match="what is kept of 200 pairs takes about"):
        run(tmp_path / "in.tsv", "-o", tmp_path / "out", "-q", "--memory", "0.0005")
    assert not (tmp_path / "out").exists()


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
        (">x\nACGT\n>y\nACGT\n", ["--pair-tie", "gapps"], MotifnetError, "did you mean 'gaps'"),
        (">x\nACGT\n>y\nACGT\n", ["--parameters", "none.json"], MotifnetError, "none.json"),
        (">x\nACGT\n>y\nACGT\n", ["--species", "x"], InvalidValue, "two names"),
        (">x\nACGTTGCA\n>y\nGGGGCCCC\n", ["--circular"], InvalidValue, "anchors"),
        (">x\nACGT\n>y\nACGT\n", ["--mode", "local", "--n-samples", "1"], InvalidValue, "n_samples"),
        (
            ">x\n" + "ACGT" * 5000 + "\n>y\n" + "ACGT" * 5000,
            ["--memory", "0.02"],
            NotEnoughMemory,
            "pair.*--memory.*parts",
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


@pytest.fixture
def third(tmp_path, files):
    """A third sequence for each pair, which has all that human has: so mouse lost what it lacks."""
    generator = np.random.default_rng(1)
    records = []
    for one in files[0].read_text().split(">")[1:]:
        name, letters = one.split()
        x = DNA.encode(letters)
        z = np.where(generator.random(len(x)) < 0.1, generator.integers(0, 4, len(x)), x).astype(np.uint8)
        records.append(f">{name.replace('human', 'dog')}\n{DNA.decode(z)}\n")
    path = tmp_path / "dog.fa"
    path.write_text("".join(records))
    return path


def test_a_third_sequence_tells_the_lineage_of_gaps(files, third, tmp_path):
    out = tmp_path / "told"
    result = run(*files, "--outgroup", third, "-o", out, "-q", "--gap-classes", "1")
    assert re.search(r"deletion in y: \d+ \(\d+ to \d+\), ([89]|1\d) of them sure", result.output)
    assert "Two sequences alone" not in result.output
    header, *rows = [line.split("\t") for line in (out / "gaps.tsv").read_text().splitlines()]
    lost = [dict(zip(header, row, strict=True)) for row in rows if row[header.index("length")] == "5"]
    assert len(lost) >= 8
    for gap in lost:
        assert (gap["event"], gap["bases_of"]) == ("deletion in y", "x")
        assert int(gap["x_end"]) - int(gap["x_start"]) == 5
        assert gap["y_start"] == gap["y_end"]
        assert float(gap["deletion"]) > 0.9
        assert float(gap["in_outgroup"]) > 0.9
    counted = [line.split("\t") for line in (out / "lineages.tsv").read_text().splitlines()]
    assert [row[0] for row in counted[1:]] == [
        "insertion in x",
        "deletion in y",
        "insertion in y",
        "deletion in x",
    ]
    assert "Gaps by lineage" in (out / "report.html").read_text()
    record = json.loads((out / "run.json").read_text())
    assert [one["path"] for one in record["inputs"]["outgroup"]] == [str(third)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--mode", "local"], "mode is 'local'; expected 'global' with --outgroup"),
        (
            ["--divergence", "own", "--substitution", "k80"],
            "divergence is 'own'; expected 'shared' with --outgroup",
        ),
    ],
)
def test_a_third_sequence_takes_whole_sequences_and_one_model(files, third, tmp_path, options, said):
    with pytest.raises(InvalidValue, match=re.escape(said)):
        run(*files, "--outgroup", third, "-o", tmp_path / "out", "-q", *options)
