"""Strand: nothing that is asked of a sequence depends on which way round it came, if the tie holds."""

import numpy as np
import pytest

from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.hypotheses import strand_test as module
from motifnet.hypotheses.blocks import alike, blocks
from motifnet.hypotheses.strand_test import _features, _information, _learnt, _word_counts, strand
from motifnet.symbols import DNA, Sequences
from motifnet.ties.tested import TieVerdict
from tests.hypotheses.processes import KINDS, all_turned, made, some_turned
from tests.hypotheses.test_sought import of_word

MOTIFS = [of_word("TGACTCAGCA"), of_word("GATAAG")]


def test_words_are_counted():
    texts = ["ACGTACGTAC", "NNACGTANCC", "ACG", "", "TTTTTTT"]
    counts = _word_counts(Sequences.from_text(texts))
    for text, row in zip(texts, counts, strict=True):
        words = [text[i : i + 5] for i in range(len(text) - 4) if "N" not in text[i : i + 5]]
        expected = np.zeros(4**5)
        for word in words:
            expected[int("".join(map(str, DNA.encode(word))), 4)] += 1
        np.testing.assert_array_equal(row, expected)
    assert _word_counts(Sequences.from_text(["AC", ""])).sum() == 0


def test_every_feature_is_odd():
    rng = np.random.default_rng(0)
    some = made("order 2", 50, rng, length=60)
    chosen = rng.random(50) < 0.5
    sign = np.where(chosen, -1, 1)[:, None]
    before, after = (_features(MOTIFS, one) for one in (some, some_turned(some, chosen)))
    assert before.shape == (50, 2 + 512)
    np.testing.assert_allclose(after, sign * before, atol=1e-4)


def test_what_is_judged_has_not_shaped_what_judges_it():
    """Turned sequences that come after a fit change the sign of what it says of them, and nothing else."""
    some = made("GC varies", 60, np.random.default_rng(1), length=50)
    features, clusters = _features(MOTIFS, some), np.arange(60)
    last = blocks(clusters, seed=3)[1].judge
    turned = features.copy()
    turned[last[:5]] *= -1
    before, after = (_learnt(one, 2, clusters, None, 3) for one in (features, turned))
    expected = np.where(np.isin(before.judged, last[:5]), -1, 1) * before.log_odds
    np.testing.assert_allclose(after.log_odds, expected, rtol=1e-9, atol=1e-12)


def test_turning_all_sequences_changes_nothing():
    some = made("order 2", 60, np.random.default_rng(2), length=50, forward=0.8, turned=False)
    one, other = strand(some), strand(all_turned(some))
    assert other.p == pytest.approx(one.p, rel=0.05)
    assert other.effect.value == one.effect.value
    assert other.gain.mean == pytest.approx(one.gain.mean, abs=1e-4)
    np.testing.assert_allclose(other.pictures[0].values[:, 0], 1 - one.pictures[0].values[:, 0])


@pytest.mark.parametrize("kind", KINDS)
def test_strands_that_are_alike_are_not_told_apart(kind):
    found = strand(made(kind, 80, np.random.default_rng(7), length=50, forward=1))
    assert found.verdict is not TieVerdict.REJECTED
    assert found.p > 0.01


@pytest.mark.parametrize(("n", "forward"), [(150, 0.8), (500, 0.65)])
def test_sites_of_one_strand_are_found(n, forward):
    some = made("GC varies", n, np.random.default_rng(0), length=50, forward=forward, turned=False)
    found = strand(some)
    assert found.verdict is TieVerdict.REJECTED
    assert "The strands differ" in found.sentence
    share = found.pictures[0].values[0, 0]
    assert max(share, 1 - share) == pytest.approx(forward, abs=0.1)


def test_words_of_one_strand_are_found_without_a_motif(monkeypatch):
    monkeypatch.setattr(module, "seek", lambda *_, **__: [])
    some = made("order 2", 150, np.random.default_rng(0), length=80, share=0, turned=False)
    found = strand(some)
    assert found.verdict is TieVerdict.REJECTED
    assert found.pictures == ()
    assert found.notes == ("No motif was found that is not its own reverse complement.",)


def test_sequences_that_are_their_own_other_strand_say_nothing(monkeypatch):
    monkeypatch.setattr(module, "seek", lambda *_, **__: [of_word("CACGTG")])
    halves = made("GC varies", 50, np.random.default_rng(0), length=25)
    codes = [np.concatenate([halves[i], DNA.reverse_complement(halves[i])]) for i in range(50)]
    found = strand(Sequences.from_codes(codes))
    assert found.p == 1
    assert found.effect.value == pytest.approx(0.5, abs=0.02)
    assert found.gain.mean == pytest.approx(0, abs=1e-9)


def test_controls_tell_whether_it_is_the_place():
    rng = np.random.default_rng(53)
    some = made("order 2", 150, rng, length=60, forward=0.9, turned=False)
    same_words = some.select(rng.permutation(150)[:90])
    assert "is, in part, of the places" in strand(some, same_words).notes[1]
    random = made("GC varies", 100, rng, length=60, share=0)
    assert "is not seen in them" in strand(some, random).notes[1]


def test_a_split_is_kept():
    some = made("GC varies", 80, np.random.default_rng(0), length=50)
    held_out = np.arange(80) % 4 == 0
    found = strand(some, held_out=held_out)
    assert found.gain.n == 20
    assert "fitted to 60 sequences and asked of 20 others" in found.fitted


def test_what_a_share_says_at_most():
    assert _information(0.5, 0.5) == pytest.approx(0)
    assert _information(0.3, 0.6) == _information(0.7, 0.7) == pytest.approx(0.0823, abs=1e-4)
    assert _information(0, 1) == pytest.approx(np.log(2))


def test_bad_input():
    some = made("GC varies", 50, np.random.default_rng(0), length=50)
    with pytest.raises(TooFewSequences, match="targets unlike each other: 39 sequences; at least 40"):
        strand(some.select(range(39)))
    copies = Sequences.concatenate([some.select(range(39)), some])
    assert len(np.unique(alike(copies))) == 50
    with pytest.raises(TooFewSequences, match="at least 40"):
        strand(Sequences.concatenate([some.select(range(39))] * 3))
    with pytest.raises(InvalidValue, match="alpha"):
        strand(some, alpha=1e-4)
    with pytest.raises(TooFewSequences, match="controls: 0"):
        strand(some, [])
    with pytest.raises(TooFewSequences, match="held out"):
        strand(some, held_out=np.zeros(50, bool))


def test_a_motif_without_sites_is_told_in_words(monkeypatch):
    """One sequence in ten billion has a site, before any is looked at: no window is likely to be one."""
    rare = of_word("TGACTCAGCA", prior=1e-10)
    monkeypatch.setattr(module, "seek", lambda *_, **__: [rare])
    found = strand(made("GC varies", 50, np.random.default_rng(0), length=40))
    assert found.notes == ("Of TGACTCAGCA no sequence has a site on one strand rather than the other.",)
    assert "nan" not in found.sentence


def test_the_sentence_tells_what_the_p_value_rests_upon():
    some = made("GC varies", 160, np.random.default_rng(0), length=50, forward=0.72, turned=False)
    found = strand(some)
    assert found.verdict is TieVerdict.REJECTED
    assert "are on the given strand (50% if both are alike)" in found.sentence


def test_short_empty_and_unknown_sequences_are_borne():
    some = made("GC varies", 60, np.random.default_rng(0), length=40)
    odd = Sequences.from_text(["", "A", "N" * 30, "ACGTN" * 6])
    found = strand(Sequences.concatenate([some, odd]))
    assert 0 < found.p <= 1
    assert np.isfinite(found.gain[:4]).all()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_calibration(kind):
    p = np.array(
        [strand(made(kind, 100, np.random.default_rng(s), length=50, forward=1), seed=s).p for s in range(60)]
    )
    assert (p <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)
