import pytest
import torch
from torch.nn import functional as F

from motifnet.errors import InvalidValue
from motifnet.models.families.deep import Deep
from motifnet.models.network import STRANDS
from motifnet.testing import TOLERANCES, assert_invariant
from motifnet.ties import is_tied


def awake(model):
    """Leave the start, at which every block is the identity."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.2)
    return model


def test_a_new_network_is_its_stem_and_says_little():
    deep, flat = Deep(4, 6, 1), Deep(4, 6, 1, dilations=())
    flat.load_state_dict({name: value for name, value in deep.state_dict().items() if "blocks" not in name})
    codes, lengths = torch.randint(0, 4, (8, 40), dtype=torch.uint8), torch.full((8,), 40)
    deep.eval(), flat.eval()
    torch.testing.assert_close(deep(codes, lengths), flat(codes, lengths))
    assert deep(codes, lengths).abs().max() < 1


def test_every_block_can_wake_up():
    model = Deep(4, 6, 1)
    model(torch.randint(0, 4, (8, 40), dtype=torch.uint8), torch.full((8,), 40)).sum().backward()
    for block in model.blocks:
        assert block.mix_norm.parametrizations.weight.original.grad.count_nonzero() > 0


@pytest.mark.parametrize("strand", STRANDS)
def test_a_site_counts_the_same_wherever_it_lies(strand, dtype):
    model = awake(Deep(4, 6, 1, strand=strand)).to(dtype).eval()
    site = torch.tensor([3, 2, 0, 1, 3, 1], dtype=torch.uint8)
    codes = torch.full((5, 200), 4, dtype=torch.uint8)
    # Far enough from both ends that the blocks, which see 30 positions each way, do not meet them.
    for row, start in enumerate((70, 80, 93, 100, 110)):
        codes[row, start : start + 6] = site
    logits = model(codes, torch.full((5,), 200))
    torch.testing.assert_close(
        logits, logits[:1].expand_as(logits), rtol=TOLERANCES[dtype], atol=TOLERANCES[dtype]
    )


@pytest.mark.parametrize("activation", ["relu", "exp", "gelu"])
def test_activations_of_the_stem(activation):
    model = awake(Deep(4, 6, 1, activation=activation).double()).eval()
    assert_invariant(model)


def test_as_many_pairs_as_dna_has_are_no_dna():
    codes, lengths = torch.randint(0, 4, (3, 40), dtype=torch.uint8), torch.full((3,), 40)
    assert Deep(2, 6, 1)(codes, lengths).shape == (3, 1)


def test_an_unknown_way_with_strands_is_refused():
    with pytest.raises(InvalidValue, match="strand is 'both'; expected one of tied, augment"):
        Deep(4, 8, 1, strand="both")


def test_the_tie_about_halves_the_parameters():
    tied, free = Deep(16, 24, 1), Deep(16, 24, 1, strand="single")
    assert is_tied(tied.stem, "weight")
    assert not is_tied(free.stem, "weight")
    ratio = sum(p.numel() for p in tied.parameters()) / sum(p.numel() for p in free.parameters())
    assert 0.45 < ratio < 0.55


def test_training_statistics_leave_the_padding_out():
    codes, lengths = torch.randint(0, 4, (6, 50), dtype=torch.uint8), torch.full((6,), 50)
    longer = F.pad(codes, (0, 30), value=4)
    plain, padded = Deep(4, 6, 1, dropout=0).double(), Deep(4, 6, 1, dropout=0).double()
    padded.load_state_dict(plain.state_dict())
    torch.testing.assert_close(padded(longer, lengths), plain(codes, lengths))
    for name, buffer in plain.named_buffers():
        torch.testing.assert_close(padded.get_buffer(name), buffer)


def test_training_finds_a_planted_word():
    generator = torch.Generator().manual_seed(0)
    codes = torch.randint(0, 4, (256, 40), dtype=torch.uint8, generator=generator)
    word = torch.tensor([3, 2, 0, 1, 3, 1, 0, 2], dtype=torch.uint8)
    for row, start in enumerate(torch.randint(0, 33, (128,), generator=generator).tolist()):
        codes[row, start : start + 8] = word if row % 2 else (3 - word).flip(0)
    labels, lengths = torch.arange(256)[:, None].lt(128).float(), torch.full((256,), 40)
    model = Deep(8, 10, 1, dilations=(1, 2))
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.01)
    for _ in range(60):
        optimiser.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(codes, lengths), labels)
        loss.backward()
        optimiser.step()
    assert loss < 0.1
