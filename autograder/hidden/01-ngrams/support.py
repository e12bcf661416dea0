"""What stands beside the student's code: a model with given probabilities."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Table = Mapping[tuple[str, ...], Mapping[str, float]]


class TableModel:
    """P(word | context) looked up for the last order-1 tokens; what is not listed has 0.

    Args:
        order: how many tokens an n-gram has.
        table: table[context][word], with the contexts that can occur, <s> included.
        unknown: the listed word that stands for all others, like the <unk> of real models.
        backwards: go through the vocabulary in the opposite order.
    """

    def __init__(
        self, order: int, table: Table, unknown: str = "", backwards: bool = False
    ) -> None:
        self.order = order
        self.vocabulary = Words(word for row in table.values() for word in row)
        self.vocabulary.backwards = backwards
        self.table = table
        self.unknown = unknown

    def prob(self, word: str, context: Sequence[str] = ()) -> float:
        recent = context[max(0, len(context) - self.order + 1) :]
        row = self.table.get(tuple("<s>" if t == "<s>" else self._read(t) for t in recent), {})
        return row.get(self._read(word), 0.0)

    def _read(self, token: str) -> str:
        return token if token in self.vocabulary else self.unknown


class Words(frozenset[str]):
    """A set of strings is gone through in another order in every run; this one on demand."""

    backwards = False

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(super().__iter__(), reverse=self.backwards))


def keep(value: Any) -> Any:
    """The value itself: `keep.obj(x)` lends one object to several calls."""
    return value


# Many calls in one, where a test has thousands of them.


def probabilities(model: Any, questions: Sequence[tuple[str, Sequence[str]]]) -> list[Any]:
    """P(word | context) for each of the questions."""
    return [model.prob(word, list(context)) for word, context in questions]


def add_all(sketch: Any, items: Sequence[tuple[str, int]]) -> None:
    """Add every item as often as stands beside it."""
    for item, count in items:
        sketch.add(item, count)


def estimates(sketch: Any, items: Sequence[str]) -> list[Any]:
    """The estimate of each item."""
    return [sketch.estimate(item) for item in items]
