"""Preferences: move a model towards what people like, without losing what it knows.

People can say which of two answers is better long before they can write down why. A reward model
learns to say the same; then the policy, the model that writes, is moved so that its answers earn
more. It is held by a reference, the model as it was, for a reward is only right near the answers
that it was learned from.

What the two models say enters as log-probabilities of the tokens of an answer. A mask says which
tokens are the answer's: those of the prompt and the padding count nowhere.

Letters: B answers, T tokens, V vocabulary, N prompts, G answers to each prompt.

Sources: Bradley & Terry (1952); Christiano et al. (2017); Ziegler et al. (2019) and Ouyang et al.
(2022), RLHF; Schulman et al. (2016), GAE; Schulman et al. (2017), PPO; Rafailov et al. (2023), DPO;
Azar et al. (2024), IPO; Ethayarajh et al. (2024), KTO; Shao et al. (2024), GRPO; Schulman (2020),
Approximating KL divergence.
"""

from collections.abc import Sequence
from math import comb, log
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

# --- What an answer is worth ----------------------------------------------------------------------


def answer_rows(
    prompts: Sequence[Sequence[int]], answers: Sequence[Sequence[int]], pad: int = 0
) -> tuple[Int[Tensor, "B T"], Bool[Tensor, "B T-1"]]:
    """Each prompt with its answer as a row, padded behind, and the mask of the answers' tokens.

    The mask has no place for the first token of a row, as `token_logprobs` has none.

    Raises:
        ValueError: a prompt is empty, so that nothing says how likely the answer's first token is.
    """
    if not all(prompts):
        raise ValueError("every prompt needs a token, for an answer's first token follows one")
    length = max(len(p) + len(a) for p, a in zip(prompts, answers, strict=True))
    tokens = torch.full((len(prompts), length), pad)
    mask = torch.zeros(len(prompts), length, dtype=torch.bool)
    for row, (prompt, answer) in enumerate(zip(prompts, answers, strict=True)):
        end = len(prompt) + len(answer)
        tokens[row, :end] = torch.tensor([*prompt, *answer])
        mask[row, len(prompt) : end] = True
    return tokens, mask[:, 1:]


def token_logprobs(
    logits: Float[Tensor, "B T V"], tokens: Int[Tensor, "B T"]
) -> Float[Tensor, "B T-1"]:
    """ln p of each token but the first, given those before it.

    Args:
        logits: at each position the scores of the token that follows.
    """
    # BEGIN SOLUTION
    logprobs = logits[:, :-1].log_softmax(-1)
    return logprobs.gather(-1, tokens[:, 1:, None])[..., 0]
    # END SOLUTION


def masked_mean(x: Float[Tensor, "B T"], mask: Bool[Tensor, "B T"]) -> Float[Tensor, ""]:
    """The mean over all tokens that the mask names; 0 if it names none."""
    return (x * mask).sum() / mask.sum().clamp(min=1)


def reward_loss(
    better: Float[Tensor, " B"], worse: Float[Tensor, " B"], margin: float = 0.0
) -> Float[Tensor, ""]:
    """The mean of `-ln σ(better - worse - margin)`: Bradley and Terry's model of a choice.

    Right for differences of any size.

    Args:
        better: what the reward model gives the answer that was preferred.
        worse: and what it gives the other.
        margin: by how much the better one has to be better before a choice is even likely.
    """
    # BEGIN SOLUTION
    return -functional.logsigmoid(better - worse - margin).mean()
    # END SOLUTION


# --- Staying near ---------------------------------------------------------------------------------


def kl_estimate(
    logprobs: Float[Tensor, "..."],
    reference: Float[Tensor, "..."],
    kind: Literal["k1", "k2", "k3"] = "k3",
) -> Float[Tensor, "..."]:
    """From tokens that the policy drew, an estimate of KL(policy ‖ reference) for each of them.

    With the log-ratio `ℓ = ln reference - ln policy`: k1 is `-ℓ`, without bias; k2 is `ℓ²/2`, with
    little bias and less noise; k3 is `exp(ℓ) - 1 - ℓ`, without bias and never negative, and right
    also where the two nearly agree.

    Source: Schulman (2020).
    """
    # BEGIN SOLUTION
    ratio = reference - logprobs
    if kind == "k1":
        return -ratio
    if kind == "k2":
        return ratio.square() / 2
    return torch.expm1(ratio) - ratio
    # END SOLUTION


def shaped_rewards(
    scores: Float[Tensor, " B"],
    logprobs: Float[Tensor, "B T"],
    reference: Float[Tensor, "B T"],
    mask: Bool[Tensor, "B T"],
    beta: float,
) -> Float[Tensor, "B T"]:
    """A reward for each token: β k1 less for leaving the reference, and the score at the last one.

    Tokens outside the mask have 0. An answer's tokens stand together, but its row may have others
    before and after; a row without any token earns nothing.

    Source: Ouyang et al. (2022), equation 2, token by token.
    """
    # BEGIN SOLUTION
    rewards = -beta * kl_estimate(logprobs, reference, "k1") * mask
    later = mask.flip(1).cumsum(1).flip(1)  # tokens from here on
    last = mask & (later == 1)
    return rewards + scores[:, None] * last
    # END SOLUTION


# --- Proximal policy optimisation -----------------------------------------------------------------


def advantages(
    rewards: Float[Tensor, "B T"],
    values: Float[Tensor, "B T"],
    gamma: float = 1.0,
    lam: float = 0.95,
) -> Float[Tensor, "B T"]:
    """How much better each token did than the critic had thought (GAE).

        δ_t = r_t + γ V_{t+1} - V_t          A_t = δ_t + γ λ A_{t+1}

    After the last token both V and A are 0: the answer has ended.

    Args:
        values: what the critic expects from before each token on.

    Source: Schulman et al. (2016), equation 16.
    """
    # BEGIN SOLUTION
    following = functional.pad(values[:, 1:], (0, 1))
    deltas = rewards + gamma * following - values
    found = torch.zeros_like(deltas)
    ahead = torch.zeros_like(deltas[:, 0])
    for t in reversed(range(deltas.shape[1])):
        ahead = found[:, t] = deltas[:, t] + gamma * lam * ahead
    return found
    # END SOLUTION


def ppo_loss(
    logprobs: Float[Tensor, "B T"],
    old: Float[Tensor, "B T"],
    advantage: Float[Tensor, "B T"],
    mask: Bool[Tensor, "B T"],
    clip: float = 0.2,
) -> Float[Tensor, ""]:
    """Make good tokens likelier, but gain nothing from going too far from who wrote them.

    With the ratio ρ = policy / old: the mean over the mask of
    `-min(ρ A, clamp(ρ, 1 - clip, 1 + clip) A)`.

    Args:
        old: log-probabilities from the policy that wrote the answers; without a gradient.

    Source: Schulman et al. (2017), equation 7.
    """
    # BEGIN SOLUTION
    ratio = (logprobs - old).exp()
    gain = torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage)
    return -masked_mean(gain, mask)
    # END SOLUTION


def value_loss(
    values: Float[Tensor, "B T"],
    old: Float[Tensor, "B T"],
    returns: Float[Tensor, "B T"],
    mask: Bool[Tensor, "B T"],
    clip: float = 0.2,
) -> Float[Tensor, ""]:
    """Half the mean squared error of the critic; it gains nothing from going too far either.

    The larger of `(V - return)²` and `(clamp(V, old - clip, old + clip) - return)²` counts.
    """
    # BEGIN SOLUTION
    near = torch.clamp(values, old - clip, old + clip)
    worst = torch.maximum((values - returns).square(), (near - returns).square())
    return masked_mean(worst, mask) / 2
    # END SOLUTION


# --- Groups instead of a critic -------------------------------------------------------------------


def group_advantages(rewards: Float[Tensor, "N G"], eps: float = 1e-4) -> Float[Tensor, "N G"]:
    """How much better an answer is than the others to the same prompt, in standard deviations.

    `(reward - mean) / (deviation + ε)`, with the mean and the unbiased deviation of the group,
    which has two answers or more. So a group in which all are alike teaches nothing.

    Source: Shao et al. (2024), section 4.1.2.
    """
    # BEGIN SOLUTION
    centred = rewards - rewards.mean(1, keepdim=True)
    return centred / (rewards.std(1, keepdim=True) + eps)
    # END SOLUTION


def grpo_loss(
    logprobs: Float[Tensor, "B T"],
    old: Float[Tensor, "B T"],
    reference: Float[Tensor, "B T"],
    advantage: Float[Tensor, " B"],
    mask: Bool[Tensor, "B T"],
    clip: float = 0.2,
    beta: float = 0.04,
) -> Float[Tensor, ""]:
    """PPO's loss with one advantage for all tokens of an answer, and the KL to the reference in it.

    For each token `-min(ρ A, clamp(ρ, 1 - clip, 1 + clip) A) + β k3`. The mean is of the tokens of
    each answer first, then of the answers, as in the paper; so a token of a short answer counts
    more. An answer without tokens counts 0.

    Source: Shao et al. (2024), equations 3 and 4.
    """
    # BEGIN SOLUTION
    ratio = (logprobs - old).exp()
    gain = torch.minimum(
        ratio * advantage[:, None], ratio.clamp(1 - clip, 1 + clip) * advantage[:, None]
    )
    losses = (beta * kl_estimate(logprobs, reference) - gain) * mask
    return (losses.sum(1) / mask.sum(1).clamp(min=1)).mean()
    # END SOLUTION


# --- Choosing among many --------------------------------------------------------------------------


def best_of_n(rewards: Float[Tensor, "N G"], n: int) -> Float[Tensor, " N"]:
    """The reward to expect from the best of n answers, drawn without repetition from G known ones.

    Exact, and better than drawing: with the rewards of a prompt in rising order, the i-th (from 1)
    is the best of n in `C(i - 1, n - 1)` of the `C(G, n)` choices.

    Raises:
        ValueError: n is not in 1 … G.
    """
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    # BEGIN SOLUTION
    share = [comb(below, n - 1) / comb(n_answers, n) for below in range(n_answers)]
    return rewards.sort(1).values @ rewards.new_tensor(share)
    # END SOLUTION


def best_of_n_kl(n: int) -> float:
    """KL(best of n ‖ policy) in nats, at most: `ln n - (n - 1) / n`.

    Source: Stiennon et al. (2020), appendix G.3; the bound is exact where no two answers are alike.
    """
    return log(n) - (n - 1) / n


# --- Without a reward model -----------------------------------------------------------------------


def dpo_loss(
    chosen: Float[Tensor, " B"],
    rejected: Float[Tensor, " B"],
    reference_chosen: Float[Tensor, " B"],
    reference_rejected: Float[Tensor, " B"],
    beta: float = 0.1,
    smoothing: float = 0.0,
) -> Float[Tensor, ""]:
    """The policy itself is the reward model: r = β · ln(policy / reference) of a whole answer.

    With the margin `z = r(chosen) - r(rejected)`, the mean of
    `-(1 - smoothing) ln σ(z) - smoothing ln σ(-z)`, where smoothing is how often a label is wrong.

    Args:
        chosen: ln policy of whole answers, sums over their tokens.
        rejected: the same of the answers that were not preferred.
        reference_chosen: what the reference says of the chosen answers.
        reference_rejected: and of the rejected ones.

    Source: Rafailov et al. (2023), equation 7; the smoothing: Mitchell (2023), cDPO.
    """
    # BEGIN SOLUTION
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -((1 - smoothing) * right + smoothing * wrong).mean()
    # END SOLUTION


# --- Other losses over preferences ----------------------------------------------------------------


def ipo_loss(
    chosen: Float[Tensor, " B"],
    rejected: Float[Tensor, " B"],
    reference_chosen: Float[Tensor, " B"],
    reference_rejected: Float[Tensor, " B"],
    beta: float = 0.1,
) -> Float[Tensor, ""]:
    """The mean of `(h - 1 / 2β)²`, where h is the margin of the log-ratios, without β.

    DPO always gains by a larger margin; here there is one that is enough.

    Source: Azar et al. (2024), equation 17.
    """
    # BEGIN SOLUTION
    margin = (chosen - reference_chosen) - (rejected - reference_rejected)
    return (margin - 1 / (2 * beta)).square().mean()
    # END SOLUTION


def kto_loss(
    logprobs: Float[Tensor, " B"],
    reference: Float[Tensor, " B"],
    is_good: Bool[Tensor, " B"],
    kl: float,
    beta: float = 0.1,
    good: float = 1.0,
    bad: float = 1.0,
) -> Float[Tensor, ""]:
    """From single answers that were found good or bad, without pairs.

    With r = ln(policy / reference): for a good answer `good (1 - σ(β (r - kl)))`, for a bad one
    `bad (1 - σ(β (kl - r)))`; the mean of all. `kl` is an estimate of KL(policy ‖ reference) that
    is taken for a number, at least 0.

    Source: Ethayarajh et al. (2024), equation 8.
    """
    # BEGIN SOLUTION
    above = beta * (logprobs - reference - kl)
    losses = torch.where(is_good, good * (-above).sigmoid(), bad * above.sigmoid())
    return losses.mean()
    # END SOLUTION
