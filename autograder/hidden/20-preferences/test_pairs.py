"""Losses over answers that people judged, against loops over single numbers and identities."""

from itertools import product

import torch

from autograder.testing import exercise, expect

# How far a right answer may be from that in float64, relative to the largest number in it.
TOLERANCE = {torch.float64: 1e-10, torch.float32: 2e-5}
FLOATS = list(TOLERANCE)
NAMES = ["the chosen", "the rejected", "the reference's chosen", "the reference's rejected"]


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def pairs(rng, n, dtype=torch.float64, apart=3.0):
    """Log-probabilities of whole answers: of two answers each, by the policy and the reference."""
    there = [-12 - normal(rng, n).abs(), -9 - normal(rng, n).abs()]
    here = [part + apart * normal(rng, n) for part in there]
    return [part.to(dtype) for part in (*here, *there)]


def minus_log_sigmoid(z):
    """In a form that is right for numbers of any size."""
    return torch.log1p((-z.abs()).exp()) + (-z).clamp(min=0)


# --- dpo_loss ---------------------------------------------------------------------------------


def dpo(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    total = 0.0
    for c, r, rc, rr in zip(chosen, rejected, reference_chosen, reference_rejected, strict=True):
        z = beta * (c - rc) - beta * (r - rr)
        total = total + (1 - smoothing) * minus_log_sigmoid(z) + smoothing * minus_log_sigmoid(-z)
    return total / len(chosen)


@exercise("preferences.dpo_loss", weight=3)
def test_mean_over_pairs_of_answers(student, rng):
    """The mean of -ln σ of the difference of the two rewards, β times the log-ratios."""
    for dtype, n in product(FLOATS, (1, 2, 5)):
        parts, beta = pairs(rng, n, dtype), 0.05 + rng.random()
        expected = dpo(*(part.double() for part in parts), beta).to(dtype)
        got = student.preferences.dpo_loss(*parts, beta)
        expect(
            got, expected, given=f"{n} pairs, β = {beta:.2f}, {dtype}", tolerance=TOLERANCE[dtype]
        )


@exercise("preferences.dpo_loss", weight=2)
def test_labels_that_may_be_wrong(student, rng):
    """With smoothing, the other choice counts as often as a label is wrong; by default never."""
    parts = pairs(rng, 4)
    for smoothing in (0.1, 0.4):
        got = student.preferences.dpo_loss(*parts, beta=0.3, smoothing=smoothing)
        expected = dpo(*parts, 0.3, smoothing)
        expect(got, expected, given=f"smoothing of {smoothing}", tolerance=1e-10)
    expect(student.preferences.dpo_loss(*parts), dpo(*parts, 0.1, 0.0), tolerance=1e-10)


@exercise("preferences.dpo_loss")
def test_margins_of_any_size(student, rng):
    """Log-ratios of thousands cost what they are, or nothing; no infinity, no nan."""
    for size in (1_000.0, 50_000.0):
        parts = [part - 5 * size for part in pairs(rng, 4, torch.float32, apart=size)]
        expected = dpo(*(part.double() for part in parts), 0.5, 0.2).float()
        got = student.preferences.dpo_loss(*parts, 0.5, 0.2)
        expect(got, expected, given=f"log-ratios of {size:g}", tolerance=1e-5)


@exercise("preferences.dpo_loss", weight=2)
def test_gradient_of_a_pair(student, rng):
    """-β σ(-z) · (∇ ln π(chosen) - ∇ ln π(rejected)), for a policy that is a row of logits."""
    for beta in (0.2, 1.5):
        logits, reference = normal(rng, 7).requires_grad_(), normal(rng, 7).log_softmax(0)
        answers = [torch.tensor([rng.randrange(7) for _ in range(n)]) for n in (3, 5)]
        slopes, policy, there = [], [], []
        for answer in answers:
            total = logits.log_softmax(0)[answer].sum()
            slopes.append(torch.autograd.grad(total, logits, retain_graph=True)[0])
            policy.append(total[None])
            there.append(reference[answer].sum()[None])
        student.preferences.dpo_loss(*policy, *there, beta).backward()
        z = beta * ((policy[0] - there[0]) - (policy[1] - there[1])).detach()
        expected = -beta * (-z).sigmoid() * (slopes[0] - slopes[1])
        got = torch.zeros(7) if logits.grad is None else logits.grad
        expect(got, expected, given=f"the gradient of the logits, β = {beta}", tolerance=1e-9)


@exercise("preferences.dpo_loss")
def test_slopes_of_dpo(student, rng, expect_gradients):
    """Each answer pulls as hard as its pair is still wrong, with labels that may be wrong too."""
    expect_gradients(
        NAMES,
        lambda *parts: student.preferences.dpo_loss(*parts, 0.4, 0.1),
        lambda *parts: dpo(*parts, 0.4, 0.1),
        *pairs(rng, 4),
    )


# --- ipo_loss ---------------------------------------------------------------------------------


def ipo(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    total = 0.0
    for c, r, rc, rr in zip(chosen, rejected, reference_chosen, reference_rejected, strict=True):
        total = total + (c - rc - r + rr - 0.5 / beta) ** 2
    return total / len(chosen)


@exercise("preferences.ipo_loss", weight=3)
def test_distance_from_the_goal(student, rng):
    """The mean squared distance of the log-ratios' margin from 1 / 2β."""
    for dtype, n in product(FLOATS, (1, 2, 5)):
        parts, beta = pairs(rng, n, dtype), 0.05 + rng.random()
        expected = ipo(*(part.double() for part in parts), beta).to(dtype)
        got = student.preferences.ipo_loss(*parts, beta)
        expect(
            got, expected, given=f"{n} pairs, β = {beta:.2f}, {dtype}", tolerance=TOLERANCE[dtype]
        )


@exercise("preferences.ipo_loss")
def test_too_much_is_as_bad_as_too_little(student, rng):
    """With the default β of 0.1, margins that are equally far above and below 5 cost the same."""
    for off in (0.5, 2.0, 30.0):
        for goal in (5 + off, 5 - off):
            parts = pairs(rng, 3)
            parts[0] = parts[2] + (parts[1] - parts[3]) + goal
            got = student.preferences.ipo_loss(*parts)
            expected = torch.tensor(off**2, dtype=torch.float64)
            expect(got, expected, given=f"margins of {goal}", tolerance=1e-10)


@exercise("preferences.ipo_loss", weight=2)
def test_slopes_of_ipo(student, rng, expect_gradients):
    """Each pair is pulled towards the goal, from either side."""
    expect_gradients(
        NAMES,
        lambda *parts: student.preferences.ipo_loss(*parts, 0.2),
        lambda *parts: ipo(*parts, 0.2),
        *pairs(rng, 4),
    )


# --- kto_loss ---------------------------------------------------------------------------------


def kto(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    total = 0.0
    for here, there, fine in zip(logprobs, reference, is_good.tolist(), strict=True):
        z = beta * (here - there - kl)
        total = total + (good / (1 + z.exp()) if fine else bad / (1 + (-z).exp()))
    return total / len(logprobs)


def judged(rng, n, dtype=torch.float64):
    reference = -10 - normal(rng, n).abs()
    logprobs = reference + 3 * normal(rng, n)
    is_good = torch.tensor([rng.random() < 0.5 for _ in range(n)])
    is_good[:2] = torch.tensor([True, False])[:n]
    return logprobs.to(dtype), reference.to(dtype), is_good


@exercise("preferences.kto_loss", weight=3)
def test_mean_over_judged_answers(student, rng):
    """Good answers cost less the farther they rise above KL, bad ones the farther they fall."""
    for dtype, n in product(FLOATS, (1, 2, 5)):
        logprobs, reference, is_good = judged(rng, n, dtype)
        kl, beta = 2 * rng.random(), 0.05 + rng.random()
        expected = kto(logprobs.double(), reference.double(), is_good, kl, beta).to(dtype)
        got = student.preferences.kto_loss(logprobs, reference, is_good, kl, beta)
        given = f"{n} answers, KL {kl:.2f}, β = {beta:.2f}, {dtype}"
        # It may be computed as 1 less a number near 1, which leaves a loss near 0 few digits.
        near = max(1.0, 1 / max(expected.item(), 1e-6))
        expect(got, expected, given=given, tolerance=TOLERANCE[dtype] * near)


@exercise("preferences.kto_loss", weight=2)
def test_weights_of_good_and_bad(student, rng):
    """Good and bad answers have weights of their own, which are 1 by default, as β is 0.1."""
    answers = judged(rng, 5)
    got = student.preferences.kto_loss(*answers, 0.5, good=3.0, bad=0.25)
    expected = kto(*answers, 0.5, 0.1, 3.0, 0.25)
    expect(got, expected, given="weights of 3 and 1/4", tolerance=1e-10)
    got = student.preferences.kto_loss(*answers, 0.5)
    expect(got, kto(*answers, 0.5), tolerance=1e-10)


@exercise("preferences.kto_loss")
def test_one_kind_of_answer_only(student, rng):
    """A batch in which all answers are good, or all are bad; far above KL or far below it."""
    for fine, size in product((True, False), (1.0, 4_000.0)):
        logprobs, reference, _ = judged(rng, 3)
        logprobs = reference + size * (logprobs - reference)
        is_good = torch.full((3,), fine)
        got = student.preferences.kto_loss(logprobs, reference, is_good, 0.2, 0.3)
        expected = kto(logprobs, reference, is_good, 0.2, 0.3)
        given = f"all {'good' if fine else 'bad'}, log-ratios of about {3 * size:g}"
        expect(got + 1, expected + 1, given=given + "; loss + 1", tolerance=1e-10)
        expect(got.dtype == torch.float64, True, given="float64 stays")


@exercise("preferences.kto_loss", weight=2)
def test_slopes_of_kto(student, rng, expect_gradients):
    """Good answers pull up and bad ones down, most of all those near KL."""
    logprobs, reference, is_good = judged(rng, 5)
    expect_gradients(
        ["the policy", "the reference"],
        lambda *both: student.preferences.kto_loss(*both, is_good, 0.4, 0.5, 2.0, 0.5),
        lambda *both: kto(*both, is_good, 0.4, 0.5, 2.0, 0.5),
        logprobs,
        reference,
    )
