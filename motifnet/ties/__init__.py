"""Ties: the hypothesis that several numbers of a model are one and the same number.

A :class:`Tie` is a colouring of an array of parameters: entries of one colour read one free
parameter. It is declared by the symmetry that it stands for (:meth:`Tie.invariant_under`) or by
name (:data:`TIES`; those of a filter: :data:`FILTER_TIES`), put on a network by :func:`attach`, which
:func:`assign` gives values to, and taken off by :func:`detach`. A soft
tie is a :func:`penalty`. :class:`Strands` says how the channels of a layer move when the
sequence is reverse-complemented, from which the strand ties of all its parts follow.
"""

import importlib
from typing import TYPE_CHECKING

from motifnet.ties.tie import Tie

if TYPE_CHECKING:
    from motifnet.ties.attaching import assign, attach, detach, is_tied, tie_of
    from motifnet.ties.library import FILTER_TIES, TIES
    from motifnet.ties.soft import penalty
    from motifnet.ties.strands import DNA, Strands

__all__ = [
    "DNA",
    "FILTER_TIES",
    "TIES",
    "Strands",
    "Tie",
    "assign",
    "attach",
    "detach",
    "is_tied",
    "penalty",
    "tie_of",
]

# What is of networks is imported when it is asked for: HMMs have ties, but no use for torch.
_OF_NETWORKS = {
    **dict.fromkeys(("assign", "attach", "detach", "is_tied", "tie_of"), "attaching"),
    **dict.fromkeys(("DNA", "Strands"), "strands"),
    **dict.fromkeys(("FILTER_TIES", "TIES"), "library"),
    "penalty": "soft",
}


def __getattr__(name: str) -> object:
    if name not in _OF_NETWORKS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_OF_NETWORKS[name]}"), name)
