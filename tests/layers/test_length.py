import pytest
import torch

from motifnet.errors import InvalidValue
from motifnet.layers import inside, n_windows


def test_counts_agree_with_torch_wherever_a_length_is_legal():
    tried = 0
    for length in range(8, 24):
        for width, stride, dilation, padding in [(3, 1, 1, 0), (4, 2, 1, 1), (3, 3, 2, 0), (2, 4, 3, 2)]:
            expected = (length + 2 * padding - dilation * (width - 1) - 1) // stride + 1
            try:
                found = n_windows(length, width, stride=stride, dilation=dilation, padding=padding)
            except InvalidValue:
                continue
            tried += 1
            conv = torch.nn.Conv1d(1, 1, width, stride, padding, dilation)
            assert found == expected == conv(torch.zeros(1, 1, length)).shape[2]
    assert tried == 16 + 8 + 6 + 4


def test_illegal_lengths_are_refused_with_the_nearest_legal_ones():
    with pytest.raises(InvalidValue, match="length is 10; expected at least 11"):
        n_windows(10, 6, dilation=2)
    with pytest.raises(InvalidValue, match=r"length is 100; expected .* stride 4 fill .* such as 97 or 101"):
        n_windows(100, 5, stride=4)


def test_inside():
    assert inside(torch.tensor([0, 2, 5]), 3).tolist() == [[False] * 3, [True, True, False], [True] * 3]
