"""Which strands of a sequence count, and how a model shares what it knows between them: one vocabulary."""

from __future__ import annotations

from enum import StrEnum


class Strand(StrEnum):
    """How the two strands of DNA are handled.

    Where sequences are read, ``BOTH`` looks at either strand and ``SINGLE`` at the given one alone. Where a
    network is trained, one that reads both strands says how: ``TIED``, ``AUGMENT`` or ``CONJOINED``.

    Attributes
    ----------
    AUTO
        As the motifs and the sequences are that a command reads; settled before anything is computed.
    BOTH
        Either strand.
    SINGLE
        The given strand alone.
    TIED
        One filter for both strands: the tie of :class:`~motifnet.ties.Strands`, which is exact.
    AUGMENT
        Random flips in training; what is learnt of the strands only resembles each other.
    CONJOINED
        Two passes of one network, averaged (Zhou and others 2020, bioRxiv 2020.11.04.368803).

    Examples
    --------
    >>> Strand("tied").reads_both, Strand.SINGLE.reads_both
    (True, False)
    """

    AUTO = "auto"
    BOTH = "both"
    SINGLE = "single"
    TIED = "tied"
    AUGMENT = "augment"
    CONJOINED = "conjoined"

    @property
    def reads_both(self) -> bool:
        """Whether a site may lie on either strand.

        Raises
        ------
        ValueError
            If that was not settled yet.
        """
        if self is Strand.AUTO:
            raise ValueError("whether both strands are read is not settled yet")
        return self is not Strand.SINGLE
