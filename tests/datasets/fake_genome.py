"""A genome in memory, with what :class:`motifnet.io.Genome` offers."""

import numpy as np

from motifnet.symbols import DNA, Sequences


class FakeGenome:
    """Contigs from letters; lower case is soft-masked."""

    def __init__(self, **letters):
        self._letters = {name: np.frombuffer(text.encode(), np.uint8) for name, text in letters.items()}
        self.contigs = {name: len(raw) for name, raw in self._letters.items()}

    @classmethod
    def random(cls, lengths, *, seed=0, period=2000):
        """Contigs whose GC and soft-masking vary along the way."""
        rng = np.random.default_rng(seed)
        made = {}
        for name, length in lengths.items():
            gc = 0.45 + 0.2 * np.sin(np.arange(length) * 2 * np.pi / period)
            draw = rng.random(length)
            raw = np.where(draw < gc, np.where(draw < gc / 2, ord("C"), ord("G")), ord("A"))
            raw = np.where((raw == ord("A")) & (rng.random(length) < 0.5), ord("T"), raw)
            lower = np.sin(np.arange(length) * 2 * np.pi / (0.7 * period)) > 0.3
            made[name] = np.where(lower, raw + 32, raw).astype(np.uint8).tobytes().decode()
        return cls(**made)

    def codes(self, chrom):
        codes = DNA.encode(self._letters[chrom].tobytes())
        codes.flags.writeable = False
        return codes

    def lowercase(self, chrom):
        return self._letters[chrom] >= ord("a")

    def fetch(self, intervals, *, mask_lowercase=False):
        pieces = []
        for where in intervals:
            raw = self._letters[where.chrom][where.start : where.end].tobytes()
            codes = DNA.encode(raw, mask_lowercase=mask_lowercase)
            pieces.append(DNA.reverse_complement(codes) if where.strand == "-" else codes)
        return Sequences.from_codes(pieces, [str(where) for where in intervals], list(intervals))
