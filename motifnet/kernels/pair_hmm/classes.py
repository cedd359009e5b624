"""Vectors of every class of gaps: tuples of one or two, compiled for as many as there are."""

from __future__ import annotations

from numba.extending import overload

from motifnet.kernels.vectors import load, multiply_add, store


def repeated(classes, vector):
    """The same vector for every class."""


@overload(repeated)
def _repeated(classes, vector):
    if len(classes) == 1:
        return lambda classes, vector: (vector,)
    return lambda classes, vector: (vector, vector)


def read(classes, array, at, step):
    """The vectors from an index on, ``step`` numbers apart."""


@overload(read)
def _read(classes, array, at, step):
    if len(classes) == 1:
        return lambda classes, array, at, step: (load(array, at),)
    return lambda classes, array, at, step: (load(array, at), load(array, at + step))


def write(array, at, step, vectors):
    """Write the vectors from an index on, ``step`` numbers apart."""


@overload(write)
def _write(array, at, step, vectors):
    if len(vectors) == 1:
        return lambda array, at, step, vectors: store(array, at, vectors[0])

    def both(array, at, step, vectors):
        store(array, at, vectors[0])
        store(array, at + step, vectors[1])

    return both


def grown(rates, vectors, others):
    """``others + rates * vectors``, class by class."""


@overload(grown)
def _grown(rates, vectors, others):
    if len(rates) == 1:
        return lambda rates, vectors, others: (multiply_add(rates[0], vectors[0], others[0]),)
    return lambda rates, vectors, others: (
        multiply_add(rates[0], vectors[0], others[0]),
        multiply_add(rates[1], vectors[1], others[1]),
    )


def pooled(rates, vectors, summand):
    """``summand`` and the sum of ``rates * vectors`` over classes."""


@overload(pooled)
def _pooled(rates, vectors, summand):
    if len(rates) == 1:
        return lambda rates, vectors, summand: multiply_add(rates[0], vectors[0], summand)
    return lambda rates, vectors, summand: multiply_add(
        rates[1], vectors[1], multiply_add(rates[0], vectors[0], summand)
    )
