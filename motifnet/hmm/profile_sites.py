"""Sites of a profile HMM as rows of an alignment and of a table."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from motifnet.hmm.profile import ProfileAlignment
from motifnet.io.profiles import ProfileSite
from motifnet.symbols import DNA, Sequences


def rows(aligned: ProfileAlignment, sequences: Sequences) -> Iterator[str]:
    """The row of each site in A2M, all of one length; sequences without a site have none.

    Examples
    --------
    >>> from motifnet.hmm.profile import ProfileHmm
    >>> model = ProfileHmm.from_matrix(np.eye(4)[[2, 0, 3, 0]] * 0.96 + 0.01, np.full(4, 0.25))
    >>> two = Sequences.from_text(["CCGATACC", "CCGACTACC"])
    >>> list(rows(model.gapped("shared").align(two), two))
    ['GA.TA', 'GAcTA']
    """
    inserted = aligned.inserted
    room = inserted[aligned.found].max(0, initial=0).tolist()
    for i in np.flatnonzero(aligned.found).tolist():
        letters = DNA.decode(_strand(aligned, sequences, i))
        parts = []
        for place, before, most in zip(aligned.columns[i].tolist(), inserted[i].tolist(), room, strict=True):
            insert = letters[place - before : place].lower() if before else ""
            parts.append(insert.ljust(most, ".") + (letters[place] if place >= 0 else "-"))
        yield "".join(parts)


def sites(aligned: ProfileAlignment, sequences: Sequences) -> Iterator[ProfileSite]:
    """The site of each sequence that has one, in their order."""
    inserted, spans = aligned.inserted, aligned.spans
    for i in np.flatnonzero(aligned.found).tolist():
        (start, end), length = spans[i].tolist(), int(sequences.lengths[i])
        matched = aligned.columns[i] >= 0
        # Places on the reverse strand count from the other end.
        where = (length - end, length - start) if aligned.reverse[i] else (start, end)
        yield ProfileSite(
            sequences.names[i],
            *where,
            "+-"[int(aligned.reverse[i])],
            float(aligned.posterior[i, matched].mean()),
            float(aligned.log_odds[i]) / math.log(2),
            {int(k): int(inserted[i, k]) for k in np.flatnonzero(inserted[i])},
            (np.flatnonzero(~matched) + 1).tolist(),
            DNA.decode(_strand(aligned, sequences, i)[start:end]),
        )


def _strand(aligned: ProfileAlignment, sequences: Sequences, i: int) -> np.ndarray:
    """Codes of a sequence on the strand of its site."""
    return DNA.reverse_complement(sequences[i]) if aligned.reverse[i] else sequences[i]
