"""Motifs in DNA, found by networks whose weights are tied.

A *tie* says that several numbers of a model are one and the same number: a hypothesis about a
symmetry. motifnet lets a tie be declared (:mod:`motifnet.ties`), trained under
(:mod:`motifnet.layers`, :mod:`motifnet.models`, :mod:`motifnet.training`) and read back as
motifs (:mod:`motifnet.discovery`). The command line is :mod:`motifnet.cli`.
"""

__version__ = "0.1.0"
