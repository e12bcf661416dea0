"""The self-test believes in a box only where every layer is there, and knows what each closes."""

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder import probe, sandbox, selftest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="isolation needs Linux")
USERS = [os.geteuid(), 65534] if os.geteuid() == 0 else [os.geteuid()]

# Proves boxes that it forks itself, as the given user, and says what was found.
DRIVER = """
import json, os, pwd, socket, sys
import _posixsubprocess  # a user without a way to the folder of this Python cannot import it
from autograder import probe, sandbox, selftest

layers, user, home, level = json.loads(sys.argv[1])
os.environ["HOME"] = home
roots = sandbox.read_roots()
sandbox.RULESETS = sandbox.RULESETS[level:]
if user != os.geteuid():
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def call(name, *arguments):
    requests, _ = os.pipe()
    answer, replies = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            os.chdir("/")
            os.environ.clear()
            os.closerange(3, requests)
            for low, high in ((requests + 1, replies), (replies + 1, 256)):
                os.closerange(low, high)
            sandbox.confine(sandbox.Policy(layers=tuple(layers)), roots)
            os.write(replies, json.dumps(getattr(probe, name)(*arguments)).encode())
        finally:
            os._exit(0)
    for number in (requests, _, replies):
        os.close(number)
    with os.fdopen(answer) as stream:
        text = stream.read()
    os.waitpid(pid, 0)
    return json.loads(text)


found = selftest.prove(call)
print(json.dumps({p.name: p.detail for p in found if not p.proven} | {"all": len(found)}))
"""


def unproven(layers, user, level=0):
    """Names and details of what is not proven of boxes with these layers."""
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o777)
        process = subprocess.run(
            [sys.executable, "-c", DRIVER, json.dumps([layers, user, home, level])],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            env={"PATH": "/usr/bin:/bin"},
        )
        assert process.stdout, process.stderr
        assert not list(Path(home).iterdir())
    found = json.loads(process.stdout)
    assert found.pop("all") >= 40
    return found


LANDLOCK = {
    "read files",
    "list folders",
    "write to files",
    "make files",
    "make files in the home folder",
    "change a folder open to all",
    "truncate files",
    "look into the grader",
    "look into other processes",
    "share memory",
}
SECCOMP = {
    "change the mode of files",
    "change the owner of files",
    "change the times of files",
    "change the attributes of files",
    "send by UDP",
    "make other sockets",
    "signal other processes",
    "have the kernel signal them",
    "read their clock",
    "start processes",
    "share memory",
    "become another user",
}
RLIMITS = {"start threads without end", "take memory without end", "raise limits"}


@pytest.mark.parametrize("user", USERS)
def test_every_property_is_proven_of_a_whole_box(user):
    assert unproven(sandbox.LAYERS, user) == {}


def test_every_property_is_proven_with_the_first_version_of_landlock():
    assert unproven(sandbox.LAYERS, USERS[-1], level=-1) == {}


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize(
    ("layers", "open_doors"),
    [
        (("seccomp", "rlimits"), LANDLOCK),
        (("landlock", "rlimits"), SECCOMP),
        (("landlock", "seccomp"), RLIMITS),
    ],
)
def test_without_a_layer_its_doors_are_found_open(layers, open_doors, user):
    found = set(unproven(layers, user))
    if "seccomp" in layers:
        assert found == open_doors
    else:  # what more there is depends on the version of Landlock and on the user
        assert open_doors <= found
        assert not found & {"read files", "write to files", "make files", "look into the grader"}


def test_the_table_of_the_probe_is_that_of_the_filter():
    words = probe.TABLE.split()
    rows = {name: pair for name, *pair in zip(words[::3], words[1::3], words[2::3], strict=True)}
    tables = sandbox.ALWAYS + sandbox.WITH_SCRATCH + sandbox.OURS
    words = tables.replace("?", "").split()
    ours = {name: pair for name, *pair in zip(words[::3], words[1::3], words[2::3], strict=True)}
    common = rows.keys() & ours.keys()
    assert len(common) > 10
    assert {name: rows[name] for name in common} == {name: ours[name] for name in common}


def test_the_numbers_of_the_probe_are_those_of_libseccomp():
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed")
    words = probe.TABLE.split()
    for column, arch in ((1, 0xC000003E), (2, 0xC00000B7)):
        for name, number in zip(words[::3], words[column::3], strict=True):
            token = ctypes.c_uint32(arch)
            found = library.seccomp_syscall_resolve_name_arch(token, name.encode())
            assert found == int(number), name


# --- The judge: nothing in these boxes is tried at all -----------------------------------------


def good(name, *arguments):
    """A box that says that it is shut."""
    return {
        "start_threads": "EAGAIN",
        "map_memory": "ENOMEM",
        "environment": ["PATH=/usr/bin:/bin", "OMP_NUM_THREADS=1"],
        "descriptors": ["0 device", "1 pipe", "2 pipe", "5 pipe"],
    }.get(name, "EPERM")


def prove(call):
    return {p.name: p for p in selftest.prove(call)}


def test_a_box_that_refuses_everything_is_proven():
    assert all(p.proven for p in prove(good).values())


@pytest.mark.parametrize("answer", ["done", "EFAULT", "ENOENT", "", None, 1, ["EPERM"], {}, True])
def test_any_other_answer_proves_nothing(answer):
    assert not any(p.proven for p in prove(lambda *_: answer).values())


def test_an_exception_proves_nothing_and_is_told():
    def broken(name, *arguments):
        raise ValueError("the box is gone")

    for found in prove(broken).values():
        assert not found.proven
        assert "ValueError: the box is gone" in found.detail


def test_what_happened_outside_outweighs_what_the_box_says():
    def liar(name, *arguments):
        if name == "ask" and arguments[0] == "unlinkat":
            Path(arguments[2]).unlink()
        if name == "ask" and arguments[0] == "kill" and arguments[2]:
            os.kill(arguments[1], arguments[2])
            time.sleep(0.2)
        if name == "ask" and arguments[0] == "fchmodat":
            Path(arguments[2]).chmod(0o777)
        if name == "connect_tcp":
            probe.connect_tcp(*arguments)
        if name == "connect_unix":
            probe.connect_unix(*arguments)
        if name == "send_udp":
            probe.send_udp(*arguments)
        return good(name, *arguments)

    found = prove(liar)
    assert {name for name, p in found.items() if not p.proven} == {
        "remove files",
        "change a folder open to all",
        "signal other processes",
        "change the mode of files",
        "connect by TCP",
        "send by UDP",
        "connect to a Unix socket",
        "connect to an abstract socket",
    }
    assert "changed" in found["remove files"].detail


@pytest.mark.parametrize(
    "variable", ["SECRET=1", "AWS_KEY=x", f"PYTHONPATH={Path.cwd()}", "PATH=" + sys.prefix]
)
def test_a_variable_of_the_host_is_found(variable):
    call = lambda name, *_: [variable] if name == "environment" else good(name)  # noqa: E731
    assert not prove(call)["know the host's environment"].proven


@pytest.mark.parametrize(
    "descriptors", [["0 file"], ["0 pipe", "3 socket"], ["0 pipe", "1 pipe", "2 pipe", "3 folder"]]
)
def test_a_descriptor_too_many_is_found(descriptors):
    call = lambda name, *_: descriptors if name == "descriptors" else good(name)  # noqa: E731
    assert not prove(call)["inherit open files"].proven


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "home").mkdir()
    (tmp_path / "temporary").mkdir()
    victims = []

    def interrupted(name, *arguments):
        if name == "read_memory":
            victims.append(arguments[0])
            raise KeyboardInterrupt
        return good(name, *arguments)

    with pytest.raises(KeyboardInterrupt):
        selftest.prove(interrupted)
    assert not [*(tmp_path / "home").iterdir(), *(tmp_path / "temporary").iterdir()]
    assert not Path(f"/proc/{victims[0]}").exists()
