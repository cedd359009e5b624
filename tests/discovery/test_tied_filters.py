"""Filters under ties, end to end on planted truth: the motif that comes out obeys the tie."""

from functools import cache

import numpy as np
import pytest
from planted import BACKGROUND, composed, likeness, small_config

from motifnet.discovery.discover import discover
from motifnet.models.build import MODELS
from motifnet.motifs import matrix
from motifnet.ties import TIES

PALINDROME, OTHER = "TGASSTCA", "CAGATAAGGC"
EVERTED = "GGTCANNNTGACC"  # an inverted repeat whose spacer is planted as anything


@cache
def found(words, *tie, below=0, **model):
    dataset = composed(list(words), n=400)
    return discover(dataset, BACKGROUND, small_config(below=below, tie=tie, **model))


def is_palindrome(motif):
    return np.array_equal(motif.counts, matrix.reverse_complement(motif.counts))


def best_like(result, word):
    return max(result.motifs, key=lambda one: likeness(one.motif.probabilities, word))


@pytest.mark.parametrize("below", [0, 10_000], ids=["hold-out", "cross-fit"])
def test_a_palindromic_filter_gives_a_palindromic_motif_and_loses_nothing(below):
    free, tied = found((PALINDROME,), below=below), found((PALINDROME,), "palindrome", below=below)
    best = tied.motifs[0]
    assert is_palindrome(best.motif)
    assert likeness(best.motif.probabilities, PALINDROME) > 0.95
    assert (best.tie, free.motifs[0].tie) == ("palindrome", "")
    assert best.enrichment.log10_p < free.motifs[0].enrichment.log10_p + 3
    assert best.auroc > free.motifs[0].auroc - 0.01
    assert tied.metrics[0]["auroc"] > free.metrics[0]["auroc"] - 0.01
    filters = tied.model.filters.detach().numpy()
    assert np.array_equal(filters, filters[:, ::-1, ::-1])
    assert tied.model.bank_tie.n_free * 2 == free.model.bank_tie.n_free


@pytest.mark.parametrize("family", MODELS)
def test_one_palindromic_filter_beside_free_ones(family):
    result = found((PALINDROME, OTHER), "palindrome:1", family=family)
    palindrome, other = (best_like(result, word) for word in (PALINDROME, OTHER))
    assert palindrome.significant
    assert other.significant
    assert palindrome.tie == "palindrome"
    assert is_palindrome(palindrome.motif)
    assert likeness(palindrome.motif.probabilities, PALINDROME) > 0.9
    assert other.tie == ""
    assert other.motif.consensus == OTHER


def test_an_inverted_repeat_with_a_spacer():
    result = found((EVERTED,), "inverted_repeat,spacer=3", filter_width=17)
    best = result.motifs[0]
    assert best.tie == "inverted_repeat,spacer=3"
    assert likeness(best.motif.probabilities, EVERTED) > 0.9
    counts, width = best.motif.counts, best.motif.width
    half = (width - 3) // 2
    assert width % 2 == 1
    assert np.array_equal(counts[:, :half], matrix.reverse_complement(counts[:, -half:]))


def test_a_direct_repeat_with_a_spacer():
    word = "AGGTCANNNNAGGTCA"
    result = found((word,), "direct_repeat,half_width=8,spacer=2", filter_width=18)
    best = result.motifs[0]
    assert best.tie == "direct_repeat,half_width=8,spacer=2"
    filters = result.model.filters.detach().numpy()
    assert np.array_equal(filters[:, :, :8], filters[:, :, 10:])
    assert likeness(best.motif.probabilities, word) > 0.9
    counts = best.motif.counts
    assert np.array_equal(counts[:, :6], counts[:, 10:16])


def test_every_filter_may_be_counted_out():
    result = found((PALINDROME, OTHER), "palindrome:4")
    assert len(result.model.filters) == 4
    assert all(one.tie == "palindrome" for one in result.motifs)
    assert all(is_palindrome(one.motif) for one in result.motifs)


def test_a_wrong_tie_costs():
    free, tied = found((OTHER,)), found((OTHER,), "palindrome")
    assert tied.motifs[0].enrichment.log10_p > free.motifs[0].enrichment.log10_p
    assert TIES["palindrome"](12).n_free == 24
