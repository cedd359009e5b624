"""Copies of arrays in compiled code.

``target[:] = source`` would do, but numba then compiles, with every kernel that says so, the text of an error
for arrays that do not fit, number formatting and all: two to ten seconds of a first start.
"""

from __future__ import annotations

from motifnet.kernels.compiling import compiled


@compiled
def copy_row(source, target):
    """Copy the first ``len(target)`` numbers of a row; the two may overlap if ``source`` lies behind."""
    for i in range(len(target)):
        target[i] = source[i]


@compiled
def copy_rows(source, target):
    """Copy the first numbers of the first rows of a matrix, as many as ``target`` has."""
    for row in range(target.shape[0]):
        for i in range(target.shape[1]):
            target[row, i] = source[row, i]
