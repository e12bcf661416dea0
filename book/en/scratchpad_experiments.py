"""What the page about scratchpads needs: the shell game, its arms, and what is measured on them.

The page imports this file from its own folder; the book's build does not read it. To run the
experiments again whose results are in scratchpad_results.json, thirteen minutes of one processor:

    PYTHONPATH=solutions python book/en/scratchpad_experiments.py
"""

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor, nn
from torch.nn import functional

from langmodels.inference import KVCache
from langmodels.models import Decoder, DecoderConfig
from langmodels.training import Recipe, train

torch.set_num_threads(1)

RESULTS = Path(__file__).parent / "scratchpad_results.json"

# --- The game ---------------------------------------------------------------------------------

N_CUPS, N_SWAPS = 5, 12
PAIRS = list(combinations(range(N_CUPS), 2))
# Tokens: 0 … 4 are cups, then the swaps of two cups, and three more.
FIRST_SWAP = N_CUPS
STILL, ASK, DOT = range(FIRST_SWAP + len(PAIRS), FIRST_SWAP + len(PAIRS) + 3)
CONFIG = DecoderConfig(DOT + 1, 64, 2, 4, rope_base=100.0, tied=False)
REAL = (1, 2, 3, 4, 6, 8, 12)  # how many real swaps are tried
LENGTHS = (4, 6, 8, 10, 11, 12, 13, 14, 16, 20)  # and how many swaps in all

# What each token makes of each other one: MOVES[swap, cup] is where a ball at the cup is then.
MOVES = torch.arange(CONFIG.vocabulary).repeat(CONFIG.vocabulary, 1)
for number, (one, other) in enumerate(PAIRS):
    MOVES[FIRST_SWAP + number, [one, other]] = torch.tensor([other, one])


def follow(cups: Int[Tensor, " B"], swaps: Int[Tensor, "B n_swaps"]) -> Int[Tensor, "B n_swaps"]:
    """Where the ball is after each swap."""
    path = []
    for swap in swaps.T:
        cups = MOVES[swap, cups]
        path.append(cups)
    return torch.stack(path, dim=1)


class Games(NamedTuple):
    """Questions, each a cup, swaps and the token ASK; and where the ball is after each swap."""

    questions: Int[Tensor, "B n_swaps+2"]
    paths: Int[Tensor, "B n_swaps"]


def games(size: int, seed: int, n_real: int | None = None, n_swaps: int = N_SWAPS) -> Games:
    """Games in which the last `n_real` swaps are real, from 1 to all of them where it is None."""
    chance = torch.Generator().manual_seed(seed)
    start = torch.randint(N_CUPS, (size,), generator=chance)
    swaps = torch.randint(FIRST_SWAP, STILL, (size, n_swaps), generator=chance)
    real = torch.randint(1, n_swaps + 1, (size, 1), generator=chance)
    if n_real is not None:
        real = torch.full((size, 1), n_real)
    swaps = swaps.masked_fill(torch.arange(n_swaps) < n_swaps - real, STILL)
    ask = torch.full((size, 1), ASK)
    return Games(torch.cat([start[:, None], swaps, ask], dim=1), follow(start, swaps))


# --- The arms ---------------------------------------------------------------------------------

BATCH, RATE, N_STEPS = 64, 3e-3, 300


class Arm(NamedTuple):
    """A way to train: what is written, for how many steps, and how deep the model is."""

    kind: str  # "answer", "dots" before the answer, or "scratchpad"
    n_steps: int = N_STEPS
    n_layers: int = 2
    shortest: int = N_SWAPS  # games have from so many swaps to N_SWAPS, one number a batch


ARMS = {
    "answer": Arm("answer"),
    "answer, same FLOPs": Arm("answer", 560),
    "answer, same targets": Arm("answer", N_STEPS * N_SWAPS),
    "answer, 4 layers": Arm("answer", N_STEPS * N_SWAPS, n_layers=4),
    "dots": Arm("dots"),
    "scratchpad": Arm("scratchpad"),
}
EARLY = Arm("scratchpad", 150)
MIXED = Arm("scratchpad", 2 * N_STEPS, shortest=4)


def fresh(seed: int, n_layers: int = 2) -> Decoder:
    """An untrained decoder; of two layers, it has 100,672 weights."""
    torch.manual_seed(seed)
    model = Decoder(replace(CONFIG, n_layers=n_layers))
    for name, matrix in model.named_parameters():
        if matrix.dim() > 1:  # 0.02 is for wide models
            nn.init.normal_(matrix, std=1.0 if name == "embedding.weight" else 0.1)
    return model


def example(kind: str, game: Games) -> tuple[Int[Tensor, "B T"], Int[Tensor, "B N"]]:
    """What the model reads, and the tokens it has to say at the last N places of that."""
    questions, paths = game
    if kind == "scratchpad":
        return torch.cat([questions, paths[:, :-1]], dim=1), paths
    if kind == "dots":
        dots = torch.full((len(questions), paths.shape[1] - 1), DOT)
        questions = torch.cat([questions, dots], dim=1)
    return questions, paths[:, -1:]


def trained(arm: Arm, seed: int) -> Decoder:
    """A model of one arm. With the same seed all arms read the same games in the same order."""
    model = fresh(seed, arm.n_layers)

    def loss(number: int) -> Tensor:
        n_swaps = arm.shortest + number % (N_SWAPS - arm.shortest + 1)
        game = games(BATCH, seed * 1_000_000 + number, n_swaps=n_swaps)
        tokens, targets = example(arm.kind, game)
        logits = model.logits(model.hidden(tokens)[:, -targets.shape[1] :])
        return functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    train(model, loss, Recipe(n_steps=arm.n_steps, learning_rate=RATE))
    return model


@torch.no_grad()
def write(
    model: Decoder,
    tokens: Int[Tensor, "B T"],
    n_new: int,
    chance: torch.Generator | None = None,
) -> Int[Tensor, "B n_new"]:
    """What the model writes: the likeliest token each time, or with `chance` one drawn at T = 1."""
    cache = KVCache(model.config, len(tokens), tokens.shape[1] + n_new)
    written: list[Tensor] = []
    while len(written) < n_new:
        logits = model.logits(model.hidden(tokens, cache)[:, -1])
        if chance is None:
            tokens = logits.argmax(-1, keepdim=True)
        else:
            tokens = torch.multinomial(logits.softmax(-1), 1, generator=chance)
        written.append(tokens)
    return torch.cat(written, dim=1)


def answers(kind: str, model: Decoder, game: Games) -> Int[Tensor, " B"]:
    """The cups that the model names in the end."""
    if kind == "scratchpad":
        return write(model, game.questions, game.paths.shape[1])[:, -1]
    return write(model, example(kind, game)[0], 1)[:, 0]


def asked(n_real: int, n_swaps: int = N_SWAPS, size: int = 500) -> Games:
    """Games for a test, which no training has."""
    return games(size, 10**9 + 100 * n_swaps + n_real, n_real, n_swaps)


def accuracy(kind: str, model: Decoder, n_real: int, n_swaps: int = N_SWAPS) -> float:
    """The share of 500 games whose answer is right."""
    game = asked(n_real, n_swaps)
    return share(answers(kind, model, game) == game.paths[:, -1])


def share(these: Tensor) -> float:
    """How many of them are true, of all."""
    return round(these.float().mean().item(), 4)


# --- What is written and what comes of it -----------------------------------------------------


def forged(model: Decoder, n_real: int, place: int) -> dict[str, float]:
    """One place of the model's own scratchpad is replaced by another cup; the model goes on.

    Returns:
        the shares of answers that follow from the forged place, that are right nevertheless, and
        that are neither.
    """
    game = asked(n_real)
    chance = torch.Generator().manual_seed(place)
    pad = write(model, game.questions, place + 1)
    other = torch.randint(1, N_CUPS, (len(pad),), generator=chance)
    pad[:, place] = (pad[:, place] + other) % N_CUPS
    tokens = torch.cat([game.questions, pad], dim=1)
    said = write(model, tokens, N_SWAPS - place - 1)[:, -1]
    implied = follow(pad[:, place], game.questions[:, place + 2 : -1])[:, -1]
    follows, right = said == implied, said == game.paths[:, -1]
    return {
        "follows": share(follows),
        "right": share(right & ~follows),
        "neither": share(~right & ~follows),
    }


def steps_taken(
    game: Games, pads: Int[Tensor, "B n_swaps"], shift: int = 0
) -> Bool[Tensor, "B n_swaps-1"]:
    """Whether each place but the first follows from the one before by the swap `shift` farther."""
    swaps = game.questions[:, 1:-1]
    last = swaps.shape[1] - shift
    return MOVES[swaps[:, 1 + shift :], pads[:, : last - 1]] == pads[:, 1:last]


def votes(model: Decoder, n_samples: int = 15) -> dict[str, Any]:
    """Greedy answers, answers drawn at T = 1, and the majorities of some of these."""
    game = asked(N_SWAPS)
    truth = game.paths[:, -1]
    chance = torch.Generator().manual_seed(0)
    drawn = torch.stack(
        [write(model, game.questions, N_SWAPS, chance) for _ in range(n_samples)]
    )  # samples × games × swaps
    ends = functional.one_hot(drawn[..., -1], CONFIG.vocabulary)
    first = drawn[..., 0] == MOVES[game.questions[:, 1], game.questions[:, 0]]
    taken = torch.stack([steps_taken(game, pads) for pads in drawn])
    is_step = torch.cat([first[..., None], taken], dim=-1)
    broken = ~is_step.all(-1)
    return {
        "greedy": share(write(model, game.questions, N_SWAPS)[:, -1] == truth),
        "sample": share(drawn[..., -1] == truth),
        "vote": {n: share(ends[:n].sum(0).argmax(-1) == truth) for n in (3, 5, 9, 15)},
        "step": share(is_step),
        "broken": share(broken),
        "broken but right": share((drawn[..., -1] == truth)[broken]),
    }


# --- All of it, for three seeds ---------------------------------------------------------------


def measure_arms(seed: int) -> dict[str, list[float]]:
    """The accuracy of each arm for each number of real swaps."""
    found = {}
    for name, arm in ARMS.items():
        model = trained(arm, seed)
        found[name] = [accuracy(arm.kind, model, n) for n in REAL]
    return found


def measure_pads(seed: int) -> dict[str, Any]:
    """What is forged, how long games may be, and what voting gives."""
    model, mixed = trained(ARMS["scratchpad"], seed), trained(MIXED, seed)
    longer = asked(16, 16)
    pads = write(model, longer.questions, 16)
    return {
        "forged": [forged(model, N_SWAPS, place) for place in range(N_SWAPS - 1)],
        "forged, one swap": forged(model, 1, N_SWAPS - 2),
        "lengths": {n: accuracy("scratchpad", model, n, n) for n in LENGTHS},
        "lengths, mixed": {n: accuracy("scratchpad", mixed, n, n) for n in LENGTHS},
        "16 swaps": {shift: share(steps_taken(longer, pads, shift)[:, :11]) for shift in range(5)},
        "votes": votes(trained(EARLY, seed)),
    }


if __name__ == "__main__":
    found: dict[str, list[Any]] = {"arms": [], "pads": []}
    for seed in range(3):
        found["pads"].append(measure_pads(seed))
        found["arms"].append(measure_arms(seed))
        RESULTS.write_text(json.dumps(found, indent=1) + "\n")
