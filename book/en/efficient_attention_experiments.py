"""What the pages of Chapter 7 share, so that each of them can be run alone.

The pages import this file from their own folder; the book's build does not read it.
"""

import weakref
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

torch.set_num_threads(1)


class Cost(NamedTuple):
    """What a call costs; the same on every machine.

    Attributes:
        flops: of its matrix products; a multiplication and an addition are two.
        peak_bytes: the most that the tensors which it made took at one time.
        largest: numbers in the largest of them.
    """

    flops: int
    peak_bytes: int
    largest: int


class _Memory(TorchDispatchMode):
    """Notices each new piece of memory that a tensor gets, and when it is given back."""

    def __init__(self, known: Sequence[torch.Tensor]) -> None:
        super().__init__()
        self.alive: dict[int, Any] = {id(x.untyped_storage()): x.untyped_storage() for x in known}
        self.now = self.peak = self.largest = 0

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        result = function(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            if isinstance(tensor, torch.Tensor):
                self._see(tensor)
        return result

    def _see(self, tensor: torch.Tensor) -> None:
        storage = tensor.untyped_storage()  # views of one tensor share it
        if id(storage) in self.alive:
            return
        size, name = storage.nbytes(), id(storage)
        self.alive[name] = None
        self.now += size
        self.peak = max(self.peak, self.now)
        self.largest = max(self.largest, size // tensor.element_size())
        weakref.finalize(storage, self._give_back, name, size)

    def _give_back(self, name: int, size: int) -> None:
        del self.alive[name]
        self.now -= size


def cost(call: Callable[..., Any], *inputs: Any, **options: Any) -> Cost:
    """Run a call and count what it computes and holds; what it is given costs nothing."""
    tensors = [x for x in tree_leaves(inputs) if isinstance(x, torch.Tensor)]
    with FlopCounterMode(display=False) as flops, _Memory(tensors) as memory:
        result = call(*inputs, **options)
        del result
    return Cost(flops.get_total_flops(), memory.peak, memory.largest)


def random_heads(
    n_heads: int, length: int, width: int, *, count: int = 3, seed: int = 0
) -> list[torch.Tensor]:
    """Queries, keys and values of random numbers, each (1, H, T, K)."""
    chance = torch.Generator().manual_seed(seed)
    return [torch.randn(1, n_heads, length, width, generator=chance) for _ in range(count)]


def slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The exponent p of cost ∝ size^p: a straight line on two logarithmic axes."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def readable(n_bytes: float) -> str:
    """A number of bytes in the unit that suits it."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if n_bytes < 1024:
            return f"{n_bytes:.0f} {unit}"
        n_bytes /= 1024
    return f"{n_bytes:.0f} TiB"
