"""Groups dealt to folds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.datasets.dealing import folds
from motifnet.errors import TooFewSequences


@given(
    st.lists(st.integers(0, 15), min_size=2, max_size=60).filter(lambda g: len(set(g)) > 1), st.integers(2, 5)
)
@settings(deadline=None)
def test_groups_never_straddle_folds_and_no_fold_is_empty(groups, n_folds):
    groups = np.array(groups)
    fold = folds(groups, n_folds, seed=1)
    assert all(len(set(fold[groups == group])) == 1 for group in groups)
    assert set(fold) == set(range(min(n_folds, len(set(groups.tolist())))))


def test_folds_are_balanced_over_strata():
    strata = np.repeat([0, 1], [300, 50])
    fold = folds(np.arange(350), 5, strata=strata)
    assert np.bincount(fold[strata == 1]).tolist() == [10] * 5
    assert np.bincount(fold[strata == 0]).tolist() == [60] * 5


def test_one_group_cannot_be_folded():
    with pytest.raises(TooFewSequences, match="groups of sequences to cross-fit over"):
        folds(np.zeros(10, int), 5)


def test_folds_are_as_even_as_those_of_scikit_learn():
    from sklearn.model_selection import StratifiedGroupKFold

    for seed in range(5):
        rng = np.random.default_rng(seed)
        groups, strata = rng.zipf(1.5, 600) % 60, (rng.random(600) < 0.2).astype(int)
        theirs = np.zeros(600, int)
        rounds = StratifiedGroupKFold(4, shuffle=True, random_state=seed).split(strata, strata, groups)
        for number, (_, held) in enumerate(rounds):
            theirs[held] = number
        ours = folds(groups, 4, seed, strata=strata)
        worst = [
            max(abs(np.mean(fold[strata == kind] == one) - 0.25) for kind in (0, 1) for one in range(4))
            for fold in (ours, theirs)
        ]
        assert worst[0] <= worst[1] + 0.03
