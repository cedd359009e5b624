"""Motifs after Baum-Welch: sharper where sites say so, as they were where it would not help."""

import numpy as np
import pytest
from planted import BACKGROUND, likeness, scored, sequences

from motifnet.config.train import DiscoveryOptions
from motifnet.datasets.simulate import motif_from_word
from motifnet.discovery import baum_welch
from motifnet.discovery.baum_welch import refined
from motifnet.discovery.kinds import Kind
from motifnet.discovery.readout import ReadMotif, site_threshold
from motifnet.discovery.scored import Scored
from motifnet.motifs import Motif
from motifnet.strand import Strand
from motifnet.symbols import Sequences

WORDS = ("CCGGAAGTGA", "TGASTCATCG")
OPTIONS = DiscoveryOptions()


def read(motif, name, targets, controls, *, strand=Strand.BOTH):
    threshold = site_threshold(motif, targets, controls, OPTIONS, strand=strand)
    return ReadMotif(motif, threshold.score, threshold.z, 0, (name,))


def blurred(word, share):
    """The motif of a word, as far from it as a share of background takes it."""
    counts = 100 * ((1 - share) * motif_from_word(word).probabilities + share * BACKGROUND[:, None])
    return Motif(word, counts, BACKGROUND)


@pytest.fixture(scope="module")
def planted():
    return scored(WORDS, n=200, share=0.5)


@pytest.mark.parametrize("strand", [Strand.BOTH, Strand.SINGLE])
def test_blurred_motifs_become_those_that_were_planted(planted, strand):
    before = [read(blurred(word, 0.5), word, *planted, strand=strand) for word in WORDS]
    after = refined(before, [planted[0]], [planted[1]], OPTIONS, least_targets=0, strand=strand)
    assert [one.z for one in after] == sorted((one.z for one in after), reverse=True)
    assert {one.filters for one in after} == {one.filters for one in before}
    for old in before:
        new = next(one for one in after if one.filters == old.filters)
        assert new.z >= old.z
        assert likeness(new.motif.probabilities, old.filters[0]) > 0.95
        assert new.motif.information.sum() > 2 * old.motif.information.sum()


def test_a_motif_that_would_become_worse_stays():
    """As many sequences of either side have another word that is like it: Baum-Welch takes that as well."""
    word, like = WORDS[0], "CCGGAAGTCA"
    ours, theirs = (sequences([one], n=200, share=share) for one, share in ((word, 0.5), (like, 1.0)))
    sides = (Sequences.concatenate([part, theirs[0]]) for part in ours)
    targets, controls = map(Scored.of, sides)
    before = read(blurred(word, 0.0), word, targets, controls)
    (learnt,) = baum_welch._baum_welch([before], targets.sequences, controls.sequences, strand=Strand.BOTH)
    assert read(learnt, word, targets, controls).z < before.z
    (after,) = refined([before], [targets], [controls], OPTIONS, least_targets=0, strand=Strand.BOTH)
    assert after is before


def test_a_better_matrix_of_a_family_is_taken_though_a_member_separates_better(planted):
    whole = read(blurred(WORDS[0], 0.5), WORDS[0], *planted)
    (alone,) = refined([whole], [planted[0]], [planted[1]], OPTIONS, least_targets=0, strand=Strand.BOTH)
    assert alone.motif is not whole.motif
    family = whole._replace(z=alone.z + 1)
    (after,) = refined([family], [planted[0]], [planted[1]], OPTIONS, least_targets=0, strand=Strand.BOTH)
    np.testing.assert_array_equal(after.motif.counts, alone.motif.counts)
    assert after.threshold == alone.threshold
    assert after.z == family.z  # by which families are ranked


def test_motifs_of_few_targets_stay(planted):
    motif = read(blurred(WORDS[0], 0.5), WORDS[0], *planted)
    n = len(planted[0].sequences)
    for least, stays in ((n, False), (n + 1, True)):
        (after,) = refined(
            [motif], [planted[0]], [planted[1]], OPTIONS, strand=Strand.BOTH, least_targets=least
        )
        assert (after is motif) == stays


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MOTIF])
def test_what_is_no_motif_stays_behind_motifs(planted, kind):
    """Otherwise its sites would be masked before theirs are counted."""
    motif, other = (read(blurred(word, 0.3), word, *planted) for word in WORDS)
    other = other._replace(kind=kind, z=motif.z + 10)
    for given in ([motif, other], [other, motif]):
        after = refined(given, [planted[0]], [planted[1]], OPTIONS, least_targets=0, strand=Strand.BOTH)
        assert [one.kind for one in after] == [Kind.MOTIF, kind]
        assert after == sorted(after, key=lambda one: one.rank_key)


def test_the_order_to_be_judged_in_is_one():
    """With ``--refine`` and without."""
    kinds = [Kind.COMPOSITION, Kind.MOTIF, Kind.REPEAT, Kind.MOTIF]
    some = [
        ReadMotif(blurred(WORDS[0], 0.0), 5.0, z, 0, (f"filter{i}",), kind=kind)
        for i, (kind, z) in enumerate(zip(kinds, (9.0, 7.0, 30.0, 8.0), strict=True))
    ]
    assert [one.filters[0] for one in sorted(some, key=lambda one: one.rank_key)] == [
        "filter3", "filter1", "filter2", "filter0",
    ]  # fmt: skip
