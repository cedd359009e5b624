"""Contrastive EM: from a seed to a motif, under the strand tie.

The model is zero or one site a sequence (ZOOPS), on either strand, with one matrix for both.
What is new against the textbook is that the controls take part: every expectation is also taken
over the controls, and what they yield by chance is subtracted before the matrix is estimated.
The matrix then describes the sites that targets have *beyond* chance, the share of sequences
with a site does not run away to one, and the low-complexity matrices to which EM is otherwise
drawn lose their support. A column whose net counts do not differ from the background by more
than chance is set to the background, so that a wide window costs a short motif nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.discovery.scored import Scored
from motifnet.motifs import matrix
from motifnet.symbols import UNKNOWN

COLUMN_LR = 10.0  # least likelihood-ratio statistic (3 df) of a column: p = 0.02
COLUMN_BITS = 0.05  # least information of a column, however many sites speak for it
_SEED_PROBABILITY = 0.7
_PSEUDOCOUNT = 1.0
_MOVES = 5  # each brings in half of what lies outside the window
_PRIORS = (0.005, 0.95)


class Refined(NamedTuple):
    """A motif as EM left it.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape=(4, width)
        Columns without information equal the background.
    prior : float
        Share of targets with a site, beyond the share of controls with one.
    """

    probabilities: np.ndarray
    prior: float

    def is_flat(self, background: np.ndarray) -> bool:
        """Whether EM found nothing: every column equals the background."""
        return bool(np.abs(self.probabilities - background[:, None]).max() < 1e-9)


def from_seed(codes: np.ndarray, width: int, background: np.ndarray) -> np.ndarray:
    """A matrix of probabilities that favours a word at its centre, ``(4, width)``.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(span,)
        The word; a column of an unknown base is the background.
    width : int
        Width of the matrix; the word is cut if it is longer.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    """
    probability = np.repeat(background[:, None], width, axis=1)
    start = (width - len(codes)) // 2
    for column, code in enumerate(codes, start):
        if code != UNKNOWN and 0 <= column < width:
            probability[:, column] *= 1 - _SEED_PROBABILITY
            probability[code, column] += _SEED_PROBABILITY
    return probability


def contrastive_em(
    targets: Scored,
    controls: Scored,
    start: Refined,
    background: np.ndarray,
    *,
    n_steps: int,
    n_settle: int,
    both_strands: bool,
) -> Refined:
    """Refine a motif on targets, net of what controls yield by chance.

    Parameters
    ----------
    targets, controls : Scored
        Sequences; the share of sites in controls is what chance gives.
    start : Refined
        Where to start.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    n_steps : int
        Steps at most; fewer when the matrix stops moving.
    n_settle : int
        Steps in which an informative column is kept even if its support is still weak: at the
        start the posterior is spread, and a true motif would be lost column by column.
    both_strands : bool
        Whether sites lie on either strand.
    """
    current = start
    for step in range(n_steps):
        following = _step(targets, controls, current, background, step < n_settle, both_strands)
        moved = np.abs(following.probabilities - current.probabilities).max()
        current = following
        if moved < 0.005:
            break
    return current


def _step(
    targets: Scored,
    controls: Scored,
    current: Refined,
    background: np.ndarray,
    settling: bool,  # noqa: FBT001
    both_strands: bool,  # noqa: FBT001
) -> Refined:
    log_odds = np.log(current.probabilities / background[:, None])
    found, by_chance = (
        part.step(log_odds, current.prior, both_strands=both_strands) for part in (targets, controls)
    )
    scale = len(targets.sequences) / len(controls.sequences)
    net = np.maximum(found.counts - scale * by_chance.counts, 0)
    probability = matrix.probabilities(net, background, _PSEUDOCOUNT)
    informative = _informative(probability, net.sum(0), background)
    if settling:
        informative |= matrix.information(current.probabilities, background) > 0.3
    prior = float(np.clip(found.posterior.mean() - by_chance.posterior.mean(), *_PRIORS))
    return Refined(np.where(informative, probability, background[:, None]), prior)


def _informative(probability: np.ndarray, n_sites: np.ndarray, background: np.ndarray) -> np.ndarray:
    bits = matrix.information(probability, background)
    return (2 * np.log(2) * n_sites * bits >= COLUMN_LR) & (bits >= COLUMN_BITS)


def recentred(probability: np.ndarray, background: np.ndarray) -> tuple[np.ndarray, int]:
    """The matrix shifted so that its information lies in the middle, and by how many columns.

    Parameters
    ----------
    probability : numpy.ndarray, shape=(4, width)
    background : numpy.ndarray, shape=(4,)
        Fills the columns that come in.
    """
    width = probability.shape[1]
    weight = np.maximum(matrix.information(probability, background) - COLUMN_BITS, 0)
    if weight.sum() == 0:
        return probability, 0
    centre = float(weight @ np.arange(width)) / weight.sum()
    shift = round(centre - (width - 1) / 2)
    columns = np.arange(width) + shift
    inside = (columns >= 0) & (columns < width)
    moved = np.where(inside, probability[:, np.clip(columns, 0, width - 1)], background[:, None])
    return moved, shift


def refine(
    targets: Scored,
    controls: Scored,
    start: Refined,
    background: np.ndarray,
    *,
    n_steps: int,
    n_settle: int = 3,
    both_strands: bool,
) -> Refined:
    """Contrastive EM, re-centred until the information lies in the middle of the window.

    A seed is rarely the middle of its motif; what lies beyond the window can only come in when
    the window moves. Parameters are those of :func:`contrastive_em`.
    """
    current = start
    for _ in range(_MOVES):
        current = contrastive_em(
            targets,
            controls,
            current,
            background,
            n_steps=n_steps,
            n_settle=n_settle,
            both_strands=both_strands,
        )
        moved, shift = recentred(current.probabilities, background)
        current = Refined(moved, current.prior)
        if shift == 0:
            break
    return current
