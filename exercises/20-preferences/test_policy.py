"""From logits to PPO's losses: examples that you can check by hand."""

import math

import torch

from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32
LN2 = math.log(2)


# --- token_logprobs ---------------------------------------------------------------------------


@exercise("preferences.token_logprobs")
def test_logprobs_by_hand(student):
    """After the first token, 1 has a quarter; after the second, 2 has 0.7; the rest is unknown."""
    shares = torch.tensor([[[0.5, 0.25, 0.25], [0.1, 0.2, 0.7], [0.8, 0.1, 0.1]]])
    got = student.preferences.token_logprobs(shares.log() + 3, torch.tensor([[0, 1, 2]]))
    expect(got, torch.tensor([[0.25, 0.7]]).log(), tolerance=EXACT_ENOUGH)


@exercise("preferences.token_logprobs")
def test_logprobs_of_large_logits(student):
    """A token whose logit is 1000 less than the other has the log-probability -1000."""
    logits = torch.tensor([[[0.0, 1000.0], [5.0, 5.0]], [[1000.0, 0.0], [5.0, 5.0]]])
    got = student.preferences.token_logprobs(logits, torch.tensor([[1, 0], [1, 0]]))
    expect(got, torch.tensor([[-1000.0], [0.0]]), tolerance=EXACT_ENOUGH)


# --- reward_loss ------------------------------------------------------------------------------


@exercise("preferences.reward_loss")
def test_choices_by_hand(student):
    """Equal rewards: a choice at random, ln 2. Better by ln 3: three of four choose it, ln 4/3."""
    better, worse = torch.tensor([1.0, 2.0 + math.log(3)]), torch.tensor([1.0, 2.0])
    expected = torch.tensor((LN2 + math.log(4 / 3)) / 2)
    expect(student.preferences.reward_loss(better, worse), expected, tolerance=EXACT_ENOUGH)
    got = student.preferences.reward_loss(better[1:], worse[1:], math.log(3))
    expect(got, torch.tensor(LN2), given="a margin of ln 3", tolerance=EXACT_ENOUGH)


@exercise("preferences.reward_loss")
def test_choices_of_any_size(student):
    """A reward that is 500 too low costs 500, not an infinity."""
    got = student.preferences.reward_loss(torch.tensor([0.0]), torch.tensor([500.0]))
    expect(got, torch.tensor(500.0), tolerance=EXACT_ENOUGH)


# --- kl_estimate ------------------------------------------------------------------------------


@exercise("preferences.kl_estimate")
def test_estimates_by_hand(student):
    """The policy gives 1/2, the reference 1/4, then 1: ℓ is -ln 2 and ln 2."""
    policy, reference = torch.tensor([[0.5, 0.5]]).log(), torch.tensor([[0.25, 1.0]]).log()
    for kind, expected in [
        ("k1", [[LN2, -LN2]]),
        ("k2", [[LN2**2 / 2, LN2**2 / 2]]),
        ("k3", [[LN2 - 0.5, 1 - LN2]]),
    ]:
        got = student.preferences.kl_estimate(policy, reference, kind)
        expect(got, torch.tensor(expected), given=kind, tolerance=EXACT_ENOUGH)


@exercise("preferences.kl_estimate")
def test_estimate_by_default(student):
    """Without a word on the kind it is k3."""
    policy, reference = torch.tensor([0.5]).log(), torch.tensor([0.25]).log()
    got = student.preferences.kl_estimate(policy, reference)
    expect(got, torch.tensor([LN2 - 0.5]), tolerance=EXACT_ENOUGH)


# --- shaped_rewards ---------------------------------------------------------------------------


@exercise("preferences.shaped_rewards")
def test_rewards_by_hand(student):
    """Each token pays half of ln policy - ln reference; the last of the answer gets the score."""
    logprobs = torch.tensor([[-1.0, -2.0, -3.0, -4.0], [-1.0, -1.0, -1.0, -1.0]])
    reference = torch.tensor([[-9.0, -4.0, -2.0, -9.0], [-1.0, -3.0, -1.0, -5.0]])
    mask = torch.tensor([[0, 1, 1, 0], [0, 1, 1, 1]]).bool()
    got = student.preferences.shaped_rewards(
        torch.tensor([10.0, 20.0]), logprobs, reference, mask, 0.5
    )
    expected = torch.tensor([[0.0, -1.0, 10.5, 0.0], [0.0, -1.0, 0.0, 18.0]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("preferences.shaped_rewards")
def test_no_answer_no_reward(student):
    """A row without any token of an answer earns nothing, whatever its score."""
    mask = torch.tensor([[0, 0, 0], [1, 0, 0]]).bool()
    zeros = torch.zeros(2, 3)
    got = student.preferences.shaped_rewards(torch.tensor([7.0, 5.0]), zeros, zeros, mask, 0.1)
    expect(got, torch.tensor([[0.0, 0.0, 0.0], [5.0, 0.0, 0.0]]))


# --- advantages -------------------------------------------------------------------------------

REWARDS = torch.tensor([[0.0, 0.0, 8.0], [1.0, 2.0, 4.0]])
VALUES = torch.tensor([[2.0, 4.0, 4.0], [0.0, 0.0, 0.0]])


@exercise("preferences.advantages")
def test_advantages_by_hand(student):
    """The surprises are 2, 0, 4 in the first row; half of what comes later is added to each."""
    got = student.preferences.advantages(REWARDS, VALUES, gamma=1.0, lam=0.5)
    expect(got, torch.tensor([[3.0, 2.0, 4.0], [3.0, 4.0, 4.0]]), tolerance=EXACT_ENOUGH)


@exercise("preferences.advantages")
def test_one_step_and_all_steps(student):
    """With λ = 0 only the next surprise counts, with λ = 1 all that is still earned."""
    got = student.preferences.advantages(REWARDS, VALUES, lam=0.0)
    expect(got, torch.tensor([[2.0, 0.0, 4.0], [1.0, 2.0, 4.0]]), given="λ = 0", tolerance=1e-6)
    got = student.preferences.advantages(REWARDS, VALUES, lam=1.0)
    expect(got, torch.tensor([[6.0, 4.0, 4.0], [7.0, 6.0, 4.0]]), given="λ = 1", tolerance=1e-6)


# --- ppo_loss ---------------------------------------------------------------------------------

RATIOS = torch.tensor([[2.0, 0.5, 1.1], [2.0, 0.5, 9.0]])
ADVANTAGE = torch.tensor([[1.0, 1.0, 1.0], [-2.0, -2.0, 9.0]])
MASK = torch.tensor([[1, 1, 1], [1, 1, 0]]).bool()


@exercise("preferences.ppo_loss")
def test_four_corners_by_hand(student):
    """Gains of 1.2, 0.5 and 1.1 for the good tokens, of -4 and -1.6 for the bad: -2.8 / 5."""
    old = torch.full((2, 3), -2.0)
    got = student.preferences.ppo_loss(old + RATIOS.log(), old, ADVANTAGE, MASK)
    expect(got, torch.tensor(0.56), tolerance=EXACT_ENOUGH)
    got = student.preferences.ppo_loss(old + RATIOS.log(), old, ADVANTAGE, MASK, clip=0.4)
    expect(got, torch.tensor(0.44), given="a clip of 0.4", tolerance=EXACT_ENOUGH)


@exercise("preferences.ppo_loss")
def test_nothing_has_moved_yet(student):
    """Before the first step every ratio is 1: the loss is minus the mean advantage."""
    old = torch.tensor([[-1.0, -2.0, -3.0], [-4.0, -5.0, -6.0]])
    got = student.preferences.ppo_loss(old, old, 5 * ADVANTAGE, MASK)
    expect(got, torch.tensor(1.0), tolerance=EXACT_ENOUGH)


# --- value_loss -------------------------------------------------------------------------------


@exercise("preferences.value_loss")
def test_value_loss_by_hand(student):
    """Old values of 1: 3 counts as 1.2 where the return is 3, and as 3 where the return is 0."""
    old = torch.ones(2, 2)
    returns = torch.tensor([[3.0, 0.0], [1.5, 0.0]])
    values = torch.tensor([[3.0, 3.0], [1.1, 50.0]])
    mask = torch.tensor([[1, 1], [1, 0]]).bool()
    expected = torch.tensor((1.8**2 + 9 + 0.4**2) / 3 / 2)
    got = student.preferences.value_loss(values, old, returns, mask)
    expect(got, expected, tolerance=EXACT_ENOUGH)
    got = student.preferences.value_loss(values, old, returns, mask, clip=5.0)
    expect(got, torch.tensor((9 + 0.4**2) / 3 / 2), given="a wide clip", tolerance=EXACT_ENOUGH)


@exercise("preferences.value_loss")
def test_no_clip_for_small_steps(student):
    """Where the critic moved by less than the clip, it is half the squared error."""
    old, returns = torch.tensor([[2.0, 4.0]]), torch.tensor([[5.0, 1.0]])
    values = torch.tensor([[2.1, 3.9]])
    got = student.preferences.value_loss(values, old, returns, torch.ones(1, 2).bool())
    expect(got, torch.tensor(2.9**2 / 2), tolerance=EXACT_ENOUGH)
