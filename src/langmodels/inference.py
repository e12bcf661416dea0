"""Inference: read the prompt once, then write token after token without reading it again.

A decoder computes the same keys and values for the past at every step. A cache keeps them, so
that each new token costs one token's work plus one look at the past:

    prefill   all tokens of the prompt at once: bound by arithmetic
    decode    one token for each row and step: bound by reading weights and cache from memory

Letters: B rows (requests) of a batch, T new tokens a row, S tokens held a row, L layers, H query
heads, G heads of keys and values, K head width, D width, F inner width, V vocabulary, W window.

Rows may hold different numbers of tokens. New tokens stand at the left, padding at the right, and
the cache is told how many are real; so no row ever has a hole.

Sources: Pope et al. (2022), Efficiently Scaling Transformer Inference; Shazeer (2019); Kwon et
al. (2023), PagedAttention; Yu et al. (2022), Orca; Dettmers et al. (2022), LLM.int8().
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int, Int8
from torch import Tensor

from langmodels.models import Decoder, DecoderConfig

KeysAndValues = tuple[Float[Tensor, "B G S K"], Float[Tensor, "B G S K"]]

# --- The arithmetic ---------------------------------------------------------------------------


def cache_bytes(
    config: DecoderConfig, n_tokens: int, n_rows: int = 1, bytes_per_number: int = 2
) -> int:
    """The bytes of the keys and values of `n_tokens` tokens in each of `n_rows` rows.

    A window (`config.window`) keeps no more tokens of a row than it is wide. 2 bytes a number is
    a cache in 16 bits.
    """
    raise NotImplementedError("inference.cache_bytes")


def step_flops(config: DecoderConfig, n_new: int, context: int, n_rows: int = 1) -> int:
    """The floating-point operations of one model call, matrix products only.

    Each row is fed `n_new` tokens, after which it has `context` keys (n_new ≤ context); each of
    the new tokens is compared with all of them, hidden or not. Logits are computed for one
    position a row. So decoding is n_new = 1, and prefill n_new = context.

    A product of an a×b with a b×c matrix takes 2abc operations: a multiplication and an addition
    for each.
    """
    raise NotImplementedError("inference.step_flops")


def step_bytes(
    config: DecoderConfig, context: int, n_rows: int = 1, bytes_per_number: int = 2
) -> int:
    """What a decoding step must read from memory: every matrix once, and the cache of every row.

    Matrices: those of the layers and the V × D of the logits. Norms and the rows of the embedding
    are left out, being thousands of times smaller.
    """
    raise NotImplementedError("inference.step_bytes")


class Latency(NamedTuple):
    """How a reader feels an answer."""

    first: float  # seconds to the first token (TTFT)
    between: float  # mean seconds between tokens after it (TPOT); 0 for a single token
    per_second: float  # tokens per second, from the request on


def latency(started: float, times: Sequence[float]) -> Latency:
    """TTFT, TPOT and throughput of one answer.

    Args:
        started: when the request came, in seconds.
        times: when each of its tokens was there; at least one.
    """
    raise NotImplementedError("inference.latency")


# --- Caches -----------------------------------------------------------------------------------


class Cache:
    """What every cache has in common: it knows how many tokens each of its rows holds.

    A model call goes: `start`, then `update` once for each layer, then `finish`.

    Attributes:
        lengths: tokens held by each row.
        counts: during a call, how many real tokens it feeds to each row.
        dtype: of the keys and values that come in and go out.
    """

    def __init__(
        self, config: DecoderConfig, n_rows: int, dtype: torch.dtype, device: torch.device | str
    ) -> None:
        self.config = config
        self.dtype, self.device = dtype, torch.device(device)
        self.lengths = [0] * n_rows
        self.counts = [0] * n_rows

    def start(
        self, n_new: int, counts: Sequence[int] | None = None
    ) -> tuple[Int[Tensor, "B T"], Bool[Tensor, "#B 1 T S"] | None]:
        """Announce T = `n_new` tokens a row; the first counts[b] of them are real, by default all.

        Returns:
            their positions, and which keys each may see of those that `update` will return: True
            where it may, None where all may see all.
        """
        self.counts = [n_new] * len(self.lengths) if counts is None else list(counts)
        self.reserve(n_new)
        return self.positions(n_new), self.mask(n_new)

    def check(self, x: Float[Tensor, "B T D"]) -> None:
        """Refuse what does not fit, before it is converted without a word.

        Raises:
            ValueError: for another number of rows, or another device.
            TypeError: for another dtype.
        """
        if len(x) != len(self.lengths):
            raise ValueError(f"the cache has {len(self.lengths)} rows, but {len(x)} came")
        if x.dtype != self.dtype:
            raise TypeError(f"the cache is for {self.dtype}, but the model computes in {x.dtype}")
        if x.device.type != self.device.type:
            raise ValueError(f"the cache is on {self.device}, but the model on {x.device}")

    def positions(self, n_new: int) -> Int[Tensor, "B T"]:
        """Where the new tokens stand: after what their row holds."""
        held = torch.tensor(self.lengths, device=self.device)
        return held[:, None] + torch.arange(n_new, device=self.device)

    def reserve(self, n_new: int) -> None:
        """Make sure that there is room for the new tokens. Raises ValueError where there is not."""

    def mask(self, n_new: int) -> Bool[Tensor, "#B 1 T S"] | None:
        """See `start`."""
        raise NotImplementedError

    def update(
        self, layer: int, key: Float[Tensor, "B G T K"], value: Float[Tensor, "B G T K"]
    ) -> KeysAndValues:
        """Keep a layer's new keys and values; return all that the new tokens may look at."""
        raise NotImplementedError

    def finish(self) -> None:
        """The new tokens belong to the past now."""
        self.lengths = [a + b for a, b in zip(self.lengths, self.counts, strict=True)]

    @property
    def n_bytes(self) -> int:
        """What the keys and values take in memory, used or not."""
        return sum(t.nbytes for t in vars(self).values() if isinstance(t, Tensor))


class KVCache(Cache):
    """Room for `capacity` tokens a row, taken at once, and filled from the left.

    Attributes:
        keys, values: shape (L, B, G, capacity, K).
    """

    def __init__(
        self,
        config: DecoderConfig,
        n_rows: int,
        capacity: int,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        super().__init__(config, n_rows, dtype, device)
        self.capacity = capacity
        shape = config.n_layers, n_rows, config.n_kv_heads, capacity, config.head_width
        self.keys = torch.zeros(shape, dtype=dtype, device=device)
        self.values = torch.zeros(shape, dtype=dtype, device=device)

    def row(self, number: int) -> "KVCache":
        """An empty cache for one row whose memory is that of this row."""
        view = object.__new__(type(self))
        vars(view).update(vars(self), lengths=[0], counts=[0])
        for name, tensor in vars(self).items():
            if isinstance(tensor, Tensor):
                setattr(view, name, tensor[:, number : number + 1])
        return view

    def reserve(self, n_new: int) -> None:
        """Raises ValueError where a row would hold more than `capacity`."""
        if max(self.lengths) + n_new > self.capacity:
            raise ValueError(
                f"the cache has room for {self.capacity} tokens a row; "
                f"{max(self.lengths)} are there, and {n_new} more do not fit"
            )

    def mask(self, n_new: int) -> Bool[Tensor, "#B 1 T S"] | None:
        """A key is seen by the new tokens that stand at its slot or later.

        S is what the fullest row will hold. With `config.window` a token sees only so many keys,
        its own among them. None where nothing has to be hidden: one new token a row, rows of equal
        length, no window that is too small.
        """
        raise NotImplementedError("inference.KVCache")

    def update(
        self, layer: int, key: Float[Tensor, "B G T K"], value: Float[Tensor, "B G T K"]
    ) -> KeysAndValues:
        """Write row b's new keys and values from slot lengths[b] on; return what is filled.

        What stands in slots beyond a row's own tokens is hidden by `mask`, and overwritten later.

        Returns:
            keys and values of the first S slots, S as in `mask`: views, not copies.
        """
        raise NotImplementedError("inference.KVCache")


class SlidingWindowCache(Cache):
    """For a model with a window of W: W slots a row, however long the text gets.

    The token at position p is in slot p % W, where it replaces the one that fell out of sight.

    Attributes:
        keys, values: shape (L, B, G, W, K).
    """

    def __init__(
        self,
        config: DecoderConfig,
        n_rows: int,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        """Raises ValueError if the model has no window."""
        super().__init__(config, n_rows, dtype, device)
        if config.window is None:
            raise ValueError("the model has no window: its config.window is None")
        self.window = config.window
        shape = config.n_layers, n_rows, config.n_kv_heads, self.window, config.head_width
        self.keys = torch.zeros(shape, dtype=dtype, device=device)
        self.values = torch.zeros(shape, dtype=dtype, device=device)

    def mask(self, n_new: int) -> Bool[Tensor, "#B 1 T S"] | None:
        """Which of the keys that `update` returns each new token may see; None for all.

        A token sees the W last positions, its own among them.
        """
        raise NotImplementedError("inference.SlidingWindowCache")

    def update(
        self, layer: int, key: Float[Tensor, "B G T K"], value: Float[Tensor, "B G T K"]
    ) -> KeysAndValues:
        """Keep the last W real tokens of each row.

        Returns:
            for one new token a row: the slots that are in use in any row. For more: the slots as
            they were before, then the new keys, some of which there may be no slot for.
        """
        raise NotImplementedError("inference.SlidingWindowCache")


class PagedCache(Cache):
    """Memory in pages of `page` tokens, handed out when needed and given back when a row is done.

    A row's tokens p·page … (p+1)·page - 1 are in page tables[b][p] of the pool.

    Attributes:
        keys, values: the pool, shape (L, n_pages, G, page, K).
        tables: for each row the numbers of its pages, in order.
        free: numbers of the pages that nobody has.
    """

    def __init__(
        self,
        config: DecoderConfig,
        n_rows: int,
        n_pages: int,
        page: int = 16,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        super().__init__(config, n_rows, dtype, device)
        self.page = page
        self.tables: list[list[int]] = [[] for _ in range(n_rows)]
        self.free = list(range(n_pages))
        shape = config.n_layers, n_pages, config.n_kv_heads, page, config.head_width
        self.keys = torch.zeros(shape, dtype=dtype, device=device)
        self.values = torch.zeros(shape, dtype=dtype, device=device)

    def reserve(self, n_new: int) -> None:
        """Give each row the pages that its real new tokens need, and no more.

        Raises:
            ValueError: if the free pages do not suffice; no row has got any then.
        """
        raise NotImplementedError("inference.PagedCache")

    def release(self, row: int) -> None:
        """Take the row's pages back; it holds nothing then."""
        raise NotImplementedError("inference.PagedCache")

    def mask(self, n_new: int) -> Bool[Tensor, "#B 1 T S"]:
        """As in KVCache, without a window; S is the longest row's pages, in tokens."""
        raise NotImplementedError("inference.PagedCache")

    def update(
        self, layer: int, key: Float[Tensor, "B G T K"], value: Float[Tensor, "B G T K"]
    ) -> KeysAndValues:
        """Write the real new tokens into their pages; return each row's pages, one after another.

        Rows with fewer pages get any other's in the place of what they lack: `mask` hides them.
        """
        raise NotImplementedError("inference.PagedCache")


def quantize_int8(
    x: Float[Tensor, "*batch K"],
) -> tuple[Int8[Tensor, "*batch K"], Float[Tensor, "*batch 1"]]:
    """Eight bits a number: codes from -127 to 127, and for each vector the step between them.

    The step is the largest magnitude in the vector / 127, so codes · step is never further than
    half a step from x. A vector of zeros has codes of zero.
    """
    raise NotImplementedError("inference.quantize_int8")


class QuantizedCache(KVCache):
    """A KVCache that keeps eight bits a number, and a step for each token and head.

    Attributes:
        keys, values: codes, int8, shape (L, B, G, capacity, K).
        key_steps, value_steps: shape (L, B, G, capacity, 1).
    """

    def __init__(
        self,
        config: DecoderConfig,
        n_rows: int,
        capacity: int,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        super().__init__(config, n_rows, capacity, torch.int8, device)
        self.dtype = dtype  # of what comes in and goes out; codes are kept
        shape = (*self.keys.shape[:-1], 1)
        self.key_steps = torch.zeros(shape, dtype=dtype, device=device)
        self.value_steps = torch.zeros(shape, dtype=dtype, device=device)

    def update(
        self, layer: int, key: Float[Tensor, "B G T K"], value: Float[Tensor, "B G T K"]
    ) -> KeysAndValues:
        """As in KVCache; what comes back is the numbers that the codes stand for."""
        raise NotImplementedError("inference.QuantizedCache")


# --- Writing ----------------------------------------------------------------------------------


def prefill(model: Decoder, prompts: Sequence[Sequence[int]], cache: Cache) -> Float[Tensor, "B V"]:
    """Read all prompts in one model call; return the logits for the token after each.

    Prompts may differ in length, and follow what their row holds already. Logits are computed for
    one position a row.

    Raises:
        ValueError: for an empty prompt.
    """
    counts = [len(prompt) for prompt in prompts]
    if not all(counts):
        raise ValueError(f"prompt {counts.index(0)} is empty: there is nothing to go on from")
    raise NotImplementedError("inference.prefill")


@torch.inference_mode()
def generate(
    model: Decoder,
    prompts: Sequence[Sequence[int]],
    n_new: int,
    *,
    cache: Cache | None = None,
    stop: Collection[int] = (),
) -> list[list[int]]:
    """Continue each prompt greedily: the most probable token, again and again.

    One model call reads the prompts; each later call is fed exactly one token a row. The last
    tokens are not fed, since nobody asks what follows them, and when every row has stopped
    nothing is fed any more.

    Args:
        model: the decoder.
        prompts: token numbers, none empty.
        n_new: tokens to write, at least 1.
        cache: empty, with a row for each prompt; a KVCache of the right size by default.
        stop: a row ends with the first of these that it writes.

    Returns:
        for each prompt the new tokens, at most n_new, the stop token included.
    """
    weight = model.embedding.weight
    if cache is None:
        capacity = max(map(len, prompts)) + n_new
        cache = KVCache(model.config, len(prompts), capacity, weight.dtype, weight.device)
    raise NotImplementedError("inference.generate")


class Request(NamedTuple):
    """A prompt, and how many tokens to write after it."""

    prompt: Sequence[int]
    n_new: int


@torch.inference_mode()
def continuous_batching(
    model: Decoder, requests: Sequence[Request], n_rows: int, capacity: int
) -> list[list[int]]:
    """Answer many requests with `n_rows` rows, none of which waits for the slowest of its batch.

    Requests are taken in order. Whenever rows are free, the next requests are read into them, each
    by a call of its own (prefill); then one call writes a token for every row at work, and so on.

    Args:
        model: the decoder.
        requests: see Request; each writes exactly n_new ≥ 1 tokens.
        n_rows: requests at work at a time.
        capacity: of a row, in tokens.

    Returns:
        the new tokens of each request, the same as `generate` would write for it alone.

    Source: Yu et al. (2022), Orca.
    """
    raise NotImplementedError("inference.continuous_batching")
