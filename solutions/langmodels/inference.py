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
    # BEGIN SOLUTION
    if config.window is not None:
        n_tokens = min(n_tokens, config.window)
    per_token = 2 * config.n_layers * config.n_kv_heads * config.head_width
    return per_token * n_tokens * n_rows * bytes_per_number
    # END SOLUTION


def step_flops(config: DecoderConfig, n_new: int, context: int, n_rows: int = 1) -> int:
    """The floating-point operations of one model call, matrix products only.

    Each row is fed `n_new` tokens, after which it has `context` keys (n_new ≤ context); each of
    the new tokens is compared with all of them, hidden or not. Logits are computed for one
    position a row. So decoding is n_new = 1, and prefill n_new = context.

    A product of an a×b with a b×c matrix takes 2abc operations: a multiplication and an addition
    for each.
    """
    # BEGIN SOLUTION
    c = config
    projections = c.width * (c.n_heads + 2 * c.n_kv_heads + c.n_heads) * c.head_width
    attention = 2 * c.n_heads * c.head_width * context  # scores, and the mean of the values
    mlp = 3 * c.width * c.inner
    layers = n_new * c.n_layers * (projections + attention + mlp)
    return 2 * n_rows * (layers + c.width * c.vocabulary)
    # END SOLUTION


def step_bytes(
    config: DecoderConfig, context: int, n_rows: int = 1, bytes_per_number: int = 2
) -> int:
    """What a decoding step must read from memory: every matrix once, and the cache of every row.

    Matrices: those of the layers and the V × D of the logits. Norms and the rows of the embedding
    are left out, being thousands of times smaller.
    """
    # BEGIN SOLUTION
    c = config
    attention = 2 * (c.n_heads + c.n_kv_heads) * c.head_width * c.width
    weights = c.n_layers * (attention + 3 * c.width * c.inner) + c.vocabulary * c.width
    return weights * bytes_per_number + cache_bytes(c, context, n_rows, bytes_per_number)
    # END SOLUTION


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
    # BEGIN SOLUTION
    between = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
    return Latency(times[0] - started, between, len(times) / (times[-1] - started))
    # END SOLUTION


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
        # BEGIN SOLUTION
        held, window = max(self.lengths) + n_new, self.config.window
        if n_new == 1 and min(self.lengths) + 1 == held and (window is None or held <= window):
            return None
        positions = self.positions(n_new)[:, None, :, None]
        slots = torch.arange(held, device=self.device)
        seen = slots <= positions
        return seen if window is None else seen & (slots > positions - window)
        # END SOLUTION

    def update(
        self, layer: int, key: Float[Tensor, "B G T K"], value: Float[Tensor, "B G T K"]
    ) -> KeysAndValues:
        """Write row b's new keys and values from slot lengths[b] on; return what is filled.

        What stands in slots beyond a row's own tokens is hidden by `mask`, and overwritten later.

        Returns:
            keys and values of the first S slots, S as in `mask`: views, not copies.
        """
        # BEGIN SOLUTION
        n_new = key.shape[2]
        first, last = min(self.lengths), max(self.lengths)
        keys, values = self.keys[layer], self.values[layer]
        if first == last:
            keys[:, :, first : first + n_new] = key
            values[:, :, first : first + n_new] = value
        else:
            rows, slots = (
                torch.arange(len(keys), device=self.device)[:, None],
                self.positions(n_new),
            )
            keys[rows, :, slots] = key.transpose(1, 2)
            values[rows, :, slots] = value.transpose(1, 2)
        return keys[:, :, : last + n_new], values[:, :, : last + n_new]
        # END SOLUTION


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
        # BEGIN SOLUTION
        own = self.positions(n_new)[:, None, :, None]
        last = own[..., -1:, :] if n_new == 1 else own[..., :1, :] - 1  # written by then
        slots = torch.arange(self._n_slots(n_new), device=self.device)
        held = last - (last - slots) % self.window  # the position that each slot holds, < 0: none
        if n_new > 1:
            held = torch.cat([held, own.mT], dim=-1)
        return (held >= 0) & (held <= own) & (held > own - self.window)
        # END SOLUTION

    def update(
        self, layer: int, key: Float[Tensor, "B G T K"], value: Float[Tensor, "B G T K"]
    ) -> KeysAndValues:
        """Keep the last W real tokens of each row.

        Returns:
            for one new token a row: the slots that are in use in any row. For more: the slots as
            they were before, then the new keys, some of which there may be no slot for.
        """
        # BEGIN SOLUTION
        n_new = key.shape[2]
        in_use = self._n_slots(n_new)
        before = self.keys[layer, :, :, :in_use], self.values[layer, :, :, :in_use]
        if n_new > 1:
            before = torch.cat([before[0], key], dim=2), torch.cat([before[1], value], dim=2)
        # Padding must not be kept, nor more tokens than there are slots.
        place = torch.arange(n_new, device=self.device)
        counts = torch.tensor(self.counts, device=self.device)[:, None]
        rows, new = ((place < counts) & (place >= counts - self.window)).nonzero(as_tuple=True)
        slots = self.positions(n_new)[rows, new] % self.window
        self.keys[layer][rows, :, slots] = key[rows, :, new]
        self.values[layer][rows, :, slots] = value[rows, :, new]
        return before
        # END SOLUTION

    # BEGIN SOLUTION
    def _n_slots(self, n_new: int) -> int:
        """How many slots `update` returns: with one new token it is in its slot already."""
        return min(max(self.lengths) + (n_new == 1), self.window)

    # END SOLUTION


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
        # BEGIN SOLUTION
        missing = [
            -(-(length + count) // self.page) - len(table)
            for length, count, table in zip(self.lengths, self.counts, self.tables, strict=True)
        ]
        if sum(missing) > len(self.free):
            raise ValueError(f"{sum(missing)} pages are needed, {len(self.free)} are free")
        for table, n_pages in zip(self.tables, missing, strict=True):
            table += [self.free.pop() for _ in range(n_pages)]
        # END SOLUTION

    def release(self, row: int) -> None:
        """Take the row's pages back; it holds nothing then."""
        # BEGIN SOLUTION
        self.free += self.tables[row]
        self.tables[row], self.lengths[row] = [], 0
        # END SOLUTION

    def mask(self, n_new: int) -> Bool[Tensor, "#B 1 T S"]:
        """As in KVCache, without a window; S is the longest row's pages, in tokens."""
        # BEGIN SOLUTION
        slots = torch.arange(max(map(len, self.tables)) * self.page, device=self.device)
        return slots <= self.positions(n_new)[:, None, :, None]
        # END SOLUTION

    def update(
        self, layer: int, key: Float[Tensor, "B G T K"], value: Float[Tensor, "B G T K"]
    ) -> KeysAndValues:
        """Write the real new tokens into their pages; return each row's pages, one after another.

        Rows with fewer pages get any other's in the place of what they lack: `mask` hides them.
        """
        # BEGIN SOLUTION
        n_pages = max(map(len, self.tables))
        tables = torch.tensor(
            [table + [0] * (n_pages - len(table)) for table in self.tables], device=self.device
        )
        counts = torch.tensor(self.counts, device=self.device)[:, None]
        rows, new = (torch.arange(key.shape[2], device=self.device) < counts).nonzero(as_tuple=True)
        place = self.positions(key.shape[2])[rows, new]
        pages, slots = tables[rows, place // self.page], place % self.page
        self.keys[layer][pages, :, slots] = key[rows, :, new]
        self.values[layer][pages, :, slots] = value[rows, :, new]
        keys, values = (
            pool[layer][tables].transpose(1, 2).flatten(2, 3) for pool in (self.keys, self.values)
        )
        return keys, values
        # END SOLUTION


def quantize_int8(
    x: Float[Tensor, "*batch K"],
) -> tuple[Int8[Tensor, "*batch K"], Float[Tensor, "*batch 1"]]:
    """Eight bits a number: codes from -127 to 127, and for each vector the step between them.

    The step is the largest magnitude in the vector / 127, so codes · step is never further than
    half a step from x. A vector of zeros has codes of zero.
    """
    # BEGIN SOLUTION
    step = x.abs().amax(-1, keepdim=True) / 127
    codes = (x / step.masked_fill(step == 0, 1.0)).round().to(torch.int8)
    return codes, step
    # END SOLUTION


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
        # BEGIN SOLUTION
        (key_codes, key_steps), (value_codes, value_steps) = (
            quantize_int8(key),
            quantize_int8(value),
        )
        codes = super().update(layer, key_codes, value_codes)
        plain = self.keys, self.values
        self.keys, self.values = self.key_steps, self.value_steps
        steps = super().update(layer, key_steps, value_steps)
        self.keys, self.values = plain
        return codes[0] * steps[0], codes[1] * steps[1]
        # END SOLUTION


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
    # BEGIN SOLUTION
    padded = [[*prompt, *[0] * (max(counts) - len(prompt))] for prompt in prompts]
    hidden = model.hidden(torch.tensor(padded, device=cache.device), cache, counts)
    last = torch.tensor(counts, device=cache.device) - 1
    return model.logits(hidden[torch.arange(len(counts), device=cache.device), last])
    # END SOLUTION


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
    # BEGIN SOLUTION
    written: list[list[int]] = [[] for _ in prompts]
    done = [False] * len(prompts)
    logits = prefill(model, prompts, cache)
    for step in range(n_new):
        tokens = logits.argmax(-1)
        for row, token in enumerate(tokens.tolist()):
            if not done[row]:
                written[row].append(token)
                done[row] = token in stop
        if all(done) or step == n_new - 1:
            break
        logits = model(tokens[:, None], cache)[:, -1]
    return written
    # END SOLUTION


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
    # BEGIN SOLUTION
    weight = model.embedding.weight
    cache = KVCache(model.config, n_rows, capacity, weight.dtype, weight.device)
    written: list[list[int]] = [[] for _ in requests]
    waiting = list(range(len(requests)))
    at_work: dict[int, int] = {}  # row → request
    while waiting or at_work:
        for row in range(n_rows):
            while row not in at_work and waiting:
                number = waiting.pop(0)
                own = cache.row(row)
                logits = prefill(model, [requests[number].prompt], own)
                written[number].append(int(logits.argmax()))
                if requests[number].n_new > 1:
                    at_work[row], cache.lengths[row] = number, own.lengths[0]
        if at_work:
            tokens = [written[at_work[row]][-1] if row in at_work else 0 for row in range(n_rows)]
            counts = [int(row in at_work) for row in range(n_rows)]
            fed = torch.tensor(tokens, device=cache.device)[:, None]
            logits = model.logits(model.hidden(fed, cache, counts)[:, -1])
            chosen = logits.argmax(-1).tolist()
            for row, number in list(at_work.items()):
                written[number].append(chosen[row])
                if len(written[number]) == requests[number].n_new:
                    del at_work[row]
                    cache.lengths[row] = 0
    return written
    # END SOLUTION
