"""How well submissions are kept apart from the grader on this machine: proven, not assumed."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from autograder import box, probe, sandbox, selftest
from autograder.catalog import Limits
from autograder.farside import Load
from autograder.results import Outcome
from autograder.selftest import Property
from autograder.student import RemotePackage

UNSAFE = "none: not proven, and run with --unsafe"


class Isolation(msgspec.Struct):
    """What boxes on this machine were seen to withstand.

    Attributes:
        layers: of sandbox.LAYERS, those that can be had.
        extras: namespaces and control groups on top, which need luck.
        properties: what was tried, and whether the box refused it.
        accelerator: whether the boxes were those that may use the GPU.
    """

    layers: Sequence[str]
    extras: Sequence[str]
    properties: Sequence[Property]
    accelerator: bool = False

    @property
    def unproven(self) -> list[Property]:
        """What a submission could do that it must not; with any of these, nothing is graded."""
        return [p for p in self.properties if not p.proven]

    def __str__(self) -> str:
        proven = len(self.properties) - len(self.unproven)
        rung = "none" if self.unproven else "full" if self.extras else "standard"
        layers = ", ".join([*self.layers, *self.extras]) or "an ordinary child process"
        text = f"{rung}: {layers}; {proven} of {len(self.properties)} properties proven"
        return text + "; open: the GPU and its driver" * self.accelerator


def prove(secrets: Sequence[Path] = (), accelerator: bool = False) -> Isolation:
    """Try every door in real boxes; `secrets` are folders that no box may read.

    With `accelerator` they are boxes that may use the GPU, and that leaves some doors open.
    Raises box.BoxError if this machine can start no box at all.
    """
    load = Load(files={"probe.py": Path(probe.__file__).read_bytes()}, module="probe")

    def call(function: str, *args: Any) -> Any:
        try:
            return once(function, *args)
        except box.BoxError:  # somebody has killed the zygote: once more with another
            return once(function, *args)

    def once(function: str, *args: Any) -> Any:
        limits = Limits(wall_s=10, cpu_s=5, memory_mb=512)
        with box.Box(load, limits, accelerator=accelerator) as one:
            try:
                one.ask("load")
                return RemotePackage(one).call("probe", function, args, {}, keep=False)
            except box.StudentFaultError as fault:
                if fault.outcome in (Outcome.BLOCKED, Outcome.OUT_OF_MEMORY):
                    return "ended"  # by the watchdog, where no layer below it refused
                raise

    allowed = selftest.WITH_ACCELERATOR if accelerator else ()
    properties = list(selftest.prove(call, allowed))
    readable = sandbox.exposed(secrets)
    where = f"lies among what Python reads: {', '.join(map(str, readable))}" if readable else ""
    properties.append(Property("read the hidden tests", not readable, where))
    return Isolation(box.available_layers(), box.extras(), properties, accelerator)


def advice() -> str:
    """The one thing that would most likely help here."""
    landlock = sandbox.kernel().get("landlock", "")
    if "needs Linux" in landlock:
        return "grade on Linux: in a container, a virtual machine or on a server"
    if os.strerror(errno.EPERM) in landlock:
        return "let the container's seccomp profile allow Landlock: Docker 23 or newer does"
    return "update to Linux 5.13 or newer with Landlock enabled (boot option lsm=landlock,…)"
