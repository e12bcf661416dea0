"""What the pages of Chapter 14 share, so that each of them can be run alone.

The pages import this file from their own folder; the book's build does not read it. To run the
experiments again whose results are in the files beside it, minutes of one processor each:

    PYTHONPATH=solutions python book/en/prompting_experiments.py periods
    PYTHONPATH=solutions python book/en/prompting_experiments.py orders
"""

import json
import sys
from pathlib import Path

import torch
from jaxtyping import Float, Int
from safetensors.torch import load_model, save_model
from torch import Tensor, nn
from torch.nn import functional

from langmodels.attention import attention_mask, attention_weights, split_heads
from langmodels.models import Decoder, DecoderConfig
from langmodels.training import Recipe, train
from langmodels.transformer import rotary_angles, rotate

torch.set_num_threads(1)

HERE = Path(__file__).parent
PERIODS, LEARNER = HERE / "prompting_periods.json", HERE / "prompting_learner.safetensors"

# --- Rows that repeat -------------------------------------------------------------------------

N_TOKENS, LENGTH, SHORTEST, LONGEST = 32, 40, 6, 19
PERIODS_RECIPE = Recipe(n_steps=400, learning_rate=3e-3, decay="none")


def repeating(n_rows: int, seed: int) -> tuple[Int[Tensor, "B T"], Int[Tensor, " B"]]:
    """Rows of random tokens that repeat, each with a period of its own, and the periods."""
    chance = torch.Generator().manual_seed(seed)
    blocks = torch.randint(N_TOKENS, (n_rows, LONGEST), generator=chance)
    periods = torch.randint(SHORTEST, LONGEST + 1, (n_rows,), generator=chance)
    return blocks.gather(1, torch.arange(LENGTH) % periods[:, None]), periods


class Recurrent(nn.Module):
    """An LSTM with three quarters of the weights of the decoder of two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(N_TOKENS, 64)
        self.lstm = nn.LSTM(64, 104, batch_first=True)
        self.head = nn.Linear(104, N_TOKENS)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        """Logits of the next token."""
        logits: Tensor = self.head(self.lstm(self.embedding(tokens))[0])
        return logits


def learner(kind: str, seed: int) -> nn.Module:
    """An untrained model: "2 layers", "1 layer" or "LSTM"."""
    torch.manual_seed(seed)
    if kind == "LSTM":
        return Recurrent()
    model = Decoder(DecoderConfig(N_TOKENS, 64, int(kind[0]), 4, rope_base=100.0, tied=False))
    for name, matrix in model.named_parameters():
        if matrix.dim() > 1:  # 0.02 is for wide models; here a head would look nowhere for long
            nn.init.normal_(matrix, std=1.0 if name == "embedding.weight" else 0.1)
    return model


def is_repeated(periods: Int[Tensor, " B"]) -> Tensor:
    """Which of the tokens to predict, all but the first, have been seen one period before."""
    return torch.arange(1, LENGTH) >= periods[:, None]


def recall(model: nn.Module, seed: int = 10**6) -> float:
    """The share of repeated tokens that the model finds the likeliest, on rows that are new."""
    rows, periods = repeating(200, seed)
    with torch.inference_mode():
        right = model(rows[:, :-1]).argmax(-1) == rows[:, 1:]
    return right[is_repeated(periods)].float().mean().item()


@torch.inference_mode()
def attention_maps(model: Decoder, rows: Int[Tensor, "B T"]) -> list[Float[Tensor, "B H T T"]]:
    """Who looks at whom, in each layer."""
    length, maps = rows.shape[1], []
    mask = attention_mask(length, length, causal=True)
    rotation = rotary_angles(torch.arange(length), model.config.head_width, model.config.rope_base)
    x = model.embedding(rows)
    for layer in model.layers:
        attention = layer.attention
        heads = attention.in_proj(layer.attention_norm(x))
        query, key, _ = split_heads(heads, sum(attention.heads)).split(attention.heads, dim=1)
        maps.append(attention_weights(rotate(query, rotation), rotate(key, rotation), mask))
        x = layer(x, rotation, mask)
    return maps


def head_scores(model: Decoder) -> dict[str, list[list[float]]]:
    """How much each head of each layer looks at the token before, and where induction heads look.

    An induction head looks at the token that came after the last occurrence of the present one.
    """
    rows, periods = repeating(100, 10**6)
    places = torch.arange(LENGTH)
    before = places[1:] - 1
    after_last = places - periods[:, None] + 1  # B × T
    has_last = (places >= periods[:, None]).float()
    scores: dict[str, list[list[float]]] = {"previous": [], "induction": []}
    for weights in attention_maps(model, rows):
        seen = weights[:, :, places[1:], before]
        scores["previous"].append(seen.mean((0, 2)).tolist())
        where = after_last.clamp(min=0)[:, None, :, None].expand(-1, weights.shape[1], -1, 1)
        looked = weights.gather(3, where).squeeze(3) * has_last[:, None]
        scores["induction"].append((looked.sum((0, 2)) / has_last.sum()).tolist())
    return scores


def train_learner(kind: str, seed: int, recipe: Recipe = PERIODS_RECIPE) -> dict[str, list]:
    """Train a model on repeating rows; every 25 steps its recall and the largest head scores."""
    model = learner(kind, seed)
    course: dict[str, list] = {"step": [], "recall": [], "previous": [], "induction": []}

    def loss(number: int) -> Tensor:
        rows, _ = repeating(64, seed * 100_000 + number)
        logits = model(rows[:, :-1])
        return functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())

    def evaluate() -> float:
        if isinstance(model, Decoder):
            for name, layers in head_scores(model).items():
                course[name].append([round(max(heads), 3) for heads in layers])
        return recall(model)

    history = train(model, loss, recipe, every=25, evaluate=evaluate)
    course["step"] = [measurement.step for measurement in history]
    course["recall"] = [round(measurement.score or 0.0, 3) for measurement in history]
    if kind == "2 layers" and seed == 0:
        save_model(model, str(LEARNER))
    return course


def trained_learner() -> Decoder:
    """The decoder of two layers, seed 0, as `periods` has left it."""
    model = learner("2 layers", 0)
    load_model(model, LEARNER)
    return model.eval()  # type: ignore[return-value]


def measure_periods() -> None:
    """Three seeds of each decoder, and one LSTM."""
    runs = {"2 layers": [0, 1, 2], "1 layer": [0, 1, 2], "LSTM": [0]}
    found = {kind: [train_learner(kind, seed) for seed in seeds] for kind, seeds in runs.items()}
    PERIODS.write_text(json.dumps(found, indent=1) + "\n")


# --- Orders of examples -----------------------------------------------------------------------

ORDERS = HERE / "prompting_orders.json"
LABELS = ("negative", "positive")
REVIEW = "Review: {input}\nSentiment: {output}"
EXAMPLES = {
    "p": [("A warm and funny film.", "positive"), ("I laughed and I cried.", "positive")],
    "n": [("Two hours of my life, gone.", "negative"), ("The plot makes no sense.", "negative")],
}
ARRANGEMENTS = ("ppnn", "pnpn", "pnnp", "nppn", "npnp", "nnpp")
REVIEWS = [  # each with the number of its label
    ("What a lovely story.", 1),
    ("I fell asleep halfway.", 0),
    ("The best film of the year.", 1),
    ("The acting is wooden.", 0),
    ("Go and see it twice.", 1),
    ("Boring from start to end.", 0),
    ("A small masterpiece.", 1),
    ("A waste of good actors.", 0),
    ("The music alone is worth it.", 1),
    ("I want my money back.", 0),
]
EMPTY = ["N/A", "", "[MASK]"]  # inputs that say nothing, as Zhao and others chose them


def arranged(pattern: str) -> list[tuple[str, str]]:
    """The four examples with their labels in this order."""
    left = {label: iter(examples) for label, examples in EXAMPLES.items()}
    return [next(left[label]) for label in pattern]


def measure_orders() -> None:
    """ln p of both labels by SmolLM2: for each arrangement, after each review and each empty one.

    Both labels are one token, so one reading of the prompt says what label_scores would say.
    """
    from langmodels.models import from_llama, llama_config
    from langmodels.pretrained import load_smollm2
    from langmodels.prompting import few_shot

    theirs, tokenizer = load_smollm2()
    model = Decoder(llama_config(theirs.config)).eval()
    model.load_state_dict(from_llama(theirs.state_dict()))
    del theirs
    ends = [tokenizer(f" {label}")["input_ids"] for label in LABELS]
    assert [len(end) for end in ends] == [1, 1]
    found: dict[str, dict[str, list[list[float]]]] = {}
    for examples in ("", *ARRANGEMENTS):
        found[examples] = {}
        inputs = {"reviews": [review for review, _ in REVIEWS], "empty": EMPTY}
        for kind, queries in inputs.items():
            scores = []
            for query in queries:
                prompt = few_shot("", arranged(examples), query, REVIEW)
                with torch.inference_mode():
                    tokens = torch.tensor([tokenizer(prompt)["input_ids"]])
                    said = model.logits(model.hidden(tokens)[0, -1]).log_softmax(-1)
                scores.append([round(said[end[0]].item(), 3) for end in ends])
            found[examples][kind] = scores
    ORDERS.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    {"periods": measure_periods, "orders": measure_orders}[sys.argv[1]]()
