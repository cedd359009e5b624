import numpy as np
import torch

from motifnet.layers import OneHot, reverse_complement
from motifnet.symbols import DNA, Sequences
from motifnet.ties import DNA as CHANNELS


def padded(*texts):
    codes, lengths = Sequences.from_text(texts).padded(np.arange(len(texts)))
    return torch.from_numpy(codes), torch.from_numpy(lengths)


def test_one_hot(device, dtype):
    codes, _ = padded("ACGTN", "GG")
    hot = OneHot().to(device, dtype)(codes.to(device))
    assert (hot.shape, hot.dtype, hot.device.type) == ((2, 4, 5), dtype, device.type)
    assert hot[0].cpu().tolist() == torch.eye(4, 5).tolist()
    assert hot[1].sum(0).tolist() == [1, 1, 0, 0, 0]


def test_one_hot_takes_the_alphabets_complement_to_its_channel_type():
    codes, lengths = padded("ACNGGT")
    other = OneHot()(reverse_complement(codes, lengths))
    assert torch.equal(other, CHANNELS.reverse_complement(OneHot()(codes)))


def test_reverse_complement_keeps_the_padding_at_the_end():
    texts = ["ACGTTN", "GA", "NNC", ""]
    codes, lengths = padded(*texts)
    turned = reverse_complement(codes, lengths)
    assert turned.dtype == torch.uint8
    for row, text in zip(turned, texts, strict=True):
        expected = DNA.reverse_complement(DNA.encode(text)).tolist()
        assert row.tolist() == expected + [4] * (6 - len(text))
    assert torch.equal(reverse_complement(turned, lengths), codes)
