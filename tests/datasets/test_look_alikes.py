"""Clusters of sequences that share a stretch of bases."""

import numpy as np
from alike import near_copies, random_codes

from motifnet.datasets import look_alikes
from motifnet.datasets.look_alikes import cluster_sequences
from motifnet.strand import Strand
from motifnet.symbols import Sequences


def test_strands_are_apart_where_strands_differ():
    groups = cluster_sequences(near_copies(), largest=10, strand=Strand.SINGLE).groups.reshape(4, 60)
    assert (groups[2] == groups[0]).all()
    assert (groups[3] != groups[0]).all()


def test_sites_of_one_strong_motif_link_nothing():
    codes = random_codes(300)
    for one in codes:
        one[40:58] = random_codes(1, 18, seed=8)[0]
    assert len(set(cluster_sequences(Sequences.from_codes(codes), largest=300).groups.tolist())) == 300


def test_a_repeat_does_not_chain_all_that_hold_it():
    codes = random_codes(300)
    for one in codes:
        one[20:80] = random_codes(1, 60, seed=9)[0]
    found = cluster_sequences(Sequences.from_codes(codes), largest=30)
    sizes = np.bincount(found.groups)
    assert sizes.max() == 30
    assert (sizes == 30).sum() >= 5
    assert np.bincount(found.whole).tolist() == [300]


def test_a_cut_repeat_leaves_copies_of_one_sequence_together():
    codes = np.array(random_codes(300, 200))
    codes[150:] = codes[:150]
    codes[:, :60] = codes[0, :60]
    found = cluster_sequences(Sequences.from_codes(list(codes)), largest=60)
    assert len(set(found.whole.tolist())) == 1
    assert (found.groups[150:] == found.groups[:150]).all()


def test_sorting_in_buckets_changes_nothing(monkeypatch):
    whole = cluster_sequences(near_copies(), largest=10).groups
    monkeypatch.setattr(look_alikes, "_BUCKET", 100)
    assert (cluster_sequences(near_copies(), largest=10).groups == whole).all()
