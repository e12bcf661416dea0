"""Positions: against Python's own mathematics, number by number, and by what they promise."""

import cmath
import math

import torch

from autograder.testing import complaint, exercise, expect, expect_that

# Angles are float32: one of n radians is off by up to n · 2⁻²⁴, and a power by some roundings.
OF_ANGLES = 2**-19  # for positions up to 40
# Of what is turned by given cosines and sines: two products and a sum.
TOLERANCE = {
    torch.float64: 16 * 2**-52,
    torch.float32: 16 * 2**-23,
    torch.bfloat16: 2 * 2**-8,
}


def generator(rng):
    return torch.Generator().manual_seed(rng.getrandbits(31))


def normal(rng, *shape, dtype=torch.float64):
    return torch.randn(shape, generator=generator(rng), dtype=torch.float64).to(dtype)


def integers(rng, low, high, *shape):
    return torch.randint(low, high + 1, shape, generator=generator(rng))


def different(rng, n, low=2, high=9):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


# --- sinusoidal_positions ---------------------------------------------------------------------


def waves(positions, width, base=10_000.0):
    """Feature by feature."""
    rows = []
    for position in positions.flatten().tolist():
        angles = [position / base ** (2 * i / width) for i in range(width // 2)]
        rows.append([value for a in angles for value in (math.sin(a), math.cos(a))])
    return torch.tensor(rows, dtype=torch.float32).reshape(*positions.shape, width)


@exercise("transformer.sinusoidal_positions", weight=2)
def test_sines_and_cosines_take_turns(student, rng):
    """Sines at even features, cosines at odd ones, each pair slower than the one before."""
    for width in (2, 4, 6, 10, 16):
        positions = torch.tensor(rng.sample(range(40), rng.choice([1, 3, 7, 12])))
        got = student.transformer.sinusoidal_positions(positions, width)
        expect(got, waves(positions, width), tolerance=OF_ANGLES)


@exercise("transformer.sinusoidal_positions")
def test_positions_of_many_rows(student, rng):
    """Positions may have any shape, and need not begin at 0; there may be none."""
    for shape in [(), (0,), (1,), (2, 3), (3, 1, 4)]:
        positions = integers(rng, 0, 40, *shape)
        got = student.transformer.sinusoidal_positions(positions, 6)
        expect(got, waves(positions, 6), tolerance=OF_ANGLES)


@exercise("transformer.sinusoidal_positions")
def test_another_base_turns_at_another_speed(student, rng):
    """The base sets how slow the last pairs are."""
    for base in (1.0, 3.0, 100.0, 1e6):
        positions = integers(rng, 0, 40, 5)
        got = student.transformer.sinusoidal_positions(positions, 8, base)
        expect(got, waves(positions, 8, base), tolerance=OF_ANGLES)


@exercise("transformer.sinusoidal_positions")
def test_only_the_distance_counts(student, rng):
    """The product of two positions' vectors depends on how far apart they are."""
    for width in (2, 8, 14):
        first, distance = rng.randrange(20), rng.randrange(1, 10)
        for shift in (0, 3, 17):
            pair = torch.tensor([first + shift, first + shift + distance])
            got = student.transformer.sinusoidal_positions(pair, width)
            expected = sum(
                math.cos(distance / 10_000 ** (2 * i / width)) for i in range(width // 2)
            )
            length = got.square().sum(-1)
            expect(length, torch.full((2,), width / 2), tolerance=1e-5)
            product = (got[0] * got[1]).sum().item()
            expect_that(
                abs(product - expected) < 1e-4 * width,
                expected="a product that depends on the distance alone",
                got=product,
            )


# --- relative_buckets -------------------------------------------------------------------------


def bucket(distance, n_buckets, max_distance, bidirectional):
    """One distance, in whole numbers and one logarithm; None where float32 could round it up."""
    first, n = 0, n_buckets
    if bidirectional:
        n = n_buckets // 2
        first, far = (n if distance > 0 else 0), abs(distance)
    else:
        far = max(0, -distance)
    exact = n // 2
    if far < exact:
        return first + far
    place = math.log(far / exact) / math.log(max_distance / exact) * (n - exact)
    if place < n - exact and abs(place - round(place)) < 1e-4 and far != exact:
        return None
    return first + min(exact + int(place + 1e-9), n - 1)


def check_buckets(student, distances, *sizes, bidirectional):
    """Leave out those distances that lie on the edge of a bucket, to the last digit."""
    expected = [bucket(d, *sizes, bidirectional) for d in distances]
    kept = [d for d, e in zip(distances, expected, strict=True) if e is not None]
    right = torch.tensor([e for e in expected if e is not None], dtype=torch.long)
    options = {} if bidirectional else {"bidirectional": False}
    got = student.transformer.relative_buckets(torch.tensor(kept), *sizes, **options)
    expect(got, right)


@exercise("transformer.relative_buckets", weight=2)
def test_buckets_in_both_directions(student, rng):
    """Earlier keys have the first half of the buckets, later ones the second."""
    for sizes in [(8, 20), (32, 128), (12, 50), (4, 9), (20, 33)]:
        near = list(range(-8, 9))
        far = [rng.randrange(-300, 301) for _ in range(30)]
        check_buckets(student, near, *sizes, bidirectional=True)
        check_buckets(student, far, *sizes, bidirectional=True)


@exercise("transformer.relative_buckets", weight=2)
def test_buckets_in_one_direction(student, rng):
    """Without later keys the earlier ones have all buckets; later ones count as distance 0."""
    for sizes in [(8, 20), (32, 128), (7, 50), (4, 9), (20, 33)]:
        near = list(range(-8, 9))
        far = [rng.randrange(-300, 301) for _ in range(30)]
        check_buckets(student, near, *sizes, bidirectional=False)
        check_buckets(student, far, *sizes, bidirectional=False)


@exercise("transformer.relative_buckets")
def test_without_sizes_they_are_those_of_t5(student, rng):
    """By default there are 32 buckets, in both directions, up to a distance of 128."""
    distances = [
        d for d in rng.sample(range(-200, 200), 60) if bucket(d, 32, 128, True) is not None
    ]
    right = torch.tensor([bucket(d, 32, 128, True) for d in distances])
    expect(student.transformer.relative_buckets(torch.tensor(distances)), right)


@exercise("transformer.relative_buckets")
def test_whole_tables_and_far_ends(student, rng):
    """Any shape is taken, and everything from max_distance on is in the last bucket."""
    for bidirectional in (True, False):
        for shape in [(), (0,), (2, 5), (3, 1, 4)]:
            # Within the exact buckets, and beyond everything.
            distances = integers(rng, -4, 4, *shape) * 10 ** integers(rng, 0, 1, *shape).mul(5)
            expected = [bucket(d, 20, 50, bidirectional) for d in distances.flatten().tolist()]
            right = torch.tensor(expected, dtype=torch.long).reshape(shape)
            got = student.transformer.relative_buckets(
                distances, 20, 50, bidirectional=bidirectional
            )
            expect(got, right)
        edge = torch.tensor([[-51, -52, -60], [51, 1000, 10**6]])
        right = torch.tensor([[9] * 3, [19] * 3] if bidirectional else [[19] * 3, [0] * 3])
        got = student.transformer.relative_buckets(edge, 20, 50, bidirectional=bidirectional)
        expect(got, right)


# --- alibi_bias -------------------------------------------------------------------------------


def slopes(n_heads):
    """As the paper's code has them."""
    if n_heads & (n_heads - 1) == 0:
        start = 2 ** (-(2 ** -(math.log2(n_heads) - 3)))
        return [start * start**i for i in range(n_heads)]
    closest = 2 ** math.floor(math.log2(n_heads))
    return slopes(closest) + slopes(2 * closest)[0::2][: n_heads - closest]


def penalties(n_queries, n_keys, n_heads):
    """Head by head, query by query, key by key."""
    rows = [
        [
            [slope * (s - t) if s <= t else -math.inf for s in range(n_keys)]
            for t in range(n_keys - n_queries, n_keys)
        ]
        for slope in slopes(n_heads)
    ]
    return torch.tensor(rows, dtype=torch.float32).reshape(n_heads, n_queries, n_keys)


@exercise("transformer.alibi_bias", weight=2)
def test_slopes_of_powers_of_two(student, rng):
    """Each of 2, 4, 8 or 16 heads has its slope, the steepest first."""
    for n_heads in (1, 2, 4, 8, 16):
        length = rng.randrange(2, 8)
        got = student.transformer.alibi_bias(length, length, n_heads)
        expect(got, penalties(length, length, n_heads), tolerance=1e-6)


@exercise("transformer.alibi_bias")
def test_slopes_of_other_numbers_of_heads(student, rng):
    """Where H is no power of two, the missing slopes come from twice as many heads."""
    for n_heads in (3, 5, 6, 7, 11, 12, 20):
        length = rng.randrange(2, 8)
        got = student.transformer.alibi_bias(length, length, n_heads)
        expect(got, penalties(length, length, n_heads), tolerance=1e-6)


@exercise("transformer.alibi_bias", weight=2)
def test_the_last_query_stands_at_the_last_key(student, rng):
    """With fewer queries than keys the queries are the newest positions; later keys are hidden."""
    for n_queries, n_keys in [(1, 1), (1, 6), (2, 5), (4, 9), (0, 3), (3, 4)]:
        n_heads = rng.choice([2, 3, 8])
        got = student.transformer.alibi_bias(n_queries, n_keys, n_heads)
        expect(got, penalties(n_queries, n_keys, n_heads), tolerance=1e-6)


@exercise("transformer.alibi_bias")
def test_a_step_costs_the_same_everywhere(student, rng):
    """From one key to the next the bias grows by the slope, for each query and far away too."""
    for n_heads in (4, 6):
        n_keys = rng.randrange(60, 90)
        got = student.transformer.alibi_bias(3, n_keys, n_heads)
        expect(got, penalties(3, n_keys, n_heads), tolerance=1e-6)
        step = (got[:, -1, 1:] - got[:, -1, :-1]).double()
        right = torch.tensor(slopes(n_heads), dtype=torch.float64)[:, None]
        expect(step, right.expand_as(step).clone(), tolerance=1e-4)


# --- rotary_angles ----------------------------------------------------------------------------


def angles(positions, head_width, base=10_000.0):
    """(cosines, sines), feature by feature, with an axis for the heads."""
    half = head_width // 2
    shape = (*positions.shape[:-1], 1, positions.shape[-1], head_width)
    found = [
        position * base ** (-2 * (feature % half) / head_width)
        for position in positions.flatten().tolist()
        for feature in range(head_width)
    ]
    exact = torch.tensor(found, dtype=torch.float64).reshape(shape)
    return exact.cos().float(), exact.sin().float()


def check_angles(got, expected, tolerance=OF_ANGLES):
    expect(list(got), list(expected), tolerance=tolerance)


@exercise("transformer.rotary_angles", weight=2)
def test_each_half_has_all_angles(student, rng):
    """Features i and i + K/2 turn together, each pair more slowly than the one before."""
    for head_width in (2, 4, 6, 10, 16):
        positions = torch.tensor(rng.sample(range(40), rng.choice([1, 3, 7])))
        got = student.transformer.rotary_angles(positions, head_width)
        check_angles(got, angles(positions, head_width))


@exercise("transformer.rotary_angles")
def test_rows_have_positions_of_their_own(student, rng):
    """Positions may differ from row to row; an axis of size 1 stands for the heads."""
    for shape in [(1, 1), (2, 3), (3, 5), (4, 1), (2, 0)]:
        positions = integers(rng, 0, 40, *shape)
        got = student.transformer.rotary_angles(positions, 6)
        check_angles(got, angles(positions, 6))


@exercise("transformer.rotary_angles")
def test_another_base_and_positions_between(student, rng):
    """The base sets how slow the last pairs are; positions need not be whole numbers."""
    for base in (1.0, 3.0, 500.0, 1e6):
        positions = integers(rng, 0, 40, 2, 5)
        got = student.transformer.rotary_angles(positions, 8, base)
        check_angles(got, angles(positions, 8, base))
        between = positions.float() / 4
        got = student.transformer.rotary_angles(between, 8, base)
        check_angles(got, angles(between, 8, base))


# --- rotate -----------------------------------------------------------------------------------


def rotation(rng, n_rows, length, head_width, dtype=torch.float64):
    """Cosines and sines of random angles, another for each pair, position and row."""
    half = (20 * normal(rng, n_rows, 1, length, head_width // 2)).repeat(1, 1, 1, 2)
    return half.cos().to(dtype), half.sin().to(dtype)


def turned(x, rotation):
    """Pair by pair, as complex numbers."""
    cos, sin = (part.double().expand(*x.shape) for part in rotation)
    flat = x.double().reshape(-1, x.shape[-1]).tolist()
    half = x.shape[-1] // 2
    rows = []
    for row, c, s in zip(
        flat, cos.reshape(len(flat), -1).tolist(), sin.reshape(len(flat), -1).tolist(), strict=True
    ):
        pairs = [
            complex(row[i], row[i + half]) * cmath.rect(1, math.atan2(s[i], c[i]))
            for i in range(half)
        ]
        rows.append([p.real for p in pairs] + [p.imag for p in pairs])
    return torch.tensor(rows, dtype=torch.float64).reshape(x.shape).to(x.dtype)


def sizes_of_heads(rng):
    """(batch, heads, positions, head width), from the smallest up; no two axes alike."""
    yield 1, 1, 1, 2
    yield 1, 3, 2, 4
    for _ in range(3):
        size, n_heads, length, half = different(rng, 4, 2, 6)
        if 2 * half in (size, n_heads, length):
            half = 7
        yield size, n_heads, length, 2 * half


@exercise("transformer.rotate", weight=2)
def test_pairs_are_turned(
    student, rng
):  # lint: ok one (the axis is for the heads, which share a rotation)
    """Features i and i + K/2 are turned by their angle, counter-clockwise, in every dtype."""
    for dtype in TOLERANCE:
        for size, n_heads, length, head_width in sizes_of_heads(rng):
            x = normal(rng, size, n_heads, length, head_width, dtype=dtype)
            both = rotation(rng, 1, length, head_width, torch.float64)
            if dtype != torch.float64:
                both = tuple(part.float() for part in both)
            got = student.transformer.rotate(x, both)
            expect(got, turned(x, both), tolerance=TOLERANCE[dtype])


@exercise("transformer.rotate")
def test_each_row_by_its_own_angles(student, rng):
    """A rotation may belong to one row each, or to all of them; heads share it."""
    for size, n_heads, length, head_width in sizes_of_heads(rng):
        x = normal(rng, size, n_heads, length, head_width)
        both = rotation(rng, size, length, head_width)
        got = student.transformer.rotate(x, both)
        expect(got, turned(x, both), tolerance=TOLERANCE[x.dtype])
        views = student.support.on_views("rotate", x, both)
        expect(views, turned(x, both), tolerance=TOLERANCE[x.dtype])
        expect(
            list(student.transformer.rotate(x[:, :, :0], _cut(both, 0)).shape),
            [size, n_heads, 0, head_width],
        )


def _cut(both, length):
    return tuple(part[:, :, :length] for part in both)


@exercise("transformer.rotate")
def test_lengths_stay_and_distances_count(student, rng):
    """Nothing gets longer; a query and a key moved by the same angles have the same product."""
    for size, n_heads, length, head_width in sizes_of_heads(rng):
        query, key = (normal(rng, size, n_heads, length, head_width) for _ in range(2))
        start, step = (20 * normal(rng, 1, 1, length, head_width // 2) for _ in range(2))
        before = turned(query, _both(step * 0)), turned(key, _both(step))
        right = (before[0] * before[1]).sum(-1)
        got = [
            student.transformer.rotate(x, _both(a))
            for x, a in ((query, start), (key, start + step))
        ]
        expect((got[0] * got[1]).sum(-1), right, tolerance=1e-11)
        expect(got[0].norm(dim=-1), query.norm(dim=-1), tolerance=1e-12)


def _both(half):
    whole = torch.cat([half, half], dim=-1)
    return whole.cos(), whole.sin()


@exercise("transformer.rotate")
def test_gradients_are_turned_back(student, rng):
    """The gradient that comes back is turned by the opposite angles."""
    for size, n_heads, length, head_width in sizes_of_heads(rng):
        x = normal(rng, size, n_heads, length, head_width).requires_grad_()
        cos, sin = rotation(rng, size, length, head_width)
        weights = normal(rng, *x.shape)
        (student.transformer.rotate(x, (cos, sin)) * weights).sum().backward()
        expect(x.grad, turned(weights, (cos, -sin)), tolerance=1e-12)


# --- scaled_rotary_angles ---------------------------------------------------------------------


@exercise("transformer.scaled_rotary_angles", weight=2)
def test_linear_presses_positions_together(student, rng):
    """Position p stands where p / factor stood, for all pairs."""
    for head_width in (2, 4, 10):
        for factor in (1.0, 2.0, 3.7):
            positions = integers(rng, 0, 40, rng.randrange(1, 4), 7)
            got = student.transformer.scaled_rotary_angles(
                positions, head_width, factor=factor, method="linear"
            )
            check_angles(got, angles(positions.double() / factor, head_width))


@exercise("transformer.scaled_rotary_angles", weight=2)
def test_ntk_slows_only_the_slow(student, rng):
    """The slowest pair turns factor times more slowly, the fastest as before."""
    for head_width in (4, 6, 16):
        for factor in (1.0, 2.0, 3.7):
            for base in (10_000.0, 100.0):
                positions = integers(rng, 0, 40, rng.randrange(1, 4), 7)
                got = student.transformer.scaled_rotary_angles(
                    positions, head_width, base, factor=factor, method="ntk"
                )
                half = head_width // 2
                pairs = [
                    base ** (-2 * i / head_width) * factor ** (-i / (half - 1)) for i in range(half)
                ]
                exact = positions[:, None, :, None] * torch.tensor(pairs * 2, dtype=torch.float64)
                check_angles(got, (exact.cos().float(), exact.sin().float()))


@exercise("transformer.scaled_rotary_angles")
def test_linear_with_another_base(student, rng):
    """The base of the training stays, also for one row without a batch."""
    for base in (3.0, 500.0):
        positions = integers(rng, 0, 40, 6)
        got = student.transformer.scaled_rotary_angles(
            positions, 8, base, factor=2.5, method="linear"
        )
        check_angles(got, angles(positions.double() / 2.5, 8, base))


@exercise("transformer.scaled_rotary_angles")
def test_other_methods_are_refused(student, rng):
    """Another method is refused in words, whatever its name; both that exist go on working."""
    positions = integers(rng, 0, 40, 2, 5)
    for method, right in [
        ("linear", angles(positions.double() / 2, 4)),
        ("ntk", angles(positions, 4, 10_000.0 * 2**2)),
    ]:
        got = student.transformer.scaled_rotary_angles(positions, 4, factor=2.0, method=method)
        check_angles(got, right)
    said = complaint(
        lambda: student.transformer.scaled_rotary_angles(positions, 4, factor=2.0, method="cubic")
    )
    expect_that("cubic" in (said or ""), expected="a ValueError that names the method", got=said)
