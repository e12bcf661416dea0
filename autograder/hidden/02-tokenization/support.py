"""What stands beside the student's code: numbers and tables that count how they are used."""

from collections.abc import Iterator, Mapping
from typing import Any

Pair = tuple[int, int]


class Uses:
    """How often something was done."""

    def __init__(self) -> None:
        self.n = 0


class Count(int):
    """A word's count that notes when it is added, subtracted or multiplied."""

    uses: Uses

    def _used(self, other: int, result: int) -> int:
        self.uses.n += 1
        return result

    def __add__(self, other: int) -> int:
        return self._used(other, int(self) + int(other))

    def __sub__(self, other: int) -> int:
        return self._used(other, int(self) - int(other))

    def __rsub__(self, other: int) -> int:
        return self._used(other, int(other) - int(self))

    def __mul__(self, other: int) -> int:
        return self._used(other, int(self) * int(other))

    __radd__ = __add__
    __rmul__ = __mul__


class Rank(int):
    """An id of a table that notes when it is compared."""

    uses: Uses

    def _used(self, result: bool) -> bool:
        self.uses.n += 1
        return result

    def __lt__(self, other: int) -> bool:
        return self._used(int(self) < other)

    def __le__(self, other: int) -> bool:
        return self._used(int(self) <= other)

    def __gt__(self, other: int) -> bool:
        return self._used(int(self) > other)

    def __ge__(self, other: int) -> bool:
        return self._used(int(self) >= other)

    def __eq__(self, other: object) -> bool:
        return self._used(int(self) == other)

    __hash__ = int.__hash__


class Table(Mapping[Pair, int]):
    """Merges that note how many entries were looked up, and whose ids note comparisons."""

    def __init__(self, merges: Mapping[Pair, int]) -> None:
        self.looked_up, self.compared = Uses(), Uses()
        self._ids: dict[Pair, Rank] = {}
        for pair, number in merges.items():
            self._ids[pair] = Rank(number)
            self._ids[pair].uses = self.compared

    def __getitem__(self, pair: Pair) -> int:
        self.looked_up.n += 1
        return self._ids[pair]

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def used(self) -> tuple[int, int]:
        """Look-ups and comparisons so far."""
        return self.looked_up.n, self.compared.n


class WordCounts(dict[bytes, int]):
    """Word counts that note how often they were used in sums."""

    def __init__(self, counts: Mapping[bytes, int]) -> None:
        super().__init__({word: Count(count) for word, count in counts.items()})
        self._uses = Uses()
        for count in self.values():
            count.uses = self._uses  # type: ignore[attr-defined]

    def used(self) -> int:
        """Additions, subtractions and multiplications so far."""
        return self._uses.n


def keep(value: Any) -> Any:
    """The value itself: `keep.obj(x)` lends one object to a call, and `copy_of` looks at it."""
    return value


def copy_of(value: Any) -> Any:
    """What a kept object holds now."""
    return value
