import numpy as np
import torch

from motifnet.layers import reverse_complement
from motifnet.symbols import DNA, Sequences


def padded(*texts):
    codes, lengths = Sequences.from_text(texts).padded(np.arange(len(texts)))
    return torch.from_numpy(codes), torch.from_numpy(lengths)


def test_reverse_complement_keeps_the_padding_at_the_end():
    texts = ["ACGTTN", "GA", "NNC", ""]
    codes, lengths = padded(*texts)
    turned = reverse_complement(codes, lengths)
    assert turned.dtype == torch.uint8
    for row, text in zip(turned, texts, strict=True):
        expected = DNA.reverse_complement(DNA.encode(text)).tolist()
        assert row.tolist() == expected + [4] * (6 - len(text))
    assert torch.equal(reverse_complement(turned, lengths), codes)
