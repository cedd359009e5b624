"""Sites of a motif in sequences: make them unknown, count the bases at them."""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled


def mask_sites(
    codes: np.ndarray,
    offsets: np.ndarray,
    chosen: np.ndarray,
    weights: np.ndarray,
    threshold: float,
    core: slice,
    *,
    both_strands: bool,
) -> np.ndarray:
    """Codes with every site that scores at least ``threshold`` made unknown.

    Parameters
    ----------
    codes, offsets : numpy.ndarray
        The sequences.
    chosen : numpy.ndarray of bool, shape=(n,)
        Sequences in which to look.
    weights : numpy.ndarray, shape=(4, width)
        Score of each base in each column; an unknown base adds nothing.
    threshold : float
        Least score of a site.
    core : slice
        Columns of the motif to make unknown; the others stay.
    both_strands : bool
        Look on the reverse strand too.

    Returns
    -------
    numpy.ndarray of uint8, shape=(total_length,)
    """
    first, last, _ = core.indices(weights.shape[1])
    known = np.zeros((5, weights.shape[1]))
    known[:4] = weights
    return _mask_sites(codes, offsets, np.flatnonzero(chosen), known, threshold, first, last, both_strands)


@compiled
def _mask_sites(codes, offsets, chosen, weights, threshold, first, last, both_strands):
    masked = codes.copy()
    width = weights.shape[1]
    for i in chosen:
        for start in range(offsets[i], offsets[i + 1] - width + 1):
            here = there = 0.0
            for j in range(width):
                code = min(codes[start + j], 4)
                here += weights[code, j]
                there += weights[3 - code if code < 4 else 4, width - 1 - j]
            if here >= threshold:
                masked[start + first : start + last] = 4
            if both_strands and there >= threshold:
                masked[start + width - last : start + width - first] = 4
    return masked


def count_bases(
    codes: np.ndarray,
    offsets: np.ndarray,
    position: np.ndarray,
    reverse: np.ndarray,
    chosen: np.ndarray,
    width: int,
    flank: int,
) -> np.ndarray:
    """Counts of bases at the chosen sequences' sites and on both sides of them.

    Parameters
    ----------
    codes, offsets : numpy.ndarray
        The sequences.
    position, reverse : numpy.ndarray, shape=(n,)
        Start and strand of the site of each sequence.
    chosen : numpy.ndarray of bool, shape=(n,)
        Sequences whose site counts.
    width : int
        Width of the motif.
    flank : int
        Columns to count on either side; what lies beyond a sequence counts nowhere.

    Returns
    -------
    numpy.ndarray of float64, shape=(4, width + 2 * flank)
        In the orientation of the motif.
    """
    return _count_bases(codes, offsets, position, reverse, np.flatnonzero(chosen), width, flank)


@compiled
def _count_bases(codes, offsets, position, reverse, chosen, width, flank):
    n_columns = width + 2 * flank
    counts = np.zeros((4, n_columns))
    for i in chosen:
        first = offsets[i] + position[i] - flank
        for j in range(n_columns):
            if first + j < offsets[i] or first + j >= offsets[i + 1]:
                continue
            code = codes[first + j]
            if code < 4:
                if reverse[i]:
                    counts[3 - code, n_columns - 1 - j] += 1
                else:
                    counts[code, j] += 1
    return counts


def change_if_left_out(
    codes: np.ndarray,
    offsets: np.ndarray,
    position: np.ndarray,
    reverse: np.ndarray,
    probabilities: np.ndarray,
    background: np.ndarray,
    n_sites: np.ndarray,
    weight: np.ndarray,
) -> np.ndarray:
    """What the score of each sequence's window changes by if motifs are estimated without that window.

    The probabilities are those of so many sites and one of background. Without a window that weighed ``w``,
    those of its bases are ``(p (n + 1) - w) / (n + 1 - w)``; no count is less than none. A column that equals
    the background, and an unknown base, change nothing.

    Parameters
    ----------
    codes, offsets : numpy.ndarray
        The sequences.
    position, reverse : numpy.ndarray, shape=(n, n_motifs)
        Start and strand of the window for each motif.
    probabilities : numpy.ndarray, shape=(n_motifs, 4, width)
    background : numpy.ndarray, shape=(4,)
    n_sites : numpy.ndarray, shape=(n_motifs,)
        That each motif was estimated from.
    weight : numpy.ndarray, shape=(n,)
        Of the windows of each sequence among them; negative of one that was subtracted.

    Returns
    -------
    numpy.ndarray of float64, shape=(n, n_motifs)
        In bits.
    """
    return _change_if_left_out(codes, offsets, position, reverse, probabilities, background, n_sites, weight)


@compiled
def _change_if_left_out(codes, offsets, position, reverse, probabilities, background, n_sites, weight):
    n_motifs, _, width = probabilities.shape
    change = np.zeros(position.shape)
    for k in range(n_motifs):
        tells = np.zeros(width, np.bool_)
        for j in range(width):
            for base in range(4):
                tells[j] |= abs(probabilities[k, base, j] - background[base]) > 1e-9
        for i in range(len(offsets) - 1):
            if position[i, k] < 0:
                continue
            start = offsets[i] + position[i, k]
            total = max(n_sites[k] + 1 - weight[i], 1.0)
            for place in range(width):
                base = codes[start + place]
                j = width - 1 - place if reverse[i, k] else place
                if base > 3 or not tells[j]:
                    continue
                if reverse[i, k]:
                    base = 3 - base
                before = probabilities[k, base, j]
                left = max(before * (n_sites[k] + 1) - weight[i], background[base])
                change[i, k] += np.log2(left / total / before)
    return change
