"""Null answers: the right structure without content; no test may accept one."""

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

import numpy as np

NullRule = Callable[[Any, tuple[Any, ...]], Any]


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")  # where nobody imported it, nothing is one
    return torch is not None and isinstance(value, torch.Tensor)


def _fill(result: Any, number: float, text: str) -> Any:
    """The same structure with every number and every string replaced."""
    if _is_tensor(result):
        is_float = result.is_floating_point() or result.is_complex()
        return result.new_full(result.shape, number if is_float or math.isfinite(number) else 0)
    match result:
        case bool():
            return bool(number)
        case int():
            return int(number) if math.isfinite(number) else number
        case float():
            return float(number)
        case str():
            return text
        case np.ndarray():
            return np.full_like(result, number, dtype=float).astype(result.dtype)
        case Mapping():
            return {key: _fill(value, number, text) for key, value in result.items()}
        case Set():
            return {_fill(item, number, text) for item in result}
        case list() | tuple():
            return type(result)(_fill(item, number, text) for item in result)
        case None:
            return None
    for name, value in vars(result).items():
        if isinstance(value, Mapping | np.ndarray):
            setattr(result, name, _fill(value, number, text))
    return result


def _other_type(result: Any) -> Any:
    if _is_tensor(result):
        return result.long() if result.is_floating_point() else result.double()
    match result:
        case bool():
            return int(result)
        case int():
            return float(result)
        case float() | None:
            return str(result)
        case str():
            return result.encode()
        case np.ndarray():
            return result.astype(np.int64 if result.dtype.kind == "f" else np.float64)
        case Mapping():
            return {key: _other_type(value) for key, value in result.items()}
        case Set() | list() | tuple():
            return str(result)
    return repr(result)


NULLS: dict[str, NullRule] = {
    "none": lambda result, args: None,
    "zeros": lambda result, args: _fill(result, 0.0, ""),
    "ones": lambda result, args: _fill(result, 1.0, "a"),
    "nan": lambda result, args: _fill(result, math.nan, "nan"),
    "empty": lambda result, args: type(result)() if _is_container(result) else None,
    "input": lambda result, args: args[0] if args else None,
    "other_type": lambda result, args: _other_type(result),
}


def _is_container(value: Any) -> bool:
    return isinstance(value, str | Mapping | Set | list | tuple)


def without_content(original: Any, rule: NullRule) -> Any:
    """The exercise with each result put through the rule; of a class, its public methods."""
    if not isinstance(original, type):
        return lambda *args, **kwargs: rule(original(*args, **kwargs), args)

    def methods() -> Iterator[tuple[str, Any]]:
        for name, method in vars(original).items():
            if callable(method) and not name.startswith("_"):
                yield (
                    name,
                    lambda self, *args, _method=method, **kwargs: rule(
                        _method(self, *args, **kwargs), args
                    ),
                )

    return type(original.__name__, (original,), dict(methods()))
