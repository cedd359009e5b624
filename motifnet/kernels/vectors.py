"""Vectors of numbers as values of compiled loops.

A loop that is left to the compiler is vectorised or not as it happens. What must be, is written
with these: a :class:`Vector` is as many float32 or float64 numbers as a register of the machine
holds, and every function here becomes one or a few instructions of whatever machine compiles it.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils, config
from numba.core.codegen import get_host_cpu_features
from numba.extending import intrinsic, models, register_model

_WIDTHS = {"+avx512f": 64, "+avx": 32}
_NARROWEST = 16  # SSE2 and NEON, which every machine of their kind has


def width_with(features: str) -> int:
    """Bytes of the widest registers of numbers that a processor has.

    Parameters
    ----------
    features : str
        As LLVM writes them: names after a plus or a minus, with commas between them.

    Examples
    --------
    >>> width_with("+sse2,+avx,+avx2,-avx512f")
    32
    """
    has = features.split(",")
    return next((width for feature, width in _WIDTHS.items() if feature in has), _NARROWEST)


_ASKED_FOR = config.CPU_FEATURES  # type: ignore[attr-defined]  # set by a loop over the environment
BYTES = width_with(get_host_cpu_features() if _ASKED_FOR is None else _ASKED_FOR)
"""Bytes of a vector: of the machine that numba compiles for, by which it tells apart what it has kept."""

HAS_TABLES = _WIDTHS["+avx512f"] == BYTES
"""Whether a table of 16 float64 numbers can be looked up in registers."""

_PLACE, _ADDRESS = ir.IntType(32), ir.IntType(64)


def _bits(scalar: types.Number) -> int:
    return scalar.bitwidth  # type: ignore[attr-defined]  # numbers of a machine have it, others are not met


class Vector(types.Type):
    """The type of a vector of numbers of a type: as many as fill it, or so many."""

    def __init__(self, scalar: types.Number, lanes: int = 0) -> None:
        self.scalar = scalar
        self.lanes = lanes or BYTES * 8 // _bits(scalar)
        super().__init__(f"Vector({scalar}, {self.lanes})")


def _ir_scalar(kind: types.Number) -> ir.Type:
    if isinstance(kind, types.Integer):
        return ir.IntType(_bits(kind))
    return ir.DoubleType() if _bits(kind) == 64 else ir.FloatType()


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


def _in_every_lane(builder, kind, number):
    undefined = ir.Constant(_ir_vector(kind), ir.Undefined)
    first = builder.insert_element(undefined, number, _PLACE(0))
    return _shuffled(builder, first, undefined, [0] * kind.lanes)


def _address(context, builder, array_type, array, index, kind):
    is_pointer = isinstance(array_type, types.CPointer)
    data = array if is_pointer else context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), _ir_vector(kind).as_pointer())


@intrinsic
def aligned(_, array):
    """A pointer to the first number of an array from which on vectors do not straddle lines of the cache.

    It lies less than ``BYTES`` bytes behind the first. Loads and stores take it for the array, which the
    caller keeps alive: a function that is given arrays counts that they are in use, which takes longer than
    to work on a few hundred numbers, and one that is given pointers does not.
    """

    def generate(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        place = builder.ptrtoint(data, _ADDRESS)
        up = builder.and_(builder.add(place, _ADDRESS(BYTES - 1)), _ADDRESS(-BYTES))
        return builder.inttoptr(up, data.type)

    return types.CPointer(array.dtype)(array), generate


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
def load_two(_, array, index):
    """Two numbers, from an index on."""
    kind = Vector(array.dtype, 2)

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
        return _in_every_lane(builder, kind, arguments[0])

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
def load_codes(_, array, index):
    """As many codes, from an index on, as there are float64 numbers in a vector; of ``uint8``."""
    kind = Vector(array.dtype, Vector(types.float64).lanes)

    def generate(context, builder, signature, arguments):
        address = _address(context, builder, signature.args[0], *arguments, kind)
        return builder.load(address, align=1)

    return kind(array, types.intp), generate


def _has_bit(builder, codes, kind, bit):
    chosen = builder.and_(codes, _constant(kind, bit))
    return builder.icmp_unsigned("!=", chosen, _constant(kind, 0))


@intrinsic
def chosen(_, codes, zero, one, two, three):
    """In every lane the number that its code says, from 0 to 3: the lowest two bits are looked at."""

    def generate(context, builder, signature, arguments):
        is_odd, is_high = (_has_bit(builder, arguments[0], codes, bit) for bit in (1, 2))
        low = builder.select(is_odd, arguments[2], arguments[1])
        high = builder.select(is_odd, arguments[4], arguments[3])
        return builder.select(is_high, high, low)

    return zero(codes, zero, one, two, three), generate


@intrinsic
def table_rows(_, codes):
    """Where the rows of codes begin in a table with four columns: what :func:`looked_up` takes."""
    kind = Vector(types.int64, codes.lanes)

    def generate(context, builder, signature, arguments):
        return builder.shl(builder.zext(arguments[0], _ir_vector(kind)), _constant(kind, 2))

    return kind(codes), generate


@intrinsic
def looked_up(_, rows, codes, low, high):
    """The number of a table of 16 that rows and codes say; ``low`` and ``high`` are its halves.

    One instruction of AVX-512, and of no other: see :data:`HAS_TABLES`.
    """

    def generate(context, builder, signature, arguments):
        kind, table = _ir_vector(rows), _ir_vector(low)
        index = builder.or_(arguments[0], builder.zext(arguments[1], kind))
        permute = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(table, [table, kind, table]), "llvm.x86.avx512.vpermi2var.pd.512"
        )
        return builder.call(permute, [arguments[2], index, arguments[3]])

    return low(rows, codes, low, high), generate


@intrinsic
def where(_, codes, code, one, other):
    """``one`` in the lanes of a code, ``other`` elsewhere."""

    def generate(context, builder, signature, arguments):
        code = builder.trunc(arguments[1], _ir_scalar(codes.scalar))
        is_it = builder.icmp_unsigned("==", arguments[0], _in_every_lane(builder, codes, code))
        return builder.select(is_it, arguments[2], arguments[3])

    return one(codes, types.intp, one, other), generate


@intrinsic
def reaching(_, vector, least, one):
    """``one`` in the lanes in which a vector is at least a number, 0 elsewhere."""

    def generate(context, builder, signature, arguments):
        does = builder.fcmp_ordered(">=", arguments[0], _in_every_lane(builder, vector, arguments[1]))
        return builder.select(does, arguments[2], _constant(one, 0.0))

    return one(vector, vector.scalar, one), generate


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
