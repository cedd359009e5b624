"""Ties: the hypothesis that several numbers of a model are one and the same number.

A :class:`Tie` is a colouring of an array of parameters: entries of one colour read one free
parameter. It is declared by the symmetry that it stands for (:meth:`Tie.invariant_under`) or by
name (:data:`TIES`), put on a network by :func:`attach` and taken off by :func:`detach`. A soft
tie is a :func:`penalty`. :class:`Strands` says how the channels of a layer move when the
sequence is reverse-complemented, from which the strand ties of all its parts follow.
"""

from motifnet.ties.attach import attach, detach, is_tied, tie_of
from motifnet.ties.library import TIES
from motifnet.ties.soft import penalty
from motifnet.ties.strands import DNA, Strands
from motifnet.ties.tie import Tie

__all__ = ["DNA", "TIES", "Strands", "Tie", "attach", "detach", "is_tied", "penalty", "tie_of"]
