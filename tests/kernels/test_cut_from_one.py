"""Which sequences were cut from one, against laying every pair on each other in plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.kernels.cut_from_one import _COMMON, first_of_each
from motifnet.symbols import DNA, Sequences

WIDTH = 8


def kept(texts, *, width=WIDTH, both_strands=True):
    sequences = Sequences.from_text(texts)
    order = np.argsort(sequences.lengths, kind="stable")
    return first_of_each(sequences.codes, sequences.offsets, order, width, both_strands).tolist()


def is_tandem(word):
    return any(word[unit:] == word[:-unit] for unit in range(1, 7) if unit < len(word))


def ends_of(text):
    """The first and the last word that are no tandem repeats, and where they are."""
    words = [(k, text[k : k + WIDTH]) for k in range(len(text) - WIDTH + 1)]
    words = [(k, word) for k, word in words if not is_tandem(word)]
    return words[:1] + words[-1:]


def lie_on_each_other(one, kept):
    """Whether a word at an end of what is kept, laid on the same in the other, makes nearly all equal."""
    for k, word in ends_of(kept):
        for x in range(len(one) - WIDTH + 1):
            shift = x - k
            inside = range(max(shift, 0), min(len(one), len(kept) + shift))
            n_different = sum(one[x] != kept[x - shift] for x in inside)
            if one[x : x + WIDTH] == word and n_different <= len(inside) // 20:
                return True
    return False


def turned(text):
    return DNA.decode(DNA.reverse_complement(DNA.encode(text)))


def kept_plainly(texts, *, both_strands):
    chosen = []
    for i in sorted(range(len(texts)), key=lambda i: len(texts[i])):
        others = [texts[k] for k in chosen] + [turned(texts[k]) for k in chosen if both_strands]
        if not any(lie_on_each_other(texts[i], other) for other in others):
            chosen.append(i)
    return [i in chosen for i in range(len(texts))]


@given(st.data(), st.booleans())
def test_it_agrees_with_every_pair_laid_on_each_other(data, both_strands):
    genome = data.draw(st.text("ACGT", min_size=90, max_size=90))
    texts = []
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, 45))
        text = genome[start : start + data.draw(st.integers(WIDTH, 45))]
        for _ in range(data.draw(st.integers(0, 2))):
            place = data.draw(st.integers(0, len(text) - 1))
            text = text[:place] + data.draw(st.sampled_from("ACGT")) + text[place + 1 :]
        texts.append(turned(text) if data.draw(st.booleans()) else text)
    assert kept(texts, both_strands=both_strands) == kept_plainly(texts, both_strands=both_strands)


def test_a_repeat_within_two_sequences_is_no_overlap():
    rng = np.random.default_rng(0)
    repeat = DNA.decode(rng.integers(0, 4, 60, dtype=np.uint8))
    texts = [
        DNA.decode(rng.integers(0, 4, 30, dtype=np.uint8))
        + repeat
        + DNA.decode(rng.integers(0, 4, 30, dtype=np.uint8))
        for _ in range(20)
    ]
    assert kept(texts, width=31) == [True] * 20


@pytest.mark.parametrize("unit", ["A", "CA", "GGAA", "TTAGGG"])
def test_ends_of_one_microsatellite_are_no_overlap(unit):
    rng = np.random.default_rng(1)
    one, two = (DNA.decode(rng.integers(0, 4, 50, dtype=np.uint8)) for _ in range(2))
    assert kept([one + unit * 20, unit * 20 + two], width=31) == [True, True]


def test_unknown_bases_equal_any():
    rng = np.random.default_rng(2)
    text = DNA.decode(rng.integers(0, 4, 100, dtype=np.uint8))
    masked = text[:20] + "N" * 20 + text[40:]
    assert kept([text[:90], masked[10:]], width=31) == [True, False]
    assert kept(["N" * 60, "N" * 60], width=31) == [True, True]


def test_a_primer_that_all_share_costs_no_time_and_hides_no_overlap():
    rng = np.random.default_rng(3)
    primer = DNA.decode(rng.integers(0, 4, 35, dtype=np.uint8))
    bodies = [DNA.decode(rng.integers(0, 4, 40, dtype=np.uint8)) for _ in range(4 * _COMMON)]
    texts = [primer + body for body in bodies] + [bodies[0]]
    assert kept(texts, width=31) == [False] + [True] * (4 * _COMMON)
