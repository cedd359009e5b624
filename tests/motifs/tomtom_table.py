"""A table of Tomtom's beside what we make of the same motifs."""

import csv
import gzip
from typing import NamedTuple

import numpy as np

from motifnet.motifs.tomtom import Comparison, compare

SMALLEST = 1e-44  # the program rounds smaller p-values to single precision, or to 0


class Rows(NamedTuple):
    """Columns of a table of the program, ``(n_queries, n_targets)`` each."""

    p_values: np.ndarray
    offsets: np.ndarray
    overlaps: np.ndarray
    reverses: np.ndarray


def read_rows(path, motifs):
    """The rows of the queries that are in a table, and these queries."""
    with gzip.open(path, "rt") as handle:
        found = {
            (row["Query_ID"], row["Target_ID"]): row
            for row in csv.DictReader(handle, delimiter="\t")
            if row["Target_ID"]
        }
    queries = [motif for motif in motifs if (motif.name, motif.name) in found]
    table = [[found[query.name, target.name] for target in motifs] for query in queries]

    def column(read):
        return np.array([[read(row) for row in rows] for rows in table])

    return queries, Rows(
        column(lambda row: float(row["p-value"])),
        column(lambda row: -int(row["Optimal_offset"])),
        column(lambda row: int(row["Overlap"])),
        column(lambda row: row["Orientation"] == "-"),
    )


def compared(path, motifs):
    """The program's rows, and our comparison of the same queries with all motifs."""
    queries, rows = read_rows(path, motifs)
    return rows, compare(queries, motifs)


def correlation(rows: Rows, ours: Comparison) -> float:
    """Of log p, over all pairs."""
    logs = [np.log(np.maximum(values, SMALLEST)).ravel() for values in (rows.p_values, ours.p_values)]
    return float(np.corrcoef(*logs)[0, 1])
