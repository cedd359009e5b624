"""Vectors of numbers as values of compiled loops.

A loop that is left to the compiler is vectorised or not as it happens. What must be, is written
with these: a :class:`Vector` is as many float32 or float64 numbers as fill 32 bytes, and every
function here becomes one or a few instructions of whatever machine compiles it.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, models, register_model

BYTES = 32
"""Bytes of a vector."""

_PLACE = ir.IntType(32)


class Vector(types.Type):
    """The type of a vector of numbers of a type."""

    def __init__(self, scalar: types.Float) -> None:
        self.scalar = scalar
        self.lanes = BYTES * 8 // scalar.bitwidth
        super().__init__(f"Vector({scalar})")


def _ir_scalar(kind: types.Float) -> ir.Type:
    return ir.DoubleType() if kind.bitwidth == 64 else ir.FloatType()


def _ir_vector(kind: Vector) -> ir.VectorType:
    return ir.VectorType(_ir_scalar(kind.scalar), kind.lanes)


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, _ir_vector(kind))


def _constant(kind: Vector, value: float) -> ir.Constant:
    return ir.Constant(_ir_vector(kind), [value] * kind.lanes)


def _shuffled(builder, one, other, places):
    mask = ir.Constant(ir.VectorType(_PLACE, len(places)), places)
    return builder.shuffle_vector(one, other, mask)


def _address(context, builder, array_type, array, index, kind):
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), _ir_vector(kind).as_pointer())


@intrinsic
def lanes(_, array):
    """How many numbers of an array's type are in a vector."""
    n = Vector(array.dtype).lanes
    return types.intp(array), lambda context, builder, signature, arguments: ir.Constant(ir.IntType(64), n)


@intrinsic
def load(_, array, index):
    """The numbers from an index on."""
    kind = Vector(array.dtype)

    def generate(context, builder, signature, arguments):
        address = _address(context, builder, signature.args[0], *arguments, kind)
        return builder.load(address, align=array.dtype.bitwidth // 8)

    return kind(array, types.intp), generate


@intrinsic
def store(_, array, index, vector):
    """Write the numbers from an index on."""

    def generate(context, builder, signature, arguments):
        array_value, index_value, value = arguments
        address = _address(context, builder, signature.args[0], array_value, index_value, vector)
        builder.store(value, address, align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, vector), generate


@intrinsic
def spread(_, number):
    """One number in every lane."""
    kind = Vector(number)

    def generate(context, builder, signature, arguments):
        undefined = ir.Constant(_ir_vector(kind), ir.Undefined)
        first = builder.insert_element(undefined, arguments[0], _PLACE(0))
        return _shuffled(builder, first, undefined, [0] * kind.lanes)

    return kind(number), generate


def _lanewise(operation):
    @intrinsic
    def apply(_, one, other):
        def generate(context, builder, signature, arguments):
            return operation(builder, *arguments)

        return one(one, other), generate

    return apply


multiply = _lanewise(lambda builder, one, other: builder.fmul(one, other, flags=("contract",)))
add = _lanewise(lambda builder, one, other: builder.fadd(one, other, flags=("contract",)))
subtract = _lanewise(lambda builder, one, other: builder.fsub(one, other, flags=("contract",)))
larger = _lanewise(
    lambda builder, one, other: builder.select(builder.fcmp_ordered(">", one, other), one, other)
)
smaller = _lanewise(
    lambda builder, one, other: builder.select(builder.fcmp_ordered("<", one, other), one, other)
)


@intrinsic
def multiply_add(_, one, other, summand):
    """``one * other + summand``, fused where the machine can."""

    def generate(context, builder, signature, arguments):
        product = builder.fmul(arguments[0], arguments[1], flags=("contract",))
        return builder.fadd(product, arguments[2], flags=("contract",))

    return one(one, other, summand), generate


@intrinsic
def flipped(_, vector, mask, bits):
    """``vector`` with those of ``bits`` flipped that stand in ``mask``: all are read as bits."""

    def generate(context, builder, signature, arguments):
        kind = _whole_numbers(vector, vector.scalar.bitwidth)
        one, chosen, other = (builder.bitcast(argument, kind) for argument in arguments)
        return builder.bitcast(builder.xor(one, builder.and_(chosen, other)), _ir_vector(vector))

    return vector(vector, mask, bits), generate


def _whole_numbers(kind, bits):
    return ir.VectorType(ir.IntType(bits), kind.lanes)


def _every(kind, bits, number):
    return ir.Constant(_whole_numbers(kind, bits), [number] * kind.lanes)


@intrinsic
def exponents(_, vector):
    """The least powers of two that positive float64 numbers are below; -1022 for 0."""

    def generate(context, builder, signature, arguments):
        raw = builder.bitcast(arguments[0], _whole_numbers(vector, 64))
        biased = builder.and_(builder.lshr(raw, _every(vector, 64, 52)), _every(vector, 64, 0x7FF))
        power = builder.sub(builder.trunc(biased, _whole_numbers(vector, 32)), _every(vector, 32, 1022))
        return builder.sitofp(power, _ir_vector(vector))

    return vector(vector), generate


@intrinsic
def powers_of_two(_, vector):
    """Two to whole numbers, which are float64 and from -1022 to 1023."""

    def generate(context, builder, signature, arguments):
        power = builder.fptosi(arguments[0], _whole_numbers(vector, 32))
        biased = builder.zext(builder.add(power, _every(vector, 32, 1023)), _whole_numbers(vector, 64))
        return builder.bitcast(builder.shl(biased, _every(vector, 64, 52)), _ir_vector(vector))

    return vector(vector), generate


@intrinsic
def ceilings(_, vector):
    """The least whole numbers that are not below those of a vector."""

    def generate(context, builder, signature, arguments):
        kind = _ir_vector(vector)
        name = f"llvm.ceil.v{vector.lanes}f{vector.scalar.bitwidth}"
        ceiling = builder.module.declare_intrinsic(name, fnty=ir.FunctionType(kind, [kind]))
        return builder.call(ceiling, arguments)

    return vector(vector), generate


@intrinsic
def after(_, number, vector):
    """The vector moved up by one lane, with a number in the first."""

    def generate(context, builder, signature, arguments):
        number_value, value = arguments
        other = builder.insert_element(ir.Constant(value.type, ir.Undefined), number_value, _PLACE(0))
        return _shuffled(builder, value, other, [vector.lanes, *range(vector.lanes - 1)])

    return vector(number, vector), generate


@intrinsic
def before(_, vector, number):
    """The vector moved down by one lane, with a number in the last."""

    def generate(context, builder, signature, arguments):
        value, number_value = arguments
        other = builder.insert_element(ir.Constant(value.type, ir.Undefined), number_value, _PLACE(0))
        return _shuffled(builder, value, other, [*range(1, vector.lanes), vector.lanes])

    return vector(vector, number), generate


def _decay(builder, kind, value, rate, combine, moved):
    """Doubling steps of a recurrence along the lanes: ``out[i] = value[i] + rate * out[i - 1]``."""
    step, power = 1, rate
    zero = _constant(kind, 0.0)
    while step < kind.lanes:
        earlier = _shuffled(builder, value, zero, moved(step))
        value = combine(builder, builder.fmul(power, earlier, flags=("contract",)), value)
        step, power = 2 * step, builder.fmul(power, power)
    return value


def _add(builder, one, other):
    return builder.fadd(one, other, flags=("contract",))


def _larger(builder, one, other):
    return builder.select(builder.fcmp_ordered(">", one, other), one, other)


def _recurrence(combine, upwards):
    @intrinsic
    def apply(_, vector, rate):
        n = vector.lanes

        def moved(step):
            if upwards:
                return [n] * step + list(range(n - step))
            return list(range(step, n)) + [n] * step

        def generate(context, builder, signature, arguments):
            return _decay(builder, vector, *arguments, combine, moved)

        return vector(vector, vector), generate

    return apply


decayed_sum = _recurrence(_add, upwards=True)
"""``out[i] = vector[i] + rate * out[i - 1]``, the first from nothing; ``rate`` in every lane."""
decayed_sum_down = _recurrence(_add, upwards=False)
"""``out[i] = vector[i] + rate * out[i + 1]``, the last from nothing."""
decayed_largest = _recurrence(_larger, upwards=True)
"""``out[i] = max(vector[i], rate * out[i - 1])``, the first from nothing."""


@intrinsic
def first(_, vector):
    """The number in the first lane."""

    def generate(context, builder, signature, arguments):
        return builder.extract_element(arguments[0], _PLACE(0))

    return vector.scalar(vector), generate


@intrinsic
def last(_, vector):
    """The number in the last lane."""

    def generate(context, builder, signature, arguments):
        return builder.extract_element(arguments[0], _PLACE(vector.lanes - 1))

    return vector.scalar(vector), generate


def _folded(combine):
    @intrinsic
    def apply(_, vector):
        def generate(context, builder, signature, arguments):
            value, n = arguments[0], vector.lanes
            while n > 1:
                n //= 2
                upper = _shuffled(
                    builder, value, value, [(i + n) % vector.lanes for i in range(vector.lanes)]
                )
                value = combine(builder, value, upper)
            return builder.extract_element(value, _PLACE(0))

        return vector.scalar(vector), generate

    return apply


total = _folded(_add)
"""The sum of the lanes."""
largest = _folded(_larger)
"""The largest of the lanes."""
