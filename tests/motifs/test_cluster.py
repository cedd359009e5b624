"""Families: planted ones are found, whatever the order and orientation of the motifs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, is_valid_linkage

from motifnet.motifs import Motif
from motifnet.motifs.cluster import cluster
from motifnet.motifs.merge import PlacedText
from motifnet.strand import Strand

CORES = ("GGTGACGCA", "TTTGCGCTA", "CAGGATCATG")


def planted(seed, n_each=4):
    """Motifs of a few words with noise, flanks and either orientation, and the word of each."""
    rng = np.random.default_rng(seed)
    motifs, words = [], []
    for k in range(n_each * len(CORES)):
        word = CORES[k % len(CORES)]
        left, right = rng.integers(0, 3, 2)
        core = 40.0 * np.eye(4)[:, ["ACGT".index(base) for base in word]]
        counts = np.hstack([np.full((4, left), 10.0), core, np.full((4, right), 10.0)])
        motif = Motif(f"m{k}", rng.poisson(counts + 1) + 1.0)
        motifs.append(motif.reverse_complement() if rng.random() < 0.5 else motif)
        words.append(word)
    return motifs, words


def partition(clustering, names):
    return {frozenset(names[member.index] for member in family.members) for family in clustering.families}


def test_planted_families_are_found():
    motifs, words = planted(0)
    families = cluster(motifs).families
    assert sorted(len(family.members) for family in families) == [4, 4, 4]
    for family in families:
        (word,) = {words[member.index] for member in family.members}
        consensus = {family.motif.consensus, family.motif.reverse_complement().consensus}
        assert any(word in one for one in consensus)


@given(st.integers(0, 2**32 - 1), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_order_and_orientation_do_not_matter(seed, random):
    motifs, _ = planted(seed, n_each=2)
    order = list(range(len(motifs)))
    random.shuffle(order)
    mixed = [motifs[i].reverse_complement() if random.random() < 0.5 else motifs[i] for i in order]
    one, other = cluster(motifs), cluster(mixed)
    names = [motif.name for motif in motifs]
    assert partition(one, names) == partition(other, [motif.name for motif in mixed])
    np.testing.assert_array_equal(one.tree[:, 2:], other.tree[:, 2:])
    for first, second in zip(one.families, other.families, strict=True):
        assert [names[member.index] for member in first.members] == [
            mixed[member.index].name for member in second.members
        ]
        counts = second.motif.counts, second.motif.reverse_complement().counts
        assert any(np.array_equal(first.motif.counts, each) for each in counts)


def test_members_lie_where_they_are_said_to():
    motifs, _ = planted(1)
    for family in cluster(motifs).families:
        for i, offset, reverse, similarity in family.members:
            shares = (motifs[i].reverse_complement() if reverse else motifs[i]).probabilities
            first, last = max(0, offset), min(family.motif.width, offset + motifs[i].width)
            overlap = shares[:, first - offset : last - offset] - 0.25
            ours = family.motif.probabilities - 0.25
            norm = np.linalg.norm(shares - 0.25) * np.linalg.norm(ours)
            assert (overlap * ours[:, first:last]).sum() / norm == pytest.approx(similarity, abs=1e-9)


def test_the_most_typical_member_comes_first_and_gives_the_orientation():
    motifs, _ = planted(2)
    for family in cluster(motifs).families:
        values = [member.similarity for member in family.members]
        assert values == sorted(values, reverse=True)
        assert not family.members[0].reverse
        assert family.motif.alt_name == motifs[family.members[0].index].name


def test_names_carry_rank_and_consensus_and_largest_come_first():
    motifs, _ = planted(3)
    families = cluster(motifs[:-1]).families
    assert [len(family.members) for family in families] == [4, 4, 3]
    assert [family.motif.name.split("-") for family in families] == [
        [str(rank), family.motif.consensus] for rank, family in enumerate(families, 1)
    ]


def test_families_are_the_tree_cut_at_the_limit():
    motifs, _ = planted(4)
    found = cluster(motifs, min_similarity=0.8)
    assert is_valid_linkage(found.tree)
    labels = fcluster(found.tree, 0.2, "distance")
    assert partition(found, labels) == {frozenset([label]) for label in labels}
    upper = found.tree_of_families()
    assert is_valid_linkage(upper)
    assert len(upper) == len(found.families) - 1
    assert (upper[:, 2] > 0.2).all()


def test_one_strand_alone():
    motif = Motif("one", 9 * np.eye(4)[:, [2, 2, 3, 2, 0]])
    pair = [motif, motif.reverse_complement()]
    assert len(cluster(pair).families) == 1
    assert len(cluster(pair, strand=Strand.SINGLE).families) == 2


def test_a_motif_alone_stays_as_it_came():
    motif = Motif(
        "one", [[0, 9, 0], [0, 0, 9], [0, 0, 0], [9, 0, 0]], background=np.array([0.3, 0.2, 0.2, 0.3])
    )
    found = cluster([motif])
    (family,) = found.families
    np.testing.assert_array_equal(family.motif.counts, motif.counts)
    np.testing.assert_array_equal(family.motif.background, motif.background)
    assert family.members[0].similarity == pytest.approx(1)
    assert found.tree.shape == found.tree_of_families().shape == (0, 4)


def test_a_motif_alone_keeps_its_consensus_and_e_value_whatever_its_sites_say():
    counts = np.array([[3.0, 9.5, 0], [0.1, 0, 9.4], [0, 0.2, 0], [6.1, 0, 0.3]])
    motif = Motif("7-WAC", counts, n_sites=9.7, log10_e_value=-327.02)
    sites = {
        0: [PlacedText("data", "a", 10, 13, False, "TTC"), PlacedText("data", "a", 40, 43, False, "GAC")]
    }
    (family,) = cluster([motif], sites=sites).families
    np.testing.assert_array_equal(family.motif.counts, counts)
    assert (family.motif.consensus, family.motif.name) == (motif.consensus, f"1-{motif.consensus}")
    assert (family.motif.n_sites, family.motif.log10_e_value) == (9.7, -327.02)


def test_sites_make_the_motif_where_they_are_known():
    motif = Motif("one", 9 * np.eye(4)[:, [2, 2, 3, 2, 0]])
    same = Motif("two", motif.reverse_complement().counts)
    sites = {
        0: [PlacedText("data", "a", 10, 15, False, "GGTGA"), PlacedText("data", "a", 40, 45, False, "GGTGA")],
        1: [PlacedText("data", "a", 10, 15, True, "TCACC")],  # the first again
    }
    (family,) = cluster([motif, same], sites=sites).families
    assert family.motif.n_sites == 2


def test_no_motifs():
    assert cluster([]).families == []
