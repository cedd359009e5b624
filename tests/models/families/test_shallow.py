import math

import pytest
import torch
from torch.nn import functional as F

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.kernels import onehot_conv
from motifnet.models.families.shallow import Shallow
from motifnet.models.network import STRANDS
from motifnet.symbols import DNA
from motifnet.testing import TOLERANCES
from motifnet.ties import DNA as DNA_CHANNELS
from motifnet.ties import TIES, Strands, Tie

UNIFORM = math.log(0.25)


def batch(*texts):
    codes = [torch.from_numpy(DNA.encode(text).copy()) for text in texts]
    padded = torch.nn.utils.rnn.pad_sequence(codes, batch_first=True, padding_value=4)
    return padded, torch.tensor([len(text) for text in texts])


def word_filter(word, width, score=2.0):
    """A filter that gives each base of a word a score, and every other base its negative."""
    start = (width - len(word)) // 2
    filters = torch.zeros(1, 4, width)
    for position, code in enumerate(DNA.encode(word).tolist()):
        filters[0, :, start + position] = -score
        filters[0, code, start + position] = score
    return filters


def window_scores(filters, text, strands):
    """Brute force: scores of every window and strand, one filter at a time."""
    found = []
    for strand in strands:
        codes = DNA.encode(text) if strand == "+" else DNA.reverse_complement(DNA.encode(text))
        for start in range(len(codes) - filters.shape[1] + 1):
            window = codes[start : start + filters.shape[1]]
            found.append(sum(filters[code, i].item() for i, code in enumerate(window) if code < 4))
    return torch.tensor(found, dtype=torch.float64)


TEXTS = ["ACGTTGCAANTTGACCA", "GGATTTACA", "TTTTTTTTTTTT"]


@pytest.mark.parametrize("own", [None, "palindrome"])
@pytest.mark.parametrize("pool", ["logsumexp", "max"])
def test_the_kernel_of_both_strands_is_the_strand_tie(pool, own, dtype):
    """What it gives is what the bank that the tie expands gives on the given strand, gradients among it."""
    tie = None if own is None else Tie.stack([TIES[own](5)] * 3)
    model = Shallow(3, 5, 1, pool=pool, tie=tie).to(dtype)
    codes, lengths = batch(*TEXTS)
    if own is None:
        assert model.bank_tie == TIES["reverse_complement"](Strands("3p"), DNA_CHANNELS, 5)
    free = model.bank_tie.representatives(model.bank.detach()).requires_grad_()
    bank = model.bank_tie.expand(free)
    assert torch.equal(bank, model.bank)
    one_strand = onehot_conv.pooled(codes, lengths, bank, pool=pool, both_strands=False)
    pair = torch.stack([one_strand[:, :3], one_strand.flip(1)[:, :3]])
    expected = pair.amax(0) if pool == "max" else pair.logsumexp(0)
    found = model.scan(codes, lengths)
    close = {"rtol": TOLERANCES[dtype], "atol": TOLERANCES[dtype]}
    torch.testing.assert_close(found, expected, **close)
    part = torch.randn(found.shape, dtype=dtype)
    (found * part).sum().backward()
    (expected * part).sum().backward()
    (learnt,) = model.scan.parameters()
    torch.testing.assert_close(learnt.grad.flatten(), free.grad, **close)


@pytest.mark.parametrize("strand", ["tied", "single", "augment"])
@pytest.mark.parametrize("pool", ["logsumexp", "max"])
def test_log_ratio_is_that_of_all_windows_one_by_one(strand, pool, dtype):
    model = Shallow(3, 5, 2, strand=strand, pool=pool).to(dtype)
    model.set_filters(torch.randn(3, 4, 5), torch.randn(3))
    found = model.log_ratio(*batch(*TEXTS))
    strands = "+-" if strand == "tied" else "+"
    for row, text in zip(found, TEXTS, strict=True):
        for value, one_filter in zip(row, model.filters, strict=True):
            scores = window_scores(one_filter, text, strands)
            expected = scores.max() if pool == "max" else scores.logsumexp(0) - math.log(len(scores))
            assert value.item() == pytest.approx(
                expected.item(), rel=TOLERANCES[dtype], abs=TOLERANCES[dtype]
            )


def test_one_filter_of_weight_one_is_the_likelihood_ratio_of_a_zoops_mixture():
    model = Shallow(1, 4, 1).double()
    probability = torch.softmax(torch.randn(4, 4, dtype=torch.float64), 0)
    prior = 0.3
    model.set_filters(
        (probability.log() - UNIFORM)[None], torch.tensor([prior]).logit(), weights=torch.ones(1, 1).double()
    )
    text = "ACGGTTGACA"
    scores = window_scores(model.filters[0], text, "+-")
    # P(sequence | mixture) / P(sequence | background), the site anywhere and on either strand.
    expected = math.log(1 - prior + prior * scores.exp().mean().item())
    assert model(*batch(text)).item() == pytest.approx(expected, abs=1e-6)  # the prior passed in float32


@pytest.mark.parametrize("strand", STRANDS)
def test_logits_are_weighted_occupancies(strand):
    model = Shallow(4, 5, 3, strand=strand)
    codes, lengths = batch(*TEXTS)
    occupancy = model.features(codes, lengths)
    assert occupancy.shape == (3, 4)
    assert model.weights.shape == (3, 4)
    assert (model.weights >= 0).all()
    torch.testing.assert_close(model(codes, lengths), occupancy @ model.weights.T + model.head.bias)


def test_conjoined_logits_are_the_mean_over_both_strands():
    model, alone = Shallow(4, 5, 2, strand="conjoined"), Shallow(4, 5, 2, strand="single")
    alone.load_state_dict(model.state_dict())
    codes, lengths = batch(*TEXTS)
    other = batch(*[DNA.decode(DNA.reverse_complement(DNA.encode(text))) for text in TEXTS])
    torch.testing.assert_close(model(codes, lengths), (alone(codes, lengths) + alone(*other)) / 2)


@pytest.mark.parametrize("strand", STRANDS)
def test_filters_come_back_as_they_were_set(strand, dtype):
    model = Shallow(5, 6, 2, strand=strand).to(dtype)
    before = model.filters.detach().clone()
    filters, bias = torch.randn(3, 4, 6), torch.tensor([-1.0, 0.5, 2.0])
    weights = torch.tensor([[0.0, 1.0, 2.0], [3.0, 1e-6, 30.0]])
    model.set_filters(filters, bias, weights)
    torch.testing.assert_close(model.filters[:3].detach(), filters.to(dtype))
    assert torch.equal(model.filters[3:], before[3:])
    assert model.bias[:3].tolist() == bias.tolist()
    torch.testing.assert_close(model.weights[:, :3].detach(), weights.to(dtype), atol=1e-3, rtol=1e-3)
    assert all(parameter.isfinite().all() for parameter in model.parameters())


def test_a_sequence_without_evidence_has_logit_zero():
    model = Shallow(4, 5, 2)
    model.set_filters(torch.randn(2, 4, 5), torch.tensor([1.0, -3.0]), torch.tensor([[2.0, 0.5], [0.1, 7.0]]))
    unknown = torch.full((1, 12), 4, dtype=torch.uint8)  # every score is 0
    torch.testing.assert_close(model(unknown, torch.tensor([12])), torch.zeros(1, 2), atol=1e-5, rtol=0)


@pytest.mark.parametrize("pool", ["logsumexp", "max"])
@pytest.mark.parametrize("strand", STRANDS)
def test_a_site_counts_the_same_wherever_and_on_whichever_strand_it_lies(strand, pool, dtype):
    model = Shallow(3, 6, 1, strand=strand, pool=pool).to(dtype)
    model.set_filters(word_filter("TGACTC", 6), torch.zeros(1))
    places = [("N" * start + "TGACTC" + "N" * (34 - start)) for start in range(6, 29)]
    logits = model(*batch(*places))
    torch.testing.assert_close(
        logits, logits[:1].expand_as(logits), rtol=TOLERANCES[dtype], atol=TOLERANCES[dtype]
    )
    there, other = model(*batch(places[0], places[0].replace("TGACTC", "GAGTCA")))
    assert torch.allclose(there, other) == (strand in ("tied", "conjoined"))


def test_a_sequence_shorter_than_a_filter_has_no_site_and_no_nan():
    for pool in ("logsumexp", "max"):
        model = Shallow(2, 6, 1, pool=pool)
        codes, lengths = batch("ACGTACGTAC", "ACG")
        model(codes, lengths).sum().backward()
        assert model.features(codes, lengths)[1].tolist() == [0, 0]
        assert all(parameter.grad.isfinite().all() for parameter in model.parameters())


def test_scores_far_from_zero_stay_finite(dtype):
    for scale in (1e3, -1e3):
        model = Shallow(1, 8, 1).to(dtype)
        model.set_filters(torch.full((1, 4, 8), scale), torch.zeros(1))
        logits = model(*batch("ACGTACGTACGT"))
        logits.sum().backward()
        assert logits.isfinite().all()
        assert all(parameter.grad.isfinite().all() for parameter in model.parameters())


def test_training_finds_a_planted_word():
    generator = torch.Generator().manual_seed(0)
    codes = torch.randint(0, 4, (256, 40), dtype=torch.uint8, generator=generator)
    word = torch.from_numpy(DNA.encode("TGACTCAG").copy())
    for row, start in enumerate(torch.randint(0, 33, (128,), generator=generator).tolist()):
        codes[row, start : start + 8] = word if row % 2 else (3 - word).flip(0)
    labels, lengths = torch.arange(256)[:, None].lt(128).float(), torch.full((256,), 40)
    model = Shallow(2, 10, 1)
    model.set_filters(word_filter("GACTC", 10, score=1.0), torch.zeros(1))
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.05)
    for _ in range(60):
        optimiser.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(codes, lengths), labels)
        loss.backward()
        optimiser.step()
    assert loss < 0.2
    best = model.filters[0].argmax(0)
    assert "TGACTCAG" in DNA.decode(best.to(torch.uint8).numpy())


@pytest.mark.parametrize(
    ("filters", "bias", "weights", "error", "sentence"),
    [
        (
            torch.zeros(1, 4, 7),
            torch.zeros(1),
            None,
            ShapeMismatch,
            r"filters has shape .*expected \(1, 4, 6\)",
        ),
        (
            torch.zeros(3, 4, 6),
            torch.zeros(3),
            None,
            ShapeMismatch,
            r"filters has shape .*expected \(2, 4, 6\)",
        ),
        (
            torch.zeros(1, 4, 6),
            torch.zeros(2),
            None,
            ShapeMismatch,
            r"bias has shape \(2,\); expected \(1,\)",
        ),
        (
            torch.full((1, 4, 6), -torch.inf),
            torch.zeros(1),
            None,
            InvalidValue,
            "filters is .* expected finite",
        ),
        (
            torch.zeros(1, 4, 6),
            torch.zeros(1),
            -torch.ones(1, 1),
            InvalidValue,
            "weights is -1.0; expected 0 or more",
        ),
        (
            torch.zeros(1, 4, 6),
            torch.zeros(1),
            torch.ones(2, 1),
            ShapeMismatch,
            r"weights has shape \(2, 1\)",
        ),
    ],
)
def test_filters_that_do_not_fit_are_refused(filters, bias, weights, error, sentence):
    with pytest.raises(error, match=sentence):
        Shallow(2, 6, 1).set_filters(filters, bias, weights)


def test_an_unknown_pool_is_refused():
    with pytest.raises(InvalidValue, match="pool is 'median'; expected one of logsumexp, max"):
        Shallow(2, 6, 1, pool="median")
