"""``motifnet align`` of pairs of several kinds, as a user calls it."""

import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

import motifnet
from motifnet.cli.commands.align import command
from motifnet.cli.commands.test.indel import command as indel
from motifnet.errors import AlignmentFormatError, FileFormatError, InvalidValue
from motifnet.hmm.model_file import read_learnt, read_model, read_models, read_process
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_learn import MOST_GROUPS
from motifnet.io.pairs import read_pairs
from motifnet.symbols import DNA

NEAR, FAR = 0.03, 0.3  # shares of bases that are drawn anew


def run(*arguments, of=command):
    """Call a command; errors come out as they are."""
    return CliRunner().invoke(of, [str(one) for one in arguments], catch_exceptions=False)


def drawn(generator, divergence, length=300):
    """Two related sequences, as letters."""
    x = generator.integers(0, 4, length).astype(np.uint8)
    y = np.where(generator.random(length) < divergence, generator.integers(0, 4, length), x).astype(np.uint8)
    return DNA.decode(x), DNA.decode(np.delete(y, slice(length // 2, length // 2 + 3)))


def table(path, divergences, *, each=15):
    """A table of pairs of groups that differ by these divergences, one of each in turn."""
    generator = np.random.default_rng(0)
    rows = [(group, *drawn(generator, share)) for _ in range(each) for group, share in divergences.items()]
    lines = [f"{group}{i}\t{x}\t{y}\t{group}\n" for i, (group, x, y) in enumerate(rows)]
    path.write_text("name\tx\ty\tgroup\n" + "".join(lines))
    return path


@pytest.fixture
def maf(tmp_path):
    """Blocks of human with chimp and of human with mouse, in turn."""
    generator = np.random.default_rng(0)
    blocks = []
    for i in range(30):
        other, divergence = (("panTro2", NEAR), ("mm9", FAR))[i % 2]
        x, y = drawn(generator, divergence)
        rows = [
            f"s {name}.chr1 {1000 * i} {len(bases)} + 90000 {bases.ljust(len(x), '-')}"
            for name, bases in (("hg18", x), (other, y))
        ]
        blocks.append("a score=1\n" + "\n".join(rows) + "\n")
    path = tmp_path / "blocks.maf"
    path.write_text("##maf version=1\n" + "\n".join(blocks))
    return path


def test_pairs_of_species_have_the_models_that_they_have_alone(maf, tmp_path):
    result = run(maf, "-o", tmp_path / "both")
    assert re.search(
        r"^2 groups of pairs have a model each \(BIC .*; of one for all ", result.output, re.MULTILINE
    )
    models = read_models(tmp_path / "both" / "model.json")
    assert set(models) == {"hg18 and panTro2", "hg18 and mm9"}
    with pytest.raises(FileFormatError, match="has models of several groups; expected that of one"):
        read_model(tmp_path / "both" / "model.json")
    assert set(motifnet.read_run(tmp_path / "both").model) == set(models)
    for other in ("panTro2", "mm9"):
        run(maf, "-o", tmp_path / other, "-q", "--species", "hg18", "--species", other)
        alone, of_both = read_model(tmp_path / other / "model.json"), models[f"hg18 and {other}"]
        np.testing.assert_array_equal(alone.match, of_both.match)
        np.testing.assert_array_equal(alone.open, of_both.open)
        assert re.search(rf"hg18 and {other} +15 +{of_both.identity:.4f}", result.output)
    header, *rows = [line.split("\t") for line in (tmp_path / "both" / "pairs.tsv").read_text().splitlines()]
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    told = {(row["group"], row["model"], float(row["divergence"])) for row in cells}
    assert told == {(group, "group", round(1 - model.identity, 6)) for group, model in models.items()}
    page = (tmp_path / "both" / "report.html").read_text()
    assert "Group of pairs" in page
    assert "2 groups of pairs have a model each" in page


def test_which_of_two_species_comes_first_is_of_no_account(maf, tmp_path):
    turned = maf.read_text().replace("hg18.chr1 0 ", "swap ").replace("panTro2.chr1 0 ", "hg18.chr1 0 ")
    (tmp_path / "turned.maf").write_text(turned.replace("swap ", "panTro2.chr1 0 "))
    assert set(read_pairs(tmp_path / "turned.maf").by_group()) == set(read_pairs(maf).by_group())


def test_groups_that_are_alike_share_a_model(tmp_path):
    result = run(table(tmp_path / "alike.tsv", {"a": FAR, "b": FAR}), "-o", tmp_path / "alike")
    pattern = r"one model is of all 2 groups of pairs \(BIC ([\d,.]+); of one for each ([\d,.]+)\)"
    one, several = (float(told.replace(",", "")) for told in re.findall(pattern, result.output)[0])
    assert one < several
    assert isinstance(read_learnt(tmp_path / "alike" / "model.json"), PairHmm)
    page = (tmp_path / "alike" / "report.html").read_text()
    assert "Group of pairs" not in page
    assert "One model is of all 2 groups of pairs" in page


def test_models_of_groups_are_used_again(tmp_path):
    pairs = table(tmp_path / "pairs.tsv", {"near": NEAR, "far": FAR})
    run(pairs, "-o", tmp_path / "one", "-q")
    result = run(pairs, "-o", tmp_path / "two", "-q", "--parameters", tmp_path / "one")
    one, two = ((tmp_path / name / "alignments.paf").read_text() for name in ("one", "two"))
    assert one == two
    for group, model in read_models(tmp_path / "one" / "model.json").items():
        assert re.search(rf"^{group} +15 +{model.identity:.4f}", result.output, re.MULTILINE)
    strange = table(tmp_path / "strange.tsv", {"dog": NEAR}, each=2)
    said = "group of pairs is 'dog'; expected one that has a model: near, far"
    with pytest.raises(InvalidValue, match=said):
        run(strange, "-o", tmp_path / "three", "-q", "--parameters", tmp_path / "one")
    stored = json.loads((tmp_path / "one" / "model.json").read_text())
    stored["groups"]["far"]["end"] = 0.5
    (tmp_path / "changed.json").write_text(json.dumps(stored, indent=1))
    with pytest.raises(FileFormatError, match="its content is not that of its digest"):
        run(pairs, "-o", tmp_path / "four", "-q", "--parameters", tmp_path / "changed.json")


def test_times_are_of_processes_of_groups(tmp_path):
    generator = np.random.default_rng(2)
    rows = []
    for i in range(24):
        x, y = drawn(generator, FAR if i % 2 else NEAR, 600)
        gappy = "".join(base for k, base in enumerate(y) if i % 2 or k % 20 > 2)
        rows.append(f"p{i}\t{x}\t{gappy}\t{('gappy', 'plain')[i % 2]}\n")
    (tmp_path / "pairs.tsv").write_text("name\tx\ty\tgroup\n" + "".join(rows))
    out = tmp_path / "own"
    run(tmp_path / "pairs.tsv", "-o", out, "-q", "--divergence", "own", "--substitution", "jc69")
    learnt = read_learnt(out / "model.json")
    assert set(learnt) == {"gappy", "plain"}
    assert learnt["gappy"].gap_rates.sum() > 3 * learnt["plain"].gap_rates.sum()
    header, *told = [line.split("\t") for line in (out / "pairs.tsv").read_text().splitlines()]
    cells = [dict(zip(header, row, strict=True)) for row in told]
    of_plain = [float(row["divergence"]) for row in cells if row["group"] == "plain"]
    assert of_plain == pytest.approx([1 - one.identity for one in learnt["plain"].models], abs=1e-6)
    with pytest.raises(FileFormatError, match="has models of several groups"):
        read_process(out / "model.json")
    with pytest.raises(FileFormatError, match=r"has times of pairs; .*of --divergence shared"):
        run(tmp_path / "pairs.tsv", "-o", tmp_path / "again", "-q", "--parameters", out)


def test_a_group_of_strangers_has_the_model_of_all(tmp_path):
    path = table(tmp_path / "pairs.tsv", {"near": NEAR, "far": FAR})
    generator = np.random.default_rng(3)
    x, y = ("".join(generator.choice(list("ACGT"), 300)) for _ in range(2))
    path.write_text(path.read_text() + f"strange\t{x}\t{y}\tstrangers\n")
    result = run(path, "-o", tmp_path / "out")
    assert "2 groups of pairs have a model each" in result.output
    assert re.search(r"^model of all +1 ", result.output, re.MULTILINE)
    assert set(read_models(tmp_path / "out" / "model.json")) == {"near", "far", ""}
    header, *rows = [line.split("\t") for line in (tmp_path / "out" / "pairs.tsv").read_text().splitlines()]
    assert [row[header.index("model")] for row in rows] == ["group"] * 30 + ["all"]


def test_a_group_of_strangers_has_times_under_what_all_share(tmp_path):
    generator = np.random.default_rng(2)
    rows = []
    for i in range(24):
        x, y = drawn(generator, FAR if i % 2 else NEAR, 600)
        gappy = "".join(base for k, base in enumerate(y) if i % 2 or k % 20 > 2)
        rows.append(f"p{i}\t{x}\t{gappy}\t{('gappy', 'plain')[i % 2]}\n")
    x, y = ("".join(generator.choice(list("ACGT"), 600)) for _ in range(2))
    rows.append(f"strange\t{x}\t{y}\tstrangers\n")
    (tmp_path / "pairs.tsv").write_text("name\tx\ty\tgroup\n" + "".join(rows))
    out = tmp_path / "own"
    run(tmp_path / "pairs.tsv", "-o", out, "-q", "--divergence", "own", "--substitution", "jc69")
    learnt = read_learnt(out / "model.json")
    assert {group: len(one.times) for group, one in learnt.items()} == {"gappy": 12, "plain": 12, "": 1}
    stored = json.loads((out / "model.json").read_text())["groups"]
    assert stored[""]["pairs"] == ["strange"]


def test_what_pairs_share_is_not_learnt_from_strangers(tmp_path):
    path = table(tmp_path / "pairs.tsv", {"near": FAR})
    own = ["-q", "--divergence", "own", "--substitution", "jc69"]
    run(path, "-o", tmp_path / "alone", *own)
    generator = np.random.default_rng(3)
    strangers = [["".join(generator.choice(list("ACGT"), 300)) for _ in range(2)] for _ in range(5)]
    rows = [f"strange{i}\t{x}\t{y}\tnear\n" for i, (x, y) in enumerate(strangers)]
    path.write_text(path.read_text() + "".join(rows))
    run(path, "-o", tmp_path / "out", *own)
    alone, found = (read_process(tmp_path / name / "model.json") for name in ("alone", "out"))
    np.testing.assert_array_equal(found.gap_rates, alone.gap_rates)
    np.testing.assert_array_equal(found.extend, alone.extend)
    np.testing.assert_array_equal(found.times[:15], alone.times)
    assert len(found.times) == 20
    assert found.times[15:].min() > 2 * alone.times.max()


def test_names_that_all_differ_are_no_groups(tmp_path):
    generator = np.random.default_rng(4)
    rows = [(*drawn(generator, NEAR, 40), f"contig{i}") for i in range(MOST_GROUPS + 1)]
    (tmp_path / "many.tsv").write_text("x\ty\tgroup\n" + "".join("\t".join(row) + "\n" for row in rows))
    result = run(tmp_path / "many.tsv", "-o", tmp_path / "many", "-q")
    said = f"pairs are of {MOST_GROUPS + 1} groups, such as contig0, and one model is of all"
    assert said in " ".join(result.output.split())
    assert read_model(tmp_path / "many" / "model.json").n_classes >= 1


def test_what_takes_pairs_of_one_kind_says_so(maf, tmp_path):
    third = "".join(f">{i}\n{'ACGT' * 75}\n" for i in range(30))
    (tmp_path / "third.fa").write_text(third)
    with pytest.raises(InvalidValue, match="unlike all pairs"):
        run(maf, "-o", tmp_path / "out", "-q", "--outgroup", tmp_path / "third.fa")
    alike = "".join(f">{i}\n{pair}\n" for i, pair in enumerate(read_pairs(maf).x.text(k) for k in range(30)))
    (tmp_path / "third.fa").write_text(alike)
    result = run(maf, "-o", tmp_path / "out", "-q", "--outgroup", tmp_path / "third.fa")
    assert "pairs are of 2 groups" in " ".join(result.output.split())
    pairs = table(tmp_path / "pairs.tsv", {"near": NEAR, "far": FAR}, each=25)
    result = run(pairs, "-o", tmp_path / "tested", "-q", of=indel)
    assert "pairs are of 2 groups (near, far), and one model is of all" in " ".join(result.output.split())


def test_a_pair_without_a_group_is_refused(tmp_path):
    (tmp_path / "pairs.tsv").write_text("x\ty\tgroup\nACGT\tACGT\ta\nACGT\tACGT\t\n")
    with pytest.raises(AlignmentFormatError, match="line 3: has a pair without a group; expected one"):
        run(tmp_path / "pairs.tsv", "-o", tmp_path / "out", "-q")
