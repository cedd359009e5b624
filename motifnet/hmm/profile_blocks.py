"""Columns and lengths of two blocks with a spacer, changed as long as that lowers the criterion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

import numpy as np

from motifnet.hmm.profile import FitFunction, ProfileFit, ProfileHmm, Spacer
from motifnet.hmm.profile_columns import LEAST_BLOCK, LEAST_GAIN, SiteRoom, kept
from motifnet.symbols import Sequences

_MARGIN = 3  # columns of background that are tried at an end: two weak ones may lead to a strong one
_MOST_ROUNDS = 30  # each of which lowers the criterion: a bound that keeps a run finite
_LEAST_SHARE = (
    0.02  # of a length at an end that is tried; where many are rarer, it is tried to drop them at once
)
_BY_BIC = attrgetter("bic")


def rebuilt_blocks(
    start: ProfileFit, sequences: Sequences, room: SiteRoom, fitted: FitFunction, *, fixed_width: bool
) -> ProfileFit:
    """Two blocks with other columns and lengths, as long as that lowers the criterion.

    Parameters
    ----------
    start : ProfileFit
    sequences : Sequences
    room : SiteRoom
    fitted : callable
        Learns a profile from sequences.
    fixed_width : bool
        Change lengths alone.
    """
    best = start
    for _ in range(_MOST_ROUNDS):
        candidates = [*_other_lengths(best.model)]
        if not fixed_width:
            candidates += [*_wider(best.model), *_narrower(best.model)]
        tried = [
            _cut(fitted(one, sequences), sequences, fitted, fixed_width=fixed_width)
            for one in candidates
            if room.holds(one)
        ]
        better = min([best, *tried], key=_BY_BIC)
        if better.bic > best.bic - LEAST_GAIN:
            break
        best = better
    return best


def _other_lengths(model: ProfileHmm) -> Iterator[ProfileHmm]:
    """One length more or less at either end, and without all that are rare."""
    spacer = _spacer(model)
    lengths, shares = spacer.lengths, spacer.probabilities
    if spacer.shortest:
        yield _spaced(model, lengths[0] - 1, np.append(_LEAST_SHARE, shares))
    yield _spaced(model, lengths[0], np.append(shares, _LEAST_SHARE))
    if len(shares) > 1:
        yield _spaced(model, lengths[1], shares[1:])
        yield _spaced(model, lengths[0], shares[:-1])
    frequent = np.flatnonzero(shares >= _LEAST_SHARE)
    if len(frequent) and frequent[-1] - frequent[0] + 2 < len(shares):
        yield _spaced(model, lengths[frequent[0]], shares[frequent[0] : frequent[-1] + 1])


def _wider(model: ProfileHmm) -> Iterator[ProfileHmm]:
    """Columns of background at the four ends of the blocks; those towards the spacer shorten it."""
    spacer, blank = _spacer(model), np.tile(model.background, (_MARGIN, 1))
    before = spacer.before
    yield _with_columns(model, np.concatenate([blank, model.match]), before + _MARGIN, spacer.shortest)
    yield _with_columns(model, np.concatenate([model.match, blank]), before, spacer.shortest)
    if spacer.shortest >= _MARGIN:
        match, shortest = np.insert(model.match, [before] * _MARGIN, blank, axis=0), spacer.shortest - _MARGIN
        yield _with_columns(model, match, before + _MARGIN, shortest)
        yield _with_columns(model, match, before, shortest)


def _narrower(model: ProfileHmm) -> Iterator[ProfileHmm]:
    """Without a column at one of the four ends of the blocks."""
    spacer, width = _spacer(model), model.width
    before = spacer.before
    if before > LEAST_BLOCK:
        yield _with_columns(model, model.match[1:], before - 1, spacer.shortest)
        yield _with_columns(model, np.delete(model.match, before - 1, 0), before - 1, spacer.shortest + 1)
    if width - before > LEAST_BLOCK:
        yield _with_columns(model, np.delete(model.match, before, 0), before, spacer.shortest + 1)
        yield _with_columns(model, model.match[:-1], before, spacer.shortest)


def _cut(site: ProfileFit, sequences: Sequences, fitted: FitFunction, *, fixed_width: bool) -> ProfileFit:
    """Without ends that say less than what lies beside them would."""
    model = site.model
    if fixed_width:
        return site
    one, other = kept(model, sequences)
    spacer = _spacer(model)
    if (one.start, one.stop, other.start, other.stop) == (0, spacer.before, spacer.before, model.width):
        return site
    match = np.concatenate([model.match[one], model.match[other]])
    shortest = spacer.shortest + spacer.before - one.stop + other.start - spacer.before
    return fitted(_with_columns(model, match, one.stop - one.start, shortest), sequences)


def _with_columns(model: ProfileHmm, match: np.ndarray, before: int, shortest: int) -> ProfileHmm:
    """Other columns, and a spacer of other lengths in the same proportions."""
    bare = ProfileHmm.from_matrix(match, model.flanks, strand=model.strand)
    return bare.spaced(Spacer(before, shortest, _spacer(model).probabilities))


def _spaced(model: ProfileHmm, shortest: int, shares: np.ndarray) -> ProfileHmm:
    """Other lengths."""
    shares = np.asarray(shares, np.float64)
    return replace(model, spacer=Spacer(_spacer(model).before, int(shortest), shares / shares.sum()))


def _spacer(model: ProfileHmm) -> Spacer:
    assert model.spacer is not None
    return model.spacer
