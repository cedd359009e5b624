"""Alignments of two sequences under a pair HMM, and how sure each column is.

Where a model does not know which sequence is X, or which strand is read, its alignments do not depend on it
either: such pairs are worked on as their first image, and turned back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_images import PairImage, first_image
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment
from motifnet.symbols.posterior import MatchPosterior

LEAST_PROBABILITY = 0.001
"""Matches that are less probable are not kept: a base has a thousand of them at most.

A convention that trades the size of ``posteriors.tsv`` for its completeness.
"""


class PosteriorAlignment(NamedTuple):
    """An aligned pair.

    Attributes
    ----------
    alignment : Alignment
        Its score is the log-odds of the pair over all alignments, its confidence the posterior
        probability of each column: of a match, that these bases are matched; of a base alone,
        that it has no partner.
    posterior : MatchPosterior
    is_exact : bool
        Whether all cells were worked on, not only those of a band.
    is_whole : bool or None
        Whether the envelope that was tried held all alignments that count, so that it was used; ``None``
        where the pair is too large to tell, and it was used.
    deviation : float
        How far from one the probabilities of all that a base may stand in sum, at most.
    edge : float
        The most that a block of cells at the edge of the envelope holds of the posterior.
    envelope : Envelopes
        Where the pair was worked on, its sequences in the order in which it was.
    """

    alignment: Alignment
    posterior: MatchPosterior
    is_exact: bool
    is_whole: bool | None
    deviation: float
    edge: float
    envelope: kernel.Envelopes


def align(
    model: PairHmm,
    x: np.ndarray,
    y: np.ndarray,
    x_name: str = "x",
    y_name: str = "y",
    *,
    method: str = "mea",
    gamma: float = 3.0,
    mode: str = "global",
    band: kernel.Band = kernel.DEFAULT_BAND,
) -> PosteriorAlignment:
    """Align two sequences.

    Parameters
    ----------
    model : PairHmm
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes.
    x_name, y_name : str
    method : {"mea", "viterbi"}
        The alignment of maximum expected accuracy, which sums the most of posterior probability
        (a gamma-centroid alignment: Hamada, Kiryu, Sato, Mituyama and Asai 2009); or the single
        most probable one.
    gamma : float
        What a matched base is worth against one alone: matches of a probability of at most
        ``1 / (1 + gamma)`` gain nothing.
    mode : {"global", "semi-global", "local"}
    band : Band

    Returns
    -------
    PosteriorAlignment
        The alignment, and how sure each column of it is.

    Examples
    --------
    >>> from motifnet.symbols.alphabet import DNA
    >>> model = PairHmm.start(divergence=0.1)
    >>> found = align(model, DNA.encode("ACGTTTGACA"), DNA.encode("ACGTGACA"))
    >>> found.alignment.rows()
    ('ACGTTTGACA', 'ACGT--GACA')
    """
    image = _image(model, x, y)
    names = (y_name, x_name) if image.is_swapped else (x_name, y_name)
    found = _aligned(model, *image.of_codes(x, y), *names, method, gamma, mode, band)
    return found._replace(
        alignment=image.of_alignment(found.alignment), posterior=image.of_posterior(found.posterior)
    )


def sample(
    model: PairHmm,
    x: np.ndarray,
    y: np.ndarray,
    x_name: str = "x",
    y_name: str = "y",
    *,
    generator: np.random.Generator,
    band: kernel.Band = kernel.DEFAULT_BAND,
    within: kernel.Envelopes | None = None,
) -> Alignment:
    """A global alignment drawn from the posterior.

    Parameters
    ----------
    model : PairHmm
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes of the two sequences.
    x_name, y_name : str
    generator : numpy.random.Generator
        What it is drawn with.
    band : Band
        How many cells are worked on at most.
    within : Envelopes, optional
        Where the same pair was aligned: see :class:`PosteriorAlignment`.

    Returns
    -------
    Alignment
        All of both sequences.

    Examples
    --------
    >>> from motifnet.symbols.alphabet import DNA
    >>> model = PairHmm.start(divergence=0.1)
    >>> drawn = sample(model, DNA.encode("ACGTT"), DNA.encode("ACTT"), generator=np.random.default_rng(0))
    >>> [row.replace("-", "") for row in drawn.rows()]
    ['ACGTT', 'ACTT']
    """
    numbers = generator.random(2 * (len(x) + len(y) + 1))
    image = _image(model, x, y)
    names = (y_name, x_name) if image.is_swapped else (x_name, y_name)
    first = image.of_codes(x, y)
    path = kernel.drawn_path(model.odds, *first, band, numbers, within=within)
    drawn = Alignment(*names, *first, path.columns, score=path.log_odds + model.log_ends)
    return image.of_alignment(drawn)


def _image(model: PairHmm, x: np.ndarray, y: np.ndarray) -> PairImage:
    return first_image(x, y, swaps=model.is_symmetric, turns=model.reads_both_strands)


def _aligned(model, x, y, x_name, y_name, method, gamma, mode, band) -> PosteriorAlignment:
    found = kernel.posterior(model.odds, x, y, mode, band, LEAST_PROBABILITY)
    is_whole: bool | None = True
    if not found.is_exact:
        is_whole = kernel.is_whole(model.odds, x, y, mode, band, float(found.counts.log_odds[0]))
    if is_whole is False:
        band = band._replace(bits=-1)
        found = kernel.posterior(model.odds, x, y, mode, band, LEAST_PROBABILITY)
    posterior = MatchPosterior(found.indptr, found.column, found.probability, len(y))
    make = _METHODS.get(method)
    if make is None:
        raise InvalidValue("method", method, f"one of {', '.join(_METHODS)}")
    alignment = make(model, posterior, x, y, x_name, y_name, gamma, mode, band, found.envelope)
    ends = model.log_ends if mode == "global" else 0.0
    return PosteriorAlignment(
        replace(
            alignment,
            confidence=confidence(alignment, posterior),
            score=float(found.counts.log_odds[0]) + ends,
        ),
        posterior,
        found.is_exact,
        is_whole,
        float(found.counts.deviation[0]),
        float(found.counts.edge[0]),
        found.envelope,
    )


def _accurate(model, posterior, x, y, x_name, y_name, gamma, mode, band, within) -> Alignment:
    least = 1 / (1 + gamma)
    gain = posterior.probability.astype(np.float64) - least
    chain = kernel.heaviest_chain(posterior.indptr, posterior.column, gain, len(y))
    matches = np.stack([posterior.x_position[chain], posterior.column[chain]], 1)
    return Alignment.from_matches(matches, x, y, x_name, y_name, local=mode != "global")


def _most_probable(model, posterior, x, y, x_name, y_name, gamma, mode, band, within) -> Alignment:
    path = kernel.best_path(model.odds, x, y, mode, band, within=within)
    return Alignment(x_name, y_name, x, y, path.columns, x_start=path.x_start, y_start=path.y_start)


_METHODS: dict[str, Callable[..., Alignment]] = {"mea": _accurate, "viterbi": _most_probable}


def confidence(alignment: Alignment, posterior: MatchPosterior) -> np.ndarray:
    """Posterior probability of each column, ``shape=(n_columns,)``."""
    columns = alignment.columns
    x_position = alignment.x_start + np.cumsum(columns != Y_ONLY) - 1
    y_position = alignment.y_start + np.cumsum(columns != X_ONLY) - 1
    unmatched = [1 - posterior.x_matched, 1 - _y_matched(posterior)]
    found = np.zeros(len(columns))
    found[columns == X_ONLY] = unmatched[0][x_position[columns == X_ONLY]]
    found[columns == Y_ONLY] = unmatched[1][y_position[columns == Y_ONLY]]
    is_match = columns == MATCH
    wanted = x_position[is_match] * posterior.y_length + y_position[is_match]
    known = posterior.x_position * posterior.y_length + posterior.column
    place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    if len(known):
        found[is_match] = np.where(known[place] == wanted, posterior.probability[place], 0.0)
    return np.clip(found, 0, 1).astype(np.float32)


def _y_matched(posterior: MatchPosterior) -> np.ndarray:
    return np.bincount(posterior.column, posterior.probability, minlength=posterior.y_length)
