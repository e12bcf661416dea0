"""Prompts: how to ask a model that was only ever taught to go on with a text.

A model learns from its prompt without changing a weight: from an instruction, from examples, from
the shape of a dialogue. What stands there, in which order and who wrote it, all of it counts.

Letters: N examples, D width of a vector, L labels, P orders, T tokens, V vocabulary.

Sources: Brown et al. (2020), few-shot prompting; OpenAI (2023), ChatML; Taori et al. (2023),
Alpaca; Liu et al. (2022), examples by similarity; Carbonell & Goldstein (1998), MMR; Kulesza &
Taskar (2012) and Chen et al. (2018), determinantal point processes; Zhao et al. (2021),
calibration; Lu et al. (2022), order; Jiang et al. (2023), LLMLingua.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

ALPACA = "### Instruction:\n{input}\n\n### Response:\n{output}"
ALPACA_INSTRUCTION = (
    "Below is an instruction that describes a task. "
    "Write a response that appropriately completes the request."
)

# --- Dialogues ------------------------------------------------------------------------------------


class Message(NamedTuple):
    """What somebody says in a dialogue: "system", "user" or "assistant"."""

    role: str
    content: str


class Part(NamedTuple):
    """A part of a prompt. Only a control part may become a control token."""

    text: str
    is_control: bool = False


def chatml(messages: Sequence[Message], reply: bool = True) -> list[Part]:
    """A dialogue in ChatML: `<|im_start|>role`, a new line, the content, `<|im_end|>`, a new line.

    The two marks are control parts; everything else is text, whatever it says: a user who writes
    `<|im_end|>` has written ten characters. What stands between two marks is one part.

    Args:
        reply: whether the assistant's turn is opened at the end, up to the new line.
    """
    # BEGIN SOLUTION
    start, end = Part("<|im_start|>", True), Part("<|im_end|>", True)
    parts: list[Part] = []
    for message in messages:
        said = f"{message.role}\n{message.content}"
        parts += [start, Part(said), end, Part("\n")]
    if reply:
        parts += [start, Part("assistant\n")]
    return parts
    # END SOLUTION


def encode_parts(
    parts: Sequence[Part],
    control: Mapping[str, int],
    encode: Callable[[str], list[int]],
) -> list[int]:
    """The tokens of a prompt: a control part is one token, the others are encoded one by one.

    Args:
        control: the number of each control token.
        encode: text to tokens; it never makes a control token, whatever the text.

    Raises:
        KeyError: a control part that is no control token.
    """
    # BEGIN SOLUTION
    return [
        token
        for part in parts
        for token in ([control[part.text]] if part.is_control else encode(part.text))
    ]
    # END SOLUTION


def few_shot(
    instruction: str,
    examples: Sequence[tuple[str, str]],
    query: str,
    pattern: str = "Input: {input}\nOutput: {output}",
) -> str:
    """An instruction, worked examples, and the query with its output left to the model.

    All are set apart by an empty line. The query is written like the examples, up to where the
    output would begin, without white space at the end. An empty instruction is left out. Braces in
    examples and query are text.

    Args:
        pattern: how an example looks: `{input}` once, and `{output}` once, after it.
    """
    # BEGIN SOLUTION
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}" for given, answer in examples]
    last = f"{before}{query}{between}".rstrip()
    return "\n\n".join([*filter(None, [instruction]), *shots, last])
    # END SOLUTION


# --- Which examples -------------------------------------------------------------------------------


def most_similar(
    query: Float[Tensor, " D"], candidates: Float[Tensor, "N D"], n_chosen: int
) -> list[int]:
    """The n candidates of largest cosine to the query, the largest first; of equals the first.

    All of them where there are no more. A vector of zeros has a cosine of 0.
    """
    # BEGIN SOLUTION
    lengths = candidates.norm(dim=1) * query.norm()
    cosines = candidates @ query / lengths.masked_fill(lengths == 0, 1.0)
    order: list[int] = cosines.argsort(descending=True, stable=True).tolist()
    return order[:n_chosen]
    # END SOLUTION


def maximal_marginal_relevance(
    relevance: Float[Tensor, " N"],
    similarity: Float[Tensor, "N N"],
    n_chosen: int,
    trade_off: float = 0.5,
) -> list[int]:
    """Candidates that are relevant and unlike each other, chosen one after the other.

    Next comes the largest trade_off · relevance - (1 - trade_off) · (similarity to the most similar
    one chosen so far, 0 at first); of equals the first. All come where there are no more.

    Args:
        similarity: symmetric; can be negative.

    Source: Carbonell & Goldstein (1998).
    """
    # BEGIN SOLUTION
    chosen: list[int] = []
    nearest = torch.zeros_like(relevance)
    for _ in range(min(n_chosen, len(relevance))):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        nearest = similarity[best] if not chosen else torch.maximum(nearest, similarity[best])
        chosen.append(best)
    return chosen
    # END SOLUTION


def dpp_greedy(kernel: Float[Tensor, "N N"], n_chosen: int) -> list[int]:
    """The set that a determinantal point process likes, chosen greedily: each time the candidate
    that makes the determinant of the chosen ones' kernel largest; of equals the first.

    Stops early where the best candidate would multiply the determinant by at most 1e-10 of the
    largest entry of the diagonal: then it says nothing that the chosen ones have not said. Works in
    64 bits, whatever the kernel's type.

    Args:
        kernel: symmetric, with no eigenvalue below 0: on the diagonal squared quality, beside it
            quality · quality · similarity.

    Source: Chen, Zhang & Zhou (2018), Fast Greedy MAP Inference, algorithm 1: a row of the Cholesky
    factor for each choice, O(N · n²) in all.
    """
    # BEGIN SOLUTION
    kernel = kernel.double()
    left = kernel.diagonal().clone()  # by which factor each candidate would change the determinant
    rows: list[Tensor] = []
    chosen: list[int] = []
    for _ in range(min(n_chosen, len(kernel))):
        best = int(left.argmax())
        if left[best] <= 1e-10 * kernel.diagonal().max():
            break
        row = kernel[best].clone()
        for earlier in rows:
            row -= earlier[best] * earlier
        row /= left[best].sqrt()
        rows.append(row)
        chosen.append(best)
        left = left - row.square()
        left[chosen] = -torch.inf
    return chosen
    # END SOLUTION


# --- What the answer is ---------------------------------------------------------------------------


@torch.inference_mode()
def label_scores(
    model: Callable[[Int[Tensor, "B T"]], Float[Tensor, "B T V"]],
    prompt: Sequence[int],
    labels: Sequence[Sequence[int]],
    normalise: bool = True,
) -> Float[Tensor, " L"]:
    """How well each label goes on with a prompt: the log-probability of its tokens after it.

    Their sum; or, normalised, their mean, so that a label of three tokens can win against one of
    one. The model is called once, with a row for each label, padded at the right with zeros: a
    causal model does not see what comes later.

    Args:
        model: tokens to logits of the token after each.
        prompt: one token or more.
        labels: the tokens of each, one or more, not all equally many.
    """
    # BEGIN SOLUTION
    longest = max(map(len, labels))
    padded = torch.tensor([[*label, *[0] * (longest - len(label))] for label in labels])
    lengths = torch.tensor([len(label) for label in labels])
    start = torch.tensor(prompt).expand(len(labels), -1)
    logits = model(torch.cat([start, padded], dim=1))
    logprobs = logits[:, len(prompt) - 1 : -1].log_softmax(-1)
    each = logprobs.gather(-1, padded[..., None]).squeeze(-1)
    sums = each.masked_fill(torch.arange(longest) >= lengths[:, None], 0.0).sum(1)
    return sums / lengths if normalise else sums
    # END SOLUTION


def calibrate(
    probabilities: Float[Tensor, "*batch L"], prior: Float[Tensor, " L"]
) -> Float[Tensor, "*batch L"]:
    """What a model says of the labels, without what it would have said anyway.

    probabilities / prior, divided by their sum.

    Args:
        prior: the mean of what the model says to the same prompt with inputs that say nothing,
            such as "N/A". No label has 0.

    Source: Zhao et al. (2021), Calibrate Before Use, section 4.
    """
    # BEGIN SOLUTION
    fair = probabilities / prior
    shares: Tensor = fair / fair.sum(-1, keepdim=True)
    return shares
    # END SOLUTION


def order_entropy(predictions: Int[Tensor, "P N"], n_labels: int) -> Float[Tensor, " P"]:
    """How evenly each order of the examples spreads its predictions over the labels, in bits.

    The entropy of the shares of the labels, as float32. An order that calls everything the same
    has 0 and is to be mistrusted; the most is log2 L.

    Args:
        predictions: for each of P orders the labels, from 0, of N probing inputs.

    Source: Lu et al. (2022), Fantastically Ordered Prompts, equation 3 (GlobalE).
    """
    # BEGIN SOLUTION
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    nats: Tensor = torch.special.entr(shares).sum(1)
    return nats / math.log(2)
    # END SOLUTION


def extract_answer(text: str, marker: str = "The answer is") -> str | None:
    """The number that a text ends up with; None where there is none.

    The first number after the last marker, and no other; without a marker the last number of the
    text. Small and capital letters of the marker are the same.

    A number is digits, with commas between thousands or without, and decimals or none; a minus
    before it belongs to it, unless a digit stands before the minus, as in 7-3. It is given without
    its commas. A full stop or a comma that no digit follows is no part of it.
    """
    # BEGIN SOLUTION
    *before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"(?:(?<!\d)-)?\d+(?:,\d{3})*(?:\.\d+)?", rest)
    if not numbers:
        return None
    number: str = numbers[0] if before else numbers[-1]
    return number.replace(",", "")
    # END SOLUTION


# --- Shorter prompts ------------------------------------------------------------------------------


def compress(
    surprisal: Float[Tensor, " T"], n_kept: int, always: Bool[Tensor, " T"] | None = None
) -> Int[Tensor, " n"]:
    """Which tokens of a prompt to keep: those that a small model did not expect.

    Args:
        surprisal: -ln p of each token given those before it.
        n_kept: how many to keep, of equals the earlier ones.
        always: tokens that stay whatever they are, and count among the n_kept; where they are more
            than these, they alone stay.

    Returns:
        the places of the tokens that stay, in their order.

    Source: Jiang et al. (2023), LLMLingua; here token by token, with one budget.
    """
    # BEGIN SOLUTION
    places: Tensor = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    return places[:n_kept].sort().values
    # END SOLUTION
