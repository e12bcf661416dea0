"""Attention: every position asks all others a question, and takes home a mixture of their answers.

A query is compared with every key; a softmax turns the scores into weights that sum to 1; the
output is the weighted mean of the values:

    Attention(Q, K, V) = softmax(Q Kᵀ / √d_k) V

Letters, the same in every shape
    B   batch               H   heads
    T   queries             S   keys, and so values
    D   model width         K   width of a head (d_k in the paper)

A mask says what may be looked at. A boolean mask is True where a query may attend to a key; any
other mask is added to the scores (-inf hides). Masks broadcast over leading dimensions. A query
that may attend to nothing at all gets weights of zero, and so an output of zero.

Source: Vaswani et al. (2017), Attention Is All You Need.
"""

from collections.abc import Callable, Collection

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

# --- Masks ------------------------------------------------------------------------------------


def causal_mask(n_queries: int, n_keys: int) -> Bool[Tensor, "T S"]:
    """Each query sees the keys up to its own position; the last query stands at the last key.

    With as many queries as keys that is the lower triangle. With fewer, the queries are the
    newest tokens, and the keys before them are the past:

        >>> causal_mask(2, 4)
        tensor([[ True,  True,  True, False],
                [ True,  True,  True,  True]])
    """
    raise NotImplementedError("attention.causal_mask")


def attention_mask(
    n_queries: int,
    n_keys: int,
    *,
    causal: bool = False,
    prefix: Int[Tensor, " B"] | None = None,
    window: int | None = None,
    lengths: Int[Tensor, " B"] | None = None,
    documents: Int[Tensor, "B S"] | None = None,
) -> Bool[Tensor, "#B 1 T S"]:
    """The masks of the model families, built from rules; True where a query may attend.

    As in `causal_mask` the queries are the last `n_queries` of the `n_keys` positions. A key is
    seen if *all* the rules that are given allow it:

    Args:
        causal: only keys that are not later than the query (decoders).
        prefix: prefix[b] first keys are seen by every query even if they come later (prefix-LM:
            the question is read in both directions, the answer is written in one). It widens
            `causal`, and means nothing without it.
        window: only keys at most window - 1 positions away, before the query and, where not
            `causal`, after it as well. At least 1. It narrows a prefix like everything else.
        lengths: only the first lengths[b] keys; the others are padding.
        documents: only keys with the query's own document number: several texts packed into one
            row do not see each other.

    Returns:
        shape (B, 1, T, S), to broadcast over heads; (1, 1, T, S) where no rule has a batch.
    """
    raise NotImplementedError("attention.attention_mask")


# --- One head ---------------------------------------------------------------------------------


def masked_softmax(
    scores: Float[Tensor, "*batch T S"],
    mask: Bool[Tensor, "*#batch T S"] | Float[Tensor, "*#batch T S"] | None = None,
) -> Float[Tensor, "*batch T S"]:
    """Softmax over the keys, of what the mask lets through.

    Stable for scores of any size. A row of which the mask lets nothing through (all False, or all
    -inf) becomes zeros, and no gradient flows through it.
    """
    raise NotImplementedError("attention.masked_softmax")


def attention_weights(
    query: Float[Tensor, "*batch T K"],
    key: Float[Tensor, "*batch S K"],
    mask: Bool[Tensor, "*#batch T S"] | Float[Tensor, "*#batch T S"] | None = None,
    *,
    scale: float | None = None,
) -> Float[Tensor, "*batch T S"]:
    """How much each query takes from each key: softmax(Q Kᵀ · scale), rows that sum to 1.

    `scale` is 1/√K by default: a dot product of K independent numbers with variance 1 has
    variance K, and a softmax of scores that large puts everything on one key and learns nothing.
    """
    check_inputs(query, key, mask=mask)
    raise NotImplementedError("attention.attention_weights")


def scaled_dot_product_attention(
    query: Float[Tensor, "*batch T K"],
    key: Float[Tensor, "*batch S K"],
    value: Float[Tensor, "*batch S V"],
    mask: Bool[Tensor, "*#batch T S"] | Float[Tensor, "*#batch T S"] | None = None,
    *,
    scale: float | None = None,
) -> Float[Tensor, "*batch T V"]:
    """Each query's mean of the values, weighted by `attention_weights` (equation 1 of the paper).

    Raises:
        ValueError: where shapes do not fit; the message names them.
        TypeError: where dtypes differ.
    """
    check_inputs(query, key, value, mask)
    raise NotImplementedError("attention.scaled_dot_product_attention")


def check_inputs(
    query: Tensor, key: Tensor, value: Tensor | None = None, mask: Tensor | None = None
) -> None:
    """Refuse what cannot be attended with, in words, before a matrix product does in numbers.

    Raises:
        ValueError: for shapes that do not fit, or tensors on different devices.
        TypeError: for different dtypes, or a mask of integers.
    """
    others = {"key": key} | ({} if value is None else {"value": value})
    for name, tensor in others.items():
        if tensor.dtype != query.dtype:
            raise TypeError(f"query is {query.dtype} but {name} is {tensor.dtype}: convert one")
        if tensor.device != query.device:
            raise ValueError(f"query is on {query.device} but {name} on {tensor.device}: move one")
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(f"query has width {query.shape[-1]} but key {key.shape[-1]}")
    if value is not None and value.shape[-2] != key.shape[-2]:
        raise ValueError(f"there are {key.shape[-2]} keys but {value.shape[-2]} values")
    if mask is None:
        return
    if mask.dtype != torch.bool and not mask.is_floating_point():
        raise TypeError(
            f"a mask is boolean (True: may attend) or added to scores, not {mask.dtype}"
        )
    scores = (
        *torch.broadcast_shapes(query.shape[:-2], key.shape[:-2]),
        query.shape[-2],
        key.shape[-2],
    )
    try:
        fits = torch.broadcast_shapes(mask.shape, scores) == scores
    except RuntimeError:
        fits = False
    if not fits:
        raise ValueError(f"a mask of shape {tuple(mask.shape)} does not broadcast to {scores}")


# --- Many heads -------------------------------------------------------------------------------


def split_heads(x: Float[Tensor, "*batch T D"], n_heads: int) -> Float[Tensor, "*batch H T K"]:
    """Cut the width into heads: head h gets the features h·K … (h+1)·K - 1 of every position.

    Raises:
        ValueError: if D is no multiple of `n_heads`.
    """
    if x.shape[-1] % n_heads:
        raise ValueError(f"a width of {x.shape[-1]} cannot be cut into {n_heads} heads")
    raise NotImplementedError("attention.split_heads")


def merge_heads(x: Float[Tensor, "*batch H T K"]) -> Float[Tensor, "*batch T D"]:
    """The inverse of `split_heads`: D = H·K."""
    raise NotImplementedError("attention.merge_heads")


class MultiHeadAttention(nn.Module):
    """Several heads side by side, each with its own question, then mixed by a last matrix.

    One matrix makes the queries, keys and values of all heads at once: the rows of
    `in_proj.weight` are all queries (head after head), all keys, all values, as in
    `torch.nn.MultiheadAttention`.

    Args:
        width: D, of what comes in and goes out.
        n_heads: H.
        head_width: K; by default D / H. (Pruned heads leave a smaller H·K than D.)
        bias: whether the two linear layers have one.

    Raises:
        ValueError: if D is no multiple of H and no `head_width` is given.
    """

    def __init__(
        self, width: int, n_heads: int, head_width: int | None = None, bias: bool = True
    ) -> None:
        super().__init__()
        if head_width is None and width % n_heads:
            raise ValueError(f"a width of {width} cannot be cut into {n_heads} heads")
        self.n_heads = n_heads
        self.head_width = head_width or width // n_heads
        inner = n_heads * self.head_width
        self.in_proj = nn.Linear(width, 3 * inner, bias=bias)
        self.out_proj = nn.Linear(inner, width, bias=bias)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        context: Float[Tensor, "B S D"] | None = None,
        mask: Bool[Tensor, "#B #H T S"] | Float[Tensor, "#B #H T S"] | None = None,
        gate: Float[Tensor, " H"] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Attend to `context`, or to `x` itself where there is none (self-attention).

        Args:
            x: where the queries come from.
            context: where the keys and values come from (cross-attention).
            mask: see the module's docstring; broadcasts over batch and heads.
            gate: multiplies each head's output before the heads are mixed; ones by default.
        """
        raise NotImplementedError("attention.MultiHeadAttention")


# --- Looking inside ---------------------------------------------------------------------------


def attention_rollout(weights: Float[Tensor, "L B H T T"]) -> Float[Tensor, "B T T"]:
    """How much of each input position ends up at each output position, through all layers.

    Per layer: the mean over heads, then half of it and half of the identity for the residual
    connection, then the product of the layers, the first applied first. Rows sum to 1.

    Source: Abnar & Zuidema (2020), Quantifying Attention Flow in Transformers, section 3.
    """
    raise NotImplementedError("attention.attention_rollout")


def head_importance(
    losses: Callable[[Float[Tensor, "L H"]], Float[Tensor, " N"]], n_layers: int, n_heads: int
) -> Float[Tensor, "L H"]:
    """How much the loss would feel each head's absence: the mean over examples of |∂loss/∂gate|.

    Args:
        losses: gives N examples' losses for gates (see `MultiHeadAttention`), all at once.
        n_layers: L.
        n_heads: H.

    Returns:
        The derivatives' sizes at gates of one, averaged over examples: sizes first, else an
        example that a head helps would cancel one that it harms.

    Source: Michel, Levy & Neubig (2019), Are Sixteen Heads Really Better than One?, equation 2.
    """
    raise NotImplementedError("attention.head_importance")


def prune_heads(attention: MultiHeadAttention, heads: Collection[int]) -> MultiHeadAttention:
    """The same layer without these heads: what gates of zero would give, but with less to compute.

    Returns:
        A new module with H - len(heads) heads of the same width; the old one stays as it was.

    Raises:
        ValueError: if a head does not exist, or none would be left.
    """
    unknown = [head for head in heads if head not in range(attention.n_heads)]
    if unknown or len(set(heads)) == attention.n_heads:
        raise ValueError(f"cannot take heads {sorted(heads)} out of {attention.n_heads}")
    raise NotImplementedError("attention.prune_heads")
