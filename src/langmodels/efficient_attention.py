"""Attention that scales: the same answer with less memory, or nearly the same with less of both.

Full attention writes down T × S scores. Four ways out, in this order: never hold all of them at
once (tiles), let heads share keys (grouped queries), look at fewer keys (windows, buckets), or
move the softmax out of the way (linear attention).

Letters as in `attention`: B batch, H heads, T queries, S keys, K head width, V value width; and
    G   heads of keys and values, each shared by H / G query heads
    C   width of a block of keys
    W   window

Sources: Milakov & Gimelshein (2018); Dao et al. (2022), FlashAttention; Dao (2023),
FlashAttention-2; Shazeer (2019) and Ainslie et al. (2023), multi-query and grouped-query
attention; Beltagy et al. (2020), Longformer; Kitaev et al. (2020), Reformer; Katharopoulos et al.
(2020), Transformers are RNNs.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from langmodels.attention import check_inputs, masked_softmax

# --- In tiles ---------------------------------------------------------------------------------


def online_softmax(
    blocks: Iterable[Float[Tensor, "*batch C"]],
) -> tuple[Float[Tensor, "*batch"], Float[Tensor, "*batch"]]:
    """What a softmax over all the blocks divides by, from one look at each block.

    Args:
        blocks: at least one; the scores of a row, cut into pieces that may differ in width. They
            may be made on the way, so that never more than a few of them are in memory.

    Returns:
        the largest score m of each row, and Σ exp(score - m) over the row: so the softmax of a
        score is exp(score - m) / Σ. A row of nothing but -inf has m = -inf and Σ = 0.

    Source: Milakov & Gimelshein (2018), Online normalizer calculation for softmax, algorithm 3.
    """
    raise NotImplementedError("efficient_attention.online_softmax")


def tiled_attention(
    query: Float[Tensor, "*batch T K"],
    key: Float[Tensor, "*batch S K"],
    value: Float[Tensor, "*batch S V"],
    *,
    causal: bool = False,
    scale: float | None = None,
    block: int = 128,
) -> tuple[Float[Tensor, "*batch T V"], Float[Tensor, "*batch T"]]:
    """Exact attention of which never more than block × block scores a head are alive.

    Args:
        query: with as many leading dimensions as key and value, of the same sizes.
        key: as above.
        value: as above.
        causal: the last query stands at the last key and nobody sees the future; tiles that lie
            wholly in the future are not computed.
        scale: of the scores; 1/√K by default.
        block: queries and keys in a tile; T and S need not be multiples of it.

    Returns:
        the output, and for each query the logarithm of what its softmax divided by,
        log Σ exp(score), which the way back needs. A query that sees no key has output 0 and -inf.

    Source: Dao (2023), FlashAttention-2, algorithm 1.
    """
    check_inputs(query, key, value)
    raise NotImplementedError("efficient_attention.tiled_attention")


def tiled_attention_backward(
    grad: Float[Tensor, "*batch T V"],
    query: Float[Tensor, "*batch T K"],
    key: Float[Tensor, "*batch S K"],
    value: Float[Tensor, "*batch S V"],
    out: Float[Tensor, "*batch T V"],
    log_total: Float[Tensor, "*batch T"],
    *,
    causal: bool = False,
    scale: float | None = None,
    block: int = 128,
) -> tuple[Float[Tensor, "*batch T K"], Float[Tensor, "*batch S K"], Float[Tensor, "*batch S V"]]:
    """The gradients of query, key and value, from weights that are computed again tile by tile.

    Args:
        grad: the gradient of `out`; `out` and `log_total` are what `tiled_attention` returned.
            The rest is what it was given.

    Source: Dao (2023), FlashAttention-2, algorithm 2.
    """
    raise NotImplementedError("efficient_attention.tiled_attention_backward")


class _Tile(NamedTuple):
    """A tile: which keys, and which of its scores lie in the future (None: none of them)."""

    columns: slice
    hidden: Bool[Tensor, "T C"] | None


def _tiles(
    query: Float[Tensor, "*batch T K"], key: Float[Tensor, "*batch S K"], block: int, causal: bool
) -> Iterable[tuple[slice, list[_Tile]]]:
    """For each block of queries, the tiles of scores that anybody in it may see."""
    n_queries, n_keys = query.shape[-2], key.shape[-2]
    position = torch.arange(max(n_queries, n_keys), device=query.device)
    past = n_keys - n_queries  # the last query stands at the last key
    for start in range(0, n_queries, block):
        rows = slice(start, min(start + block, n_queries))
        tiles = []
        for first in range(0, n_keys, block):
            columns = slice(first, min(first + block, n_keys))
            if causal and columns.start > past + rows.stop - 1:
                break
            hidden = None
            if causal and columns.stop - 1 > past + rows.start:
                hidden = position[columns] > position[rows, None] + past
            tiles.append(_Tile(columns, hidden))
        yield rows, tiles


class _FlashAttention(torch.autograd.Function):
    """The two functions above as one operation of autograd."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, options: Any) -> Tensor:
        out, log_total = tiled_attention(query, key, value, **options)
        ctx.save_for_backward(query, key, value, out, log_total)
        ctx.options = options
        return out

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return *tiled_attention_backward(grad, *ctx.saved_tensors, **ctx.options), None


def flash_attention(
    query: Float[Tensor, "*batch T K"],
    key: Float[Tensor, "*batch S K"],
    value: Float[Tensor, "*batch S V"],
    *,
    causal: bool = False,
    scale: float | None = None,
    block: int = 128,
) -> Float[Tensor, "*batch T V"]:
    """`tiled_attention` that can be trained: its way back is `tiled_attention_backward`."""
    options = {"causal": causal, "scale": scale, "block": block}
    out: Tensor = _FlashAttention.apply(query, key, value, options)
    return out


# --- Shared keys ------------------------------------------------------------------------------


def grouped_query_attention(
    query: Float[Tensor, "B H T K"],
    key: Float[Tensor, "B G S K"],
    value: Float[Tensor, "B G S V"],
    mask: Bool[Tensor, "#B #H T S"] | Float[Tensor, "#B #H T S"] | None = None,
    *,
    scale: float | None = None,
) -> Float[Tensor, "B H T V"]:
    """Attention whose query heads h·H/G … (h+1)·H/G - 1 share the keys and values of head h.

    G = H is multi-head attention, G = 1 multi-query attention. Keys and values are not copied for
    their query heads: a cache of them should not be, either.

    Raises:
        ValueError: if H is no multiple of G.
    """
    n_heads, n_groups = query.shape[1], key.shape[1]
    if n_heads % n_groups:
        raise ValueError(f"{n_heads} query heads cannot share {n_groups} heads of keys equally")
    check_inputs(query, key, value)
    raise NotImplementedError("efficient_attention.grouped_query_attention")


# --- Fewer keys -------------------------------------------------------------------------------


def sliding_window_attention(
    query: Float[Tensor, "*batch T K"],
    key: Float[Tensor, "*batch T K"],
    value: Float[Tensor, "*batch T V"],
    window: int,
    *,
    scale: float | None = None,
) -> Float[Tensor, "*batch T V"]:
    """Causal attention to the last `window` positions, the query's own among them.

    Time and memory grow with T · window, not with T². `window` is at least 1 and may exceed T.

    Source: Beltagy et al. (2020), Longformer, section 3.1, one-sided.
    """
    check_inputs(query, key, value)
    raise NotImplementedError("efficient_attention.sliding_window_attention")


def lsh_buckets(
    x: Float[Tensor, "*batch T K"], rotations: Float[Tensor, "K R"]
) -> Int[Tensor, "*batch T"]:
    """Angular hashing: vectors that point in similar directions tend to get the same number.

    Rotate x, and take the index of the largest of [x·R, -x·R]: 2R buckets.

    Source: Kitaev et al. (2020), Reformer, section 2.
    """
    raise NotImplementedError("efficient_attention.lsh_buckets")


def lsh_attention(
    query: Float[Tensor, "*batch T K"],
    value: Float[Tensor, "*batch T V"],
    buckets: Int[Tensor, "*batch T"],
    chunk: int,
    *,
    scale: float | None = None,
) -> Float[Tensor, "*batch T V"]:
    """Causal attention within buckets, over positions that are sorted by bucket and cut in chunks.

    Queries and keys are one: the key of a position is its query, made a unit vector. Positions are
    sorted by bucket, those of one bucket by position, and cut into chunks of `chunk`. A position
    sees the earlier positions of its own bucket that lie in its own chunk or the one before; where
    there is none, it sees itself. No more than 2 · chunk scores are computed for a query.

    Raises:
        ValueError: if T is no multiple of `chunk`.

    Source: Kitaev et al. (2020), Reformer, section 2 and figure 2.
    """
    length = query.shape[-2]
    if length % chunk:
        raise ValueError(f"a length of {length} cannot be cut into chunks of {chunk}")
    raise NotImplementedError("efficient_attention.lsh_attention")


def axial_positions(
    rows: Float[Tensor, "R E"], columns: Float[Tensor, "C F"]
) -> Float[Tensor, "RC E+F"]:
    """Vectors for R·C positions from R + C: position t is row t // C beside column t % C.

    Source: Kitaev et al. (2020), Reformer, appendix; Ho et al. (2019), Axial Attention.
    """
    raise NotImplementedError("efficient_attention.axial_positions")


# --- Without softmax --------------------------------------------------------------------------


def feature_map(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """φ(x) = elu(x) + 1: positive, so that weights cannot cancel."""
    return torch.nn.functional.elu(x) + 1


def linear_attention(
    query: Float[Tensor, "*batch T K"],
    key: Float[Tensor, "*batch S K"],
    value: Float[Tensor, "*batch S V"],
    *,
    causal: bool = False,
    chunk: int = 64,
) -> Float[Tensor, "*batch T V"]:
    """Attention with weights φ(q)·φ(k) in the place of exp(q·k), in time linear in the length.

    out_t = Σ_s φ(q_t)·φ(k_s) v_s / Σ_s φ(q_t)·φ(k_s), over all keys or, if `causal`, s ≤ t with
    T = S. The sum over s is taken first, so nothing of T × S is ever computed; the causal form
    goes through chunks, with the sums over all earlier chunks at hand: there are never K × V sums
    for each position. There is no 1/√K.

    Raises:
        ValueError: if `causal` and T ≠ S.

    Source: Katharopoulos et al. (2020), Transformers are RNNs, equations 4–5 and 8–9.
    """
    check_inputs(query, key, value)
    if causal and query.shape[-2] != key.shape[-2]:
        raise ValueError(f"causal: {query.shape[-2]} queries but {key.shape[-2]} keys")
    raise NotImplementedError("efficient_attention.linear_attention")


def linear_attention_step(
    state: tuple[Float[Tensor, "*batch K V"], Float[Tensor, "*batch K"]] | None,
    query: Float[Tensor, "*batch K"],
    key: Float[Tensor, "*batch K"],
    value: Float[Tensor, "*batch V"],
) -> tuple[
    tuple[Float[Tensor, "*batch K V"], Float[Tensor, "*batch K"]], Float[Tensor, "*batch V"]
]:
    """One more token of causal linear attention, from a state that does not grow.

    Args:
        state: Σ φ(k) vᵀ and Σ φ(k) over the tokens so far; None before the first. It is left as
            it was.

    Returns:
        the new state, and the output for this token.
    """
    raise NotImplementedError("efficient_attention.linear_attention_step")
