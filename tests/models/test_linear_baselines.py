"""What can be learnt without a network: features against plain counting, and classes told apart."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from motifnet.errors import InvalidValue
from motifnet.models.baselines import (
    CompositionClassifier,
    CompositionFeatures,
    GappedKmerClassifier,
    GappedKmers,
)

COMPLEMENT = str.maketrans("ACGT", "TGCA")


def turned(text):
    return text.translate(COMPLEMENT)[::-1]


def texts(n=30, seed=0):
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list("ACGTN"), rng.integers(0, 60), p=[0.24] * 4 + [0.04])) for _ in range(n)]


def test_composition_is_the_share_of_words_of_two_letters():
    found = CompositionFeatures().transform(some := texts())
    words = [a + b for a in "ACGT" for b in "ACGT"]
    for row, text in zip(found, some, strict=True):
        both = [text[i : i + 2] for i in range(len(text) - 1)]
        counts = np.array([both.count(word) + both.count(turned(word)) for word in words])
        np.testing.assert_allclose(row[:16], counts / max(counts.sum(), 1))
        assert row[16] == np.log1p(len(text))


def plain(text, width, n_letters):
    """Counts of words with gaps, both strands as one."""
    counts = {}
    for kept in combinations(range(1, width), n_letters - 1):
        for start in range(len(text) - kept[-1]):
            letters = [text[start + i] if i in (0, *kept) else "." for i in range(kept[-1] + 1)]
            word = "".join(letters)
            if "N" not in word:
                word = min(word, turned(word))
                counts[word] = counts.get(word, 0) + 1
    return counts


def test_words_with_gaps_are_counted():
    """Where columns are so many that hardly any two words share one, a row has the counts, to length 1."""
    for text, row in zip(texts(), GappedKmers(5, 3, 1 << 24).transform(texts()), strict=True):
        counts = sorted(plain(text, 5, 3).values())
        expected = np.array(counts) / max(np.linalg.norm(counts), 1)
        np.testing.assert_allclose(np.sort(row.data), expected, rtol=1e-5)


def test_a_sequence_and_its_reverse_complement_have_the_same_words():
    some = [text for text in texts() if len(text) > 20]
    forward, reverse = (GappedKmers().transform(one) for one in (some, [turned(text) for text in some]))
    # A window at the end of one strand begins the words of the other.
    inner = GappedKmers(6, 6).transform(some), GappedKmers(6, 6).transform([turned(text) for text in some])
    np.testing.assert_allclose(inner[0].toarray(), inner[1].toarray(), rtol=1e-5)
    assert np.corrcoef(forward.toarray().ravel(), reverse.toarray().ravel())[0, 1] > 0.9
    single = GappedKmers(6, 6, both_strands=False)
    assert abs(single.transform(["AAAAAAAC"]) - single.transform(["GTTTTTTT"])).sum() > 0.5


def test_nothing_has_no_words():
    assert GappedKmers().transform([]).shape == (0, 1 << 14)
    assert GappedKmers().transform(["ACG", ""]).nnz == 0
    assert CompositionFeatures().transform([]).shape == (0, 17)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"n_letters": 9}, r"n_letters is 9; expected 1 to width \(8\)"),
        ({"width": 13}, "which is 12 at most"),
        ({"n_features": 1000}, "n_features is 1000; expected a power of two"),
    ],
)
def test_words_that_cannot_be_are_refused(options, sentence):
    with pytest.raises(InvalidValue, match=sentence):
        GappedKmerClassifier(**options).fit(["ACGTACGTACGT"] * 2, [0, 1])


def test_words_tell_what_composition_cannot():
    rng = np.random.default_rng(1)
    made = [list("".join(rng.choice(list("ACGT"), 80))) for _ in range(300)]
    for text in made[:150]:
        text[30:38] = "TGACGTCA"
    X, y = ["".join(text) for text in made], np.repeat([1, 0], 150)
    held = np.arange(300) % 3 == 0
    train = [X[i] for i in np.flatnonzero(~held)], y[~held]
    test = [X[i] for i in np.flatnonzero(held)], y[held]
    scores = {}
    for one in (CompositionClassifier(), GappedKmerClassifier()):
        fitted = clone(one).fit(*train)
        scores[type(one)] = fitted.score(*test)
        np.testing.assert_allclose(fitted.predict_proba(X).sum(1), 1)
        np.testing.assert_array_equal(fitted.predict(X) == 1, fitted.decision_function(X) > 0)
    assert scores[GappedKmerClassifier] > 0.85 > 0.7 > scores[CompositionClassifier]


@given(st.lists(st.text("ACGTN", max_size=40), min_size=1, max_size=4), st.integers(1, 5))
def test_gapped_words_are_those_of_both_strands(texts, n_letters):
    words = GappedKmers(width=5, n_letters=n_letters, n_features=256)
    turned = [text[::-1].translate(str.maketrans("ACGT", "TGCA")) for text in texts]
    np.testing.assert_allclose(words.transform(texts).toarray(), words.transform(turned).toarray(), atol=1e-6)


def test_a_sequence_shorter_than_a_window_has_the_words_that_fit():
    assert GappedKmers(width=4, n_letters=3, n_features=64).transform(["ACG"]).nnz == 1


def test_words_that_do_not_fit_are_refused_without_a_fit_as_well():
    with pytest.raises(InvalidValue, match="power of two"):
        GappedKmers(n_features=1000).transform(["ACGTACGTAC"])
