"""The oracle of this chapter: a decoder that knows no cache and takes nothing from the course.

Keys and values are float64, angles float32 as over there. What is left between two right answers
is the order of sums (1e-13 of the largest logit); a position or a mask that is wrong changes
logits by more than a hundredth, because the weights are large.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from autograder.testing import expect

torch.set_num_threads(1)  # everything here is small

TOLERANCE = 1e-6
VOCABULARY = 41


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


class Oracle:
    """A decoder: its logits are those after each token of a text, the whole text read at once.

    Args:
        sizes: the arguments of DecoderConfig, all of them.
    """

    def __init__(self, rng, sizes: Mapping[str, Any]) -> None:
        self.sizes = sizes
        width, inner, head = sizes["width"], sizes["inner"], sizes["head_width"]
        n_heads, n_groups = sizes["n_heads"], sizes["n_kv_heads"]
        matrices = {
            "attention.in_proj": ((n_heads + 2 * n_groups) * head, width),
            "attention.out_proj": (width, n_heads * head),
            "mlp.in_proj": (2 * inner, width),
            "mlp.out_proj": (width, inner),
        }
        self.weights = {"embedding.weight": normal(rng, VOCABULARY, width)}
        self.weights["norm.weight"] = 1 + 0.3 * normal(rng, width)
        self.weights["head.weight"] = normal(rng, VOCABULARY, width)
        if sizes["tied"]:
            self.weights["head.weight"] = self.weights["embedding.weight"]
        for layer in range(sizes["n_layers"]):
            for name, shape in matrices.items():
                matrix = 1.5 * normal(rng, *shape) / shape[1] ** 0.5
                self.weights[f"layers.{layer}.{name}.weight"] = matrix
            for name in ("attention_norm", "mlp_norm"):
                self.weights[f"layers.{layer}.{name}.weight"] = 1 + 0.3 * normal(rng, width)

    def logits(
        self, tokens: Sequence[int], remember: Callable[[Tensor], Tensor] = lambda x: x
    ) -> Tensor:
        """Shape (T, V). `remember` is what becomes of keys and values, of shape (heads, T, K)."""
        sizes, length = self.sizes, len(tokens)
        n_heads, n_groups = sizes["n_heads"], sizes["n_kv_heads"]
        distance = torch.arange(length)[:, None] - torch.arange(length)
        seen = (distance >= 0) & (distance < (sizes["window"] or length))
        x = self.weights["embedding.weight"][list(tokens)]
        for layer in range(sizes["n_layers"]):
            w = {n: self.weights[f"layers.{layer}.{n}.weight"] for n in LAYER}
            heads = self.norm(x, w["attention_norm"]) @ w["attention.in_proj"].T
            heads = heads.view(length, n_heads + 2 * n_groups, -1).transpose(0, 1)
            query, key, value = heads.split([n_heads, n_groups, n_groups])
            query, key, value = self.turned(query), remember(self.turned(key)), remember(value)
            mixed = functional.scaled_dot_product_attention(
                query[None], key[None], value[None], seen, enable_gqa=True
            )
            x = x + mixed[0].transpose(0, 1).flatten(1) @ w["attention.out_proj"].T
            gate, up = (self.norm(x, w["mlp_norm"]) @ w["mlp.in_proj"].T).chunk(2, dim=-1)
            x = x + (gate * gate.sigmoid() * up) @ w["mlp.out_proj"].T
        return self.norm(x, self.weights["norm.weight"]) @ self.weights["head.weight"].T

    def norm(self, x: Tensor, weight: Tensor) -> Tensor:
        return x / (x.square().mean(-1, keepdim=True) + self.sizes["norm_eps"]).sqrt() * weight

    def turned(self, x: Tensor) -> Tensor:
        """Feature i and its partner half a head further are a complex number that is turned."""
        half = x.shape[-1] // 2
        speeds = self.sizes["rope_base"] ** -(torch.arange(0, 2 * half, 2) / (2 * half))
        angles = torch.arange(x.shape[-2])[:, None] * speeds
        turn = torch.complex(angles.cos().double(), angles.sin().double())
        turned = torch.complex(x[..., :half], x[..., half:]) * turn
        return torch.cat([turned.real, turned.imag], dim=-1)

    def greedy(self, prompt: Sequence[int], n_new: int) -> list[int]:
        """The most probable token, again and again, the whole text read anew for each."""
        text = list(prompt)
        for _ in range(n_new):
            text.append(int(self.logits(text)[-1].argmax()))
        return text[len(prompt) :]

    def flops(self, n_new: int, context: int, n_rows: int = 1) -> int:
        """Of a call that feeds n_new tokens to each row and asks for one row of logits each."""
        sizes = self.sizes
        width, head, n_heads = sizes["width"], sizes["head_width"], sizes["n_heads"]
        matrices = [w.numel() for name, w in self.weights.items() if "proj" in name]
        products = [n_new * count for count in matrices]
        # For each layer and query head the scores, and the sums of values that they weigh.
        products += [n_new * context * head] * (2 * sizes["n_layers"] * n_heads)
        products += [width * VOCABULARY]
        return 2 * n_rows * sum(products)


LAYER = ["attention_norm", "attention.in_proj", "attention.out_proj"]
LAYER += ["mlp_norm", "mlp.in_proj", "mlp.out_proj"]


@pytest.fixture
def some_sizes(rng):
    """Sizes of a decoder of which no two that could be confused are equal, but for `given`."""

    def draw(**given: Any) -> dict[str, Any]:
        n_groups, per_group = rng.choice([(1, 3), (2, 2), (3, 1), (2, 1), (1, 2)])
        sizes = {
            "vocabulary": VOCABULARY,
            "width": rng.choice([14, 18, 22]),
            "n_layers": rng.choice([2, 3]),
            "n_heads": n_groups * per_group,
            "n_kv_heads": n_groups,
            "head_width": rng.choice([4, 8]),
            "inner": rng.choice([11, 13]),
            "window": None,
            "rope_base": rng.choice([100.0, 10_000.0]),
            "norm_eps": rng.choice([1e-5, 1e-2]),
            "tied": rng.random() < 0.5,
        }
        return sizes | given

    return draw


class Pair:
    """The student's decoder, and the oracle with the same weights.

    Attributes:
        config, model: over there.
        oracle: here.
    """

    def __init__(self, student, rng, sizes: Mapping[str, Any]) -> None:
        self.student, self.rng = student, rng
        self.oracle = Oracle(rng, sizes)
        self.config = student.models.DecoderConfig(**sizes)
        self.model = student.models.Decoder(self.config)
        self.model.double()
        self.model.load_state_dict(self.oracle.weights)

    def text(self, length: int) -> list[int]:
        """Tokens without a pattern."""
        return [self.rng.randrange(VOCABULARY) for _ in range(length)]

    def follow(
        self,
        cache,
        texts: Sequence[Sequence[int]],
        schedule: Sequence[int | Sequence[int]],
        remember: Callable[[Tensor], Tensor] = lambda x: x,
    ) -> None:
        """Feed the texts call by call, and compare the logits of every token with the oracle's.

        Args:
            schedule: how many tokens each call feeds: to every row, or to each of them.
            remember: see Oracle.
        """
        expected = [self.oracle.logits(text, remember) for text in texts]
        fed = [0] * len(texts)
        for step in schedule:
            counts = [step] * len(texts) if isinstance(step, int) else list(step)
            rows = [text[f : f + c] for text, f, c in zip(texts, fed, counts, strict=True)]
            padded = [[*row, *self.text(max(counts) - len(row))] for row in rows]
            with torch.no_grad():
                given = None if isinstance(step, int) else counts
                got = self.model(torch.tensor(padded), cache, given)
            words = f"the logits after feeding {counts} tokens to rows that held {fed}"
            shape = len(texts), max(counts), VOCABULARY
            assert got.shape == shape
            real = [row[:count] for row, count in zip(got, counts, strict=True)]
            due = [e[f : f + c] for e, f, c in zip(expected, fed, counts, strict=True)]
            expect(torch.cat(real), torch.cat(due), given=words, tolerance=TOLERANCE)
            fed = [f + c for f, c in zip(fed, counts, strict=True)]


@pytest.fixture
def schedules(rng) -> Callable[..., tuple[list[int], list[list[int]]]]:
    """Draws how many tokens each of `n_calls` calls feeds to each row, and how many in all."""

    def draw(n_rows: int, n_calls: int, most: int = 4) -> tuple[list[int], list[list[int]]]:
        schedule = [[rng.randint(0, most) for _ in range(n_rows)] for _ in range(n_calls)]
        for counts in schedule:
            counts[rng.randrange(n_rows)] = rng.randint(1, most)
        return [sum(row) for row in zip(*schedule, strict=True)], schedule

    return draw


@pytest.fixture
def pair(student, rng, some_sizes):
    """Makes a Pair of sizes that are drawn, but for those that are given."""
    return lambda **given: Pair(student, rng, some_sizes(**given))
