"""Triplet HMMs: sums over all ways in which three sequences come from one ancestor, in a band."""
