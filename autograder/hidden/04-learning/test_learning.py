"""A loss, its gradient and its steps, held against torch's own and against what they promise."""

import math

import torch
from torch import nn
from torch.nn import functional

from autograder.testing import exercise, expect

# Of the largest number in an answer: some ten times what right answers need in that dtype.
TOLERANCE = {
    torch.float64: 200 * 2**-52,
    torch.float32: 200 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}
DTYPES = list(TOLERANCE)
EXACT = TOLERANCE[torch.float64]
OF_GRADIENTS = 1e-10


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def tokens(rng, n, *shape):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randint(n, shape, generator=generator)


def different(rng, n, low=2, high=8):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


def batches(rng):
    """Axes in front of the last one: none, one, several."""
    yield ()
    yield (1,)
    for n in (1, 2, 3):
        yield tuple(different(rng, n))


# --- log_softmax ------------------------------------------------------------------------------


@exercise("learning.log_softmax", weight=2)
def test_logarithms_are_those_of_the_library(student, rng):
    """In each dtype the answer is torch's, over the last axis, whatever axes stand in front."""
    for dtype in DTYPES:
        for batch in batches(rng):
            logits = 3 * normal(rng, *batch, rng.randint(9, 12), dtype=dtype)
            expected = functional.log_softmax(logits.double(), -1).to(dtype)
            expect(student.learning.log_softmax(logits), expected, tolerance=TOLERANCE[dtype])


@exercise("learning.log_softmax")
def test_logits_of_any_size(student, rng):
    """Logits of thousands, of either sign, neither overflow nor lose what is small beside them."""
    for shift in (0.0, 1e4, -1e4):
        for spread in (1.0, 300.0, 3000.0):
            logits = shift + spread * normal(rng, 3, 11)
            expected = functional.log_softmax(logits, -1)
            # The shift costs digits of the logits themselves.
            expect(student.learning.log_softmax(logits), expected, tolerance=1e-9)
            expect(
                student.learning.log_softmax(logits.float()),
                functional.log_softmax(logits.float().double(), -1).float(),
                tolerance=1e-5,
            )


@exercise("learning.log_softmax")
def test_what_cannot_be_has_no_probability(student, rng):
    """A logit of -inf has a log-probability of -inf, and the others share what there is."""
    logits = normal(rng, 4, 7)
    for row in range(4):
        logits[row, rng.sample(range(7), row + 1)] = -math.inf
    expect(
        student.learning.log_softmax(logits), functional.log_softmax(logits, -1), tolerance=EXACT
    )


@exercise("learning.log_softmax")
def test_every_row_has_its_own_constant(student, rng):
    """Rows that differ by thousands from each other do not disturb each other."""
    offsets = torch.tensor([0.0, 5000.0, -5000.0, 800.0]).double()[:, None]
    logits = normal(rng, 4, 9) + offsets
    expect(student.learning.log_softmax(logits), functional.log_softmax(logits, -1), tolerance=1e-9)


@exercise("learning.log_softmax")
def test_gradients_of_logarithms(student, rng):
    """The gradient is what autograd makes of torch's own."""
    for batch in batches(rng):
        ours = (20 * normal(rng, *batch, 6)).requires_grad_()
        theirs = ours.detach().clone().requires_grad_()
        direction = normal(rng, *batch, 6)
        (student.learning.log_softmax(ours) * direction).sum().backward()
        (functional.log_softmax(theirs, -1) * direction).sum().backward()
        expect(ours.grad, theirs.grad, tolerance=OF_GRADIENTS)


# --- cross_entropy ----------------------------------------------------------------------------


def library_loss(logits, targets, ignore=-100):
    return functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), targets.reshape(-1), ignore_index=ignore
    )


def rows_with_padding(rng, vocabulary, ignore):
    """Targets of several shapes; rows differ in how many are ignored, and one at least counts."""
    for batch in batches(rng):
        targets = tokens(rng, vocabulary, *batch)
        targets[
            torch.rand(batch, generator=torch.Generator().manual_seed(rng.getrandbits(31))) < 0.4
        ] = ignore
        targets.view(-1)[0] = (ignore + 1) % vocabulary
        yield targets


@exercise("learning.cross_entropy", weight=2)
def test_loss_is_that_of_the_library(student, rng):
    """In each dtype the loss is torch's, with as many axes in front as there are."""
    for dtype in DTYPES:
        for batch in batches(rng):
            logits, targets = 2 * normal(rng, *batch, 9, dtype=dtype), tokens(rng, 9, *batch)
            expected = library_loss(logits.double(), targets).to(dtype)
            got = student.learning.cross_entropy(logits, targets)
            expect(got, expected, tolerance=TOLERANCE[dtype])


@exercise("learning.cross_entropy", weight=2)
def test_the_mean_is_of_what_counts(student, rng):
    """Ignored targets add nothing and are not counted, whichever number stands for them."""
    for ignore in (-100, -1, 0, 3):
        for targets in rows_with_padding(rng, 9, ignore):
            logits = 2 * normal(rng, *targets.shape, 9)
            arguments = () if ignore == -100 else (ignore,)
            got = student.learning.cross_entropy(logits, targets, *arguments)
            expect(got, library_loss(logits, targets, ignore), tolerance=EXACT)


@exercise("learning.cross_entropy")
def test_nothing_to_predict(student, rng):
    """Where every target is ignored the loss is 0, and so are its gradients."""
    for batch in batches(rng):
        logits = normal(rng, *batch, 5).requires_grad_()
        loss = student.learning.cross_entropy(logits, torch.full(batch, -100))
        expect(loss.detach(), torch.zeros(()).double())
        loss.backward()
        expect(logits.grad, torch.zeros_like(logits))
        targets = tokens(rng, 5, *batch)  # the same batch, with something to predict
        got = student.learning.cross_entropy(logits.detach(), targets)
        expect(got, library_loss(logits.detach(), targets), tolerance=EXACT)


@exercise("learning.cross_entropy")
def test_gradients_of_the_loss(student, rng):
    """The gradient is torch's: nothing at what is ignored, and a share of the mean elsewhere."""
    for targets in rows_with_padding(rng, 7, -100):
        ours = (20 * normal(rng, *targets.shape, 7)).requires_grad_()
        theirs = ours.detach().clone().requires_grad_()
        student.learning.cross_entropy(ours, targets).backward()
        library_loss(theirs, targets).backward()
        expect(ours.grad, theirs.grad, tolerance=OF_GRADIENTS)


@exercise("learning.cross_entropy")
def test_the_improbable_is_not_cut_off(student, rng):
    """A target with a probability of e^-2000 costs about 2000; one that cannot be costs inf."""
    logits = 1000 * normal(rng, 3, 6)
    targets = logits.argmin(-1)
    got = student.learning.cross_entropy(logits, targets)
    expect(got, library_loss(logits, targets), tolerance=EXACT)
    logits[1, targets[1]] = -math.inf
    expect(student.learning.cross_entropy(logits, targets), torch.tensor(math.inf).double())
    targets[1] = -100  # and nothing where it does not count
    got = student.learning.cross_entropy(logits, targets)
    expect(got, library_loss(logits, targets), tolerance=EXACT)
    logits[1] = normal(rng, 6)
    logits[1, 0] = -math.inf  # nor does what stands in for an ignored target
    got = student.learning.cross_entropy(logits, targets)
    expect(got, library_loss(logits, targets), tolerance=EXACT)


# --- softmax_regression_gradients -------------------------------------------------------------


def regressions(rng, dtype=torch.float64):
    """(x, weight, targets): one row, and several; targets that come twice, and some that do not."""
    yield normal(rng, 1, 2, dtype=dtype), normal(rng, 3, 2, dtype=dtype), tokens(rng, 3, 1)
    for _ in range(4):
        size, width, vocabulary = different(rng, 3)
        targets = tokens(rng, vocabulary, size)
        targets[-1] = targets[0]
        yield (
            normal(rng, size, width, dtype=dtype),
            normal(rng, vocabulary, width, dtype=dtype),
            targets,
        )


def by_autograd(x, weight, targets):
    x, weight = (tensor.double().clone().requires_grad_() for tensor in (x, weight))
    with torch.enable_grad():
        functional.cross_entropy(x @ weight.T, targets).backward()
    return x.grad, weight.grad


@exercise("learning.softmax_regression_gradients", weight=2)
def test_gradient_of_the_weights(student, rng):
    """∂loss/∂W is what autograd finds, for any sizes."""
    for x, weight, targets in regressions(rng):
        _, got = student.learning.softmax_regression_gradients(x, weight, targets)
        expect(got, by_autograd(x, weight, targets)[1], tolerance=OF_GRADIENTS)


@exercise("learning.softmax_regression_gradients", weight=2)
def test_gradient_of_the_inputs(student, rng):
    """∂loss/∂x is what autograd finds, for any sizes."""
    for x, weight, targets in regressions(rng):
        got, _ = student.learning.softmax_regression_gradients(x, weight, targets)
        expect(got, by_autograd(x, weight, targets)[0], tolerance=OF_GRADIENTS)


@exercise("learning.softmax_regression_gradients")
def test_gradients_where_logits_are_large(student, rng):
    """Logits of thousands give gradients all the same, and no nan."""
    for x, weight, targets in regressions(rng):
        got = student.learning.softmax_regression_gradients(1e3 * x, weight, targets)
        expect(got, [*by_autograd(1e3 * x, weight, targets)], tolerance=1e-9)


@exercise("learning.softmax_regression_gradients")
def test_gradients_in_float32(student, rng):
    """In float32 the gradients stay float32, and are right to its last digits."""
    for x, weight, targets in regressions(rng, torch.float32):
        got = student.learning.softmax_regression_gradients(x, weight, targets)
        expected = [g.float() for g in by_autograd(x, weight, targets)]
        expect(got, expected, tolerance=TOLERANCE[torch.float32])


@exercise("learning.softmax_regression_gradients")
def test_gradients_without_autograd(student, rng):
    """It works where autograd is off."""
    for x, weight, targets in regressions(rng):
        with torch.no_grad():
            got = student.learning.softmax_regression_gradients(x, weight, targets)
        expect(got, [*by_autograd(x, weight, targets)], tolerance=OF_GRADIENTS)


# --- clip_gradients ---------------------------------------------------------------------------


def some_gradients(rng, dtype=torch.float64):
    """Lists of gradients of several shapes and sizes."""
    yield [normal(rng, 1, dtype=dtype)]
    yield [10.0 ** rng.randint(-3, 3) * normal(rng, dtype=dtype), normal(rng, 2, 5, dtype=dtype)]
    for n in (3, 6):
        yield [normal(rng, *different(rng, rng.randint(1, 3)), dtype=dtype) for _ in range(n)]


def common_norm(gradients):
    return math.sqrt(sum((g.double() ** 2).sum().item() for g in gradients))


@exercise("learning.clip_gradients", weight=2)
def test_long_gradients_get_the_largest_norm(student, rng):
    """All are multiplied by one factor, such that their common norm is `largest`."""
    for gradients in some_gradients(rng):
        norm = common_norm(gradients)
        for share in (0.9, 0.2, 1e-6):
            got, before = student.learning.clip_gradients(gradients, share * norm)
            expect(before, norm, tolerance=EXACT)
            expect(got, [share * g for g in gradients], tolerance=EXACT)


@exercise("learning.clip_gradients")
def test_short_gradients_stay(student, rng):
    """Where the common norm is not larger nothing changes, to the bit."""
    for gradients in some_gradients(rng):
        norm = common_norm(gradients)
        for share in (1.001, 3.0, 1e6):
            got, before = student.learning.clip_gradients(gradients, share * norm)
            expect(before, norm, tolerance=EXACT)
            expect(got, gradients, tolerance=0.0)


@exercise("learning.clip_gradients")
def test_no_gradient_no_division(student, rng):
    """Gradients of zeros stay zeros; beside others they count nothing."""
    zeros = [torch.zeros(3).double(), torch.zeros(2, 4).double()]
    expect(student.learning.clip_gradients(zeros, 1.0), [zeros, 0.0])
    expect(student.learning.clip_gradients(zeros, 0.0), [zeros, 0.0])
    with_one = [*zeros, torch.tensor([0.0, -8.0]).double()]
    got, norm = student.learning.clip_gradients(with_one, 2.0)
    expect(norm, 8.0)
    expect(got, [*zeros, torch.tensor([0.0, -2.0]).double()])


@exercise("learning.clip_gradients")
def test_clipping_in_each_dtype(student, rng):
    """Gradients keep their dtype, and the norm is a plain number."""
    for dtype in (torch.float32, torch.bfloat16):
        for gradients in some_gradients(rng, dtype):
            norm = common_norm(gradients)
            got, before = student.learning.clip_gradients(gradients, norm / 3)
            expect(before, norm, tolerance=TOLERANCE[dtype])
            expect(got, [(g.double() / 3).to(dtype) for g in gradients], tolerance=TOLERANCE[dtype])


@exercise("learning.clip_gradients")
def test_clipping_is_that_of_the_library(student, rng):
    """What is left is what torch's own clipping leaves, which has 1e-6 in its denominator."""
    for gradients in some_gradients(rng):
        parameters = [nn.Parameter(torch.zeros_like(g)) for g in gradients]
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = 1e3 * gradient
        norm = nn.utils.clip_grad_norm_(parameters, 5.0).item()
        got, before = student.learning.clip_gradients([1e3 * g for g in gradients], 5.0)
        expect(before, norm, tolerance=EXACT)
        expect(got, [p.grad for p in parameters], tolerance=1e-5)


# --- warmup_cosine ----------------------------------------------------------------------------


def schedules(rng):
    """(n_steps, warm_up, highest, lowest)"""
    yield 4, 2, 1.0, 0.0
    for _ in range(5):
        warm_up = rng.randint(2, 6)
        yield warm_up + rng.randint(3, 9), warm_up, rng.uniform(0.5, 2), rng.uniform(0.05, 0.3)


def rates(student, schedule, steps):
    return [student.learning.warmup_cosine(step, *schedule) for step in steps]


@exercise("learning.warmup_cosine")
def test_the_rise_is_even(student, rng):
    """The rate rises by the same amount at each step of the warm-up, from the very first on."""
    for schedule in schedules(rng):
        _, warm_up, highest, _ = schedule
        expected = [highest * (i + 1) / warm_up for i in range(warm_up)]
        expect(rates(student, schedule, range(warm_up)), expected)


@exercise("learning.warmup_cosine", weight=2)
def test_the_fall_is_a_cosine(student, rng):
    """After the warm-up the rate is that of torch's cosine schedule."""
    for schedule in schedules(rng):
        n_steps, warm_up, highest, lowest = schedule
        optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=highest)
        library = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, n_steps - warm_up, lowest)
        expected = []
        for _ in range(warm_up, n_steps):
            expected.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            library.step()
        expect(rates(student, schedule, range(warm_up, n_steps)), expected, tolerance=1e-9)


@exercise("learning.warmup_cosine")
def test_from_the_end_on_the_rate_is_the_lowest(student, rng):
    """At n_steps and however long after it the rate is the lowest."""
    for schedule in schedules(rng):
        steps = [schedule[0] + later for later in (0, 1, 2, 5, 17, 100)]
        expect(rates(student, schedule, steps), [schedule[3]] * len(steps))


@exercise("learning.warmup_cosine")
def test_no_warm_up_and_nothing_but(student, rng):
    """The warm-up may have no step, one, or all of them."""
    for n_steps in (1, 2, 5):
        expect(student.learning.warmup_cosine(0, n_steps, 0, 3.0, 1.0), 3.0)
        expect(student.learning.warmup_cosine(0, n_steps, 1, 3.0, 1.0), 3.0)
        expected = [3.0 * (i + 1) / n_steps for i in range(n_steps)] + [1.0, 1.0]
        got = [
            student.learning.warmup_cosine(i, n_steps, n_steps, 3.0, 1.0)
            for i in range(n_steps + 2)
        ]
        expect(got, expected)


# --- adamw_step -------------------------------------------------------------------------------


def random_settings(rng):
    return {
        "lr": rng.uniform(0.01, 0.3),
        "betas": (rng.uniform(0.3, 0.9), rng.uniform(0.5, 0.95)),
        "eps": rng.choice([1e-8, 1e-3, 0.1]),
        "decay": rng.uniform(0.1, 0.5),
    }


def library_steps(weight, gradients, settings):
    """torch's weights, t, m and v after each step."""
    parameter = nn.Parameter(weight.clone())
    names = {"decay": "weight_decay"}
    optimiser = torch.optim.AdamW(
        [parameter], **{names.get(name, name): value for name, value in settings.items()}
    )
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimiser.step()
        state = optimiser.state[parameter]
        yield [
            parameter.detach().clone(),
            [int(state["step"]), state["exp_avg"].clone(), state["exp_avg_sq"].clone()],
        ]


def check_steps(student, weight, gradients, settings, tolerance=EXACT):
    moments = None
    for gradient, expected in zip(
        gradients, library_steps(weight, gradients, settings), strict=True
    ):
        weight, moments = student.learning.adamw_step(weight, gradient, moments, **settings)
        expect([weight, moments], expected, tolerance=tolerance)


@exercise("learning.adamw_step", weight=3)
def test_step_for_step_as_in_the_library(student, rng):
    """Weight, t, m and v after each of several steps are those of torch.optim.AdamW."""
    for shape in [(), (1,), (4,), (2, 3), (3, 1, 2)]:
        gradients = [10.0 ** rng.randint(-2, 2) * normal(rng, *shape) for _ in range(5)]
        check_steps(student, normal(rng, *shape), gradients, random_settings(rng))


@exercise("learning.adamw_step")
def test_settings_that_nobody_gives(student, rng):
    """Without settings the learning rate, the two β, ε and the decay are those of torch."""
    gradients = [normal(rng, 5, 2) for _ in range(4)]
    gradients[0][0] = 1e-8  # as small as ε
    check_steps(student, 10 * normal(rng, 5, 2), gradients, {})


@exercise("learning.adamw_step")
def test_decay_does_not_enter_the_moments(student, rng):
    """With and without decay m and v are the same, and the weights differ by what has decayed."""
    settings = random_settings(rng) | {"decay": 0.0}
    weight, gradient = 5 * normal(rng, 4, 3), normal(rng, 4, 3)
    moments = (3, normal(rng, 4, 3), normal(rng, 4, 3).square())
    plain, after = student.learning.adamw_step(weight, gradient, moments, **settings)
    settings["decay"] = 0.4
    decayed, after_decay = student.learning.adamw_step(weight, gradient, moments, **settings)
    expect(after_decay, after, tolerance=0.0)
    expect(plain - decayed, settings["lr"] * 0.4 * weight, tolerance=1e-11)


def step_by_formula(weight, gradient, moments, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, decay=0.01):
    t, m, v = moments
    m = betas[0] * m + (1 - betas[0]) * gradient
    v = betas[1] * v + (1 - betas[1]) * gradient.square()
    size = (v / (1 - betas[1] ** (t + 1))).sqrt() + eps
    step = lr * (decay * weight + m / (1 - betas[0] ** (t + 1)) / size)
    return [weight - step, [t + 1, m, v]]


@exercise("learning.adamw_step")
def test_moments_are_gone_on_with(student, rng):
    """What comes back is what the next step begins with, from any number of steps on."""
    settings = random_settings(rng)
    for t in (1, 7, 40):
        weight, gradient, m = (normal(rng, 3, 2) for _ in range(3))
        moments = (t, m, normal(rng, 3, 2).square())
        got = student.learning.adamw_step(weight, gradient, moments, **settings)
        expect(got, step_by_formula(weight, gradient, moments, **settings), tolerance=1e-11)


@exercise("learning.adamw_step")
def test_nothing_given_is_changed(student, rng):
    """The same call twice has the same answer, since the tensors given are left as they are."""
    inputs = (
        normal(rng, 3, 2),
        normal(rng, 3, 2),
        (2, normal(rng, 3, 2), normal(rng, 3, 2).square()),
    )
    lent = [student.support.keep.obj(value) for value in inputs]
    for _ in range(2):
        got = student.learning.adamw_step(*lent)
        expect(got, step_by_formula(*inputs), tolerance=1e-11)


@exercise("learning.adamw_step")
def test_steps_in_float32(student, rng):
    """In float32 the weight and the moments stay float32."""
    gradients = [normal(rng, 2, 5, dtype=torch.float32) for _ in range(4)]
    weight = normal(rng, 2, 5, dtype=torch.float32)
    check_steps(student, weight, gradients, random_settings(rng), TOLERANCE[torch.float32])
