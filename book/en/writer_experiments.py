"""The small models that learned to write the micro-world's documents, all of them in one way.

The pages import this file from their own folder; the book's build does not read it. To train one
of them again, some minutes of one processor:

    PYTHONPATH=solutions python book/en/writer_experiments.py lstm
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from langmodels.mamba import Mamba, MambaConfig
from langmodels.microworld import World
from langmodels.models import Decoder, DecoderConfig
from langmodels.recurrent import RecurrentLM
from langmodels.training import Recipe, batches, next_token_loss, train

torch.set_num_threads(1)

WORLD = World(seed=0)
VOCABULARY = len(WORLD.vocabulary)
END = 0  # the number of the token that ends a document, and stands before the next


class Writer(NamedTuple):
    """How a model is built, and how it learned to write."""

    build: Callable[[], nn.Module]
    recipe: Recipe
    n_rows: int  # in a batch
    n_documents: int = 20_000
    length: int = 129  # tokens in a row, of which the last is only predicted


TRANSFORMER = DecoderConfig(VOCABULARY, 64, n_layers=2, n_heads=4, n_kv_heads=4, inner=172)
DECODER = DecoderConfig(VOCABULARY, 96, n_layers=3, n_heads=4, n_kv_heads=2, inner=256)

# The first three are rungs of the ladder, and learn from as many tokens. The fourth learns for
# longer: with it the pages write, measure and tune what needs a model.
WRITERS = {
    "lstm": Writer(
        lambda: RecurrentLM(VOCABULARY, 64, 128), Recipe(900, 1e-2, decay="linear"), n_rows=16
    ),
    "transformer": Writer(
        lambda: Decoder(TRANSFORMER), Recipe(1800, 5e-3, warm_up=100, decay="linear"), n_rows=8
    ),
    "mamba": Writer(
        lambda: Mamba(MambaConfig(VOCABULARY, 64, 2)), Recipe(1800, 1e-2, decay="linear"), n_rows=8
    ),
    "decoder": Writer(
        lambda: Decoder(DECODER),
        Recipe(2600, 4e-3, decay="linear"),
        n_rows=8,
        n_documents=40_000,
        length=256,
    ),
}


def small_writer(name: str = "decoder") -> Any:
    """A model of WRITERS that learned to write the micro-world's documents."""
    model = WRITERS[name].build()
    weights = {name: weight.float() for name, weight in load_file(weights_of(name)).items()}
    tied = dict.fromkeys(model.state_dict().keys() - weights, weights["embedding.weight"])
    model.load_state_dict(weights | tied)
    return model.eval()


def weights_of(name: str) -> Path:
    """The file of a writer's weights, in 16 bits, without the output matrix where it is tied."""
    return Path(__file__).with_name(f"writer_{name}.safetensors")


def numbers_of(text: str | Sequence[str]) -> list[int]:
    """A beginning as the writers read it: END, then the words."""
    return [END, *WORLD.encode(text.split() if isinstance(text, str) else text)]


def words_of(tokens: Sequence[int]) -> str:
    """The words that the numbers stand for."""
    return " ".join(WORLD.vocabulary[token] for token in tokens)


def train_writer(writer: Writer, seed: int = 0, progress: bool = False) -> Any:
    """Teach a model to write the micro-world's documents."""
    documents = WORLD.sample(writer.n_documents, seed=1)
    rows = torch.tensor(WORLD.pack(documents, writer.length).ids).long()
    torch.manual_seed(seed)
    model = writer.build()
    batch = batches(rows, size=writer.n_rows, seed=seed)

    def loss(number: int) -> Tensor:
        return next_token_loss(model, batch(number))

    train(model, loss, writer.recipe, progress=progress)
    return model


def bits_of_each_token(model: Callable[[Tensor], Tensor], texts: list[list[int]]) -> list[Tensor]:
    """-log₂ p of every token of each document, its end included, from its beginning on."""
    found: list[Tensor] = []
    for first in range(0, len(texts), 32):
        some = texts[first : first + 32]
        longest = max(map(len, some))
        padded = torch.tensor([[END, *text, *[END] * (longest - len(text))] for text in some])
        with torch.no_grad():
            logs = model(padded[:, :-1]).log_softmax(-1) / -torch.tensor(2.0).log()
        costs = logs.gather(-1, padded[:, 1:, None]).squeeze(-1)
        found += [row[: len(text)] for row, text in zip(costs, some, strict=True)]
    return found


if __name__ == "__main__":
    if not (len(sys.argv) == 2 and sys.argv[1] in WRITERS):
        sys.exit(f"usage: writer_experiments.py {' | '.join(WRITERS)}")
    model = train_writer(WRITERS[sys.argv[1]], progress=True)
    own = dict(model.named_parameters())  # what is tied is named once
    save_file({n: w.detach().half() for n, w in own.items()}, weights_of(sys.argv[1]))
