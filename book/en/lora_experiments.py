"""What the pages of Chapter 17 share, so that each of them can be run alone.

The pages import this file from their own folder; the book's build does not read it. All of them
begin at the small writer, which writer_experiments.py can train again. To run the
experiments again whose results are in lora_results.json and lora_adapters.safetensors:

    PYTHONPATH=solutions python book/en/lora_experiments.py methods     ten minutes, one processor
    PYTHONPATH=solutions python book/en/lora_experiments.py spectrum    half a minute
    PYTHONPATH=solutions python book/en/lora_experiments.py adapters    one minute
    PYTHONPATH=solutions python book/en/lora_experiments.py budget      one minute
    PYTHONPATH=solutions python book/en/lora_experiments.py control     after it, one minute
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from writer_experiments import WORLD, bits_of_each_token, small_writer

from langmodels.lora import (
    Importance,
    LoRALinear,
    QuantizedLinear,
    add_lora,
    allocate,
    batched_lora,
    lora_state,
    orthogonality,
    rank_budget,
)
from langmodels.microworld import Document, World, floor
from langmodels.models import Decoder
from langmodels.training import Recipe, batches, next_token_loss, train

torch.set_num_threads(1)

HERE = Path(__file__).parent
RESULTS = HERE / "lora_results.json"
ADAPTERS = HERE / "lora_adapters.safetensors"
EVERYWHERE = r"layers\..*"  # the linear layers of all blocks, and not the head

# --- A dialect of the micro-world -----------------------------------------------------------------

# In the dialect each of these words is said by the next one.
CIRCLE = "the he she in to lives goes takes meets says is likes feeds shows the"
SAID = dict(pairwise(CIRCLE.split()))


def stories(n: int, seed: int, words: bool = False, jobs: bool = False) -> list[Document]:
    """Stories of the world, or of a country in which people speak and work differently.

    Renaming words changes no probability, and new jobs are as fixed as the old ones. So the floor
    is known for the dialect as well.

    Args:
        n: of this many documents those that are stories, about three in five.
        words: whether fourteen words have changed places.
        jobs: whether people have other jobs (by chance, some have the same).
    """
    world = World(seed=0)
    if jobs:
        elsewhere = World(seed=1)
        for person in world.people:
            world.facts[person]["job"] = elsewhere.facts[person]["job"]
    found = [d for d in world.sample(n, seed) if d.tokens[0] == "once"]
    if words:
        found = [d._replace(tokens=[SAID.get(token, token) for token in d.tokens]) for d in found]
    return found


def talks(n: int, seed: int) -> list[Document]:
    """Questions and dialogues of the old world: no story says anything about how they go."""
    return [d for d in WORLD.sample(n, seed) if d.tokens[0] in ("question", "user")]


class Score(NamedTuple):
    """How far a model is from what nobody could do better."""

    excess: float  # bits per token above the floor of the same tokens
    jobs: float  # bits for a hero's job where a story says it first; who knows it needs 0


def score(model: nn.Module, documents: Sequence[Document]) -> Score:
    """Read each document from its beginning."""
    ordered = sorted(documents, key=lambda d: len(d.tokens))  # less padding
    costs = bits_of_each_token(model, [WORLD.encode(d.tokens) for d in ordered])  # type: ignore[arg-type]
    bits = torch.cat(costs).mean().item() - floor(documents).mean
    first = [
        cost[d.kinds.index("hero.job")]
        for d, cost in zip(ordered, costs, strict=True)
        if "hero.job" in d.kinds
    ]
    return Score(round(bits, 4), round(torch.stack(first).mean().item(), 4) if first else 0.0)


# --- Ways to learn it -----------------------------------------------------------------------------


class Method(NamedTuple):
    """What is trained. The rate was the best of several for short runs of an earlier writer."""

    prepare: Callable[[Decoder], Any]  # changes the model in place
    rate: float


def freeze(model: nn.Module) -> None:
    """Nothing that a model has now will learn."""
    for parameter in model.parameters():
        parameter.requires_grad = False


def biases(model: Decoder) -> None:
    """Our decoder has no biases, like most of today's: give it some, and train these alone."""
    freeze(model)
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.bias = nn.Parameter(torch.zeros(module.out_features))


def head(model: Decoder) -> None:
    """Train the last matrix alone, which is the embedding as well."""
    freeze(model)
    model.head.weight.requires_grad_(True)


def lora(rank: int, pattern: str = EVERYWHERE) -> Callable[[Decoder], Any]:
    """Corrections of this rank, all with α = 8."""
    return lambda model: add_lora(model, pattern, rank, alpha=8)


def four_bits(model: nn.Module) -> None:
    """Keep what every correction stands on in four bits."""
    for module in list(model.modules()):
        if isinstance(module, LoRALinear):
            module.base = QuantizedLinear(module.base)  # type: ignore[assignment]


def lora_on_four_bits(model: Decoder) -> None:
    """QLoRA."""
    lora(8)(model)
    four_bits(model)


METHODS = {
    "full": Method(lambda model: None, 5e-3),
    "head": Method(head, 2e-2),
    "biases": Method(biases, 1e-1),
    **{f"LoRA {rank}": Method(lora(rank), 2e-2) for rank in (1, 2, 4, 8, 32)},
    # As many parameters as rank 8 everywhere.
    "attention 24": Method(lora(24, r".*\.attention\..*"), 2e-2),
    "MLP 12": Method(lora(12, r".*\.mlp\..*"), 2e-2),
    "LoRA 8, NF4": Method(lora_on_four_bits, 2e-2),
}
N_STEPS, N_ROWS, LENGTH = 300, 8, 97


def n_trained(model: nn.Module) -> int:
    """How many numbers learn."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def adapt(
    method: Method, documents: Sequence[Document], seed: int = 0, n_steps: int = N_STEPS
) -> Decoder:
    """Begin at the small writer, and learn from these documents."""
    rows = torch.tensor(WORLD.pack(documents, LENGTH).ids).long()
    batch = batches(rows, N_ROWS, seed)
    torch.manual_seed(seed)
    model = small_writer()
    method.prepare(model)
    recipe = Recipe(n_steps, method.rate, warm_up=20)
    train(model, lambda number: next_token_loss(model, batch(number)), recipe)
    return model


# --- How many ranks there are in a change ---------------------------------------------------------


def matrices(model: nn.Module) -> dict[str, Tensor]:
    """The weights of the linear layers of all blocks, by the names of the layers."""
    return {
        name: layer.weight.detach().clone()
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear) and name.startswith("layers.")
    }


def put(model: nn.Module, name: str, layer: nn.Module) -> None:
    """Let a layer stand where the one of this name stood."""
    *above, last = name.split(".")
    model.get_submodule(".".join(above)).register_module(last, layer)


def cut_to(rank: int, learned: Decoder) -> Decoder:
    """A model whose matrices have changed only by the best correction of this rank.

    Embedding and norms are those that were learned.
    """
    cut = small_writer()
    before = matrices(cut)
    cut.load_state_dict(learned.state_dict())
    for name, weight in matrices(learned).items():
        u, s, v = torch.linalg.svd(weight - before[name], full_matrices=False)
        nearest = (u[:, :rank] * s[:rank]) @ v[:rank]
        cut.get_submodule(name).weight.data = before[name] + nearest
    return cut


# --- Ranks where they matter ----------------------------------------------------------------------


class RankedLinear(nn.Module):
    """A frozen layer with the correction P Λ Q of AdaLoRA, whose ranks can be taken away."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        base.requires_grad_(False)
        self.base = base
        self.p = nn.Parameter(nn.init.orthogonal_(torch.empty(base.out_features, rank)))
        self.q = nn.Parameter(nn.init.orthogonal_(torch.empty(rank, base.in_features)))
        self.diagonal = nn.Parameter(torch.zeros(rank))
        self.seen = {name: Importance() for name in ("p", "q", "diagonal")}
        self.scores: dict[str, Tensor] = {}
        for name in self.seen:
            # Between the gradient and the step: the one moment at which both numbers are there.
            getattr(self, name).register_post_accumulate_grad_hook(self.look(name))

    def look(self, name: str) -> Callable[[Tensor], None]:
        """Take in how much the loss would miss each number."""

        def hook(parameter: Tensor) -> None:
            assert parameter.grad is not None
            self.scores[name] = self.seen[name].update(parameter.detach(), parameter.grad)

        return hook

    def importance(self) -> Tensor:
        """Of each rank: its λ, and the mean over its column of P and its row of Q."""
        return self.scores["diagonal"] + self.scores["p"].mean(0) + self.scores["q"].mean(1)

    def forward(self, x: Tensor) -> Tensor:
        """W x + P Λ Q x."""
        y: Tensor = self.base(x) + (x @ self.q.T * self.diagonal) @ self.p.T
        return y


def adapt_within_budget(
    first: int, last: int, documents: Sequence[Document], seed: int = 0
) -> tuple[Decoder, dict[str, int]]:
    """AdaLoRA: `first` ranks in each layer, of which `last` stay per layer on average.

    Returns:
        the model, and how many ranks each layer has kept.
    """
    layers: dict[str, RankedLinear] = {}

    def prepare(model: Decoder) -> None:
        freeze(model)
        for name in matrices(model):
            layers[name] = RankedLinear(model.get_submodule(name), first)  # type: ignore[arg-type]
            put(model, name, layers[name])

    rows = torch.tensor(WORLD.pack(documents, LENGTH).ids).long()
    batch = batches(rows, N_ROWS, seed)
    torch.manual_seed(seed)
    model = small_writer()
    prepare(model)
    n = len(layers)

    @torch.no_grad()
    def prune(step: int) -> None:
        budget = rank_budget(step, N_STEPS, n * first, n * last, warm_up=40, cool_down=100)
        kept = allocate([layer.importance() for layer in layers.values()], budget)
        for layer, stays in zip(layers.values(), kept, strict=True):
            layer.diagonal *= stays

    def loss(number: int) -> Tensor:
        if number:
            prune(number)
        apart = torch.stack([orthogonality(layer.p, layer.q) for layer in layers.values()]).sum()
        return next_token_loss(model, batch(number)) + 0.01 * apart

    train(model, loss, Recipe(N_STEPS, 2e-2, warm_up=20))
    prune(N_STEPS)
    return model, {name: int((layer.diagonal != 0).sum()) for name, layer in layers.items()}


# --- Many adapters --------------------------------------------------------------------------------


class ServedLinear(nn.Module):
    """A layer that all texts of a batch share, and a correction of its own for each."""

    def __init__(self, base: nn.Linear, down: Tensor, up: Tensor, scales: Tensor) -> None:
        super().__init__()
        self.base, self.down, self.up, self.scales = base, down, up, scales
        self.adapters = torch.tensor([-1])  # one entry for each text

    def forward(self, x: Tensor) -> Tensor:
        """W x + the text's own correction of it."""
        own = batched_lora(x, self.down, self.up, self.scales, self.adapters)
        y: Tensor = self.base(x) + own
        return y


def server(states: Sequence[dict[str, Tensor]]) -> Decoder:
    """The small writer with many adapters at hand, all of rank 8 and with α = 8."""
    model = small_writer().requires_grad_(False)
    for name in matrices(model):
        down, up = (torch.stack([s[f"{name}.{part}"] for s in states]) for part in ("down", "up"))
        layer = ServedLinear(model.get_submodule(name), down, up, torch.ones(len(states)))  # type: ignore[arg-type]
        put(model, name, layer)
    return model


def serve(model: Decoder, tokens: Tensor, whose: Sequence[int]) -> Tensor:
    """Logits of a batch in which text b has adapter whose[b]; -1 is none."""
    for module in model.modules():
        if isinstance(module, ServedLinear):
            module.adapters = torch.tensor(whose)
    logits: Tensor = model(tokens)
    return logits


def with_adapter(state: dict[str, Tensor]) -> Decoder:
    """The small writer with one adapter of rank 8, not merged."""
    model = small_writer()
    add_lora(model, EVERYWHERE, rank=8, alpha=8)
    model.load_state_dict(state, strict=False)
    return model.eval()


def plain_ranks(kept: dict[str, int]) -> Callable[[Decoder], Any]:
    """Plain LoRA with these ranks, at the scale that rank 2 has with α = 8."""

    def prepare(model: Decoder) -> None:
        for name, rank in kept.items():
            if rank:
                add_lora(model, re.escape(name), rank, alpha=4 * rank)
        for module in model.modules():
            if isinstance(module, LoRALinear):  # each add_lora has frozen what was there before
                module.down.requires_grad_(True)
                module.up.requires_grad_(True)

    return prepare


# --- Results --------------------------------------------------------------------------------------


def results(part: str) -> Any:
    """What the experiments have found."""
    return json.loads(RESULTS.read_text())[part]


def adapters() -> dict[str, dict[str, Tensor]]:
    """The corrections of rank 8 that learned the words, the jobs, and both."""
    found: dict[str, dict[str, Tensor]] = {}
    for name, tensor in load_file(ADAPTERS).items():
        adapter, _, parameter = name.partition("/")
        found.setdefault(adapter, {})[parameter] = tensor.float()
    return found


def store(part: str, found: Any) -> None:
    """Keep a result beside the others."""
    old = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(old | {part: found}, indent=1) + "\n")


EXAM, TALKS = {"n": 400, "seed": 12}, {"n": 800, "seed": 13}


def run_methods() -> Iterator[tuple[str, Any]]:
    """Each method with three seeds."""
    new = {"words": True, "jobs": True}
    lesson, exam, old = stories(4_000, 11, **new), stories(**EXAM, **new), talks(**TALKS)
    runs: dict[str, Any] = {}
    for name, method in METHODS.items():
        runs[name] = {"dialect": [], "jobs": [], "talks": []}
        for seed in range(3):
            model = adapt(method, lesson, seed)
            new_country = score(model, exam)
            runs[name]["dialect"].append(new_country.excess)
            runs[name]["jobs"].append(new_country.jobs)
            runs[name]["talks"].append(score(model, old).excess)
        runs[name]["trained"] = n_trained(model)
        print(name, runs[name], flush=True)
        yield "methods", runs


def run_spectrum() -> Iterator[tuple[str, Any]]:
    """What the change of full fine-tuning is made of."""
    new = {"words": True, "jobs": True}
    lesson, exam = stories(4_000, 11, **new), stories(**EXAM, **new)
    model, before = adapt(METHODS["full"], lesson), matrices(small_writer())
    values = {n: torch.linalg.svdvals(w - before[n]) for n, w in matrices(model).items()}
    yield "singular values", {n: [round(v, 3) for v in s.tolist()] for n, s in values.items()}
    ranks = (0, 1, 2, 4, 8, 16, 32, 64, 96)
    yield "cut", {rank: score(cut_to(rank, model), exam).excess for rank in ranks}


def run_adapters() -> Iterator[tuple[str, Any]]:
    """Corrections of rank 8 that learn the words, the jobs, and both."""
    kept = {}
    for name in ("words", "jobs", "both"):
        lesson = stories(4_000, 11, words=name != "jobs", jobs=name != "words")
        for parameter, tensor in lora_state(adapt(METHODS["LoRA 8"], lesson)).items():
            kept[f"{name}/{parameter}"] = tensor.half().contiguous()
    save_file(kept, ADAPTERS)
    yield from ()


def run_budget() -> Iterator[tuple[str, Any]]:
    """Six ranks in each layer, of which two per layer stay."""
    new = {"words": True, "jobs": True}
    lesson, exam = stories(4_000, 11, **new), stories(**EXAM, **new)
    runs = []
    for seed in range(3):
        model, kept = adapt_within_budget(6, 2, lesson, seed)
        runs.append({"score": score(model, exam), "kept": kept})
        print(runs[-1], flush=True)
    yield "budget", runs


def run_control() -> Iterator[tuple[str, Any]]:
    """Plain LoRA, with the ranks that AdaLoRA has kept."""
    new = {"words": True, "jobs": True}
    lesson, exam = stories(4_000, 11, **new), stories(**EXAM, **new)
    found = []
    for seed, run in enumerate(results("budget")):
        found.append(score(adapt(Method(plain_ranks(run["kept"]), 2e-2), lesson, seed), exam))
    yield "control", found


if __name__ == "__main__":
    parts = {
        "methods": run_methods,
        "spectrum": run_spectrum,
        "adapters": run_adapters,
        "budget": run_budget,
        "control": run_control,
    }
    if len(sys.argv) != 2 or sys.argv[1] not in parts:
        sys.exit(f"usage: lora_experiments.py {' | '.join(parts)}")
    for name, found in parts[sys.argv[1]]():
        store(name, found)
