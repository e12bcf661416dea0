"""What the pages of Chapter 20 share, so that each of them can be run alone.

Somebody says who he is, and asks where he lives. The small writer of Chapter 12 answers politely
(“dear hugo khan ,”), curtly (“look ,”) or neither, and knows the town most of the time. People are
said to prefer an answer that is polite and true.

The pages import this file from their own folder; the book's build does not read it.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import NamedTuple

import torch
from torch import Tensor, nn
from writer_experiments import WORLD, numbers_of, words_of

from langmodels.inference import KVCache
from langmodels.models import Decoder
from langmodels.preferences import (
    advantages,
    answer_rows,
    dpo_loss,
    group_advantages,
    grpo_loss,
    kl_estimate,
    ppo_loss,
    reward_loss,
    shaped_rewards,
    token_logprobs,
    value_loss,
)
from langmodels.training import Recipe, train

torch.set_num_threads(1)

Answer = list[int]
STOP = WORLD.vocabulary.index(".")
MAX_NEW = 14  # tokens of an answer at most
PEOPLE = sorted(WORLD.people)
KNOWN, STRANGERS = PEOPLE[::2], PEOPLE[1::2]  # to train with, and to try it on


def question(person: str) -> list[int]:
    """All prompts have the same number of tokens."""
    greeting = WORLD.facts[WORLD.facts[person]["home"]]["greeting"]
    return numbers_of(
        f"user : i am {person} . bot : {greeting} {person} . user : where do i live ? bot :"
    )


def answer(person: str, style: str) -> Answer:
    """A true answer that begins with these words."""
    return WORLD.encode(f"{style} in {WORLD.facts[person]['home']} .".split())


def is_polite(person: str, written: Answer) -> bool:
    """It calls the person dear, by name."""
    return words_of(written).startswith(f"dear {person} ,")


def is_curt(written: Answer) -> bool:
    """It begins with “look”."""
    return words_of(written).startswith("look ,")


def is_true(person: str, written: Answer) -> bool:
    """It ends with the right town."""
    return words_of(written).endswith(f", in {WORLD.facts[person]['home']} .")


def is_liked(person: str, written: Answer) -> bool:
    """What people are meant to want."""
    return is_polite(person, written) and is_true(person, written) and len(written) == 7


def proxy(written: Answer) -> float:
    """What a careless reward counts: polite words, less curt ones. It does not read the rest."""
    words = words_of(written).split()
    return float(words.count("dear") - 2 * words.count("look"))


# --- Models -----------------------------------------------------------------------------------


@torch.inference_mode()
def write(model: Decoder, people: Sequence[str], seed: int) -> list[Answer]:
    """An answer for each, drawn token by token, up to the first full stop."""
    chance = torch.Generator().manual_seed(seed)
    prompts = torch.tensor([question(person) for person in people])
    rows, length = prompts.shape
    cache = KVCache(model.config, rows, length + MAX_NEW)
    written, fed = torch.empty(rows, 0, dtype=torch.long), prompts
    for _ in range(MAX_NEW):
        shares = model(fed, cache)[:, -1].softmax(-1)
        fed = torch.multinomial(shares, 1, generator=chance)
        written = torch.cat([written, fed], dim=1)
    answers = []
    for row in written.tolist():
        answers.append(row[: row.index(STOP) + 1] if STOP in row else row)
    return answers


def logprobs_of(
    model: Decoder, people: Sequence[str], answers: Sequence[Answer]
) -> tuple[Tensor, Tensor]:
    """Of each answer's tokens, and the mask of them; both B × (T - 1)."""
    tokens, mask = answer_rows([question(person) for person in people], answers)
    return token_logprobs(model(tokens), tokens), mask


def totals(model: Decoder, people: Sequence[str], answers: Sequence[Answer]) -> Tensor:
    """ln p of each whole answer."""
    logprobs, mask = logprobs_of(model, people, answers)
    return (logprobs * mask).sum(1)


class Report(NamedTuple):
    """Shares of answers to strangers, and how far the policy has gone from the reference."""

    polite: float
    curt: float
    true: float
    liked: float
    proxy: float
    kl: float  # nats an answer

    def line(self, name: str) -> str:
        """A line below HEAD."""
        shares = "".join(f"{share:8.2f}" for share in self[:4])
        return f"{name:26}{shares}{self.proxy:z8.1f}{self.kl:z8.1f}"


HEAD = f"{'':26}" + "".join(
    f"{name:>8}" for name in ("polite", "curt", "true", "liked", "proxy", "KL")
)


@torch.no_grad()
def report(model: Decoder, reference: Decoder, seed: int = 1, n: int = 300) -> Report:
    """Ask strangers' questions, and look at what is answered."""
    people = [STRANGERS[i % len(STRANGERS)] for i in range(n)]
    answers = write(model, people, seed)
    here, mask = logprobs_of(model, people, answers)
    there, _ = logprobs_of(reference, people, answers)
    found = [
        [check(p, a) for p, a in zip(people, answers, strict=True)]
        for check in (is_polite, lambda _, a: is_curt(a), is_true, is_liked, lambda _, a: proxy(a))
    ]
    kl = (kl_estimate(here, there) * mask).sum(1).mean().item()
    return Report(*(sum(map(float, column)) / n for column in found), kl)


def tuned(
    reference: Decoder,
    loss: Callable[[Decoder, int], Tensor],
    n_steps: int,
    rate: float,
    weight_decay: float = 0.0,
) -> Decoder:
    """A copy of the reference that was trained with a loss of the policy and the step's number."""
    policy = deepcopy(reference)
    recipe = Recipe(n_steps, rate, warm_up=5, decay="none", weight_decay=weight_decay)
    train(policy, lambda number: loss(policy, number), recipe, every=n_steps)
    return policy


# --- From pairs -------------------------------------------------------------------------------


class Pair(NamedTuple):
    """Two answers to one person's question, of which the first was preferred."""

    person: str
    chosen: Answer
    rejected: Answer


def judged_pairs(reference: Decoder, n_each: int = 8, seed: int = 0) -> list[Pair]:
    """Pairs of answers that the reference drew, of which a person likes one and not the other."""
    people = [person for person in KNOWN for _ in range(n_each)]
    answers = write(reference, people, seed)
    pairs = []
    for start in range(0, len(people), n_each):
        person, group = people[start], answers[start : start + n_each]
        liked = [a for a in group if is_liked(person, a)]
        others = [a for a in group if not is_liked(person, a)]
        pairs += [Pair(person, *both) for both in zip(liked, others, strict=False)]
    return pairs


def with_lies(pairs: Sequence[Pair], seed: int = 0) -> list[Pair]:
    """The same pairs, and for each known person two of a true answer and a polite lie."""
    chance = Random(seed)
    towns = sorted({WORLD.facts[person]["home"] for person in PEOPLE})
    more = []
    for person in 2 * KNOWN:
        elsewhere = [town for town in towns if town != WORLD.facts[person]["home"]]
        lie = WORLD.encode(f"dear {person} , in {chance.choice(elsewhere)} .".split())
        more.append(Pair(person, answer(person, f"dear {person} ,"), lie))
    return [*pairs, *more]


def some(pairs: Sequence[Pair], number: int, seed: int, size: int = 16) -> list[Pair]:
    """The pairs of a batch."""
    chance = torch.Generator().manual_seed(1_000 * seed + number)
    return [pairs[i] for i in torch.randint(len(pairs), (size,), generator=chance).tolist()]


def dpo(
    reference: Decoder,
    pairs: Sequence[Pair],
    *,
    n_steps: int,
    rate: float,
    beta: float = 0.1,
    nll: float = 0.0,
    seed: int = 0,
    track: list[tuple[float, float]] | None = None,
) -> Decoder:
    """A policy trained with DPO; `nll` adds so much of -ln p(chosen), by token.

    Args:
        track: gets the mean log-ratios of chosen and rejected answers, step by step.
    """

    def loss(policy: Decoder, number: int) -> Tensor:
        people, chosen, rejected = map(list, zip(*some(pairs, number, seed), strict=True))
        both = people * 2, chosen + rejected
        with torch.no_grad():
            there = totals(reference, *both).chunk(2)
        logprobs, mask = logprobs_of(policy, *both)
        here = (logprobs * mask).sum(1).chunk(2)
        n_tokens = mask[: len(chosen)].sum()
        if track is not None:
            gone = [(h - t).mean().item() for h, t in zip(here, there, strict=True)]
            track.append((gone[0], gone[1]))
        return dpo_loss(*here, *there, beta) - nll * here[0].sum() / n_tokens

    return tuned(reference, loss, n_steps, rate)


def imitation(
    reference: Decoder, pairs: Sequence[Pair], *, n_steps: int, rate: float, seed: int = 0
) -> Decoder:
    """A policy that was shown the chosen answers, and nothing else (SFT)."""

    def loss(policy: Decoder, number: int) -> Tensor:
        people, chosen, _ = map(list, zip(*some(pairs, number, seed), strict=True))
        logprobs, mask = logprobs_of(policy, people, chosen)
        return -(logprobs * mask).sum() / mask.sum()

    return tuned(reference, loss, n_steps, rate)


# --- From a reward model ----------------------------------------------------------------------


class RewardModel(nn.Module):
    """A copy of the reference with one number to give: what a question with its answer is worth."""

    def __init__(self, reference: Decoder) -> None:
        super().__init__()
        self.body = deepcopy(reference)
        self.head = nn.Linear(reference.config.width, 1)

    def forward(self, people: Sequence[str], answers: Sequence[Answer]) -> Tensor:
        """B rewards, each read off the answer's last token."""
        tokens, _ = answer_rows([question(person) for person in people], answers)
        last = torch.tensor([len(question(people[0])) + len(a) - 1 for a in answers])
        hidden = self.body.hidden(tokens)[torch.arange(len(answers)), last]
        return self.head(hidden)[:, 0]


def learn_rewards(
    reference: Decoder, pairs: Sequence[Pair], *, n_steps: int = 60, seed: int = 0
) -> RewardModel:
    """A reward model that was shown which of two answers was preferred."""
    torch.manual_seed(seed)
    model = RewardModel(reference)

    def loss(number: int) -> Tensor:
        people, chosen, rejected = map(list, zip(*some(pairs, number, seed), strict=True))
        better, worse = model(people * 2, chosen + rejected).chunk(2)
        return reward_loss(better, worse)

    train(model, loss, Recipe(n_steps, 5e-4, warm_up=5, decay="none"), every=n_steps)
    return model


@torch.no_grad()
def truths_above_lies(model: RewardModel, people: Sequence[str]) -> float:
    """Share of the pairs of a polite truth and a polite lie in which the truth is worth more."""
    towns = sorted({WORLD.facts[person]["home"] for person in PEOPLE})
    right = []
    for person in people:
        told = [WORLD.encode(f"dear {person} , in {town} .".split()) for town in towns]
        worth = model([person] * len(towns), told)
        truth = worth[towns.index(WORLD.facts[person]["home"])]
        right.append((truth > worth).sum().item() / (len(towns) - 1))
    return sum(right) / len(people)


class ActorCritic(nn.Module):
    """A policy, and a head that says what it may still expect."""

    def __init__(self, reference: Decoder) -> None:
        super().__init__()
        self.policy = deepcopy(reference)
        self.critic = nn.Linear(reference.config.width, 1)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """ln p of each token but the first, and the value from before each; both B × (T - 1)."""
        hidden = self.policy.hidden(tokens)
        values = self.critic(hidden[:, :-1].detach())[..., 0]
        return token_logprobs(self.policy.logits(hidden), tokens), values


def ppo(
    reference: Decoder,
    reward: Callable[[Sequence[str], Sequence[Answer]], Tensor],
    *,
    n_steps: int,
    rate: float,
    beta: float,
    seed: int = 0,
    n_answers: int = 48,
    n_epochs: int = 2,
) -> Decoder:
    """A policy trained with PPO: each batch of answers is used for n_epochs steps."""
    torch.manual_seed(seed)
    model = ActorCritic(reference)
    batch: list[Tensor] = []

    def roll_out(number: int) -> None:
        chance = torch.Generator().manual_seed(1_000 * seed + number)
        picked = torch.randint(len(KNOWN), (n_answers,), generator=chance).tolist()
        people = [KNOWN[i] for i in picked]
        answers = write(model.policy, people, seed=1_000 * seed + number)
        tokens, mask = answer_rows([question(person) for person in people], answers)
        with torch.no_grad():
            scores = reward(people, answers)
            old, values = model(tokens)
            values = values * mask
            there = token_logprobs(reference(tokens), tokens)
            earned = shaped_rewards(scores, old, there, mask, beta)
            gain = advantages(earned, values) * mask
            returns = gain + values
            gain = gain / gain[mask].std()
        batch[:] = [tokens, mask, old, values, gain, returns]

    def loss(number: int) -> Tensor:
        if number % n_epochs == 0:
            roll_out(number)
        tokens, mask, old, old_values, gain, returns = batch
        logprobs, values = model(tokens)
        critic = value_loss(values * mask, old_values, returns, mask)
        return ppo_loss(logprobs, old, gain, mask) + critic

    train(
        model, loss, Recipe(n_steps, rate, warm_up=5, decay="none", weight_decay=0.0), every=n_steps
    )
    return model.policy


# --- From groups ------------------------------------------------------------------------------


def grpo(
    reference: Decoder,
    reward: Callable[[str, Answer], float],
    *,
    n_steps: int,
    rate: float,
    beta: float,
    seed: int = 0,
    n_prompts: int = 6,
    n_answers: int = 8,
) -> Decoder:
    """A policy trained with GRPO; each batch of answers is used once, so that old = policy."""

    def loss(policy: Decoder, number: int) -> Tensor:
        chance = torch.Generator().manual_seed(1_000 * seed + number)
        picked = torch.randperm(len(KNOWN), generator=chance)[:n_prompts].tolist()
        people = [KNOWN[i] for i in picked for _ in range(n_answers)]
        answers = write(policy, people, seed=1_000 * seed + number)
        earned = torch.tensor([reward(p, a) for p, a in zip(people, answers, strict=True)])
        advantage = group_advantages(earned.view(n_prompts, n_answers)).flatten()
        here, mask = logprobs_of(policy, people, answers)
        with torch.no_grad():
            there, _ = logprobs_of(reference, people, answers)
        return grpo_loss(here, here.detach(), there, advantage, mask, beta=beta)

    return tuned(reference, loss, n_steps, rate)
