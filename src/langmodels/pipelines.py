"""From a text to an answer: tokens in, a model, and then what its numbers mean.

A pipeline has three parts: a tokenizer makes tokens of texts, a model makes logits of tokens, and
the last part makes an answer of logits. The first two are other chapters'; here is the third, for
each task, and `pipeline`, which puts the three together as transformers' function of that name.

Letters: T positions, V vocabulary, C labels, D width.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

# --- Logits to answers ------------------------------------------------------------------------


def fill_mask(
    logits: Float[Tensor, "T V"], tokens: Int[Tensor, " T"], mask_id: int, n_best: int = 5
) -> list[list[tuple[int, float]]]:
    """For each position that holds the mask, the most probable tokens, most probable first.

    Args:
        logits: of the token at each position, from a masked language model.
        tokens: the text.
        mask_id: the token that stands for a hidden one; the text may hold several, or none.
        n_best: how many to give; no more than V.

    Returns:
        A list for each mask, in the order of the text, of (token, probability); the probabilities
        are those among all V tokens.
    """
    raise NotImplementedError("pipelines.fill_mask")


class Span(NamedTuple):
    """Some tokens one after the other: from `start` to `end`, both among them."""

    start: int
    end: int
    score: float


def best_span(
    start_logits: Float[Tensor, " T"],
    end_logits: Float[Tensor, " T"],
    allowed: Bool[Tensor, " T"],
    max_length: int = 15,
) -> Span:
    """The most probable answer: where it starts and where it ends, both among its tokens.

    Start and end are two softmaxes over the allowed positions; the score of a span is the product
    of the two probabilities. A span starts and ends at allowed positions, does not end before it
    starts, and has at most `max_length` tokens. Of equally good ones the first start wins, and of
    these the first end.

    Args:
        start_logits: of each position, from a question-answering model.
        end_logits: the same for the end.
        allowed: True for the text in which the answer is; False for question, [SEP] and padding.
        max_length: in tokens.

    Raises:
        ValueError: where no position is allowed.
    """
    if not allowed.any():
        raise ValueError("no position is allowed, so that no answer can be found")
    raise NotImplementedError("pipelines.best_span")


class Entity(NamedTuple):
    """A name in a text: its kind, the tokens from `start` up to `end`, which is not among them."""

    kind: str
    start: int
    end: int
    score: float


def group_entities(labels: Sequence[str], scores: Sequence[float]) -> list[Entity]:
    """The names that the labels of tokens spell: B-PER begins a person, I-PER goes on with it.

    Args:
        labels: one for each token: "O" (no name), "B-KIND" (a name begins) or "I-KIND" (it goes
            on). An I- after another kind, or after "O", begins a name too: models do that.
        scores: the probability of each label.

    Returns:
        The names in the order of the text; a name's score is the mean of its tokens' scores.
    """
    raise NotImplementedError("pipelines.group_entities")


def zero_shot_scores(
    logits: Float[Tensor, "C 3"], *, contradiction: int, entailment: int, several: bool = False
) -> Float[Tensor, " C"]:
    """How well each label fits a text, from a model that knows what follows from what.

    The model read the text together with "This text is about LABEL.", once for each label, and
    said whether the second contradicts the first, follows from it, or neither.

    Args:
        logits: of the three answers, for each label.
        contradiction: which of the three columns says so.
        entailment: which one says that it follows.
        several: False: one label is right, so the labels compete: a softmax over the logits of
            entailment. True: each label for itself: entailment against contradiction, and what is
            neither does not count.
    """
    raise NotImplementedError("pipelines.zero_shot_scores")


def mean_pool(hidden: Float[Tensor, "B T D"], real: Bool[Tensor, "B T"]) -> Float[Tensor, "B D"]:
    """One vector for each text: the mean of what a model says at its real tokens."""
    weights = real.to(hidden.dtype)[..., None]
    return (hidden * weights).sum(1) / weights.sum(1)


# --- Everything together ----------------------------------------------------------------------


class Encoded(NamedTuple):
    """A text, or two, as a model reads it: one entry for each token."""

    tokens: list[int]
    segments: list[int]  # 0, and 1 for the second text and its [SEP]
    places: list[tuple[int, int]]  # characters in its own text; (0, 0) for [CLS] and [SEP]


class Tokenizer(Protocol):
    """What a pipeline asks of a tokenizer."""

    mask_id: int

    def encode(self, text: str, second: str | None = None) -> Encoded:
        """A text, or two of them with special tokens between them."""
        ...

    def decode(self, tokens: Sequence[int]) -> str:
        """The text that tokens spell."""
        ...


class WordTokenizer:
    """Words between blanks, [CLS] before them and [SEP] after each text: BERT's way, in small.

    Args:
        words: the vocabulary; in front of it stand [PAD], [CLS], [SEP], [MASK] and [UNK].
    """

    SPECIAL = ("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]")

    def __init__(self, words: Sequence[str]) -> None:
        self.words = [*self.SPECIAL, *dict.fromkeys(words)]
        self.ids = {word: number for number, word in enumerate(self.words)}
        self.mask_id = self.ids["[MASK]"]

    def encode(self, text: str, second: str | None = None) -> Encoded:
        """[CLS] text [SEP], and where there is a second text, that and [SEP]."""
        tokens, segments, places = [self.ids["[CLS]"]], [0], [(0, 0)]
        for segment, part in enumerate([text] if second is None else [text, second]):
            after = 0
            for word in part.split():
                start = part.index(word, after)
                after = start + len(word)
                tokens.append(self.ids.get(word, self.ids["[UNK]"]))
                places.append((start, after))
            tokens.append(self.ids["[SEP]"])
            places.append((0, 0))
            segments += [segment] * (len(tokens) - len(segments))
        return Encoded(tokens, segments, places)

    def decode(self, tokens: Sequence[int]) -> str:
        """The words, with a blank between them."""
        return " ".join(self.words[token] for token in tokens)


Model = Callable[..., Any]


def pipeline(
    task: str, model: Model, tokenizer: Tokenizer, labels: Sequence[str] = ()
) -> Callable[..., Any]:
    """A function from texts to answers.

        task                        model             called with           gives
        text-classification         Classifier        text                  (label, probability)
        zero-shot-classification    Classifier, NLI   text, labels, …       {label: score}
        fill-mask                   BERTPretraining   text                  [[(word, prob.), …], …]
        ner                         Tagger            text                  [(text, kind, score), …]
        question-answering          Tagger            question, text        (answer, score)
        feature-extraction          BERT              text                  a vector
        text-generation             GPT2, Decoder     text, n_new           the text that goes on

    Args:
        task: one of these.
        model: an object of one of these classes, or whatever is called in the same way.
        tokenizer: makes tokens of texts.
        labels: the classes of the model, in the order of its logits; of an NLI model
            "contradiction" and "entailment" are among them.

    Raises:
        ValueError: for any other task.
    """
    if task not in TASKS:
        raise ValueError(f"the task is one of {', '.join(TASKS)}, not {task!r}")
    run = TASKS[task]

    def answer(*texts: Any, **options: Any) -> Any:
        with torch.no_grad():
            return run(model, tokenizer, labels, *texts, **options)

    return answer


def _read(
    model: Model, tokenizer: Tokenizer, text: str, second: str | None = None
) -> tuple[Encoded, Any]:
    """The tokens, and what a BERT says of them."""
    encoded = tokenizer.encode(text, second)
    return encoded, model(torch.tensor([encoded.tokens]), torch.tensor([encoded.segments]))


def _classify(
    model: Model, tokenizer: Tokenizer, labels: Sequence[str], text: str
) -> tuple[str, float]:
    probabilities = _read(model, tokenizer, text)[1][0].softmax(-1)
    best = int(probabilities.argmax())
    return labels[best], float(probabilities[best])


def _zero_shot(
    model: Model,
    tokenizer: Tokenizer,
    labels: Sequence[str],
    text: str,
    candidates: Sequence[str],
    template: str = "This text is about {}.",
    several: bool = False,
) -> dict[str, float]:
    logits = [_read(model, tokenizer, text, template.format(c))[1][0] for c in candidates]
    scores = zero_shot_scores(
        torch.stack(logits),
        contradiction=labels.index("contradiction"),
        entailment=labels.index("entailment"),
        several=several,
    )
    return dict(zip(candidates, scores.tolist(), strict=True))


def _fill(
    model: Model, tokenizer: Tokenizer, labels: Sequence[str], text: str, n_best: int = 5
) -> list[list[tuple[str, float]]]:
    encoded, (logits, _) = _read(model, tokenizer, text)
    found = fill_mask(logits[0], torch.tensor(encoded.tokens), tokenizer.mask_id, n_best)
    return [[(tokenizer.decode([token]), score) for token, score in row] for row in found]


def _names(
    model: Model, tokenizer: Tokenizer, labels: Sequence[str], text: str
) -> list[tuple[str, str, float]]:
    encoded, logits = _read(model, tokenizer, text)
    scores, best = logits[0, 1:-1].softmax(-1).max(-1)  # without [CLS] and [SEP]
    places = encoded.places[1:-1]
    found = group_entities([labels[number] for number in best.tolist()], scores.tolist())
    return [(text[places[e.start][0] : places[e.end - 1][1]], e.kind, e.score) for e in found]


def _answer(
    model: Model,
    tokenizer: Tokenizer,
    labels: Sequence[str],
    question: str,
    text: str,
    max_length: int = 15,
) -> tuple[str, float]:
    encoded, logits = _read(model, tokenizer, question, text)
    is_text = torch.tensor(encoded.segments) == 1
    is_text[-1] = False  # the last [SEP]
    span = best_span(logits[0, :, 0], logits[0, :, 1], is_text, max_length)
    return text[encoded.places[span.start][0] : encoded.places[span.end][1]], span.score


def _features(
    model: Model, tokenizer: Tokenizer, labels: Sequence[str], text: str
) -> Float[Tensor, " D"]:
    encoded, hidden = _read(model, tokenizer, text)
    return mean_pool(hidden, torch.ones(1, len(encoded.tokens), dtype=torch.bool))[0]


def _write(
    model: Model, tokenizer: Tokenizer, labels: Sequence[str], text: str, n_new: int = 20
) -> str:
    tokens = [t for t, p in zip(*tokenizer.encode(text)[::2], strict=True) if p != (0, 0)]
    for _ in range(n_new):
        tokens.append(int(model(torch.tensor([tokens]))[0, -1].argmax()))
    return tokenizer.decode(tokens)


TASKS: dict[str, Callable[..., Any]] = {
    "text-classification": _classify,
    "zero-shot-classification": _zero_shot,
    "fill-mask": _fill,
    "ner": _names,
    "question-answering": _answer,
    "feature-extraction": _features,
    "text-generation": _write,
}
