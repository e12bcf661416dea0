"""Four bits: the levels against the published ones, codes by trying all, scales in eight bits."""

import statistics

import torch

from autograder.testing import exercise, expect, expect_that

PUBLISHED = [
    *(-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453),
    *(-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0),
    *(0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224),
    *(0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0),
]
ROUNDING = 2e-7  # of float32, in numbers up to one
DTYPES = [torch.float32, torch.float64, torch.bfloat16]


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


# --- normal_float_levels --------------------------------------------------------------------------


@exercise("lora.normal_float_levels", weight=2)
def test_four_bits_are_the_published_levels(student):
    """Four bits give the sixteen levels that QLoRA's authors print."""
    for levels in (student.lora.normal_float_levels(), student.lora.normal_float_levels(4)):
        expect(levels, torch.tensor(PUBLISHED), tolerance=ROUNDING)


@exercise("lora.normal_float_levels", weight=2)
def test_levels_are_quantiles_of_a_normal_distribution(student):
    """For any number of bits the levels are quantiles at equal steps on either side of zero."""
    inverse = statistics.NormalDist().inv_cdf
    for n_bits in (2, 3, 5, 8):
        m = 2**n_bits
        end = 1 - (1 / (2 * m) + 1 / (2 * m - 2)) / 2
        expected = []
        for place in range(-(m // 2 - 1), m // 2 + 1):
            steps = m // 2 if place > 0 else m // 2 - 1
            share = 0.5 + (end - 0.5) * abs(place) / steps
            expected.append((1 if place > 0 else -1) * inverse(share) / inverse(end))
        got = student.lora.normal_float_levels(n_bits)
        expect(got, torch.tensor(expected, dtype=torch.float32), tolerance=ROUNDING)


@exercise("lora.normal_float_levels")
def test_levels_rise_from_one_end_to_the_other(student):
    """They rise from -1 to 1; zero is one of them, and there is one more above it than below."""
    for n_bits in (2, 3, 4, 6):
        levels = student.lora.normal_float_levels(n_bits)
        ends = levels[[0, -1]], (levels == 0).sum(), (levels > 0).sum(), (levels < 0).sum()
        half = 2 ** (n_bits - 1)
        counts = [torch.tensor(n) for n in (1, half, half - 1)]
        expect([*ends], [torch.tensor([-1.0, 1.0]), *counts], given="ends, zeros, above, below")
        expect_that(bool((levels.diff() > 0).all()), expected="levels that rise", got=levels)


@exercise("lora.normal_float_levels")
def test_levels_are_narrow_near_zero(student):
    """On either side the distance from level to level grows with the distance from zero."""
    for n_bits in (3, 4, 6):
        levels = student.lora.normal_float_levels(n_bits)
        middle = 2 ** (n_bits - 1) - 1
        for side in (levels[middle:], -levels[: middle + 1].flip(0)):
            grows = bool((side.diff().diff() > 0).all()) and len(side) > 2
            expect_that(grows, expected="steps that grow with the distance from zero", got=levels)


# --- quantize_nf4 ---------------------------------------------------------------------------------


def blocks_of(weight, block):
    """Rows' order, cut and filled up with zeros, in float64."""
    numbers = weight.double().flatten().tolist()
    numbers += [0.0] * (-len(numbers) % block)
    return torch.tensor(numbers, dtype=torch.float64).view(-1, block)


def expect_quantized(got, weight, block, given):
    """Scales are the largest magnitudes; no level is nearer than the one whose code is given."""
    codes, scales, shape = got
    blocks = blocks_of(weight, block)
    largest = blocks.abs().amax(1)
    expect(scales, largest.to(weight.dtype), given=f"the scales of {given}")
    expect(list(shape), list(weight.shape), given=f"the shape of {given}")
    expect(str(codes.dtype), "torch.uint8", given=f"the dtype of the codes of {given}")
    expect(list(codes.shape), list(blocks.shape), given=f"the shape of the codes of {given}")
    wish = "codes of sixteen levels"
    expect_that(int(codes.max()) < 16, expected=wish, got=codes, given=given)
    levels = torch.tensor(PUBLISHED, dtype=torch.float64)
    unit = blocks / largest.masked_fill(largest == 0, 1.0)[:, None]
    distances = (unit[..., None] - levels).abs()
    chosen = distances.gather(-1, codes.long()[..., None])[..., 0]
    # Between two levels that are equally near either may be chosen, whatever rounding says.
    wish = f"distances to the levels of the codes of {given}"
    near = torch.where(chosen - distances.amin(-1) < 1e-6, distances.amin(-1), chosen)
    expect(near, distances.amin(-1), given=wish, tolerance=1e-9)


def some_weights(rng, dtype=torch.float64):
    """(weights, block), from one number up; most do not fill their last block."""
    for shape, block in [((1,), 2), ((1, 3), 2), ((5, 7), 8), ((4, 2, 9), 64), ((3, 64), 64)]:
        yield normal(rng, *shape, dtype=dtype), block
    sizes = torch.tensor([[float(rng.randint(-6, 5))] for _ in range(9)])
    rows = normal(rng, 9, 11) * 10.0**sizes
    yield rows.to(dtype), 11


@exercise("lora.quantize_nf4", weight=2)
def test_codes_are_of_the_nearest_levels(student, rng):
    """Each block has its largest magnitude as scale, each number the code of the nearest level."""
    for weight, block in some_weights(rng):
        got = student.lora.quantize_nf4(weight, block)
        expect_quantized(got, weight, block, f"a tensor of {list(weight.shape)}")
    weight = normal(rng, 5, 30)
    got = student.lora.quantize_nf4(weight)
    expect_quantized(got, weight, 64, "a tensor of [5, 30]")


@exercise("lora.quantize_nf4")
def test_weights_in_other_dtypes(student, rng):
    """In float32 and bfloat16 as well the nearest level is found; scales are of that dtype."""
    for dtype in (torch.float32, torch.bfloat16):
        for weight, block in some_weights(rng, dtype):
            got = student.lora.quantize_nf4(weight, block)
            expect_quantized(got, weight, block, f"a tensor of {dtype}")
    # Rounded to eight bits, one number in five hundred would be given a level that is not nearest.
    weight = normal(rng, 128, 64).bfloat16()
    got = student.lora.quantize_nf4(weight)
    expect_quantized(got, weight, 64, "8,192 numbers in bfloat16")


@exercise("lora.quantize_nf4")
def test_largest_number_may_be_negative(student, rng):
    """The largest magnitude decides, whatever its sign: that number has an outermost code."""
    for sign in (1, -1):
        weight = normal(rng, 4, 16) / 8
        weight[:, 3] = sign * (5 + normal(rng, 4).abs())
        got = student.lora.quantize_nf4(weight, 16)
        expect_quantized(got, weight, 16, "rows with one number far from the rest")
        outermost = torch.full((4,), 15 if sign > 0 else 0, dtype=torch.uint8)
        expect(got[0][:, 3], outermost, given="the codes of the largest magnitudes")


@exercise("lora.quantize_nf4")
def test_blocks_of_zeros(student, rng):
    """A block of zeros has scale 0 and the code of level zero, and so have the filled up places."""
    weight = normal(rng, 3, 8)
    weight[1] = 0.0
    codes, scales, _ = student.lora.quantize_nf4(weight, 8)
    expect(codes[1], torch.full((8,), 7, dtype=torch.uint8), given="the codes of zeros")
    expect(scales[1].item(), 0.0, given="the scale of zeros")
    expect_quantized((codes, scales, weight.shape), weight, 8, "three blocks, one of zeros")
    codes, _, _ = student.lora.quantize_nf4(weight[0, :5], 8)
    expect(codes[0, 5:], torch.full((3,), 7, dtype=torch.uint8), given="the codes of the filling")


@exercise("lora.quantize_nf4")
def test_blocks_know_nothing_of_each_other(student, rng):
    """A number changes the codes of its own block only; twice the block has the same codes."""
    weight = normal(rng, 6, 8)
    before = student.lora.quantize_nf4(weight, 8)
    changed = weight.clone()
    changed[2, 5] = 1000.0
    changed[4] *= 64
    codes, scales, _ = student.lora.quantize_nf4(changed, 8)
    rest = [0, 1, 3, 5]
    expect(codes[rest], before[0][rest], given="the codes of the other blocks")
    expect(codes[4], before[0][4], given="the codes of a block of 64 times the size")
    expect(scales[4].item(), 64 * before[1][4].item(), given="its scale", tolerance=1e-12)
    expect_quantized((codes, scales, weight.shape), changed, 8, "six blocks")


@exercise("lora.quantize_nf4")
def test_weights_may_be_views(student, rng):
    """Blocks follow the rows of the tensor, however it lies in memory."""
    weight = normal(rng, 6, 10)
    got = student.support.on_views("quantize_nf4", weight, block=4)
    expect_quantized(got, weight, 4, "a view")


# --- double_quantize ------------------------------------------------------------------------------


def some_scales(rng, dtype=torch.float64):
    """(scales, block): as of weights, all positive; some fill their last block, most do not."""
    for n, block in [(1, 4), (3, 4), (8, 4), (13, 5), (300, 256)]:
        yield (2 + 0.3 * normal(rng, n)).abs().to(dtype), block


def expect_double(got, scales, block):
    codes, steps, mean = got
    rounding = 4e-6 if scales.dtype == torch.float32 else 1e-12
    expect(mean, scales.double().mean().to(scales.dtype), given="the mean", tolerance=rounding)
    centred = scales.double() - scales.double().mean()
    pieces = centred.split(block)
    expected = torch.stack([piece.abs().max() / 127 for piece in pieces])
    expect(steps, expected.to(scales.dtype), given="the steps", tolerance=10 * rounding)
    expect(str(codes.dtype), "torch.int8", given="the dtype of the codes")
    expect(list(codes.shape), [len(scales)], given="the shape of the codes")
    for place, (piece, step) in enumerate(zip(pieces, expected, strict=True)):
        own = codes[place * block : (place + 1) * block].double()
        off = (own * step - piece).abs().max().item()
        wish = "codes that are never further than half a step off"
        allowed = 0.5001 * step.item() + rounding * scales.max().item() * 10
        expect_that(off <= allowed, expected=wish, got=off)


@exercise("lora.double_quantize", weight=2)
def test_scales_come_back_within_half_a_step(student, rng):
    """The mean, a step for each block of what is left, and a code for each scale."""
    for scales, block in some_scales(rng):
        expect_double(student.lora.double_quantize(scales, block), scales, block)
    scales = (2 + 0.3 * normal(rng, 600)).abs()
    expect_double(student.lora.double_quantize(scales), scales, 256)


@exercise("lora.double_quantize")
def test_scales_in_float32(student, rng):
    """In float32 steps and mean are float32 too, and codes are int8."""
    for scales, block in some_scales(rng, torch.float32):
        expect_double(student.lora.double_quantize(scales, block), scales, block)


@exercise("lora.double_quantize")
def test_codes_have_both_signs(student, rng):
    """What is added to all scales is in the mean alone; half of the codes are not wasted."""
    for _ in range(3):
        scales = normal(rng, 64).abs()
        first = student.lora.double_quantize(scales, 16)
        second = student.lora.double_quantize(scales + 8.0, 16)
        expect(first[1], second[1], given="the steps of scales that are 8 more", tolerance=1e-9)
        expect(second[2].item() - first[2].item(), 8.0, given="the difference of the means")
        signs = int(first[0].min()) < 0 < int(first[0].max())
        expect_that(signs, expected="codes of both signs", got=first[0])
        expect_double(first, scales, 16)


@exercise("lora.double_quantize")
def test_blocks_of_scales_have_their_own_steps(student, rng):
    """One scale far from the others makes the step of its own block coarse, and no other."""
    scales = (2 + 0.1 * normal(rng, 24)).abs()
    scales[9] = 50.0
    codes, steps, mean = student.lora.double_quantize(scales, 8)
    expect_double((codes, steps, mean), scales, 8)
    expect(int(codes[9]), 127, given="the code of the largest scale")


@exercise("lora.double_quantize")
def test_equal_scales_have_no_step(student, rng):
    """If all scales are equal their steps are 0 and so are the codes, and the mean says it all."""
    for n in (1, 5):
        codes, steps, mean = student.lora.double_quantize(torch.full((n,), 3.0), 4)
        expect(codes, torch.zeros(n, dtype=torch.int8))
        expect(steps, torch.zeros(-(-n // 4)))
        expect(mean, torch.tensor(3.0))
