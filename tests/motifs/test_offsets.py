"""The best offsets, against a plain loop over columns and offsets."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motifnet.motifs.offsets import Targets


def matrices(seed, widths):
    """Columns of few distinct values, so that scores tie."""
    rng = np.random.default_rng(seed)
    columns = np.vstack([np.eye(4), np.full(4, 0.25), [0.71, 0.08, 0.12, 0.09], [0.43, 0.13, 0.11, 0.33]])
    return [columns[rng.integers(len(columns), size=width)].T for width in widths]


def steps_of(query, targets):
    """The score of each column of the query with each column of the targets, as the paper says it."""
    columns = [column for target in targets for column in target.T]
    distance = {
        (i, tuple(column)): math.sqrt(sum((a - b) ** 2 for a, b in zip(query[:, i], column, strict=True)))
        for i in range(query.shape[1])
        for column in columns
    }
    usual = [
        sorted(distance[i, tuple(column)] for column in columns)[len(columns) // 2]
        for i in range(query.shape[1])
    ]
    scores = {(i, column): usual[i] - far for (i, column), far in distance.items()}
    steps = 100 // max(max(scores.values()) - math.floor(min(scores.values())), 1)
    return {key: round(score * steps) for key, score in scores.items()}


def best_of(query, target, steps):
    """Score, overlap and offset: the highest score, of equal ones the longest, of these the first."""
    found = []
    for offset in range(query.shape[1] - 1, -target.shape[1], -1):
        pairs = [(i + offset, i) for i in range(target.shape[1]) if 0 <= i + offset < query.shape[1]]
        score = sum(steps[mine, tuple(target[:, theirs])] for mine, theirs in pairs)
        found.append((score, len(pairs), offset))
    return max(found, key=lambda one: one[:2])


@given(st.integers(0, 10**6), st.integers(1, 6), st.lists(st.integers(1, 7), min_size=1, max_size=8))
def test_they_are_those_of_a_plain_loop(seed, width, widths):
    query, *targets = matrices(seed, [width, *widths])
    found = Targets(targets).best(query)
    steps = steps_of(query, targets)
    for i, target in enumerate(targets):
        theirs = best_of(query, target, steps)
        assert (found.scores[i], found.overlaps[i], found.offsets[i]) == theirs
    assert ((found.p_values > 0) & (found.p_values <= 1)).all()
    assert (found.p_values[found.scores <= 0] == 1).all()


def test_a_long_query_has_wide_sums():
    query, *targets = matrices(1, [400, 400, 12])
    found = Targets([*targets, query]).best(query)
    assert found.scores[-1] > np.iinfo(np.int16).max / 2
    assert (found.offsets[-1], found.overlaps[-1]) == (0, 400)
