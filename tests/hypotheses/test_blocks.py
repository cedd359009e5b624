"""Blocks: what is judged has shaped nothing that judges it."""

import numpy as np
import pytest
from scipy.stats import combine_pvalues, kstest

from motifnet.errors import InvalidValue, ShapeMismatch, TooFewSequences
from motifnet.hypotheses.blocks import FEWEST, alike, blocks, check_alpha, together
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences

STRETCH = "ACGGTCATTGCAATGCCGTATTGACCTGAACGTTAGCAGGCT"


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [FEWEST, 41, 203])
def test_each_block_is_judged_by_what_knows_only_those_before_it(seed, n):
    rng = np.random.default_rng(seed)
    clusters = rng.integers(0, n, n) if n > 100 else np.arange(n)
    deal = blocks(clusters, seed=seed)
    assert len(deal) == 2
    assert not set(clusters[deal[0].fit]) & set(clusters[deal[0].judge])
    assert not set(clusters[deal[1].fit]) & set(clusters[deal[1].judge])
    assert sorted(deal[1].fit) == sorted([*deal[0].fit, *deal[0].judge])
    assert sorted([*deal[1].fit, *deal[1].judge]) == list(range(n))
    assert len(deal[0].fit) >= 16 if n <= 100 else 70


def test_blocks_have_their_share_of_each_kind():
    kinds = np.repeat([0, 1], [360, 40])
    for block in blocks(np.arange(400), strata=kinds, seed=1):
        for part in block:
            assert (kinds[part] == 1).mean() == pytest.approx(0.1, abs=0.011)


def test_a_cluster_that_a_split_has_cut_shapes_nothing():
    clusters, held_out = np.arange(60), np.arange(60) < 20
    clusters[50] = clusters[3]
    (block,) = blocks(clusters, held_out=held_out)
    assert 50 not in block.fit
    assert block.judge.tolist() == list(range(20))
    assert len(block.fit) == 39


@pytest.mark.parametrize(("n_held", "what"), [(0, "held out"), (7, "held out"), (45, "to fit to")])
def test_a_split_with_too_few(n_held, what):
    with pytest.raises(TooFewSequences, match=f"that are {what}: .* at least"):
        blocks(np.arange(60), held_out=np.arange(60) < n_held)


def test_a_split_of_other_sequences():
    with pytest.raises(ShapeMismatch, match="held_out"):
        blocks(np.arange(60), held_out=np.ones(59, bool))


def test_p_values_are_put_together_as_by_fisher():
    for given in ([0.2, 0.4], [1e-4, 1e-4], [1.0, 0.3, 2**-32]):
        assert together(given) == pytest.approx(combine_pvalues(given, "fisher").pvalue)
    assert together([0.017]) == 0.017


def test_put_together_they_are_uniform_if_each_is_and_never_too_small_if_each_is_discrete():
    rng = np.random.default_rng(3)
    assert kstest([together(list(one)) for one in rng.random((2000, 2))], "uniform").pvalue > 0.01
    coarse = (1 + rng.integers(0, 8, (4000, 2))) / 8
    p = np.array([together(list(one)) for one in coarse])
    for level in (0.02, 0.05, 0.2):
        assert (p <= level).mean() <= level + 3 * np.sqrt(level / 4000)


@pytest.mark.parametrize("alpha", [0, 1e-4, 0.00099, 1, float("nan")])
def test_a_level_that_nothing_could_reach(alpha):
    with pytest.raises(InvalidValue, match=r"alpha is .*0\.001 or more"):
        check_alpha(alpha)


def test_what_shares_a_stretch_is_alike_on_one_strand_or_on_both():
    other = DNA.decode(DNA.reverse_complement(DNA.encode(STRETCH)))
    some = Sequences.from_text([STRETCH + "AC", "T" * 44, "GG" + other])
    assert alike(some).tolist() == [0, 1, 0]
    assert alike(some, strand=Strand.SINGLE).tolist() == [0, 1, 2]
