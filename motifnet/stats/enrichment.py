"""Is a motif more frequent in targets than in controls? Exact tests on counts of sequences."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Enrichment(NamedTuple):
    """Sequences with a site, among targets and among controls.

    Parameters
    ----------
    target_hits, n_targets : int
        Targets with a site, and all targets tested.
    control_hits, n_controls : int
        The same for controls.
    log10_p : float
        log10 of the p-value; kept as a logarithm, since a p-value of 1e-400 is not unusual.
    """

    target_hits: int
    n_targets: int
    control_hits: int
    n_controls: int
    log10_p: float

    @property
    def target_share(self) -> float:
        """Share of targets with a site."""
        return self.target_hits / max(self.n_targets, 1)

    @property
    def control_share(self) -> float:
        """Share of controls with a site."""
        return self.control_hits / max(self.n_controls, 1)

    @property
    def fold(self) -> float:
        """Fold enrichment, with half a sequence added to each count; NaN where nothing has a site."""
        if self.target_hits == self.control_hits == 0:
            return float("nan")
        target = (self.target_hits + 0.5) / (self.n_targets + 1)
        return target / ((self.control_hits + 0.5) / (self.n_controls + 1))

    @property
    def p_value(self) -> float:
        """The p-value; 0 where it is too small for a float."""
        return 10.0**self.log10_p


def fisher(target_hits: int, n_targets: int, control_hits: int, n_controls: int) -> Enrichment:
    """Fisher's exact test with mid-p-value, one-sided: are hits more frequent among targets?

    The upper tail of the hypergeometric distribution of ``target_hits`` given the margins
    (Fisher 1935), in log space, with half the probability of the table itself (Lancaster 1961,
    J Am Stat Assoc 56:223). Counts are discrete, so that the whole tail would be too large on
    average, by a factor of two and more where hits are few; with half the table the p-value of
    what is due to chance is 0.5 on average, and an E-value says what it should.

    Examples
    --------
    >>> round(fisher(8, 10, 2, 10).p_value, 4)
    0.006
    >>> round(fisher(0, 10, 0, 10).p_value, 6)
    0.5
    >>> fisher(900, 1000, 10, 1000).log10_p < -300
    True
    """
    return Enrichment(
        int(target_hits),
        int(n_targets),
        int(control_hits),
        int(n_controls),
        float(log10_mid_p(target_hits, n_targets, control_hits, n_controls)),
    )


def least_log10_p(n_targets: int, n_controls: int) -> float:
    """log10 of the smallest p-value there can be: every target has a site, and no control.

    Examples
    --------
    >>> round(10 ** least_log10_p(3, 2), 3), round(least_log10_p(50, 50))
    (0.05, -29)
    """
    return float(log10_mid_p(n_targets, n_targets, 0, n_controls))


def too_few_to_tell(
    n_targets: int, n_controls: int, n_tests: int, max_e: float, *, against: str = "control"
) -> str | None:
    """A sentence where no site could be frequent enough to be significant, however it is spread.

    Parameters
    ----------
    n_targets, n_controls : int
        What is compared.
    n_tests : int
        By which a p-value is multiplied.
    max_e : float
        Largest E-value of what is significant.
    against : str
        What a control is.

    Examples
    --------
    >>> too_few_to_tell(3, 2, 10, 0.05)
    '3 targets and 2 controls can give no p-value below 0.05, and no E-value below 0.5: more are needed.'
    >>> too_few_to_tell(50, 50, 10, 0.05) is None
    True
    """
    least = 10 ** least_log10_p(n_targets, n_controls)
    if least * n_tests <= max_e:
        return None
    many = (
        f"{n_targets:,} target{'s' * (n_targets != 1)} and {n_controls:,} {against}{'s' * (n_controls != 1)}"
    )
    limits = f"no p-value below {least:.2g}, and no E-value below {least * n_tests:.2g}"
    return f"{many} can give {limits}: more are needed."


def log10_mid_p(target_hits: int, n_targets: int, control_hits: int, n_controls: int) -> float:
    """log10 of the one-sided mid-p-value of Fisher's exact test: see :func:`fisher`."""
    from scipy.special import gammaln, logsumexp

    hits = target_hits + control_hits
    k = np.arange(target_hits, min(hits, n_targets) + 1, dtype=np.float64)

    def log_choose(n: float, m: np.ndarray | float) -> np.ndarray:
        return gammaln(n + 1) - gammaln(m + 1) - gammaln(n - m + 1)

    terms = log_choose(n_targets, k) + log_choose(n_controls, hits - k)
    terms[0] -= np.log(2)
    total = log_choose(n_targets + n_controls, np.float64(hits))
    return min(0.0, float(logsumexp(terms) - total) / np.log(10))
