"""Generation: from a distribution over the next token to a text.

A language model gives each token of the vocabulary a score, its logit. Somebody has to choose. Two
ways lead to a text: draw each token from a distribution that was reshaped before (stream), or look
for the most probable text (beam_search). Two more change what may be written, or what it costs, and
leave the distribution alone: constraints (token_index) and speculative decoding (speculate).

Letters: B rows, T tokens of a row, V vocabulary, N proposed tokens.

A model here is any callable that takes tokens (B, T) and gives logits (B, T, V), the score of each
token to come after each position: a `langmodels.models.Decoder` is one. It reads the whole text
for each token; a cache ends that (langmodels.inference).

Sources: Keskar et al. (2019), CTRL; Fan et al. (2018), top-k; Holtzman et al. (2020), top-p; Nguyen
et al. (2025), min-p; Willard and Louf (2023), constraints; Leviathan et al. (2023) and Chen et al.
(2023), speculative decoding.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

Model = Callable[[Int[Tensor, "B T"]], Float[Tensor, "B T V"]]
# Takes logits (B, V) and the tokens written so far (B, T); gives logits, of which some are -inf.
Restriction = Callable[[Float[Tensor, "B V"], Int[Tensor, "B T"]], Float[Tensor, "B V"]]

# --- Reshaping a distribution -----------------------------------------------------------------


def apply_temperature(
    logits: Float[Tensor, "*batch V"], temperature: float
) -> Float[Tensor, "*batch V"]:
    """The logits divided by the temperature: below 1 the likely gain, above 1 the unlikely.

    A temperature of 0 is the limit: the largest logit becomes 0 and all others -inf; where several
    are the largest, all of them become 0.

    Raises:
        ValueError: for a negative temperature.
    """
    if temperature < 0:
        raise ValueError(f"a temperature is 0 or more, not {temperature}")
    raise NotImplementedError("generation.apply_temperature")


def penalise(
    logits: Float[Tensor, "B V"],
    tokens: Int[Tensor, "B T"],
    n_prompt: int = 0,
    *,
    presence: float = 0.0,
    frequency: float = 0.0,
    repetition: float = 1.0,
) -> Float[Tensor, "B V"]:
    """Lower the logits of tokens that the text holds already.

    First `repetition`, once for each token that occurs anywhere in the row, prompt or not: a
    positive logit is divided by it, a negative one multiplied with it (as in transformers; CTRL's
    formula divides both, and so raises the negative ones).

    Then the others, for tokens that were *written*, that is, stand after the first n_prompt: with
    c occurrences a token loses `presence` if c > 0, and `frequency` · c (as in OpenAI's interface).

    Args:
        logits: scores of the next token.
        tokens: the row so far: n_prompt tokens of prompt, then what was written; may be empty.
    """
    raise NotImplementedError("generation.penalise")


def top_k(logits: Float[Tensor, "*batch V"], k: int) -> Float[Tensor, "*batch V"]:
    """Keep the k largest logits; the others become -inf.

    Logits that equal the k-th largest stay as well. With k ≥ V all stay.

    Raises:
        ValueError: for k < 1.
    """
    if k < 1:
        raise ValueError(f"top-k keeps 1 token or more, not {k}")
    raise NotImplementedError("generation.top_k")


def top_p(logits: Float[Tensor, "*batch V"], p: float) -> Float[Tensor, "*batch V"]:
    """Keep the fewest of the most probable tokens that together have p or more; others get -inf.

    So a token goes where those more probable than it have p or more (as in transformers); the token
    with which the sum reaches p stays, and the most probable one always does. Where tokens of equal
    logits straddle the edge, more of them than needed may stay. Sums are taken in 64 bits.

    Raises:
        ValueError: for p outside of [0, 1].
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p is a probability, not {p}")
    raise NotImplementedError("generation.top_p")


def min_p(logits: Float[Tensor, "*batch V"], p: float) -> Float[Tensor, "*batch V"]:
    """Keep tokens with at least p times the probability of the most probable; others get -inf.

    Raises:
        ValueError: for p outside of [0, 1].
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p is a share of the largest probability, not {p}")
    raise NotImplementedError("generation.min_p")


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen: the settings of the functions above."""

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float = 1.0
    min_p: float = 0.0
    presence: float = 0.0
    frequency: float = 0.0
    repetition: float = 1.0


PLAIN = Sampling()  # as the model says
GREEDY = Sampling(temperature=0.0)  # the most probable token, always


def next_distribution(
    logits: Float[Tensor, "B V"],
    tokens: Int[Tensor, "B T"],
    sampling: Sampling,
    n_prompt: int = 0,
) -> Float[Tensor, "B V"]:
    """The probabilities to draw the next token from.

    In this order: penalties, temperature, top-k, top-p, min-p, softmax. Each step sees what the
    steps before it have left.

    Args:
        logits: the model's scores of the next token.
        tokens: the text so far, see penalise.
        n_prompt: how many of them are prompt.
        sampling: the settings of all steps.
    """
    raise NotImplementedError("generation.next_distribution")


# --- Drawing, token by token ------------------------------------------------------------------


def draw(probabilities: Float[Tensor, "B V"], uniform: Float[Tensor, " B"]) -> Int[Tensor, " B"]:
    """A token for each row: the first at which the running sum of probabilities exceeds `uniform`.

    With `uniform` evenly from [0, 1) each token comes as often as its probability says. Rows need
    not sum to exactly 1: `uniform` is a share of their sum, taken in 64 bits. A token of
    probability 0 is never drawn.
    """
    raise NotImplementedError("generation.draw")


def until_stop(tokens: Iterable[int], stops: Sequence[Sequence[int]]) -> Iterator[int]:
    """Pass tokens on until a stop sequence has come, which is not passed on.

    A token waits only as long as it and those after it may still become a stop sequence. When one
    is complete, no further token is taken. If the tokens end before, those that wait are passed on.
    Where several stop sequences end at one token, the longest counts.

    Args:
        tokens: as they are written.
        stops: sequences of tokens, none empty.
    """
    raise NotImplementedError("generation.until_stop")


def next_logits(model: Model, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B V"]:
    """The scores of the token after each row, without a graph of how they came about."""
    with torch.no_grad():
        return model(tokens)[:, -1]


def stream(
    model: Model,
    prompt: Sequence[int],
    max_new: int,
    sampling: Sampling = PLAIN,
    generator: torch.Generator | None = None,
    *,
    eos: int | None = None,
    min_new: int = 0,
    stops: Sequence[Sequence[int]] = (),
    restrict: Restriction | None = None,
) -> Iterator[int]:
    """Write after a prompt, and hand out each token as soon as it is written.

    One model call for each token, made when the token is asked for.

    Args:
        model: see the module.
        prompt: at least one token.
        max_new: no more tokens than these are written.
        sampling: how tokens are chosen; GREEDY takes the most probable ones.
        generator: where all chance comes from; by default torch's own.
        eos: the text ends with this token, which is handed out too.
        min_new: eos cannot be among the first min_new tokens: its logit is -inf.
        stops: see until_stop.
        restrict: changes the model's logits before anything else does. It is given what was
            written, without the prompt.
    """
    raise NotImplementedError("generation.stream")


# --- Looking for the most probable text -------------------------------------------------------


class Beam(NamedTuple):
    """A text that a search has found."""

    tokens: list[int]  # what was written, eos included
    score: float  # log-probability of these tokens / (their number ** length_penalty)


@torch.inference_mode()
def beam_search(
    model: Model,
    prompt: Sequence[int],
    n_beams: int,
    max_new: int,
    *,
    eos: int | None = None,
    length_penalty: float = 1.0,
) -> list[Beam]:
    """Texts of high probability, the best score first, at most n_beams.

    Each step is one model call. It ranks all continuations, by one token, of all open texts by
    their log-probability. A text is finished by eos, or by being max_new tokens long; it counts
    only if it is among the n_beams best continuations of its step. The n_beams best that are not
    finished stay open. Of the finished texts those with the n_beams best scores are kept.

    The search ends when no text is open, or when n_beams are finished and the best open text, its
    log-probability divided by its own length ** length_penalty, is no better than the worst of
    them. (As in transformers with early_stopping=False.)

    Args:
        model: see the module.
        prompt: at least one token; it has no part in scores and lengths.
        n_beams: the width of the search; 1 is greedy.
        max_new: at least 1.
        eos: the token that ends a text, and belongs to it; None: there is none.
        length_penalty: above 0 it favours long texts, for log-probabilities are negative.
    """
    raise NotImplementedError("generation.beam_search")


# --- Only what is allowed ---------------------------------------------------------------------


class Automaton(NamedTuple):
    """A machine that reads text character by character, beginning in state 0.

    It accepts a text if it can read all of it and is in an accepting state then.
    """

    steps: list[dict[str, int]]  # of each state: character → next state
    accepting: set[int]


def token_index(automaton: Automaton, vocabulary: Sequence[str]) -> list[dict[int, int]]:
    """For each state the tokens that may be written there, and the state each leads to.

    A token may be written if the automaton can read all its characters, and if what was written
    can then still become an accepted text: by nothing more, or by more tokens of the vocabulary.
    Tokens without characters may never be written.

    Args:
        automaton: of n states.
        vocabulary: the characters of each token.

    Returns:
        n dictionaries: token → state.
    """
    raise NotImplementedError("generation.token_index")


@dataclass(frozen=True)
class Constraint:
    """A restriction for `stream`: what is written can be read by the automaton, and ends well.

    Attributes:
        automaton: says what is allowed.
        index: see token_index.
        eos: the token that ends a text; allowed where the automaton accepts, and nowhere else.
    """

    automaton: Automaton
    index: list[dict[int, int]]
    eos: int

    def __call__(
        self, logits: Float[Tensor, "B V"], written: Int[Tensor, "B T"]
    ) -> Float[Tensor, "B V"]:
        """The logits of tokens that are not allowed become -inf."""
        forbidden = torch.ones_like(logits, dtype=torch.bool)
        for row, tokens in enumerate(written.tolist()):
            state = 0
            for token in tokens:
                state = self.index[state][token]
            forbidden[row, [*self.index[state]]] = False
            forbidden[row, self.eos] = state not in self.automaton.accepting
        return logits.masked_fill(forbidden, -math.inf)


# --- Speculative decoding ---------------------------------------------------------------------


def verify(
    target: Float[Tensor, "N+1 V"],
    draft: Float[Tensor, "N V"],
    proposed: Int[Tensor, " N"],
    uniform: Float[Tensor, " N+1"],
) -> list[int]:
    """The proposed tokens that stay, and one more: as if all were drawn from the target.

    The n-th proposal x is accepted with probability min(1, target[n, x] / draft[n, x]), that is,
    if uniform[n] is smaller than this ratio. The first that is not ends the proposals; in its place
    comes a token drawn from max(0, target[n] - draft[n]), normalised. If all are accepted, one more
    is drawn from the last row of the target. Whichever it is, uniform[N] draws it.

    Args:
        target: the large model's probabilities at each of N places, and after them.
        draft: the small model's.
        proposed: tokens, the n-th drawn from draft[n].
        uniform: numbers evenly from [0, 1), independent of each other.

    Returns:
        1 to N + 1 tokens.
    """
    raise NotImplementedError("generation.verify")


@torch.inference_mode()
def speculate(
    target: Model,
    draft: Model,
    prompt: Sequence[int],
    n_new: int,
    n_ahead: int,
    sampling: Sampling = PLAIN,
    generator: torch.Generator | None = None,
) -> list[int]:
    """Write n_new tokens that are distributed as the target's own, with fewer calls of the target.

    In each round the draft writes up to n_ahead tokens, one after the other, never so many that
    the round could exceed n_new. One call of the target reads all of them, and `verify` decides.

    Args:
        target: the model that the text is to come from.
        draft: a faster one, over the same vocabulary.
        prompt: at least one token.
        sampling: reshapes the distributions of both.
        generator: where all chance comes from; by default torch's own.
    """
    raise NotImplementedError("generation.speculate")
