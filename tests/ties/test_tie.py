import copy
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.ties import Tie
from motifnet.ties.tie import _connected


@st.composite
def signed_permutations(draw, n):
    order = torch.tensor(draw(st.permutations(range(n))))
    sign = torch.tensor(draw(st.lists(st.sampled_from([-1, 1]), min_size=n, max_size=n)))
    return lambda w: w.reshape(-1)[order].reshape(w.shape) * sign.reshape(w.shape)


@st.composite
def shapes_and_actions(draw, most=3):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    n = int(np.prod(shape))
    return shape, draw(st.lists(signed_permutations(n), max_size=most))


@given(st.integers(1, 40), st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_what_is_connected_is_as_scipy_has_it(n, n_edges, seed):
    one, other = np.random.default_rng(seed).integers(0, n, (2, n_edges))
    graph = coo_array((np.ones(n_edges), (one, other)), shape=(n, n))
    expected = connected_components(graph, directed=False)[1]
    found = _connected(n, one, other)
    assert np.array_equal(found[:, None] == found, expected[:, None] == expected)
    assert np.array_equal(found, [np.flatnonzero(found == root)[0] for root in found])


def ties():
    return shapes_and_actions().map(lambda pair: Tie.invariant_under(*pair))


def random(*shape):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def dimension_of_invariants(shape, actions):
    """Brute force: the null space of (action - identity) for all actions."""
    n = int(np.prod(shape))
    basis = torch.eye(n, dtype=torch.float64).reshape(n, *shape)
    demands = [torch.stack([(action(b) - b).reshape(-1) for b in basis], 1) for action in actions]
    return n - int(torch.linalg.matrix_rank(torch.cat(demands))) if demands else n


@given(shapes_and_actions())
def test_invariant_arrays_are_all_found_and_no_others(pair):
    shape, actions = pair
    tie = Tie.invariant_under(shape, actions)
    array = tie.expand(random(tie.n_free))
    for action in actions:
        torch.testing.assert_close(action(array), array)
    assert tie.n_free == dimension_of_invariants(shape, actions)


@given(ties())
def test_project_undoes_expand_and_is_idempotent(tie):
    free = random(tie.n_free)
    torch.testing.assert_close(tie.project(tie.expand(free)), free)
    torch.testing.assert_close(tie.representatives(tie.expand(free)), free)
    array = random(*tie.shape)
    nearest = tie.expand(tie.project(array))
    torch.testing.assert_close(tie.expand(tie.project(nearest)), nearest)
    # The rest is orthogonal to every array of the tie: there is no nearer one.
    torch.testing.assert_close(tie.pool(array - nearest), torch.zeros(tie.n_free, dtype=torch.float64))


@given(ties())
def test_pool_is_the_adjoint_of_expand(tie):
    free, array = random(tie.n_free), random(*tie.shape)
    torch.testing.assert_close((tie.expand(free) * array).sum(), (free * tie.pool(array)).sum())


@given(ties())
def test_the_gradient_of_a_free_parameter_is_the_sum_over_its_orbit(tie):
    free, array = random(tie.n_free).requires_grad_(), random(*tie.shape)
    (tie.expand(free) * array).sum().backward()
    torch.testing.assert_close(free.grad, tie.pool(array))


@given(ties())
def test_text_and_pickle_and_copy_give_back_the_same_tie(tie):
    assert Tie.parse(repr(tie)) == tie
    assert hash(Tie.parse(repr(tie))) == hash(tie)
    assert pickle.loads(pickle.dumps(tie)) == tie
    assert copy.deepcopy(tie) == tie


@given(hnp.arrays(np.int64, st.integers(1, 30), elements=st.integers(0, 5)), st.data())
def test_any_colouring_has_a_text(colours, data):
    sign = data.draw(hnp.arrays(np.int8, colours.shape, elements=st.integers(-1, 1)))
    label = np.zeros_like(colours)
    label[sign != 0] = np.unique(colours[sign != 0], return_inverse=True)[1]
    tie = Tie(label, sign)
    assert Tie.parse(repr(tie)) == tie


@given(st.data())
def test_join_is_both_ties_at_once(data):
    shape, first = data.draw(shapes_and_actions(2))
    second = data.draw(st.lists(signed_permutations(int(np.prod(shape))), max_size=2))
    one, other = Tie.invariant_under(shape, first), Tie.invariant_under(shape, second)
    assert one.join(other) == Tie.invariant_under(shape, [*first, *second])
    assert one.join(other) == other.join(one)
    assert one.join(Tie.untied(shape)) == one
    assert one.join(one) == one


def test_an_orbit_that_meets_itself_with_the_opposite_sign_is_zero():
    odd = Tie.invariant_under((5,), [lambda w: -w.flip(0)])
    assert odd.n_free == 2
    assert odd.expand(torch.tensor([1.0, 2.0])).tolist() == [1, 2, 0, -2, -1]
    nothing = odd.join(Tie.invariant_under((5,), [lambda w: w.flip(0)]))
    assert nothing.n_free == 0
    assert nothing.expand(torch.zeros(0)).tolist() == [0, 0, 0, 0, 0]
    assert nothing.pool(torch.ones(5)).tolist() == []


@given(ties())
def test_arrays_and_tensors_are_treated_alike(tie):
    free, array = random(tie.n_free), random(*tie.shape)
    for method, of in (
        (tie.expand, free),
        (tie.pool, array),
        (tie.project, array),
        (tie.representatives, array),
    ):
        found = method(of.numpy())
        assert isinstance(found, np.ndarray)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, method(of).numpy(), atol=1e-12)


@given(shapes_and_actions())
def test_an_action_is_known_by_what_it_does_to_numbered_entries(pair):
    shape, actions = pair
    entries = 1 + torch.arange(int(np.prod(shape)), dtype=torch.float64).reshape(shape)
    images = [action(entries).numpy().astype(int) for action in actions]
    assert Tie.fixed_by(*images, shape=shape) == Tie.invariant_under(shape, actions)


def test_every_device_and_dtype(device, dtype):
    tie = Tie.invariant_under((6,), [lambda w: -w.flip(0)])
    array = torch.arange(6, device=device, dtype=dtype)
    for result in (tie.project(array), tie.expand(tie.pool(array)), tie.representatives(array)):
        assert (result.device.type, result.dtype) == (device.type, dtype)


def test_large_ties_stay_short_in_text():
    tie = Tie.invariant_under((128, 64, 7), [lambda w: w.flip(0, 1, 2)])
    assert repr(tie) == "Tie(128x64x7: 1..28672 28672..1)"


def test_values():
    plain = Tie.untied((2, 3))
    assert plain == Tie.untied([2, 3])
    assert plain != Tie.untied((3, 2))
    assert plain != "Tie(2x3: 1..6)"
    assert len({plain, Tie.untied((2, 3)), Tie.untied((6,))}) == 2
    assert (plain.n_free, plain.orbit_sizes.tolist()) == (6, [1] * 6)
    with pytest.raises(AttributeError):
        plain.sign = plain.label


@pytest.mark.parametrize(
    ("label", "sign", "error", "sentence"),
    [
        ([0, 1], [1, 1, 1], ShapeMismatch, r"sign has shape \(3,\); expected the shape of label, \(2,\)"),
        ([0, 1], [1, 2], InvalidValue, r"sign is \[1, 2\]; expected -1, 0 and \+1 only"),
        ([0, 2], [1, 1], InvalidValue, r"label is \[0, 2\]; expected 0, 1, 2, ... without a gap"),
    ],
)
def test_what_is_no_tie_is_refused(label, sign, error, sentence):
    with pytest.raises(error, match=sentence):
        Tie(label, sign)


def test_what_is_no_symmetry_is_refused():
    for action in (lambda w: w.cumsum(0), lambda w: w[:2], lambda w: w[:, None], lambda w: w * 0):
        with pytest.raises(InvalidValue, match=r"expected a signed permutation of an array of shape \(3,\)"):
            Tie.invariant_under((3,), [action])


@pytest.mark.parametrize("image", [[1, 1, 2], [0, 1, 2], [1, 2], [[1, 2, 3]]])
def test_what_is_no_image_is_refused(image):
    with pytest.raises(InvalidValue, match=r"expected a signed permutation of an array of shape \(3,\)"):
        Tie.fixed_by(np.array(image), shape=(3,))


@pytest.mark.parametrize("text", ["", "palindrome", "Tie(3: 1 2 b)", "Tie(3: 1...3)", "Tie(2: 1.5 2)"])
def test_text_that_is_no_tie_is_refused(text):
    with pytest.raises(InvalidValue, match="expected text such as 'Tie"):
        Tie.parse(text)


def test_text_of_the_wrong_length_is_refused():
    with pytest.raises(ShapeMismatch, match=r"expected one number for each entry of \(2, 2\)"):
        Tie.parse("Tie(2x2: 1..3)")


def test_arrays_of_another_shape_are_refused():
    tie = Tie.untied((2, 2))
    with pytest.raises(ShapeMismatch, match=r"free has shape \(3,\); expected \(4,\)"):
        tie.expand(torch.zeros(3))
    with pytest.raises(
        ShapeMismatch, match=r"array has shape \(4,\); expected the shape of the tie, \(2, 2\)"
    ):
        tie.pool(torch.zeros(4))
    with pytest.raises(ShapeMismatch, match="other has shape"):
        tie.join(Tie.untied((4,)))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Tie(2x2: 1..2147483648)", ShapeMismatch),  # told without making so many numbers
        ("Tie(1x9000000000: 1x9000000000)", InvalidValue),
        ("Tie(2: 1 999999999)", InvalidValue),
        ("Tie(2: 1 " + "9" * 5000 + ")", InvalidValue),
        ("Tie(" + "9" * 5000 + ": 1)", InvalidValue),
    ],
)
def test_a_text_of_more_than_its_array_holds_is_refused(text, error):
    with pytest.raises(error) as caught:
        Tie.parse(text)
    assert len(str(caught.value)) < 200


def test_a_stack_of_ties_is_each_on_its_own():
    ties = [Tie.parse("Tie(2x2: 1..2 2..1)"), Tie.parse("Tie(2x2: 1 -1 0 2)"), Tie.untied((2, 2))]
    stack = Tie.stack(ties)
    array = torch.randn(3, 2, 2)
    assert stack.n_free == sum(tie.n_free for tie in ties)
    for found, tie, part in zip(stack.expand(stack.project(array)), ties, array, strict=True):
        torch.testing.assert_close(found, tie.expand(tie.project(part)))
    with pytest.raises(ShapeMismatch, match=r"tie has shape \(3,\); expected the shape of the first"):
        Tie.stack([ties[0], Tie.untied((3,))])
