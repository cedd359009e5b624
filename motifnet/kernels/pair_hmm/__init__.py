"""Pair HMMs: likelihoods, expected counts, posteriors and paths of two sequences."""
