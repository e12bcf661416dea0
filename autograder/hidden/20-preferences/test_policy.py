"""From logits to PPO's losses, against loops over single numbers and identities."""

import math
from itertools import product

import torch

from autograder.testing import exercise, expect

# How far a right answer may be from that in float64, relative to the largest number in it: sums of
# some dozen numbers of size one.
TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}
FLOATS = list(TOLERANCE)


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def different(rng, n, low=2, high=7):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


def two_policies(rng, *shape, dtype=torch.float64, apart=0.6):
    """Log-probabilities of tokens, and those by somebody who sees them a little differently."""
    there = -1.5 - normal(rng, *shape).abs()
    return (there + apart * normal(rng, *shape)).to(dtype), there.to(dtype)


def some_mask(rng, rows, length):
    """Answers of different lengths, with one token of each row at least left out or in."""
    counts = [rng.randint(1, length - 1) for _ in range(rows)]
    counts[0], counts[-1] = length, 1 if rows > 1 else length
    return torch.tensor(
        [sorted([1] * n + [0] * (length - n), key=lambda _: rng.random()) for n in counts]
    ).bool()


def places(mask):
    return mask.nonzero().tolist()


# --- token_logprobs ---------------------------------------------------------------------------


def logprobs_of(logits, tokens):
    """By the definition: e to the logit, divided by the sum, one token after the other."""
    rows = [
        torch.stack([
            logits[b, t, tokens[b, t + 1]] - logits[b, t].logsumexp(0)
            for t in range(tokens.shape[1] - 1)
        ])
        for b in range(len(tokens))
    ]  # fmt: skip
    return torch.stack(rows)


def text(rng, rows, length, vocabulary):
    return torch.tensor([[rng.randrange(vocabulary) for _ in range(length)] for _ in range(rows)])


@exercise("preferences.token_logprobs", weight=3)
def test_each_token_given_those_before(student, rng):
    """Each token but the first has the logarithm of its share at the position before it."""
    for dtype in FLOATS:
        for rows, length, vocabulary in [(1, 2, 3), different(rng, 3), different(rng, 3, 2, 9)]:
            logits = 2 * normal(rng, rows, length, vocabulary, dtype=dtype)
            tokens = text(rng, rows, length, vocabulary)
            expected = logprobs_of(logits.double(), tokens).to(dtype)
            got = student.preferences.token_logprobs(logits, tokens)
            given = f"{rows} rows of {length} tokens, V = {vocabulary}, {dtype}"
            expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("preferences.token_logprobs")
def test_last_logits_speak_of_no_token(student, rng):
    """What the logits say after the last token changes nothing, nor does the first token."""
    rows, length, vocabulary = different(rng, 3, 3)
    logits, tokens = normal(rng, rows, length, vocabulary), text(rng, rows, length, vocabulary)
    expected = logprobs_of(logits, tokens)
    expect(student.preferences.token_logprobs(logits, tokens), expected, tolerance=1e-10)
    logits[:, -1] = 50 * normal(rng, rows, vocabulary)
    tokens[:, 0] = (tokens[:, 0] + 1) % vocabulary
    expect(student.preferences.token_logprobs(logits, tokens), expected, tolerance=1e-10)


@exercise("preferences.token_logprobs", weight=2)
def test_logprobs_of_extreme_logits(student, rng):
    """Logits of thousands, of either sign, and tokens that cannot come beside others that can."""
    for size in (300.0, 30_000.0):
        logits = (size * normal(rng, 3, 5, 4)).float()
        tokens = text(rng, 3, 5, 4)
        expected = logprobs_of(logits.double(), tokens).float()
        given = f"float32 logits of about {size:g}"
        got = student.preferences.token_logprobs(logits, tokens)
        expect(got, expected, given=given, tolerance=1e-5)
        tokens = tokens.clamp(max=2)
        logits[..., 3] = -math.inf
        expected = logprobs_of(logits.double(), tokens).float()
        got = student.preferences.token_logprobs(logits, tokens)
        expect(got, expected, given=given + ", one of them -inf", tolerance=1e-5)


@exercise("preferences.token_logprobs")
def test_gradients_of_the_logprobs(student, rng, expect_gradients):
    """Each logit's slope is that of a log-softmax; those after the last token have none."""
    rows, length, vocabulary = different(rng, 3)
    tokens = text(rng, rows, length, vocabulary)
    expect_gradients(
        ["the logits"],
        lambda logits: student.preferences.token_logprobs(logits, tokens),
        lambda logits: logprobs_of(logits, tokens),
        normal(rng, rows, length, vocabulary),
    )


@exercise("preferences.token_logprobs")
def test_logprobs_of_views(student, rng, unchanged):
    """Whatever the layout in memory; the logits and tokens stay as they were."""
    rows, length, vocabulary = different(rng, 3)
    logits, tokens = normal(rng, rows, length, vocabulary), text(rng, rows, length, vocabulary)
    expected = logprobs_of(logits, tokens)
    got = student.support.on_views("token_logprobs", logits, tokens)
    expect(got, expected, given="tensors that are not contiguous", tolerance=1e-10)
    expect(unchanged(student.preferences.token_logprobs, logits, tokens), expected, tolerance=1e-10)


# --- reward_loss ------------------------------------------------------------------------------


def choice_loss(better, worse, margin=0.0):
    """-ln of 1 / (1 + e^-z), pair by pair, in the form that holds for large z as well."""
    z = better - worse - margin
    return sum(torch.log1p((-x.abs()).exp()) + (-x).clamp(min=0) for x in z) / len(z)


@exercise("preferences.reward_loss", weight=3)
def test_mean_over_the_pairs(student, rng):
    """The mean of -ln σ of the difference, with and without a margin."""
    for dtype, n, margin in product(FLOATS, (1, 2, 5), (0.0, 0.7)):
        # Not far apart: of a loss near 0 rounding leaves few digits, whoever is right.
        better, worse = (normal(rng, n, dtype=dtype).clamp(-1.5, 1.5) for _ in range(2))
        expected = choice_loss(better.double(), worse.double(), margin).to(dtype)
        options = [margin] if margin else []
        got = student.preferences.reward_loss(better, worse, *options)
        given = f"{n} pairs, a margin of {margin}, {dtype}"
        expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("preferences.reward_loss", weight=2)
def test_rewards_far_apart(student, rng):
    """Differences of thousands cost what they are, or nothing; no infinity, no nan."""
    for size in (120.0, 9_000.0):
        better = torch.tensor([0.0, -size, 3.0]) + rng.random()
        worse = torch.tensor([size, 0.0, 3.0 - size])
        expected = choice_loss(better.double(), worse.double()).float()
        got = student.preferences.reward_loss(better, worse)
        expect(got, expected, given=f"differences of {size:g}", tolerance=1e-5)


@exercise("preferences.reward_loss", weight=2)
def test_slope_of_a_choice(student, rng, expect_gradients):
    """The wronger the choice, the harder it pulls: up with one reward, down with the other."""
    for size in (1.0, 200.0):
        expect_gradients(
            ["the better reward", "the worse reward"],
            lambda better, worse: student.preferences.reward_loss(better, worse, 0.3),
            lambda better, worse: choice_loss(better, worse, 0.3),
            size * normal(rng, 5),
            size * normal(rng, 5),
        )


@exercise("preferences.reward_loss")
def test_one_or_the_other(student, rng):
    """The probabilities of a choice and of its opposite are 1 together, whatever both earn."""
    for shift in (0.0, 40.0):
        one, other = normal(rng, 1) + shift, normal(rng, 1) + shift
        chances = []
        for better, worse in [(one, other), (other, one)]:
            loss = student.preferences.reward_loss(better, worse)
            expect(loss, choice_loss(better, worse), tolerance=1e-10)
            chances.append(math.exp(-loss.item()))
        expect(sum(chances), 1.0, given="the two probabilities together", tolerance=1e-10)


# --- kl_estimate ------------------------------------------------------------------------------

KINDS = {
    "k1": lambda ratio: -ratio,
    "k2": lambda ratio: ratio * ratio / 2,
    # For small ratios by its series, since 1 and e^ratio are nearly equal.
    "k3": lambda ratio: torch.where(
        ratio.abs() < 1e-2,
        ratio**2 / 2 * (1 + ratio / 3 * (1 + ratio / 4 * (1 + ratio / 5))),
        ratio.exp() - 1 - ratio,
    ),
}


def estimate(logprobs, reference, kind="k3"):
    return KINDS[kind](reference.double() - logprobs.double()).to(logprobs.dtype)


@exercise("preferences.kl_estimate", weight=3)
def test_each_kind_for_each_token(student, rng):
    """The three formulas, token by token, for any number of axes."""
    for dtype, kind in product(FLOATS, KINDS):
        for shape in [(1,), different(rng, 2), different(rng, 3)]:
            logprobs, reference = two_policies(rng, *shape, dtype=dtype)
            got = student.preferences.kl_estimate(logprobs, reference, kind)
            given = f"{kind} of log-probabilities of shape {tuple(shape)}, {dtype}"
            expected = estimate(logprobs, reference, kind)
            # Where all ratios are near 0, k3 is what is left of them when they cancel.
            near = max(1.0, ((logprobs - reference).abs().max() / expected.abs().max()).item())
            expect(got, expected, given=given, tolerance=TOLERANCE[dtype] * near)


@exercise("preferences.kl_estimate", weight=2)
def test_expected_estimate_is_kl(student, rng):
    """Weighted with the policy's own probabilities, k1 and k3 add up to KL(policy ‖ reference)."""
    for size in (3, 50):
        policy, reference = (normal(rng, size).log_softmax(0) for _ in range(2))
        exact = sum(
            math.exp(p) * (p - r) for p, r in zip(policy.tolist(), reference.tolist(), strict=True)
        )
        for kind in ("k1", "k3"):
            got = student.preferences.kl_estimate(policy, reference, kind)
            expect(got, estimate(policy, reference, kind), given=kind, tolerance=1e-10)
            mean = (got * policy.exp()).sum().item()
            expect(mean, exact, given=f"the mean of {kind} over the policy", tolerance=1e-9)


@exercise("preferences.kl_estimate")
def test_k3_of_nearly_equal_policies(student, rng):
    """Where the two differ in the third digit, k3 is about half the square, and not rounded off."""
    for size in (1e-2, 1e-3):
        reference = -1 - normal(rng, 3, 5).abs().float()
        logprobs = reference + (size * (1 + normal(rng, 3, 5).abs())).float()
        for there, here in [(logprobs, reference), (reference, logprobs)]:
            got = student.preferences.kl_estimate(there, here, "k3")
            given = f"float32 log-probabilities that differ by about {size}"
            expect(got, estimate(there, here), given=given, tolerance=1e-2)


@exercise("preferences.kl_estimate")
def test_estimate_is_k3_unless_asked(student, rng):
    """By default k3; it is 0 where the two agree, and positive on either side."""
    reference = -1 - normal(rng, 5).abs()
    logprobs = reference + torch.tensor([-2.0, -0.5, 0.0, 0.5, 2.0]).double()
    got = student.preferences.kl_estimate(logprobs, reference)
    expect(got, estimate(logprobs, reference), tolerance=1e-10)


@exercise("preferences.kl_estimate", weight=2)
def test_slopes_of_the_estimates(student, rng, expect_gradients):
    """Gradients flow into both log-probabilities, and differ from kind to kind."""
    for kind in KINDS:
        expect_gradients(
            [f"the policy, {kind}", f"the reference, {kind}"],
            lambda *both, kind=kind: student.preferences.kl_estimate(*both, kind),
            lambda *both, kind=kind: KINDS[kind](both[1] - both[0]),
            *two_policies(rng, *different(rng, 2)),
        )


# --- shaped_rewards ---------------------------------------------------------------------------


def spans(rng, rows, length):
    """Each answer's tokens stand together, somewhere in their row."""
    mask = torch.zeros(rows, length).bool()
    for row in mask:
        start = rng.randrange(length)
        row[start : rng.randint(start + 1, length)] = True
    return mask


def priced(scores, logprobs, reference, mask, beta):
    rewards = torch.zeros_like(logprobs)
    for b, row in enumerate(mask.tolist()):
        named = [t for t, is_answer in enumerate(row) if is_answer]
        for t in named:
            rewards[b, t] = beta * (reference[b, t] - logprobs[b, t])
        if named:
            rewards[b, named[-1]] += scores[b]
    return rewards


@exercise("preferences.shaped_rewards", weight=3)
def test_price_and_score(student, rng):
    """The tokens of the answer pay for leaving the reference; its last one gets the score too."""
    for dtype in FLOATS:
        for rows, length in [(1, 1), (1, 4), different(rng, 2), different(rng, 2, 3, 9)]:
            logprobs, reference = two_policies(rng, rows, length, dtype=dtype)
            mask, scores = spans(rng, rows, length), 3 * normal(rng, rows, dtype=dtype)
            beta = 0.05 + rng.random()
            got = student.preferences.shaped_rewards(scores, logprobs, reference, mask, beta)
            expected = priced(scores.double(), logprobs.double(), reference.double(), mask, beta)
            given = f"a mask of {mask.int().tolist()}, β = {beta:.2f}, {dtype}"
            expect(got, expected.to(dtype), given=given, tolerance=TOLERANCE[dtype])


@exercise("preferences.shaped_rewards", weight=2)
def test_answers_end_in_different_places(student, rng):
    """Answers at the start, in the middle, at the end, of one token, and none at all."""
    mask = torch.tensor(
        [[1, 1, 0, 0, 0], [0, 1, 1, 1, 0], [0, 0, 0, 1, 1], [0, 0, 1, 0, 0], [0] * 5, [1] * 5]
    ).bool()
    logprobs, reference = two_policies(rng, 6, 5)
    scores = 5 + normal(rng, 6).abs()
    for beta in (0.0, 0.3):
        got = student.preferences.shaped_rewards(scores, logprobs, reference, mask, beta)
        expected = priced(scores, logprobs, reference, mask, beta)
        expect(got, expected, given=f"β = {beta}", tolerance=1e-10)


@exercise("preferences.shaped_rewards")
def test_all_that_an_answer_earns(student, rng):
    """Together an answer's tokens earn its score, less β times its whole log-ratio."""
    rows, length = different(rng, 2, 3)
    logprobs, reference = two_policies(rng, rows, length)
    mask, scores = spans(rng, rows, length), normal(rng, rows)
    got = student.preferences.shaped_rewards(scores, logprobs, reference, mask, 0.25)
    expected = scores - 0.25 * ((logprobs - reference) * mask).sum(1)
    expect(list(got.shape), [rows, length], given="the shape")
    expect(got.sum(1), expected, given="sums over the tokens", tolerance=1e-10)
    expect(got, priced(scores, logprobs, reference, mask, 0.25), tolerance=1e-10)


@exercise("preferences.shaped_rewards")
def test_rewards_leave_the_inputs(student, rng, unchanged):
    """What goes in is not changed, and may lie in memory in any way."""
    logprobs, reference = two_policies(rng, 3, 5)
    mask, scores = spans(rng, 3, 5), normal(rng, 3)
    expected = priced(scores, logprobs, reference, mask, 0.5)
    inputs = scores, logprobs, reference, mask
    got = student.support.on_views("shaped_rewards", *inputs, 0.5)
    expect(got, expected, given="tensors that are not contiguous", tolerance=1e-10)
    got = unchanged(student.preferences.shaped_rewards, *inputs, beta=0.5)
    expect(got, expected, tolerance=1e-10)


# --- advantages -------------------------------------------------------------------------------


def surprises(rewards, values, gamma=1.0, lam=0.95):
    """By the definition: every later δ, discounted, added up anew for every token."""
    rows, length = rewards.shape
    found = torch.zeros_like(rewards)
    for b, t in product(range(rows), range(length)):
        for later in range(t, length):
            following = values[b, later + 1] if later + 1 < length else 0.0
            delta = rewards[b, later] + gamma * following - values[b, later]
            found[b, t] += (gamma * lam) ** (later - t) * delta
    return found


@exercise("preferences.advantages", weight=3)
def test_sum_of_later_surprises(student, rng):
    """Each token's advantage is the discounted sum of all δ from it on, in its own row."""
    for dtype in FLOATS:
        for rows, length in [(1, 1), (1, 3), different(rng, 2), different(rng, 2)]:
            rewards, values = (normal(rng, rows, length, dtype=dtype) for _ in range(2))
            gamma, lam = 0.5 + rng.random() / 2, 0.3 + rng.random() / 2
            expected = surprises(rewards.double(), values.double(), gamma, lam).to(dtype)
            got = student.preferences.advantages(rewards, values, gamma, lam)
            given = f"{rows} rows of {length} tokens, γ = {gamma:.2f}, λ = {lam:.2f}, {dtype}"
            expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("preferences.advantages", weight=2)
def test_known_limits(student, rng):
    """λ = 0 is the next surprise alone; λ = 1 the discounted return less the value."""
    rows, length = different(rng, 2, 3)
    rewards, values = normal(rng, rows, length), normal(rng, rows, length)
    for gamma in (1.0, 0.8):
        following = torch.cat([values[:, 1:], torch.zeros(rows, 1).double()], dim=1)
        got = student.preferences.advantages(rewards, values, gamma, 0.0)
        expected = rewards + gamma * following - values
        expect(got, expected, given=f"γ = {gamma}, λ = 0", tolerance=1e-10)
        powers = gamma ** torch.arange(length).double()
        returns = [(rewards[:, t:] * powers[: length - t]).sum(1) for t in range(length)]
        got = student.preferences.advantages(rewards, values, gamma, 1.0)
        expected = torch.stack(returns, dim=1) - values
        expect(got, expected, given=f"γ = {gamma}, λ = 1", tolerance=1e-10)


@exercise("preferences.advantages")
def test_no_discount_and_much_trust(student, rng):
    """By default nothing is discounted and λ is 0.95."""
    rewards, values = normal(rng, 2, 6), normal(rng, 2, 6)
    got = student.preferences.advantages(rewards, values)
    expect(got, surprises(rewards, values, 1.0, 0.95), tolerance=1e-10)


@exercise("preferences.advantages")
def test_a_late_reward_goes_back(student, rng):
    """A reward at the end of a long text reaches all tokens before it, and fades on the way."""
    rewards = torch.zeros(1, 120).double()
    rewards[0, -1] = 1 + rng.random()
    got = student.preferences.advantages(rewards, torch.zeros(1, 120).double(), 1.0, 0.9)
    expected = rewards[0, -1] * 0.9 ** torch.arange(119, -1, -1).double()
    expect(got, expected[None], tolerance=1e-10)


@exercise("preferences.advantages")
def test_advantages_leave_the_inputs(student, rng, unchanged):
    """Rewards and values stay as they were, and may lie in memory in any way."""
    rewards, values = normal(rng, 2, 5), normal(rng, 2, 5)
    expected = surprises(rewards, values)
    got = student.support.on_views("advantages", rewards, values)
    expect(got, expected, given="tensors that are not contiguous", tolerance=1e-10)
    expect(unchanged(student.preferences.advantages, rewards, values), expected, tolerance=1e-10)


# --- ppo_loss ---------------------------------------------------------------------------------


def clipped(logprobs, old, advantage, mask, clip=0.2):
    """Token by token, with Python's own min and max."""
    total = 0.0 * logprobs.sum()
    for b, t in places(mask):
        ratio = (logprobs[b, t] - old[b, t]).exp()
        near = min(max(ratio, 1 - clip), 1 + clip)
        total = total - min(ratio * advantage[b, t], near * advantage[b, t])
    return total / max(1, len(places(mask)))


def an_update(rng, rows, length, dtype=torch.float64):
    return *two_policies(rng, rows, length, dtype=dtype), normal(rng, rows, length, dtype=dtype)


@exercise("preferences.ppo_loss", weight=3)
def test_smaller_of_the_two(student, rng):
    """Minus the mean, over the answers' tokens, of the smaller of the two products."""
    for dtype, clip in product(FLOATS, (0.1, 0.45)):
        for rows, length in [(1, 2), different(rng, 2), different(rng, 2)]:
            parts = an_update(rng, rows, length, dtype)
            mask = some_mask(rng, rows, length)
            expected = clipped(*(part.double() for part in parts), mask, clip).to(dtype)
            got = student.preferences.ppo_loss(*parts, mask, clip)
            given = f"a mask of {mask.int().tolist()}, a clip of {clip}, {dtype}"
            # Products of both signs may nearly cancel: their sizes say what rounding leaves.
            cancelled = (parts[2].abs().max() / expected.abs().clamp(min=1e-6)).item()
            expect(got, expected, given=given, tolerance=TOLERANCE[dtype] * max(1.0, cancelled))


@exercise("preferences.ppo_loss", weight=2)
def test_four_corners(student, rng):
    """Too likely or too unlikely, better or worse than thought: each corner by itself."""
    for ratio, advantage in product((0.3, 0.95, 1.9), (-1.5, 2.5)):
        old = -1 - normal(rng, 1, 2).abs()
        parts = old + math.log(ratio), old, torch.full((1, 2), advantage).double()
        mask = torch.tensor([[True, False]])
        got = student.preferences.ppo_loss(*parts, mask)
        near = min(max(ratio, 0.8), 1.2)
        expected = torch.tensor(-min(ratio * advantage, near * advantage), dtype=torch.float64)
        given = f"a ratio of {ratio}, an advantage of {advantage}"
        expect(got, expected, given=given, tolerance=1e-10)


@exercise("preferences.ppo_loss", weight=2)
def test_slopes_end_at_the_clip(student, rng, expect_gradients):
    """Tokens that went too far the right way pull no more; all others do, also back."""
    rows, length = different(rng, 2, 4, 8)
    logprobs, old, advantage = an_update(rng, rows, length)
    mask = some_mask(rng, rows, length)
    expect_gradients(
        ["the log-probabilities"],
        lambda x: student.preferences.ppo_loss(x, old, advantage, mask, 0.3),
        lambda x: clipped(x, old, advantage, mask, 0.3),
        logprobs,
    )


@exercise("preferences.ppo_loss")
def test_other_tokens_do_not_count(student, rng):
    """Prompt and padding change nothing, whatever stands there; they are not counted either."""
    logprobs, old, advantage = an_update(rng, 3, 5)
    mask = torch.tensor([[0, 1, 1, 1, 0], [0] * 5, [0, 0, 1, 0, 0]]).bool()
    expected = clipped(logprobs, old, advantage, mask)
    got = student.preferences.ppo_loss(logprobs, old, advantage, mask)
    expect(got, expected, tolerance=1e-10)
    there = [torch.where(mask, part, 3 * normal(rng, 3, 5)) for part in (logprobs, old, advantage)]
    got = student.preferences.ppo_loss(*there, mask)
    expect(got, expected, given="other numbers outside the mask", tolerance=1e-10)


# --- value_loss -------------------------------------------------------------------------------


def critic_loss(values, old, returns, mask, clip=0.2):
    total = 0.0 * values.sum()
    for b, t in places(mask):
        near = min(max(values[b, t], old[b, t] - clip), old[b, t] + clip)
        total = total + max((values[b, t] - returns[b, t]) ** 2, (near - returns[b, t]) ** 2)
    return total / max(1, len(places(mask))) / 2


def a_critic(rng, rows, length, dtype=torch.float64):
    old = normal(rng, rows, length, dtype=dtype)
    values = old + 0.5 * normal(rng, rows, length, dtype=dtype)
    return values, old, normal(rng, rows, length, dtype=dtype)


@exercise("preferences.value_loss", weight=3)
def test_larger_of_two_errors(student, rng):
    """Half the mean, over the answers' tokens, of the larger of the two squared errors."""
    for dtype, clip in product(FLOATS, (0.1, 0.6)):
        for rows, length in [(1, 2), different(rng, 2), different(rng, 2)]:
            parts, mask = a_critic(rng, rows, length, dtype), some_mask(rng, rows, length)
            expected = critic_loss(*(part.double() for part in parts), mask, clip).to(dtype)
            got = student.preferences.value_loss(*parts, mask, clip)
            given = f"a mask of {mask.int().tolist()}, a clip of {clip}, {dtype}"
            expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("preferences.value_loss")
def test_clip_of_a_fifth(student, rng):
    """By default the values may move by 0.2, upwards and downwards."""
    for step in (-3.0, -0.1, 0.1, 3.0):
        old, returns = normal(rng, 2, 3), normal(rng, 2, 3) + step / 2
        mask = some_mask(rng, 2, 3)
        got = student.preferences.value_loss(old + step, old, returns, mask)
        expected = critic_loss(old + step, old, returns, mask, 0.2)
        expect(got, expected, given=f"a step of {step}", tolerance=1e-10)


@exercise("preferences.value_loss", weight=2)
def test_slopes_of_the_critic(student, rng, expect_gradients):
    """A value that went too far towards its return pulls no more; all others do."""
    rows, length = different(rng, 2, 4, 8)
    values, old, returns = a_critic(rng, rows, length)
    mask = some_mask(rng, rows, length)
    expect_gradients(
        ["the values"],
        lambda x: student.preferences.value_loss(x, old, returns, mask),
        lambda x: critic_loss(x, old, returns, mask),
        values,
    )


@exercise("preferences.value_loss")
def test_values_of_other_tokens_do_not_count(student, rng):
    """Prompt and padding change nothing, whatever stands there; they are not counted either."""
    parts = a_critic(rng, 3, 5)
    mask = torch.tensor([[0, 1, 1, 1, 0], [0] * 5, [0, 0, 1, 0, 0]]).bool()
    expected = critic_loss(*parts, mask)
    expect(student.preferences.value_loss(*parts, mask), expected, tolerance=1e-10)
    there = [torch.where(mask, part, 9 * normal(rng, 3, 5)) for part in parts]
    got = student.preferences.value_loss(*there, mask)
    expect(got, expected, given="other numbers outside the mask", tolerance=1e-10)
