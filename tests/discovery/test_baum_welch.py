"""Motifs after Baum-Welch: sharper where sites say so, as they were where it would not help."""

import numpy as np
import pytest
from planted import BACKGROUND, likeness, scored

from motifnet.config.train import DiscoveryOptions
from motifnet.datasets.simulate import motif_from_word
from motifnet.discovery.baum_welch import refined
from motifnet.discovery.readout import ReadMotif, site_threshold
from motifnet.motifs import Motif
from motifnet.strand import Strand

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
    after = refined(before, [planted[0]], [planted[1]], OPTIONS, strand=strand)
    assert [one.z for one in after] == sorted((one.z for one in after), reverse=True)
    assert {one.filters for one in after} == {one.filters for one in before}
    for old in before:
        new = next(one for one in after if one.filters == old.filters)
        assert new.z >= old.z
        assert likeness(new.motif.probabilities, old.filters[0]) > 0.95
        assert new.motif.information.sum() > 2 * old.motif.information.sum()


def test_a_motif_that_would_become_worse_stays(planted):
    controls, targets = planted  # the motif is in the controls: learning from the targets finds nothing
    before = read(blurred(WORDS[0], 0.0), WORDS[0], *planted)
    before = before._replace(z=np.inf)
    (after,) = refined([before], [targets], [controls], OPTIONS, strand=Strand.BOTH)
    assert after is before
