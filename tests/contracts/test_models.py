"""The contract of networks: what every registered family keeps, whatever the strands."""

import copy

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from motifnet.config.train import ModelOptions
from motifnet.errors import InvalidValue, ShapeMismatch, UnknownName
from motifnet.models import families
from motifnet.models.build import MODELS, build, completed
from motifnet.models.family_options import FamilyOptions
from motifnet.models.network import STRANDS, Network
from motifnet.models.saved import TrainedModel, read_trained, write_trained
from motifnet.testing import TOLERANCES, assert_invariant
from motifnet.ties import DNA, TIES, Strands, Tie
from motifnet.ties.of_filters import FilterTies
from tests.models.handled import handled

FAMILIES_AND_STRANDS = [(family, strand) for family in MODELS for strand in STRANDS]


def made(family, strand="tied", *own, n_tasks=2):
    options = handled(strand, family=family, family_option=own, n_filters=4, filter_width=8)
    return build(options, n_tasks)


@pytest.fixture(params=FAMILIES_AND_STRANDS, ids=lambda pair: "-".join(pair))
def network(request):
    model = made(*request.param)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.2)
    return model


def sequences(device="cpu"):
    lengths = torch.tensor([60, 8, 41, 23, 60, 9], device=device)
    generator = torch.Generator().manual_seed(1)
    codes = torch.randint(0, 5, (6, 60), dtype=torch.uint8, generator=generator).to(device)
    return codes.where(torch.arange(60, device=device) < lengths[:, None], 4).to(torch.uint8), lengths


def step(model, optimiser=None):
    codes, lengths = sequences()
    labels = torch.tensor([[1.0, 0.0], [0.0, 1.0]] * 3)
    loss = F.binary_cross_entropy_with_logits(model(codes, lengths).float(), labels)
    loss.backward()
    if optimiser is not None:
        optimiser.step()
    return loss


def test_every_module_of_the_folder_is_a_family():
    assert {MODELS[name].__module__.rpartition(".")[2] for name in MODELS} == set(families.MODULES)
    assert len(families.MODULES) == len(MODELS) >= 2
    assert ModelOptions().family in MODELS


def test_it_is_what_the_options_ask_for(network):
    assert isinstance(network, Network)
    assert (network.n_tasks, network.min_length) == (2, 8)
    assert network.strand in STRANDS


def test_logits_have_one_column_a_task(network, device, dtype):
    network = network.to(device, dtype)
    logits = network(*sequences(device))
    assert (logits.shape, logits.dtype, logits.device.type) == ((6, 2), dtype, device.type)
    assert logits.isfinite().all()


def test_a_sequence_does_not_depend_on_its_batch(network, dtype):
    network = network.to(dtype).eval()
    codes, lengths = sequences()
    together = network(codes, lengths)
    alone = torch.cat(
        [network(codes[i : i + 1, :n], lengths[i : i + 1]) for i, n in enumerate(lengths.tolist())]
    )
    padded = network(F.pad(codes, (0, 37), value=4), lengths)
    torch.testing.assert_close(alone, together, rtol=TOLERANCES[dtype], atol=TOLERANCES[dtype])
    torch.testing.assert_close(padded, together, rtol=TOLERANCES[dtype], atol=TOLERANCES[dtype])


def test_padding_is_never_read(network):
    network = network.double().eval()
    codes, lengths = sequences()
    poisoned = codes.where(torch.arange(60) < lengths[:, None], torch.randint(0, 4, (6, 60))).to(torch.uint8)
    torch.testing.assert_close(network(poisoned, lengths), network(codes, lengths), rtol=1e-10, atol=1e-10)


def test_the_gradient_reaches_every_parameter(network):
    step(network)
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.count_nonzero() > 0, name


def test_training_is_the_same_bit_for_bit(network):
    twins = network, copy.deepcopy(network)
    for twin in twins:
        torch.manual_seed(5)
        optimiser = torch.optim.AdamW(twin.parameters(), lr=0.01)
        for _ in range(3):
            optimiser.zero_grad()
            step(twin, optimiser)
    for one, other in zip(twins[0].parameters(), twins[1].parameters(), strict=True):
        assert torch.equal(one, other)


def test_mixed_precision_learns(network):
    network.eval()  # no dropout, so that the two losses can be compared
    expected = step(network).item()
    network.zero_grad()
    with torch.autocast("cpu", torch.bfloat16):
        found = step(network)
    assert found.item() == pytest.approx(expected, rel=10 * TOLERANCES[torch.bfloat16])
    assert all(parameter.grad.isfinite().all() for parameter in network.parameters())


def test_saved_and_read_it_says_the_same_to_the_last_bit(network, tmp_path):
    options = handled(network.strand, family=_family(network), n_filters=4, filter_width=8)
    trained = TrainedModel(network.eval(), options, ("a", "b"), 0, np.full(4, 0.25), "binary")
    write_trained(tmp_path / "model.pt", trained)
    again = read_trained(tmp_path / "model.pt").network
    assert not again.training
    assert torch.equal(again(*sequences()), network(*sequences()))


def test_filters_are_set_and_read(network):
    filters, bias = torch.randn(3, 4, 8), torch.zeros(3)
    network.set_filters(filters, bias, torch.ones(2, 3))
    found = network.filters[:3].detach()
    scale = found.std() / filters.std()  # which a family may choose
    torch.testing.assert_close(found, scale * filters)
    weights = network.filter_weights()
    assert weights is None or weights.shape == (2, len(network.filters))


def test_the_bank_of_filters_obeys_the_tie_that_the_network_tells(network):
    bank, tie = network.bank.detach(), network.bank_tie
    assert torch.equal(tie.expand(tie.representatives(bank)), bank)
    assert any(parameter.numel() == tie.n_free for parameter in network.parameters())
    if network.is_tied:
        assert tie == TIES["reverse_complement"](Strands.pairs(len(bank) // 2), DNA, 8)
        assert torch.equal(bank[: len(bank) // 2], network.filters.detach())
    else:
        assert tie == Tie.untied(bank.shape)


@pytest.mark.parametrize(("family", "strand"), FAMILIES_AND_STRANDS)
def test_filters_obey_the_ties_that_are_asked_for(family, strand, tmp_path):
    asked = ("inverted_repeat,spacer=2:1", "palindrome:2")
    options = handled(strand, family=family, tie=asked, n_filters=4, filter_width=8)
    network, ties = build(options, 2), FilterTies.of(options)
    free = build(options.model_copy(update={"tie": ()}), 2).bank_tie.n_free
    assert network.bank_tie.n_free == free - 12 - 2 * 16
    assert any(parameter.numel() == network.bank_tie.n_free for parameter in network.parameters())
    network.set_filters(torch.randn(2, 4, 8), torch.zeros(2), torch.ones(2, 2), places=[1, 3])
    step(network, torch.optim.AdamW(network.parameters(), lr=0.1))
    write_trained(tmp_path / "model.pt", TrainedModel(network, options, ("a", "b"), 0, None, "binary"))
    for one in (network, read_trained(tmp_path / "model.pt").network):
        for number, weights in enumerate(one.filters.detach()):
            tie = ties.of_filter(number).tie
            assert tie is None or torch.equal(tie.expand(tie.representatives(weights)), weights)
    if network.is_tied:
        assert_invariant(network.eval())


@pytest.mark.parametrize("family", MODELS)
def test_options_of_a_family_are_declared_whole(family):
    own = MODELS[family].own_options
    assert issubclass(own, FamilyOptions)
    for name, field in own.model_fields.items():
        assert field.description is not None, name
        assert field.description.endswith("."), name
        assert field.description[0].isupper(), name
    assert own.model_validate(own().model_dump()) == own()


@pytest.mark.parametrize("family", MODELS)
def test_options_of_a_family_survive_text(family):
    own = MODELS[family].own_options
    whole = completed(ModelOptions(family=family))
    assert own.of(whole) == own()
    assert completed(whole) == whole
    assert len(whole.family_option) == len(own.model_fields)
    assert ModelOptions.model_validate_json(whole.model_dump_json()) == whole
    with pytest.raises(UnknownName, match=f"no option of the family '{family}' named 'no_such'"):
        made(family, "tied", "no_such=1")


@pytest.mark.parametrize("strand", STRANDS)
@pytest.mark.parametrize("family", MODELS)
def test_a_tied_family_reads_both_strands_at_once(family, strand):
    assert made(family, strand).is_tied == (strand == "tied")


@pytest.mark.parametrize("strand", ["tied", "conjoined"])  # the other two are what conjoined wraps
@pytest.mark.parametrize("family", MODELS)
def test_it_can_be_compiled_whole(family, strand):
    network = made(family, strand).eval()
    compiled = torch.compile(network, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(*sequences()), network(*sequences()))


def test_batches_shorter_than_a_filter_are_refused(network):
    with pytest.raises(ShapeMismatch, match=r"codes has shape \(1, 7\); expected .* length of 8 or more"):
        network(torch.zeros(1, 7, dtype=torch.uint8), torch.tensor([7]))


def test_what_cannot_be_built_is_refused():
    with pytest.raises(UnknownName, match="no family named 'shalow'; did you mean 'shallow'"):
        build(ModelOptions(family="shalow"), 1)
    for family in MODELS:
        with pytest.raises(InvalidValue, match="n_tasks is 0; expected 1 or more"):
            made(family, "tied", n_tasks=0)


def _family(network):
    return next(name for name in MODELS if isinstance(network, MODELS[name]))
