"""Tomtom's statistic: the program's own figures, orientation and offset, what is listed."""

from pathlib import Path

import numpy as np
import pytest
from tomtom_table import compared, correlation

from motifnet.errors import InvalidValue
from motifnet.io import read_motifs
from motifnet.motifs import Motif
from motifnet.motifs.tomtom import Comparison, compare, matches, small_database_warning
from motifnet.strand import Strand

GOLDEN = Path(__file__).parent / "golden"


def motif(word, name="", n=20):
    codes = ["ACGT".index(base) for base in word]
    return Motif(name or word, n * np.eye(4)[:, codes])


def assert_as_the_program(rows, ours):
    sure = rows.p_values < 1e-3
    assert sure.sum() > 50
    assert correlation(rows, ours) > 0.99999
    told = rows.p_values < 0.999  # of strands with p-values of 1 the program takes what rounding gives
    for ours_of_all, theirs in zip(ours[1:4], rows[1:], strict=True):
        np.testing.assert_array_equal(ours_of_all[told], theirs[told])


def test_the_same_as_the_program_of_the_meme_suite():
    assert_as_the_program(*compared(GOLDEN / "matches.tsv.gz", read_motifs(GOLDEN / "targets.meme.gz")))


def test_the_same_as_the_program_on_all_pairs(real_data):
    golden = real_data.parent / "golden"
    if not golden.is_dir():
        pytest.skip("there is no folder 'golden' beside that of the real data")
    motifs = read_motifs(golden / "jaspar2022_vertebrates_200.meme")
    rows, ours = compared(golden / "tomtom_ed.tsv.gz", motifs)
    assert rows.p_values.shape == (200, 200)
    assert_as_the_program(rows, ours)


@pytest.mark.parametrize("offset", [-2, 0, 3])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_planted_alignment_is_found(offset, reverse):
    query = motif("GGTGACGCA")
    rest = "ACT"
    word = "GGTGACGCA"[offset:] if offset > 0 else rest[:-offset] + "GGTGACGCA"
    target = motif(word, "target")
    found = compare([query], [target.reverse_complement() if reverse else target, motif("TTTTAAAA")])
    assert bool(found.reverses[0, 0]) == reverse
    assert found.offsets[0, 0] == offset
    assert found.overlaps[0, 0] == min(9, 9 - offset)


def test_of_equal_strands_the_given_one_is_told():
    found = compare([motif("GGATCC")], [motif("GGATCC"), motif("AATT")])
    assert not found.reverses.any()


def test_one_strand_alone():
    query, turned = motif("GGTGACGCA"), motif("GGTGACGCA").reverse_complement()
    both, one = compare([query], [turned]), compare([query], [turned], strand=Strand.SINGLE)
    assert both.reverses.all()
    assert not one.reverses.any()
    assert one.p_values[0, 0] > both.p_values[0, 0]


def test_many_queries_are_as_each_alone():
    motifs = read_motifs(GOLDEN / "targets.meme.gz")[:12]
    whole = compare(motifs, motifs)
    for i, query in enumerate(motifs):
        for alone, together in zip(compare([query], motifs), whole, strict=True):
            np.testing.assert_array_equal(alone[0], together[i])


def comparison(p_values, overlaps):
    n = len(p_values)
    parts = (p_values, range(n), overlaps, [False] * n)
    return Comparison(*(np.array([list(part)]) for part in parts), np.array([4]))


KNOWN = [("db", motif(word)) for word in ("AAAA", "CCCC", "GGGG", "TTTT")]


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        ({}, ["CCCC", "AAAA"]),
        ({"max_q": 1}, ["CCCC", "AAAA", "GGGG"]),  # TTTT has no overlap at all
        ({"max_e": 0.1}, ["CCCC"]),
        ({"most": 1, "max_q": 1}, ["CCCC"]),
        ({"min_overlap": 4}, ["AAAA"]),
        ({"min_overlap": 40}, ["AAAA"]),  # no more than the query has
    ],
)
def test_what_is_listed(options, listed):
    (found,) = matches(comparison([0.1, 0.001, 0.7, 1], [4, 3, 2, 0]), KNOWN, **options)
    assert [match.known.name for match in found] == listed


def test_q_and_e_values_are_over_all_known_motifs():
    (found,) = matches(comparison([0.1, 0.001, 0.7, 1], [4, 3, 2, 0]), KNOWN, max_q=1)
    assert [match.q_value for match in found] == pytest.approx([0.004, 0.2, 2.8 / 3])
    assert [match.e_value for match in found] == pytest.approx([0.004, 0.4, 2.8])
    assert found[0].offset == 1
    assert found[0].database == "db"


def test_few_targets_are_told():
    assert small_database_warning(25) == []
    assert "only 24 motifs" in small_database_warning(24)[0]


@pytest.mark.parametrize("given", [([], [motif("ACGT")]), ([motif("ACGT")], [])])
def test_nothing_to_compare_is_refused(given):
    with pytest.raises(InvalidValue, match="one motif or more"):
        compare(*given)
