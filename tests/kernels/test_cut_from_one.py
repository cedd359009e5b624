"""Which sequences were cut from one, against laying every pair on each other in plain Python."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.kernels.cut_from_one import _COMMON, CutFromOne
from motifnet.symbols import DNA, Sequences


def random_texts(seed, n, length):
    return [DNA.decode(codes) for codes in np.random.default_rng(seed).integers(0, 4, (n, length), np.uint8)]


def kept(texts, *, both_strands=True, order=None):
    """Which are kept if each is that overlaps none before it."""
    sequences = Sequences.from_text(texts)
    laid = CutFromOne(sequences.codes, sequences.offsets, both_strands=both_strands)
    chosen = [False] * len(texts)
    for i in range(len(texts)) if order is None else order:
        if not laid.overlaps_kept(i):
            laid.keep(i)
            chosen[i] = True
    return chosen


def turned(text):
    return DNA.decode(DNA.reverse_complement(DNA.encode(text)))


def lie_on_each_other(one, other):
    """Whether they overlap by 31 bases or more of which one in twenty differs at most."""
    for shift in range(31 - len(other), len(one) - 30):
        inside = range(max(shift, 0), min(len(one), len(other) + shift))
        n_different = sum(one[x] != other[x - shift] for x in inside)
        if n_different <= len(inside) // 20:
            return True
    return False


@given(st.data(), st.booleans())
@settings(deadline=None)
def test_it_agrees_with_every_pair_laid_on_each_other(data, both_strands):
    genome = random_texts(data.draw(st.integers(0, 99)), 1, 200)[0]
    texts = []
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, 120))
        text = genome[start : start + data.draw(st.integers(31, 80))]
        texts.append(turned(text) if data.draw(st.booleans()) else text)
    order = data.draw(st.permutations(range(len(texts))))
    chosen = []
    for i in order:
        others = [texts[k] for k in chosen] + [turned(texts[k]) for k in chosen if both_strands]
        if not any(lie_on_each_other(texts[i], other) for other in others):
            chosen.append(i)
    found = kept(texts, both_strands=both_strands, order=order)
    assert found == [i in chosen for i in range(len(texts))]


@pytest.mark.parametrize("overlap", [31, 40, 60, 100, 160, 200])
@pytest.mark.parametrize("strand", "+-")
def test_any_overlap_of_31_bases_is_found_in_either_order(overlap, strand):
    for seed in range(20):
        genome = random_texts(seed, 1, 400)[0]
        one, two = genome[:200], genome[200 - overlap : 400 - overlap]
        pair = [one, two if strand == "+" else turned(two)]
        assert kept(pair) == [True, False]
        assert kept(pair, order=(1, 0)) == [False, True]
    one, two = genome[:200], genome[170:370]
    assert kept([one, two]) == [True, True]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_a_window_within_a_longer_one_is_found_whichever_comes_first(order):
    genome, other = random_texts(5, 2, 300)
    found = kept([genome, other, genome[120:200]], order=order)
    assert found[1]
    assert [found[order[0]], sum(found)] == [True, 2]


def test_copies_may_differ_in_one_base_of_twenty():
    text = random_texts(6, 1, 200)[0]
    few = "".join(turned(base) if k % 25 == 12 else base for k, base in enumerate(text))
    many = "".join(turned(base) if k % 14 == 3 and k > 40 else base for k, base in enumerate(text))
    assert kept([text, few]) == [True, False]
    assert kept([text, many]) == [True, True]


def test_a_repeat_within_two_sequences_is_no_overlap():
    repeat = random_texts(0, 1, 60)[0]
    sides = random_texts(1, 40, 30)
    texts = [one + repeat + two for one, two in zip(sides[::2], sides[1::2], strict=True)]
    assert kept(texts) == [True] * 20


@pytest.mark.parametrize("length", [31, 45, 100])
@pytest.mark.parametrize(
    "where", ["both ends", "first or last", "first or turned", "one last, all others first"]
)
def test_a_stretch_at_the_ends_of_unlike_sequences_is_no_overlap(length, where):
    shared = random_texts(2, 1, length)[0]
    inserts = random_texts(3, 50, 150)
    texts = {
        "both ends": [shared + insert + shared for insert in inserts],
        "first or last": [i + shared if k % 2 else shared + i for k, i in enumerate(inserts)],
        "first or turned": [turned(shared + i) if k % 2 else shared + i for k, i in enumerate(inserts)],
        "one last, all others first": [i + shared if k == 0 else shared + i for k, i in enumerate(inserts)],
    }[where]
    assert kept(texts) == [True] * 50
    copies = [text[:80] + turned(text[80]) + text[81:] for text in texts]
    assert kept(texts + copies) == [True] * 50 + [False] * 50


def test_tiles_are_found_beside_sequences_with_primers():
    primer, genome = random_texts(4, 1, 40)[0], random_texts(5, 1, 1100)[0]
    tiles = [genome[at : at + 200] for at in range(0, 901, 100)]
    others = [primer + insert + primer for insert in random_texts(6, 10, 150)]
    assert kept(tiles + others) == [True, False] * 5 + [True] * 10


@pytest.mark.parametrize("divergence", [0.0, 0.01])
def test_copies_of_a_satellite_are_one(divergence):
    rng = np.random.default_rng(7)
    unit = rng.integers(0, 4, 200, dtype=np.uint8)
    copies = np.where(rng.random((300, 200)) < divergence, rng.integers(0, 4, (300, 200)), unit)
    assert sum(kept([DNA.decode(codes.astype(np.uint8)) for codes in copies])) == 1


@pytest.mark.parametrize("unit", ["A", "CA", "GGAA", "TTAGGG"])
def test_ends_of_one_microsatellite_are_no_overlap(unit):
    one, two = random_texts(1, 2, 50)
    assert kept([one + unit * 20, unit * 20 + two]) == [True, True]


def test_unknown_bases_equal_any():
    text = random_texts(2, 1, 100)[0]
    masked = text[:20] + "N" * 20 + text[40:]
    assert kept([text[:90], masked[10:]]) == [True, False]
    assert kept(["N" * 60, "N" * 60, ""]) == [True, True, True]


def test_a_primer_that_all_share_costs_no_time_and_hides_no_overlap():
    primer, bodies = random_texts(3, 1, 35)[0], random_texts(4, 200 * _COMMON, 40)
    texts = [primer + body for body in bodies] + [bodies[0]]
    kept(texts[:10])
    began = time.process_time()
    assert kept(texts) == [True] * len(bodies) + [False]
    assert time.process_time() - began < 5
