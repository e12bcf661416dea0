"""Rank where it is needed: the budget in exact numbers, importance in closed form, who stays."""

from fractions import Fraction
from math import floor

import torch

from autograder.testing import exercise, expect, expect_that


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


# --- rank_budget ----------------------------------------------------------------------------------


def exact(step, n_steps, first, last, warm_up, cool_down):
    """With fractions; what is no whole number, or a binary one, is rounded alike everywhere."""
    falling = n_steps - warm_up - cool_down
    share = Fraction(min(max(step - warm_up, 0), falling), falling)
    return last + (first - last) * (1 - share) ** 3


def some_schedules(rng, n=6):
    """(n_steps, first, last, warm_up, cool_down)."""
    yield 1, 3, 2, 0, 0
    yield 8, 64, 8, 0, 0
    for _ in range(n):
        warm_up, falling, cool_down = rng.randint(0, 6), rng.randint(1, 40), rng.randint(0, 6)
        last = rng.randint(1, 30)
        yield warm_up + falling + cool_down, last + rng.randint(1, 90), last, warm_up, cool_down


@exercise("lora.rank_budget", weight=2)
def test_budget_follows_the_cube(student, rng):
    """At each step of the falling part the budget is the cubic formula, rounded down."""
    for n_steps, first, last, warm_up, cool_down in some_schedules(rng):
        for step in range(warm_up, n_steps - cool_down):
            given = step, n_steps, first, last, warm_up, cool_down
            due = exact(*given)
            if due.denominator > 1 or step == warm_up:  # floats may be a hair below a whole number
                expect(student.lora.rank_budget(*given), floor(due))


@exercise("lora.rank_budget")
def test_budget_rests_at_both_ends(student, rng):
    """All steps of the warm-up have the first budget, the last cool_down steps the last."""
    for n_steps, first, last, warm_up, cool_down in some_schedules(rng):
        for step in range(warm_up):
            expect(student.lora.rank_budget(step, n_steps, first, last, warm_up, cool_down), first)
        for step in range(n_steps - cool_down, n_steps):
            expect(student.lora.rank_budget(step, n_steps, first, last, warm_up, cool_down), last)


@exercise("lora.rank_budget")
def test_budget_never_rises(student, rng):
    """From step to step the budget falls or stays, from the first to the last."""
    for n_steps, first, last, warm_up, cool_down in some_schedules(rng):
        settings = n_steps, first, last, warm_up, cool_down
        got = [student.lora.rank_budget(step, *settings) for step in range(n_steps)]
        falls = all(type(n) is int for n in got) and got == sorted(got, reverse=True)
        expect_that(falls, expected="whole numbers that never rise", got=got)
        expect(got[min(warm_up, n_steps - 1)], first, given="the budget when it begins to fall")
        fine = all(last <= number <= first for number in got)
        expect_that(fine, expected=f"nothing beyond {last} and {first}", got=got)


@exercise("lora.rank_budget")
def test_schedule_without_a_falling_part(student, rng):
    """Where warm-up and cool-down are all there is, the budget falls at once."""
    for warm_up, cool_down in ((0, 3), (2, 1), (1, 4)):
        n_steps = warm_up + cool_down
        got = [
            student.lora.rank_budget(step, n_steps, 9, 4, warm_up, cool_down)
            for step in range(n_steps)
        ]
        expect(got, [9] * warm_up + [4] * cool_down)


@exercise("lora.rank_budget")
def test_most_is_given_up_early(student):
    """A quarter of the way more than half of the ranks to give up are gone."""
    got = [student.lora.rank_budget(step, 20, 74, 10, 2, 2) for step in (2, 6, 10, 14, 17, 18)]
    expect(got, [74, 37, 18, 11, 10, 10])


# --- Importance -----------------------------------------------------------------------------------


def in_closed_form(sensitivities, beta1, beta2):
    """The sums that the running means are, after the last of the steps."""
    means = [
        sum((1 - beta1) * beta1 ** (t - i) * sensitivities[i] for i in range(t + 1))
        for t in range(len(sensitivities))
    ]
    gaps = [(s - mean).abs() for s, mean in zip(sensitivities, means, strict=True)]
    last = len(gaps) - 1
    return means[-1] * sum((1 - beta2) * beta2 ** (last - i) * gaps[i] for i in range(last + 1))


@exercise("lora.Importance", weight=2)
def test_importance_is_mean_times_uncertainty(student, rng):
    """After each of several steps the importance is the product of both running means."""
    for beta1, beta2 in ((0.5, 0.5), (0.9, 0.6), (0.3, 0.95)):
        importance = student.lora.Importance(beta1, beta2)
        shape = rng.sample(range(1, 6), 2)
        seen = []
        for _ in range(4):
            weight, gradient = normal(rng, *shape), normal(rng, *shape)
            seen.append((weight * gradient).abs())
            got = importance.update(weight, gradient)
            expect(got, in_closed_form(seen, beta1, beta2), tolerance=1e-12)


@exercise("lora.Importance")
def test_both_means_begin_at_zero(student, rng):
    """The first step weighs no more than its share; by default both shares are 0.15."""
    for given in ((), (0.85, 0.85), (0.7, 0.2)):
        beta1, beta2 = given or (0.85, 0.85)
        weight, gradient = normal(rng, 5), normal(rng, 5)
        s = (weight * gradient).abs()
        expected = (1 - beta1) * s * (1 - beta2) * beta1 * s
        got = student.lora.Importance(*given).update(weight, gradient)
        expect(got, expected, tolerance=1e-12)


@exercise("lora.Importance")
def test_signs_do_not_matter(student, rng):
    """Weights or gradients of the other sign have the same importance."""
    for signs in ((1, -1), (-1, 1), (-1, -1)):
        plain, other = student.lora.Importance(0.6, 0.8), student.lora.Importance(0.6, 0.8)
        for _ in range(3):
            weight, gradient = normal(rng, 3, 2), normal(rng, 3, 2)
            expected = plain.update(weight, gradient)
            got = other.update(signs[0] * weight, signs[1] * gradient)
            expect(got, expected, tolerance=1e-12)
            expect_that(bool((got > 0).all()), expected="importances above zero", got=got)


@exercise("lora.Importance")
def test_steady_numbers_become_certain(student):
    """Of a sensitivity that never changes the uncertainty goes to zero, of one that swings not."""
    importance = student.lora.Importance(0.5, 0.5)
    steady = []
    for step in range(30):
        gradient = torch.tensor([1.0, 2.0 * (step % 2)], dtype=torch.float64)
        steady.append(importance.update(torch.ones(2, dtype=torch.float64), gradient))
    expect(steady[-1][0].item(), 15 / 2**30, given="the steady one", tolerance=1e-6)
    expect(steady[-1][1].item(), 8 / 9, given="the one that swings", tolerance=1e-6)


@exercise("lora.Importance")
def test_two_parameters_are_apart(student, rng):
    """What one of them has seen does not touch the other, and no graph is kept of either."""
    first, second = student.lora.Importance(0.5, 0.7), student.lora.Importance(0.5, 0.7)
    seen = []
    for _ in range(3):
        first.update(normal(rng, 4, 2), normal(rng, 4, 2))
        weight, gradient = normal(rng, 3), normal(rng, 3)
        seen.append((weight * gradient).abs())
        got = second.update(weight.clone().requires_grad_(), gradient)
        expect(got.requires_grad, False, given="whether the importance has a graph")
        expect(got, in_closed_form(seen, 0.5, 0.7), tolerance=1e-12)


# --- allocate -------------------------------------------------------------------------------------


def sorted_by_hand(importance, budget):
    """Plain Python: the places of all scores from the best down, equal ones as they come."""
    places = [
        (-score, layer, rank)
        for layer, scores in enumerate(importance)
        for rank, score in enumerate(scores.tolist())
    ]
    kept = {(layer, rank) for _, layer, rank in sorted(places)[:budget]}
    return [
        torch.tensor([(layer, rank) in kept for rank in range(len(scores))], dtype=torch.bool)
        for layer, scores in enumerate(importance)
    ]


def some_layers(rng, dtype=torch.float64):
    """Scores of layers of different ranks."""
    yield [normal(rng, 1, dtype=dtype)]
    yield [normal(rng, n, dtype=dtype) for n in (2, 1)]
    for _ in range(3):
        yield [normal(rng, n, dtype=dtype) for n in rng.sample(range(1, 9), rng.randint(2, 5))]


@exercise("lora.allocate", weight=2)
def test_best_ranks_of_all_layers_stay(student, rng):
    """For any budget the most important ranks stay, wherever they are."""
    for layers in some_layers(rng):
        total = sum(map(len, layers))
        for budget in sorted({0, 1, total // 2, total - 1, total}):
            expect(student.lora.allocate(layers, budget), sorted_by_hand(layers, budget))


@exercise("lora.allocate", weight=2)
def test_equal_ranks_stay_in_their_order(student, rng):
    """Of equal scores the first stay, so that never more than the budget do."""
    for _ in range(4):
        layers = [
            torch.tensor([float(rng.randint(0, 2)) for _ in range(n)])
            for n in rng.sample(range(3, 30), 3)
        ]
        budget = rng.randint(1, sum(map(len, layers)) - 1)
        expect(student.lora.allocate(layers, budget), sorted_by_hand(layers, budget))


@exercise("lora.allocate")
def test_budget_beyond_all_ranks(student, rng):
    """Where the budget is larger than all ranks together, all stay; one less, all but one."""
    for layers in some_layers(rng):
        budget = sum(map(len, layers)) + rng.randint(1, 5)
        expected = [torch.ones(len(scores), dtype=torch.bool) for scores in layers]
        expect(student.lora.allocate(layers, budget), expected)
        budget = sum(map(len, layers)) - 1
        expect(student.lora.allocate(layers, budget), sorted_by_hand(layers, budget))


@exercise("lora.allocate")
def test_layer_may_lose_everything(student, rng):
    """A layer that matters less than all others keeps nothing, another one everything."""
    few, many = normal(rng, 3).abs(), 10 + normal(rng, 5).abs()
    got = student.lora.allocate([few, many], 5)
    expect(got, [torch.zeros(3, dtype=torch.bool), torch.ones(5, dtype=torch.bool)])


@exercise("lora.allocate")
def test_scores_of_any_size_and_dtype(student, rng):
    """Scores may be tiny, negative, zero or of another dtype: only their order counts."""
    for dtype in (torch.float32, torch.bfloat16):
        for layers in some_layers(rng, dtype):
            layers = [scores * 1e-12 - 1e-12 for scores in layers]
            budget = max(1, sum(map(len, layers)) // 2)
            expect(student.lora.allocate(layers, budget), sorted_by_hand(layers, budget))
