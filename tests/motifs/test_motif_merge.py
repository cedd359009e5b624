"""One motif of several: counts add up where motifs lie, and a site counts once."""

import numpy as np
import pytest

from motifnet.motifs import Motif
from motifnet.motifs.merge import PlacedText, Placement, merge


def motif(word, n=10):
    return Motif(word, n * np.eye(4)[:, ["ACGT".index(base) for base in word]])


def here(offset, *, reverse=False):
    return Placement(offset, reverse)


def site(start, text, *, reverse=False, contig="chr1", data="data"):
    return PlacedText(data, contig, start, start + len(text), reverse, text)


def test_counts_are_added_column_by_column():
    merged = merge([motif("CGAC", 20), motif("GACG", 20)], [here(0), here(1)])
    assert merged.counts.sum(0).tolist() == [40] * 5
    assert merged.counts[:, 1].tolist() == [0, 0, 40, 0]
    # Where one of them has no column, its sites count as equal shares of the bases.
    assert merged.counts[:, 0].tolist() == [5, 25, 5, 5]
    assert (merged.n_sites, merged.placements) == (40, [here(0), here(1)])


def test_weak_ends_are_cut_and_placements_follow():
    merged = merge([motif("AACGT", 2), motif("ACG", 200)], [here(-1), here(0)])
    assert merged.counts.shape == (4, 3)
    assert merged.placements == [here(-1), here(0)]


def test_a_motif_alone_is_left_as_it_is():
    flat = Motif("flat", np.ones((4, 5)))
    merged = merge([flat], [here(3)])
    np.testing.assert_array_equal(merged.counts, flat.counts)
    assert merged.placements == [here(0)]


def test_turned_around_and_back():
    motifs = [motif("CGACC"), motif("GACG").reverse_complement()]
    merged = merge(motifs, [here(0), here(1, reverse=True)])
    back = merged.turned(motifs).turned(motifs)
    np.testing.assert_array_equal(back.counts, merged.counts)
    assert back.placements == merged.placements
    turned = merged.turned(motifs)
    assert turned.placements == [here(0, reverse=True), here(0)]


def test_sites_are_counted_instead_of_the_matrix():
    merged = merge([motif("CGAC")], [here(0)], {0: [site(5, "CGAC"), site(50, "CGAA")]})
    assert merged.n_sites == 2
    assert merged.counts[:, 3].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("second_is_reversed", [False, True])
def test_a_site_that_two_motifs_have_counts_once(second_is_reversed):
    # CGACC at 10 to 15 of the genome, of which the one motif has CGAC and the other GACC.
    second, place = motif("GACC"), here(1)
    found = site(11, "GACC")
    if second_is_reversed:
        second, place = second.reverse_complement(), here(1, reverse=True)
        found = site(11, "GGTC", reverse=True)
    merged = merge([motif("CGAC"), second], [here(0), place], {0: [site(10, "CGAC")], 1: [found]})
    assert merged.n_sites == 1
    np.testing.assert_array_equal(merged.counts, motif("CGACC", 1).counts)


def test_the_same_place_of_other_data_is_another_site():
    some = {0: [site(10, "CGAC"), site(10, "CGAC", data="other"), site(10, "CGAC", contig="chr2")]}
    assert merge([motif("CGAC")], [here(0)], some).n_sites == 3


def test_a_palindrome_is_read_on_one_strand():
    both = {0: [site(10, "ACGT")], 1: [site(10, "ACGT", reverse=True)]}
    assert merge([motif("ACGT"), motif("ACGT")], [here(0), here(0)], both).n_sites == 1


def test_a_motif_without_sites_adds_its_counts():
    merged = merge([motif("CGAC"), motif("CGAC", 30)], [here(0), here(0)], {0: [site(5, "CGAC")]})
    assert merged.n_sites == 31


def test_unknown_bases_are_shared_out():
    merged = merge([motif("CGAC")], [here(0)], {0: [site(5, "CNAC")]})
    assert merged.counts[:, 1].tolist() == [0.25] * 4
