"""Hypotheses about ties: the plug point.

A hypothesis is one module of :mod:`motifnet.hypotheses` with one function, of its name, from data to a
:class:`~motifnet.ties.tested.TieTest` or several. It registers here what has to be said of it, which
the page of a test reads.
"""

from __future__ import annotations

from typing import NamedTuple

from motifnet.registry import Registry


class Hypothesis(NamedTuple):
    """What is to be said of a hypothesis, whatever the data.

    Parameters
    ----------
    question : str
        As a biologist asks it.
    null : str
        What is so if the tie holds: a sentence.
    method : str
        How it is tested: a sentence or two.
    when_rejected : str
        What may be concluded then: a sentence or two.
    when_not : str
        What may not be concluded otherwise.
    """

    question: str
    null: str
    method: str
    when_rejected: str
    when_not: str


HYPOTHESES: Registry[Hypothesis] = Registry("hypothesis")
"""What is known of each hypothesis, by name; each is registered by its own module."""
