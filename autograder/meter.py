"""What the student's code costs: a count of what torch does for it.

Runs where that code runs, in a box, so that a count is a claim like every other answer; measure.py
is what authors of tests use, and holds the claim against the kernel's account.

Counts are exact and repeatable: they follow from shapes, not from clocks.
"""

import sys
import weakref
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Annotated, Any

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0, lt=2**62)]


class Cost(msgspec.Struct):
    """What ran under a meter, and what the kernel says of the box meanwhile.

    Attributes:
        flops: floating point operations of matrix products, convolutions and attention, by
            torch's own formulas; everything else is free.
        peak_bytes: the most bytes that tensors made under the meter took at one time. A view takes
            none, nor do arguments and what was there before.
        largest: numbers in the largest of these tensors.
        operators: torch's operators ("aten::bmm") → times.
        tokens: one entry for each embedding that was looked up: for how many tokens.
        device_bytes: the same peak on an accelerator, by its allocator; None where none is in use.
        cpu_s: the box's CPU time, by the kernel's account; None without a box.
        peak_resident: by how many bytes the box's memory grew at most, likewise.
    """

    flops: Count = 0
    peak_bytes: Count = 0
    largest: Count = 0
    operators: dict[str, Count] = {}
    tokens: list[Count] = []
    device_bytes: Count | None = None
    cpu_s: float | None = None
    peak_resident: Count | None = None


class Meter:
    """Counts what runs within `with meter.running():`, any number of times."""

    def __init__(self) -> None:
        torch = sys.modules.get("torch")
        self._counting = counting_mode()() if torch else None
        if torch and _device_bytes("peak") is not None:
            torch.accelerator.reset_peak_memory_stats()
        self._device_bytes_before = _device_bytes("current") or 0

    def running(self) -> AbstractContextManager[Any]:
        """Counts what runs within; nothing where nobody has imported torch."""
        return self._counting or nullcontext()

    def cost(self) -> Cost:
        """What has been counted so far."""
        counting = self._counting
        cost = Cost()
        if counting:
            cost.flops, cost.peak_bytes = counting.flops, counting.peak_bytes
            cost.largest = counting.largest
            cost.operators, cost.tokens = dict(counting.operators), list(counting.tokens)
        if (peak := _device_bytes("peak")) is not None:
            cost.device_bytes = max(peak - self._device_bytes_before, 0)
        return cost


def running(meter: Meter | None) -> AbstractContextManager[Any]:
    """The same where there may be no meter."""
    return meter.running() if meter else nullcontext()


@cache
def counting_mode() -> Any:
    """The class that torch tells of each operator, made when torch is there.

    Made once, in the zygote, because what it imports takes longer than starting a box.
    """
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils.flop_counter import flop_registry

    aten = torch.ops.aten
    composite = torch._C.DispatchKey.CompositeImplicitAutograd

    @cache
    def has_parts(func: Any) -> bool:
        has: bool = torch._C._dispatch_has_kernel_for_dispatch_key(func.name(), composite)
        return has

    def tensors(value: Any) -> Iterator[Any]:
        """Those that have memory of their own or share it."""
        if isinstance(value, torch.Tensor):
            if value.layout is torch.strided and not value.is_meta:
                yield value
        elif isinstance(value, (tuple, list, dict)):
            for part in value.values() if isinstance(value, dict) else value:
                yield from tensors(part)

    class Counting(TorchDispatchMode):
        supports_higher_order_operators = True

        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.flops = self.peak_bytes = self.largest = 0
            self.operators: dict[str, int] = {}
            self.tokens: list[int] = []
            self._live_bytes = 0
            self._sizes: dict[int, int] = {}  # address of a storage made under this → bytes

        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            kwargs = kwargs or {}
            # What has a formula is counted as a whole, the rest by its parts. Where gradients are
            # recorded, it comes in parts.
            packet = getattr(func, "_overloadpacket", func)
            formula = flop_registry.get(packet)
            if formula is None and packet is not func and has_parts(func):
                with self:
                    return func._op_dk(composite, *args, **kwargs)
            result = func(*args, **kwargs)
            if formula:
                self.flops += formula(*args, **kwargs, out_val=result)
            name = func._schema.name if packet is not func else f"higher_order::{func.name()}"
            self.operators[name] = self.operators.get(name, 0) + 1
            if packet is aten.embedding:
                self.tokens.append(args[1].numel())
            # torch.tensor(…) makes its tensor unseen and then hands it in here.
            given = () if packet is aten.lift_fresh else (args, kwargs)
            self._note_memory(tensors(given), tensors(result))
            return result

        def _note_memory(self, given: Iterable[Any], made: Iterable[Any]) -> None:
            here_before = {tensor.untyped_storage()._cdata for tensor in given}
            for tensor in made:
                storage = tensor.untyped_storage()
                address, size = storage._cdata, storage.nbytes()
                if address not in self._sizes:
                    if address in here_before:
                        continue
                    self._sizes[address] = 0
                    # Storages keep their Python object for as long as they live.
                    weakref.finalize(storage, self._forget, address).atexit = False
                if growth := size - self._sizes[address]:  # 0: a view, or in place
                    self._sizes[address] = size
                    self._live_bytes += growth
                    self.peak_bytes = max(self.peak_bytes, self._live_bytes)
                    self.largest = max(self.largest, size // tensor.itemsize)

        def _forget(self, address: int) -> None:
            self._live_bytes -= self._sizes.pop(address)

    return Counting


def accelerator_in_use() -> bool:
    """Whether this process has begun to use an accelerator; asking does not begin it."""
    torch = sys.modules.get("torch")
    device = torch and torch.accelerator.current_accelerator()
    if not torch or not device:
        return False
    module = torch.get_device_module(device)
    # Apple's is always initialised where it is there.
    return bool(getattr(module, "is_initialized", torch.accelerator.is_available)())


def _device_bytes(which: str) -> int | None:
    """Of tensors on the accelerator: current or peak; None where it does not say."""
    if not accelerator_in_use():
        return None
    try:
        stats = sys.modules["torch"].accelerator.memory_stats()
    except RuntimeError:  # not every device has such an account
        return None
    bytes: int | None = stats.get(f"allocated_bytes.all.{which}")
    return bytes


def synchronize() -> None:
    """Wait until an accelerator in use has done what it was asked for: clocks are honest then."""
    if accelerator_in_use():
        sys.modules["torch"].accelerator.synchronize()
