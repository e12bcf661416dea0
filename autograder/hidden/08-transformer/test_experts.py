"""Experts: token by token, choice by choice, in float64."""

import math

import torch

from autograder.measure import measured
from autograder.student import gradients
from autograder.testing import exercise, expect, expect_that

TOLERANCE = {torch.float64: 64 * 2**-52, torch.float32: 64 * 2**-23}
OF_GRADIENTS = 1e-9


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def different(rng, n, low=2, high=9):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


def sizes(rng):
    """(tokens, experts, chosen), from the smallest up."""
    yield 1, 1, 1
    yield 1, 3, 2
    for _ in range(4):
        n_chosen, n_experts = sorted(rng.sample(range(1, 8), 2))
        n_tokens = rng.choice([n for n in range(4, 13) if n not in (n_chosen, n_experts)])
        yield n_tokens, n_experts, n_chosen
    yield 7, 4, 4


def by_sorting(logits, n_chosen):
    """(weights, experts), token by token."""
    weights, experts = [], []
    for row in logits.double().tolist():
        best = sorted(range(len(row)), key=lambda e: -row[e])[:n_chosen]
        powers = [math.exp(row[e] - row[best[0]]) for e in best]
        weights.append([power / sum(powers) for power in powers])
        experts.append(best)
    shape = (len(logits), n_chosen)
    return (
        torch.tensor(weights, dtype=torch.float64).reshape(shape).to(logits.dtype),
        torch.tensor(experts, dtype=torch.long).reshape(shape),
    )


# --- route ------------------------------------------------------------------------------------


@exercise("transformer.route", weight=2)
def test_the_best_experts_first(student, rng):
    """The k largest logits are chosen, the largest first; their weights sum to 1."""
    for dtype in TOLERANCE:
        for n_tokens, n_experts, n_chosen in sizes(rng):
            logits = 2 * normal(rng, n_tokens, n_experts, dtype=dtype)
            weights, experts = student.transformer.route(logits, n_chosen)
            right = by_sorting(logits, n_chosen)
            expect(experts, right[1])
            expect(weights, right[0], tolerance=TOLERANCE[dtype])


@exercise("transformer.route")
def test_logits_of_any_size(student, rng):
    """Very large logits give weights too, and what all logits have in common does not count."""
    for shift in (0.0, 1000.0, -1000.0):
        logits = 3 * normal(rng, 6, 4) + shift
        weights, experts = student.transformer.route(logits, 2)
        right = by_sorting(logits, 2)
        expect(experts, right[1])
        expect(weights, right[0], tolerance=1e-9)


@exercise("transformer.route")
def test_gradients_of_the_weights(student, rng):
    """Gradients reach the logits of the chosen experts and no others."""
    for n_tokens, n_experts, n_chosen in sizes(rng):
        logits = normal(rng, n_tokens, n_experts).requires_grad_()
        right, experts = by_sorting(logits.detach(), n_chosen)
        sums = normal(rng, n_tokens, n_chosen)
        (student.transformer.route(logits, n_chosen)[0] * sums).sum().backward()
        # Of a softmax w the derivative of Σ s w is w (s - Σ s w).
        expected = torch.zeros_like(right.new_zeros(n_tokens, n_experts))
        centred = sums - (sums * right).sum(-1, keepdim=True)
        expected.scatter_(1, experts, right * centred)
        expect(logits.grad, expected, tolerance=OF_GRADIENTS)


# --- load_balance_loss ------------------------------------------------------------------------


def balance(logits, experts):
    """Expert by expert."""
    n_tokens, n_experts = logits.shape
    total = 0.0
    for expert in range(n_experts):
        share = sum(row.count(expert) for row in experts.tolist()) / n_tokens
        exact = logits.double()
        total = total + share * (exact[:, expert].exp() / exact.exp().sum(-1)).sum() / n_tokens
    return n_experts * total


@exercise("transformer.load_balance_loss", weight=2)
def test_shares_times_probabilities(student, rng):
    """E times the sum of share and mean probability, for what was chosen, also an expert unused."""
    for dtype in TOLERANCE:
        for n_tokens, n_experts, n_chosen in sizes(rng):
            logits = normal(rng, n_tokens, n_experts, dtype=dtype)
            experts = by_sorting(logits, n_chosen)[1]
            got = student.transformer.load_balance_loss(logits, experts)
            expect(got, balance(logits, experts).to(dtype), tolerance=TOLERANCE[dtype])


@exercise("transformer.load_balance_loss")
def test_balance_and_collapse(student, rng):
    """Equal shares give k; one expert for all gives more."""
    for n_experts, n_chosen in [(2, 1), (4, 1), (5, 2), (6, 3)]:
        even = torch.stack([(torch.arange(n_chosen) + t) % n_experts for t in range(n_experts * 3)])
        logits = torch.zeros(len(even), n_experts, dtype=torch.float64)
        got = student.transformer.load_balance_loss(logits, even)
        expect(got, torch.tensor(float(n_chosen), dtype=torch.float64), tolerance=1e-12)
        logits[:, 0] += 4 + rng.random()
        alone = torch.arange(n_chosen).expand(len(even), n_chosen).clone()
        got = student.transformer.load_balance_loss(logits, alone)
        expect(got, balance(logits, alone), tolerance=1e-12)


@exercise("transformer.load_balance_loss")
def test_the_tokens_may_have_gone_elsewhere(student, rng):
    """The shares are counted in `experts`, whatever the logits would have chosen."""
    for n_tokens, n_experts, n_chosen in sizes(rng):
        logits = normal(rng, n_tokens, n_experts)
        picks = [rng.sample(range(n_experts), n_chosen) for _ in range(n_tokens)]
        experts = torch.tensor(picks)
        got = student.transformer.load_balance_loss(logits, experts)
        expect(got, balance(logits, experts), tolerance=1e-12)


@exercise("transformer.load_balance_loss")
def test_gradients_push_towards_balance(student, rng):
    """Gradients come through the probabilities of all experts, chosen or not."""
    for n_tokens, n_experts, n_chosen in sizes(rng):
        mine = normal(rng, n_tokens, n_experts).requires_grad_()
        theirs = mine.detach().clone().requires_grad_()
        experts = by_sorting(mine.detach(), n_chosen)[1]
        loss = student.transformer.load_balance_loss(mine, experts)
        expect_that(loss.requires_grad, expected="a loss that gradients flow through", got="none")
        loss.backward()
        balance(theirs, experts).backward()
        # With one expert the gradient is 0, to some roundings.
        expect(mine.grad + 1, theirs.grad + 1, tolerance=OF_GRADIENTS)


# --- MixtureOfExperts -------------------------------------------------------------------------


def mixture(student, rng, width, inner, n_experts, n_chosen, capacity=None, dtype=torch.float64):
    options = {} if capacity is None else {"capacity": capacity}
    layer = student.transformer.MixtureOfExperts(width, inner, n_experts, n_chosen, **options)
    state = {"gate.weight": 2 * normal(rng, n_experts, width, dtype=dtype)}
    for e in range(n_experts):
        first = normal(rng, 2 * inner, width, dtype=dtype)
        second = normal(rng, width, inner, dtype=dtype) / inner**0.5
        state |= {f"experts.{e}.in_proj.weight": first, f"experts.{e}.out_proj.weight": second}
    layer.to(dtype)
    layer.load_state_dict(state)
    return layer, state


def token_by_token(state, x, n_chosen, capacity=None):
    """First choices of all tokens, in their order, then second ones: whoever comes first."""
    tokens = x.reshape(-1, x.shape[-1])
    gate = state["gate.weight"]
    n_experts = len(gate)
    logits = tokens @ gate.T
    _, experts = by_sorting(logits.detach(), n_chosen)
    weights = logits.gather(1, experts).softmax(-1)
    room = len(tokens)
    if capacity is not None:
        room = math.ceil(capacity * len(tokens) * n_chosen / n_experts)
    taken = [0] * n_experts
    out = [torch.zeros_like(token) for token in tokens]
    for choice in range(n_chosen):
        for t, token in enumerate(tokens):
            e = int(experts[t, choice])
            taken[e] += 1
            if taken[e] > room:
                continue
            first, third = state[f"experts.{e}.in_proj.weight"].tensor_split(2)
            up = torch.nn.functional.silu(first @ token) * (third @ token)
            out[t] = out[t] + weights[t, choice] * (state[f"experts.{e}.out_proj.weight"] @ up)
    return torch.stack(out).reshape(x.shape) if out else x.clone()


def mixtures(rng):
    """(shape of x, inner, experts, chosen), from the smallest up; no two axes alike."""
    yield (1, 3), 2, 1, 1
    yield (4, 3), 2, 3, 2
    for batch in [(), (2,), (1,), (2, 3)]:
        length, width, inner, n_experts = different(rng, 4)
        yield (*batch, length, width), inner, n_experts, rng.randrange(1, min(4, n_experts) + 1)


@exercise("transformer.MixtureOfExperts", weight=2)
def test_each_token_by_its_own_experts(student, rng):
    """Every token's output is the weighted sum of what its k experts make of it."""
    for shape, inner, n_experts, n_chosen in mixtures(rng):
        layer, state = mixture(student, rng, shape[-1], inner, n_experts, n_chosen)
        x = normal(rng, *shape)
        expected = token_by_token(state, x, n_chosen)
        expect(layer(x).detach(), expected, tolerance=1e-11)
        expect(student.support.layer_on_views(layer, x).detach(), expected, tolerance=1e-11)


@exercise("transformer.MixtureOfExperts", weight=2)
def test_an_expert_takes_no_more_than_its_capacity(student, rng):
    """What is beyond the capacity is left out: later tokens first, second choices before first."""
    for capacity in (0.3, 0.5, 1.0, 1.25, 0.01):
        for shape, inner, n_experts, n_chosen in list(mixtures(rng))[1:4]:
            layer, state = mixture(
                student, rng, shape[-1], inner, n_experts, n_chosen, capacity=capacity
            )
            # A direction in common makes some experts popular.
            x = normal(rng, *shape) + normal(rng, shape[-1])
            expected = token_by_token(state, x, n_chosen, capacity)
            expect(layer(x).detach(), expected, tolerance=1e-11)


@exercise("transformer.MixtureOfExperts")
def test_only_the_chosen_are_computed(student, rng):
    """The operations are those of k experts a token and of the gate, not those of all experts."""
    n_tokens, width, inner, n_experts = 24, 16, 32, 8
    for n_chosen, capacity in [(1, None), (3, None), (2, 0.5)]:
        layer, state = mixture(student, rng, width, inner, n_experts, n_chosen, capacity=capacity)
        x = normal(rng, 4, n_tokens // 4, width)
        with torch.no_grad(), measured(student) as cost:
            got = layer(x)
        expect(got, token_by_token(state, x, n_chosen, capacity), tolerance=1e-11)
        most = n_tokens * (2 * n_experts * width + n_chosen * 6 * width * inner)
        expect_that(cost.flops <= most, expected=f"at most {most} operations", got=cost.flops)


@exercise("transformer.MixtureOfExperts")
def test_experts_in_32_bits_and_nothing_to_do(student, rng):
    """In float32; and a call without tokens gives an output without tokens."""
    for dtype in TOLERANCE:
        for capacity in (None, 0.75):
            layer, state = mixture(student, rng, 5, 3, 4, 2, capacity=capacity, dtype=dtype)
            x = normal(rng, 2, 7, 5, dtype=dtype)
            exact = {name: tensor.double() for name, tensor in state.items()}
            expected = token_by_token(exact, x.double(), 2, capacity).to(dtype)
            expect(layer(x).detach(), expected, tolerance=8 * TOLERANCE[dtype])
            expect(list(layer(x[:, :0]).shape), [2, 0, 5])


@exercise("transformer.MixtureOfExperts", weight=2)
def test_gradients_of_the_mixture(student, rng):
    """Gradients reach x, the experts at work, and the gate through the weights."""
    for capacity in (None, 0.6):
        for shape, inner, n_experts, n_chosen in list(mixtures(rng))[1:4]:
            layer, state = mixture(
                student, rng, shape[-1], inner, n_experts, n_chosen, capacity=capacity
            )
            mine = normal(rng, *shape).requires_grad_()
            theirs = mine.detach().clone().requires_grad_()
            state = {name: tensor.requires_grad_() for name, tensor in state.items()}
            sums = normal(rng, *shape)
            out = layer(mine)
            expect_that(out.requires_grad, expected="an output with a gradient", got="none")
            (out * sums).sum().backward()
            (token_by_token(state, theirs, n_chosen, capacity) * sums).sum().backward()
            expect(mine.grad, theirs.grad, tolerance=OF_GRADIENTS)
            found = gradients(layer)
            for name, tensor in state.items():
                zeros = torch.zeros_like(tensor)
                got = zeros if found[name] is None else found[name]
                right = zeros if tensor.grad is None else tensor.grad
                # Where k = 1 the gate's gradient is 0, to some roundings.
                expect(got + 1, right + 1, given=f"the gradient of {name}", tolerance=OF_GRADIENTS)
