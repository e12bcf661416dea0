"""Many answers to one prompt, against loops, every choice counted, and identities."""

import math
import statistics
from itertools import combinations, product

import torch

from autograder.testing import exercise, expect

# How far a right answer may be from that in float64, relative to the largest number in it.
TOLERANCE = {torch.float64: 1e-10, torch.float32: 2e-5}
FLOATS = list(TOLERANCE)


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def different(rng, n, low=2, high=7):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


# --- group_advantages -------------------------------------------------------------------------


def standing(rewards, eps=1e-4):
    """By Python's own statistics, group by group."""
    groups = [
        [(x - statistics.fmean(group)) / (statistics.stdev(group) + eps) for x in group]
        for group in rewards.double().tolist()
    ]
    return torch.tensor(groups, dtype=rewards.dtype)


@exercise("preferences.group_advantages", weight=3)
def test_deviations_from_the_group(student, rng):
    """Each reward less its group's mean, in standard deviations of its group."""
    for dtype in FLOATS:
        for n_prompts, n_answers in [(1, 2), different(rng, 2), different(rng, 2, 2, 9)]:
            size = 10 ** (2 * normal(rng, n_prompts, 1))
            # Apart from each other: of two that are nearly equal rounding leaves no difference.
            places = torch.tensor([rng.sample(range(n_answers), n_answers)] * n_prompts)
            near = normal(rng, n_prompts, n_answers).clamp(-2, 2) / 5
            rewards = (size * (places - n_answers / 3 + near)).to(dtype)
            for eps in (1e-4, 0.3):
                got = student.preferences.group_advantages(rewards, eps)
                given = f"{n_prompts} groups of {n_answers}, ε = {eps}, {dtype}"
                expect(got, standing(rewards, eps), given=given, tolerance=TOLERANCE[dtype])


@exercise("preferences.group_advantages", weight=2)
def test_equals_teach_nothing(student, rng):
    """A group of equal rewards has advantages of 0, beside groups that have others."""
    rewards = torch.tensor([[2.0, 2.0, 2.0, 2.0], [0.0, 1.0, 0.0, 0.0], [0.0] * 4])
    rewards[1] *= 1 + rng.random()
    expect(student.preferences.group_advantages(rewards), standing(rewards), tolerance=1e-5)


@exercise("preferences.group_advantages")
def test_small_differences_count_less(student, rng):
    """With the default ε differences of a ten-thousandth count about half."""
    for size in (1e-4, 1e-2):
        rewards = size * normal(rng, 3, 4)
        got = student.preferences.group_advantages(rewards)
        expect(got, standing(rewards, 1e-4), given=f"rewards of about {size:g}", tolerance=1e-9)


@exercise("preferences.group_advantages")
def test_each_group_for_itself(student, rng, unchanged):
    """A group's advantages are the same alone and among others; the rewards stay as they were."""
    rewards = 5 * normal(rng, 4, 3) + 10 * normal(rng, 4, 1)
    together = unchanged(student.preferences.group_advantages, rewards)
    expect(together, standing(rewards), tolerance=1e-9)
    alone = student.preferences.group_advantages(rewards[2:3])
    expect(alone, standing(rewards)[2:3], given="one of the groups alone", tolerance=1e-9)


# --- grpo_loss --------------------------------------------------------------------------------


def answers_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    """Token by token, answer by answer, with Python's own min and max."""
    total = 0.0 * logprobs.sum()
    for b, row in enumerate(mask.tolist()):
        losses = []
        for t in (t for t, is_answer in enumerate(row) if is_answer):
            ratio = (logprobs[b, t] - old[b, t]).exp()
            near = min(max(ratio, 1 - clip), 1 + clip)
            apart = reference[b, t] - logprobs[b, t]
            gain = min(ratio * advantage[b], near * advantage[b])
            losses.append(beta * (apart.exp() - 1 - apart) - gain)
        if losses:
            total = total + sum(losses) / len(losses)
    return total / len(mask)


def an_update(rng, rows, length, dtype=torch.float64):
    """Log-probabilities by policy, writer and reference; advantages; answers of all lengths."""
    old = -1.5 - normal(rng, rows, length).abs()
    logprobs, reference = (old + 0.5 * normal(rng, rows, length) for _ in range(2))
    parts = logprobs, old, reference, normal(rng, rows)
    counts = [length - 1, 1, *(rng.randint(1, length) for _ in range(rows))][:rows]
    mask = torch.tensor(
        [sorted([1] * n + [0] * (length - n), key=lambda _: rng.random()) for n in counts]
    ).bool()
    return *(part.to(dtype) for part in parts), mask


@exercise("preferences.grpo_loss", weight=3)
def test_mean_of_the_answers_means(student, rng):
    """The clipped gain and the KL of each token, averaged over its answer, then over answers."""
    for dtype in FLOATS:
        for rows, length in [(1, 3), different(rng, 2, 2, 6), different(rng, 2, 3, 8)]:
            *parts, mask = an_update(rng, rows, length, dtype)
            clip, beta = 0.1 + 0.4 * rng.random(), rng.random()
            expected = answers_loss(*(part.double() for part in parts), mask, clip, beta).to(dtype)
            got = student.preferences.grpo_loss(*parts, mask, clip, beta)
            given = (
                f"answers of {mask.sum(1).tolist()} tokens, clip {clip:.2f}, β {beta:.2f}, {dtype}"
            )
            expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("preferences.grpo_loss", weight=2)
def test_one_part_at_a_time(student, rng):
    """Without β only the clipped gain is left, without advantages only KL; and the defaults."""
    logprobs, old, reference, advantage, mask = an_update(rng, 4, 6)
    for options, worth in product(({"beta": 0.0}, {"clip": 0.5}, {}), (advantage, 0 * advantage)):
        if worth is not advantage and "beta" in options:
            continue  # nothing would be left
        inputs = logprobs, old, reference, worth, mask
        got = student.preferences.grpo_loss(*inputs, **options)
        given = (
            f"{options or 'the defaults'}, advantages of {[round(x, 2) for x in worth.tolist()]}"
        )
        expect(got, answers_loss(*inputs, **options), given=given, tolerance=1e-10)


@exercise("preferences.grpo_loss", weight=2)
def test_slopes_of_grpo(student, rng, expect_gradients):
    """The policy is pulled by the clipped gain and by the reference, each token in its share."""
    logprobs, *others, mask = an_update(rng, *different(rng, 2, 4, 8))
    expect_gradients(
        ["the log-probabilities"],
        lambda x: student.preferences.grpo_loss(x, *others, mask, 0.3, 0.5),
        lambda x: answers_loss(x, *others, mask, 0.3, 0.5),
        logprobs,
    )


@exercise("preferences.grpo_loss", weight=2)
def test_answers_without_tokens(student, rng):
    """An answer without tokens counts 0 among the others; what is outside the mask, nothing."""
    *parts, mask = an_update(rng, 4, 5)
    mask[1] = False
    expected = answers_loss(*parts, mask, beta=0.3)
    got = student.preferences.grpo_loss(*parts, mask, beta=0.3)
    expect(got, expected, given="an answer of no tokens", tolerance=1e-10)
    there = [torch.where(mask, part, 2 * normal(rng, 4, 5)) for part in parts[:3]]
    got = student.preferences.grpo_loss(*there, parts[3], mask, beta=0.3)
    expect(got, expected, given="other numbers outside the mask", tolerance=1e-10)


# --- best_of_n --------------------------------------------------------------------------------


def every_choice(rewards, n):
    """The mean, over all choices of n answers, of the best."""
    found = []
    for row in rewards.double().tolist():
        best = [max(choice) for choice in combinations(row, n)]
        found.append(math.fsum(best) / len(best))
    return torch.tensor(found, dtype=rewards.dtype)


@exercise("preferences.best_of_n", weight=3)
def test_every_choice_counted(student, rng):
    """The mean of the best over all choices of n of the answers, for every n."""
    for dtype in FLOATS:
        for n_prompts, n_answers in [(1, 3), different(rng, 2, 2, 6)]:
            rewards = normal(rng, n_prompts, n_answers, dtype=dtype)
            for n in range(1, n_answers + 1):
                got = student.preferences.best_of_n(rewards, n)
                given = f"{n} of {n_answers} answers, {n_prompts} prompts, {dtype}"
                expect(got, every_choice(rewards, n), given=given, tolerance=TOLERANCE[dtype])


@exercise("preferences.best_of_n")
def test_equal_rewards(student, rng):
    """Rewards of which many are equal, as those of a verifier, that says right or wrong."""
    for n in (2, 4):
        rewards = torch.tensor([[float(rng.random() < 0.4) for _ in range(7)] for _ in range(3)])
        rewards[:, 2] = 1.0
        got = student.preferences.best_of_n(rewards, n)
        expect(got, every_choice(rewards, n), given=f"{n} of 7 answers", tolerance=1e-5)


@exercise("preferences.best_of_n", weight=2)
def test_best_of_many(student, rng):
    """Of the rewards 1 … G, in any order, the best of n is n (G + 1) / (n + 1) on average."""
    for n_answers, n in [(60, 7), (400, 150), (2_000, 900)]:
        rewards = torch.tensor([rng.sample(range(1, n_answers + 1), n_answers)]).double()
        got = student.preferences.best_of_n(rewards, n)
        expected = torch.tensor([n * (n_answers + 1) / (n + 1)], dtype=torch.float64)
        expect(got, expected, given=f"{n} of {n_answers} answers", tolerance=1e-9)


@exercise("preferences.best_of_n")
def test_rewards_stay_in_their_order(student, rng, unchanged):
    """The rewards are not sorted in place, and each prompt has its own."""
    rewards = normal(rng, 3, 5) + 10 * normal(rng, 3, 1)
    got = unchanged(student.preferences.best_of_n, rewards, n=2)
    expect(got, every_choice(rewards, 2), tolerance=1e-10)
    got = student.support.on_views("best_of_n", rewards, 2)
    expect(got, every_choice(rewards, 2), given="rewards that are not contiguous", tolerance=1e-10)
