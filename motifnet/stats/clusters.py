"""Sequences that depend on each other, such as those of a chromosome: they count as one.

A test that takes homologous or overlapping sequences for independent ones is too sure of itself. Where
sequences come in clusters, what is independent is the sum over a cluster.
"""

from __future__ import annotations

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch


def cluster_sums(values: np.ndarray, clusters: np.ndarray | None = None) -> np.ndarray:
    """Sums of values over the sequences of each cluster.

    Parameters
    ----------
    values : numpy.ndarray of float, shape=(n, ...)
        Of each sequence.
    clusters : numpy.ndarray, shape=(n,), optional
        What each sequence belongs to: numbers or names, in any order. Without, each is a cluster of its own.

    Returns
    -------
    numpy.ndarray of float64, shape=(n_clusters, ...)
        In the order of the sorted clusters.

    Raises
    ------
    ShapeMismatch
        If there is not one cluster a sequence.
    InvalidValue
        If a value is no finite number.

    Examples
    --------
    >>> cluster_sums(np.array([1.0, 2.0, 4.0]), np.array(["chr2", "chr1", "chr2"])).tolist()
    [2.0, 5.0]
    """
    values = np.asarray(values, np.float64)
    if not np.isfinite(values).all():
        raise InvalidValue("a value of a sequence", values[~np.isfinite(values)].flat[0], "finite numbers")
    if clusters is None:
        return values
    if np.shape(clusters) != values.shape[:1]:
        raise ShapeMismatch("clusters", np.shape(clusters), f"({len(values)},), one a sequence")
    names, index = np.unique(np.asarray(clusters), return_inverse=True)
    sums = np.zeros((len(names), *values.shape[1:]))
    np.add.at(sums, index, values)
    return sums
