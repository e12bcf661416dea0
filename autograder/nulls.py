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
    whole = number if math.isfinite(number) else 0
    if _is_tensor(result):
        filled = result.new_full(result.shape, whole if _counts(result) else number)
        return filled.requires_grad_(result.requires_grad)  # so that a loss can be made of it
    match result:
        case bool():
            return bool(number)
        case int():
            return int(number) if math.isfinite(number) else number
        case float() | complex():
            return type(result)(number)
        case str():
            return text
        case bytes():
            return text.encode()
        case np.ndarray() | np.generic():
            counts = np.issubdtype(result.dtype, np.integer)
            return np.full_like(result, whole if counts else number)[()]
        case Mapping():
            return {key: _fill(value, number, text) for key, value in result.items()}
        case Set():
            return {_fill(item, number, text) for item in result}
        case list():
            return [_fill(item, number, text) for item in result]
        case tuple():
            return tuple(_fill(item, number, text) for item in result)
        case Iterator():
            return (_fill(item, number, text) for item in result)
        case None:
            return None
    if hasattr(result, "named_parameters"):  # an nn.Module
        for tensor in result.state_dict().values():
            tensor.copy_(_fill(tensor, number, text))
        return result
    for name, value in vars(result).items():
        if isinstance(value, Mapping | np.ndarray) or _is_tensor(value):
            setattr(result, name, _fill(value, number, text))
    return result


def _counts(tensor: Any) -> bool:
    """Whether its numbers are whole, so that nan is none of them."""
    return not (tensor.is_floating_point() or tensor.is_complex())


def _other_type(result: Any) -> Any:
    if _is_tensor(result):
        return result.double() if _counts(result) else result.real.long()
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


def _empty(result: Any) -> Any:
    if _is_tensor(result):
        return result.new_empty(0)
    match result:
        case np.ndarray():
            return np.empty(0, result.dtype)
        case Iterator():
            return iter(())
        case tuple():
            return ()
        case str() | bytes() | Mapping() | Set() | list():
            return type(result)()
    return None


NULLS: dict[str, NullRule] = {
    "none": lambda result, args: None,
    "zeros": lambda result, args: _fill(result, 0.0, ""),
    "ones": lambda result, args: _fill(result, 1.0, "a"),
    "nan": lambda result, args: _fill(result, math.nan, "nan"),
    "empty": lambda result, args: _empty(result),
    "input": lambda result, args: args[0] if args else None,
    "other_type": lambda result, args: _other_type(result),
}


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
