"""Families of a few motifs from two sources, one of which has a name that is to be escaped."""

import numpy as np

from motifnet.motifs import Motif
from motifnet.motifs.cluster import cluster
from motifnet.motifs.reproducibility import reproducibility
from motifnet.report.drawing.tree_layout import Leaf, tree_drawing
from motifnet.report.pages.families import FamilyResult

EVIL = "<script>alert('x')</script>&\"co\""


def motif(word, name="", alt_name=""):
    return Motif(name or word, 20 * np.eye(4)[:, ["ACGT".index(base) for base in word]], alt_name=alt_name)


def clustered(motifs, source_of):
    found = cluster(motifs)
    drawing = tree_drawing([Leaf(one, one.name) for one in motifs], found.tree)
    reproduced = reproducibility(found.families, motifs, source_of) if max(source_of) else []
    names = ["one", EVIL]
    return FamilyResult(
        "a title", motifs, [names[i] for i in source_of], found.families, drawing, reproduced, names
    )


FAMILIES = clustered([motif("GGTGA"), motif("GGTGA", EVIL).reverse_complement(), motif("CCAAT")], [0, 1, 0])
