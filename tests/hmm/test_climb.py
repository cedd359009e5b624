"""How the climb of a likelihood tells how far it is."""

from motifnet.hmm import estimate
from motifnet.progress import Silent


class Heard(Silent):
    """Keeps what is said."""

    def __init__(self):
        self.said = []

    def log(self, text):
        self.said.append(text)


def test_rounds_are_told_with_their_number(monkeypatch):
    monkeypatch.setattr(estimate, "_SECONDS_SILENT", 0)
    heard = Heard()
    estimate.climb(
        0.0,
        lambda x: (-((x - 2) ** 2), x),
        lambda x, _: (x + 2) / 2,
        least_gain=1,
        max_rounds=9,
        progress=heard,
        what="profile",
    )
    assert heard.said == [
        "profile: 1 round so far, log-likelihood -4.0",
        "profile: 2 rounds so far, log-likelihood -1.0",
        "profile: 3 rounds so far, log-likelihood -0.2",
    ]
