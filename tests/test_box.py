"""The `student` fixture for tensors and modules, near and far; and what a box withstands.

Far is a real box with torch in it. A test that takes `student` or `package` runs both ways, and
must say the same of both.
"""

import itertools
import math
import random
import textwrap
import time
import types
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import torch

from autograder import sandbox, wire
from autograder.box import Box, StudentFaultError
from autograder.catalog import Catalog, Chapter, Exercise, Limits
from autograder.examiner import Suite, Target, examine
from autograder.farside import Load
from autograder.near import NearBox
from autograder.nulls import NULLS
from autograder.results import Outcome, TestResult
from autograder.student import (
    Handle,
    LocalPackage,
    RemotePackage,
    Student,
    gradients,
    parameters,
    read,
)
from autograder.testing import complaint, expect, show

ROOMY = Limits(wall_s=20, cpu_s=10)
TIGHT = Limits(wall_s=1.5, cpu_s=1, memory_mb=300, output_kb=16)

NETS = '''
"""What a student hands in."""

import torch
from torch import nn
from torch.nn import functional as F

calls = 0


def same(value):
    return value


def describe(x):
    return str(x.dtype), list(x.shape), x.is_contiguous()


def cast(x, dtype):
    return x.to(dtype), x.dtype


def area(config):
    return config.width * config.inner.heads, config.dtype


def attend(query, key, *, value, mask=None, scale=1.0):
    scores = query @ key.mT * scale
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-1) @ value


def spoil(x):
    x += 1
    return x


def count():
    global calls
    calls += 1
    return calls


class Net(nn.Module):
    def __init__(self, width, hidden, dtype=torch.float64):
        super().__init__()
        self.width = width
        self.names = {"layers": ["embedding", "out"]}
        self.embedding = nn.Linear(width, hidden, dtype=dtype)
        self.out = nn.Linear(hidden, 1, dtype=dtype)
        self.register_buffer("seen", torch.zeros(2))

    def forward(self, x):
        return self.out(torch.tanh(self.embedding(x)))

    def both(self, x):
        hidden = torch.tanh(self.embedding(x))
        return {"hidden": hidden, "parts": (self.out(hidden), hidden.detach().argmax(-1))}

    def inner(self, name):
        return getattr(self, name)


def hidden_size(net):
    return net.embedding.out_features


def total(nets, x):
    return sum(net(x) for net in nets["all"][0]) + nets["one"](x)


def endless(net):
    global calls
    while True:
        calls += 1
        yield torch.full((2,), float(calls)), net.out.weight


def sample(x):
    with torch.no_grad():
        while True:
            yield x * 2


def train(net, x, steps, rate):
    for _ in range(steps):
        net.zero_grad()
        net(x).square().mean().backward()
        with torch.no_grad():
            for parameter in net.parameters():
                parameter -= rate * parameter.grad


def loss_under(model, x):
    return model.score(x)


def draw():
    return torch.rand(3), torch.initial_seed()


def seeded(seed):
    torch.manual_seed(seed)
    return torch.rand(3)


# Functions of tensors, to be differentiated.


def product(x, y):
    return x.T @ y


def shared(x, y):
    return [x * y.sum(), {"again": (x * x).sum(0)}]


def partly(x, y):
    return x.exp(), y.detach() + 1, (x > 0).long()


def unused(x, y):
    return y.sin()


def returned(x, y):
    return x, y


def dot(tensors, y):
    return tensors[0] @ y


class Doubled(torch.autograd.Function):
    """Its own gradient, which is not the true one."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 2 * x

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * x


def own_rule(x, y):
    return Doubled.apply(x) + y.sum()


def hooked(x, y):
    z = x * 2
    z.register_hook(lambda gradient: gradient.clamp(-0.5, 0.5))
    return z * y


DIFFERENTIABLE = [product, shared, partly, unused, returned, own_rule, hooked]
'''

SUPPORT = """
import torch


class Model:
    def __init__(self, weight):
        self.weight = torch.full((3,), float(weight))

    def score(self, x):
        return (x * self.weight).sum()
"""

here: Any = types.ModuleType("here")  # the same functions on this side
exec(NETS, vars(here))


def load(source: str, **rest: Any) -> Load:
    """A package of one module."""
    return Load(files={"nets.py": textwrap.dedent(source).encode()}, module="nets", **rest)


@contextmanager
def far(what: Load, limits: Limits = ROOMY) -> Iterator[Student]:
    """The package in a box; nothing of the box may be left afterwards."""
    with Box(what, limits, ["torch"]) as box:
        box.ask("load")
        yield Student(RemotePackage(box))
    assert not psutil.pid_exists(box._pid)
    assert not psutil.Process(box._zygote._process.pid).children(recursive=True)


@contextmanager
def near(what: Load) -> Iterator[Student]:
    """The package as this process imports it."""
    with NearBox(what, ROOMY) as box:
        box.ask("load")
        yield Student(LocalPackage(box.far.support))


@contextmanager
def without_walls(what: Load) -> Iterator[Student]:
    """The package in this process, asked as a box is."""
    with NearBox(what, ROOMY) as box:
        box.ask("load")
        yield Student(RemotePackage(box))


@pytest.fixture(params=[near, without_walls, far], ids=["near", "without walls", "far"])
def package(request: pytest.FixtureRequest) -> Iterator[Callable[..., Student]]:
    """Put a Load together and give the `student`, in this process and in a box."""
    with ExitStack() as stack:

        def put(what: Load) -> Student:
            student: Student = stack.enter_context(request.param(what))
            return student

        yield put


@pytest.fixture
def student(package: Callable[..., Student]) -> Student:
    return package(load(NETS, support=SUPPORT))


@pytest.fixture
def numbers(rng: random.Random) -> Callable[..., torch.Tensor]:
    """Random tensors in float64, the same in each run."""
    generator = torch.Generator().manual_seed(rng.randrange(2**32))

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    return draw


# Data


def test_tensors_of_every_dtype_come_back_bit_by_bit(student):
    unspeakable = {"complex32", "float4_e2m1fn_x2"}  # the call in words cannot show them
    for name in wire.TORCH_ITEM_BYTES.keys() - unspeakable:
        dtype = getattr(torch, name)
        for shape in [(2, 3), (), (0, 4)]:
            count = int(np.prod(shape)) * wire.TORCH_ITEM_BYTES[name]
            raw = torch.randint(0, 2 if name == "bool" else 120, (count,), dtype=torch.uint8)
            sent = raw.view(dtype).reshape(shape)
            got = student.nets.same(sent)
            assert (got.dtype, got.shape, got.requires_grad) == (dtype, shape, False)
            assert torch.equal(got.reshape(-1).view(torch.uint8), raw)
            assert student.nets.describe(sent) == (f"torch.{name}", list(shape), True)


@pytest.mark.parametrize(
    "view",
    [lambda x: x.T, lambda x: x[::2, 1:], lambda x: x[:1].expand(3, 4)],
    ids=["transposed", "sliced", "expanded"],
)
def test_a_view_arrives_as_a_tensor_of_its_own(student, numbers, view):
    sent = view(torch.complex(numbers(3, 4), numbers(3, 4)))
    assert student.nets.describe(sent) == ("torch.complex128", list(sent.shape), True)
    assert torch.equal(student.nets.same(sent), sent)


@pytest.mark.parametrize("name", ["conj", "complex32"])
def test_odd_tensors_can_be_shown(name):
    raw = torch.ones(8, dtype=torch.uint8)
    odd = torch.ones(2) * 1j
    show(odd.conj() if name == "conj" else raw.view(getattr(torch, name)))


def test_arrays_and_nested_data_come_back_as_they_are(student, numbers):
    arrays = [np.arange(6).astype(name).reshape(2, 3) for name in wire.ITEM_BYTES]
    expect(student.nets.same({"arrays": arrays, "pair": (1, None)})["arrays"], arrays)
    nested = {"a": [numbers(2)], "b": (numbers(1, 1), {"c": numbers(3)})}
    expect(student.nets.same(nested), nested)


def test_a_dtype_is_an_argument_and_a_result(student, numbers):
    for dtype in (torch.float16, torch.bfloat16, torch.int64):
        changed, before = student.nets.cast(numbers(2), dtype)
        assert (changed.dtype, before) == (dtype, torch.float64)


@dataclass
class Inner:
    heads: int


@dataclass
class Config:
    width: int
    inner: Inner
    dtype: torch.dtype = torch.float16
    sizes: list[torch.Tensor] = field(default_factory=list)


def test_a_config_arrives_as_something_with_its_fields(student, numbers):
    config = Config(5, Inner(3), sizes=[numbers(2)])
    assert student.nets.area(config) == (15, torch.float16)
    assert student.nets.area(config=types.SimpleNamespace(**vars(config)))[0] == 15
    back = student.nets.same(config)
    assert (back.width, back.inner.heads) == (5, 3)
    assert torch.equal(back.sizes[0], config.sizes[0])


def test_tensors_go_in_by_keyword(student, numbers):
    query, key, value = numbers(3, 4), numbers(5, 4), numbers(5, 2)
    mask = torch.rand(3, 5) > 0.2
    mask[:, 0] = True
    got = student.nets.attend(query, key, value=value, mask=mask, scale=0.5)
    scores = (query @ key.T * 0.5).masked_fill(~mask, -torch.inf)
    expect(got, scores.softmax(-1) @ value)


def test_nothing_over_there_changes_what_is_here(student, numbers):
    x, array = numbers(3), np.zeros(3)
    before = x.clone()
    assert torch.equal(student.nets.spoil(x), before + 1)
    assert torch.equal(x, before)
    student.nets.spoil(array)
    assert not array.any()
    net = student.nets.Net(3, 2)
    earlier, copies = net.state_dict(), parameters(net)
    student.nets.train(net, numbers(5, 3), 3, 0.1)
    for name, tensor in earlier.items():
        assert name == "seen" or not torch.equal(tensor, net.state_dict()[name])
        assert name == "seen" or torch.equal(tensor, copies[name])


# Objects that stay with the student's code


def test_a_module_is_made_and_called(student, numbers):
    net = student.nets.Net(3, hidden=2)
    assert isinstance(net, Handle)
    x = numbers(5, 3)
    weights = parameters(net)
    hidden = torch.tanh(x @ weights["embedding.weight"].T + weights["embedding.bias"])
    expected = hidden @ weights["out.weight"].T + weights["out.bias"]
    for got in (net(x), net.forward(x), net.both(x)["parts"][0]):
        expect(got.detach(), expected, tolerance=1e-12)
    assert not any(weight.requires_grad for weight in weights.values())
    assert list(gradients(net).values()) == [None] * 4


def test_what_gives_the_module_itself_gives_none(student):
    net = student.nets.Net(3, 2)
    assert net.eval() is None
    assert read(net, "training") is False
    assert net.train() is None
    assert read(net, "training") is True
    assert net.requires_grad_(False) is None
    assert net.to(torch.float32) is None
    assert read(net, "out.weight").dtype == torch.float32


def test_a_state_dict_carries_one_module_into_another(student, numbers):
    one, other = student.nets.Net(3, 2), student.nets.Net(3, 2)
    x = numbers(4, 3)
    assert not torch.equal(one(x), other(x))
    assert other.load_state_dict(one.state_dict()) == ([], [])
    assert torch.equal(one(x), other(x))
    ours = here.Net(3, 2)
    one.load_state_dict(ours.state_dict())
    assert torch.equal(one(x), ours(x))


def test_attributes_are_read_if_they_are_data(student):
    net = student.nets.Net(3, 2)
    assert read(net, "width") == 3
    assert read(net, "names") == {"layers": ["embedding", "out"]}
    assert read(net, "embedding.weight").shape == (2, 3)
    assert read(net, "embedding.weight").requires_grad
    assert not read(net, "seen").requires_grad
    with pytest.raises((AttributeError, StudentFaultError)):
        read(net, "out.wieght")
    with pytest.raises((TypeError, StudentFaultError)):
        read(net, "embedding")


def test_handles_go_back_as_arguments_also_deep_inside(student, numbers):
    nets = [student.nets.Net(3, 2) for _ in range(3)]
    x = numbers(4, 3)
    assert student.nets.hidden_size(nets[0]) == student.nets.hidden_size(net=nets[1]) == 2
    got = student.nets.total({"all": [nets[:2]], "one": nets[2]}, x)
    expect(got, sum(net(x) for net in nets).detach())
    config = types.SimpleNamespace(width=2, inner=student.nets.Net(3, 2), dtype=None)
    with pytest.raises((AttributeError, StudentFaultError)):
        student.nets.area(config)


def test_a_call_is_told_with_what_stands_for_an_object_deep_inside(student):
    with suppress(TypeError, AttributeError, StudentFaultError):  # a list is no config
        student.nets.area([student.nets.Net(3, 2)])
    assert student.last_call == "area([Net(3, 2)])"


def test_a_part_of_a_module_is_had_with_obj(student, numbers):
    net, x = student.nets.Net(3, 2), numbers(4, 3)
    layer = net.inner.obj("embedding")
    assert read(layer, "in_features") == 3
    expect(layer(x).detach(), x @ parameters(layer)["weight"].T + parameters(layer)["bias"])


def test_a_generator_is_read_one_by_one(student):
    net = student.nets.Net(3, 2)
    stream = student.nets.endless.obj(net)
    items = list(itertools.islice(stream, 5))
    assert [item.tolist() for item, _ in items] == [[n, n] for n in (1.0, 2.0, 3.0, 4.0, 5.0)]
    assert not items[0][1].requires_grad  # items are data, not part of a loss
    assert student.nets.count() == 6  # nothing was drawn beyond the five


def test_a_generator_leaves_the_recording_of_gradients_as_it_was(student, numbers):
    x = numbers(2).requires_grad_()
    stream = iter(student.nets.sample.obj(x))
    for _ in range(2):
        next(stream)
        assert torch.is_grad_enabled()
        assert student.nets.same(x * 2).requires_grad


def test_a_list_that_stays_can_be_read_again(student):
    stream = student.nets.same.obj([1, 2])
    assert list(stream) == list(stream) == [1, 2]


def test_support_stands_beside_the_students_code(student, numbers):
    model, x = student.support.Model(2), numbers(3).requires_grad_()
    loss = student.nets.loss_under(model, x)
    assert loss.item() == pytest.approx(2 * x.sum().item())
    loss.backward()
    expect(x.grad, torch.full((3,), 2.0, dtype=torch.float64))


def test_a_box_keeps_only_what_a_test_still_holds():
    """Else a test that trains in a loop would run out of the box's memory."""
    source = "import gc, torch\n\nclass Big(torch.nn.Module):\n"
    source += "    def __init__(self):\n        super().__init__()\n"
    source += "        self.weight = torch.nn.Parameter(torch.ones(2**21))\n"  # 8 MiB
    source += "    def forward(self, x):\n        return (self.weight * 2 * x).exp().sum()\n"
    with far(load(source), Limits(memory_mb=400)) as student:
        net = student.nets.Big()
        for _ in range(30):  # each graph holds 16 MiB
            net(torch.tensor(0.0))
        for _ in range(60):
            student.nets.Big()


# Gradients


def leaves(value: Any) -> list[torch.Tensor]:
    found: list[torch.Tensor] = []
    wire.map_tensors(value, found.append)
    return [tensor for tensor in found if tensor.requires_grad]


@pytest.mark.parametrize("function", here.DIFFERENTIABLE, ids=lambda f: f.__name__)
def test_gradients_are_those_of_the_same_function_here(student, numbers, rng, function):
    rows, columns = rng.randint(1, 5), rng.randint(1, 5)
    start = numbers(rows, columns), numbers(rows, columns)
    weights = [numbers(8, 8) for _ in range(3)]
    found = []
    for call in (getattr(student.nets, function.__name__), function):
        x, y = (tensor.clone().requires_grad_() for tensor in start)
        outputs = leaves(call(x * 1, y))
        loss = sum(
            (o * w[: o.shape[0], : o.shape[-1]].sum()).sum()
            for o, w in zip(outputs, weights, strict=False)
        )
        loss.backward()
        found.append([loss.detach(), x.grad, y.grad])
    expect(found[0], found[1], tolerance=1e-12)


def test_gradients_pass_a_numerical_check(student, numbers):
    x, y = numbers(3, 2).requires_grad_(), numbers(3, 2).requires_grad_()
    assert torch.autograd.gradcheck(student.nets.product, (x, y))
    assert torch.autograd.gradcheck(lambda x, y: student.nets.shared(x, y)[0], (x, y))


def test_parameters_collect_gradients_over_calls(student, numbers):
    net, ours = student.nets.Net(3, 2), here.Net(3, 2)
    net.load_state_dict(ours.state_dict())
    first, second = numbers(4, 3), numbers(2, 3)
    for model in (net, ours):
        ((model(first) - model(second).sum()).square().mean() + model(first)[0, 0]).backward()
    expect(gradients(net), {n: p.grad for n, p in ours.named_parameters()}, tolerance=1e-12)
    before = gradients(net)
    net(first).sum().backward()
    assert not torch.equal(before["out.bias"], gradients(net)["out.bias"])
    net.zero_grad()
    assert set(gradients(net).values()) == {None}


def test_what_a_loss_leaves_out_has_no_gradient(student, numbers):
    net = student.nets.Net(3, 2)
    net.both(numbers(4, 3))["hidden"].sum().backward()
    found = {name: gradient is None for name, gradient in gradients(net).items()}
    assert found == {
        "embedding.weight": False,
        "embedding.bias": False,
        "out.weight": True,
        "out.bias": True,
    }


def test_calls_can_follow_each_other_inside_one_loss(student, numbers):
    found = []
    start = numbers(2, 2)
    for product in (student.nets.product, here.product):
        x = start.clone().requires_grad_()
        y = product(x.sin(), product(x, x + 1))
        y *= 2  # what comes back can be changed in place
        y.sum().backward()
        found.append(x.grad)
    expect(found[0], found[1], tolerance=1e-12)


def test_only_what_can_be_trained_says_so(student, numbers):
    x, y = numbers(2, 2).requires_grad_(), numbers(2, 2)
    first, second, third = student.nets.partly(x, y)
    assert (first.requires_grad, second.requires_grad, third.requires_grad) == (True, False, False)
    assert not student.nets.product(y, y).requires_grad
    assert student.nets.same(x).requires_grad


def test_no_grad_here_holds_over_there(student, numbers):
    net, x = student.nets.Net(3, 2), numbers(4, 3).requires_grad_()
    for off in (torch.no_grad(), torch.inference_mode()):
        with off:
            assert not net(x).requires_grad
            assert not net.both(x)["hidden"].requires_grad
            assert student.nets.same(x).requires_grad  # a leaf stays what it is
    assert net(x).requires_grad


def test_the_second_way_back_needs_a_kept_graph(student, numbers):
    x = numbers(2, 2).requires_grad_()
    loss = student.nets.product(x, x).sum()
    loss.backward(retain_graph=True)
    once = x.grad.clone()
    loss.backward()
    expect(x.grad, 2 * once, tolerance=1e-12)
    with pytest.raises(RuntimeError, match="second time"):
        loss.backward()


def test_gradients_of_gradients_are_refused_not_wrong():
    with far(load(NETS)) as student:
        x = torch.ones(2, 2, requires_grad=True)
        loss = student.nets.product(x, x * x).sum()
        with pytest.raises(RuntimeError, match="no gradients of gradients"):
            torch.autograd.grad(loss, x, create_graph=True)


def test_only_what_a_call_was_sent_gets_a_gradient_back(student, numbers):
    """What stays over there is no input of this side, though it may be trainable."""
    x, y = numbers(2, 2).requires_grad_(), numbers(2, 2).requires_grad_()
    kept = student.nets.same.obj([x])
    student.nets.dot(kept, y).sum().backward()
    assert x.grad is None
    expect(y.grad, x.detach().T @ torch.ones(2, 2, dtype=torch.float64), tolerance=1e-12)


BACKWARD = """
    import torch
    class Rule(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, kind):
            ctx.kind = kind
            return x * 1
        @staticmethod
        def backward(ctx, gradient):
            while ctx.kind == "endless": pass
            return gradient / ctx.kind
    def apply(x, kind):
        return Rule.apply(x, kind)
"""


def test_what_goes_wrong_on_the_way_back_is_the_students(numbers):
    x = numbers(2).requires_grad_()
    with far(load(BACKWARD), TIGHT) as student:
        out = student.nets.apply(x, None)
        with pytest.raises(StudentFaultError, match=r"TypeError in nets\.py, line 11: return gra"):
            out.sum().backward()
        out = student.nets.apply(x, "endless")
        with pytest.raises(StudentFaultError) as raised:
            out.sum().backward()
    assert raised.value.outcome is Outcome.TIMEOUT
    assert x.grad is None


# What cannot cross


def test_a_function_cannot_be_sent(student):
    with pytest.raises(wire.NotPlainDataError, match=r"function.*put it into support\.py"):
        student.nets.same(lambda x: x)
    with pytest.raises(wire.NotPlainDataError, match="object of type Module"):
        student.nets.same([torch.nn.Module()])


def test_an_object_cannot_come_back(package):
    student = package(load("from torch import nn\ndef make():\n    return [nn.Linear(1, 1)]\n"))
    with pytest.raises((wire.NotPlainDataError, StudentFaultError)) as raised:
        student.nets.make()
    if isinstance(raised.value, StudentFaultError):
        assert raised.value.outcome is Outcome.WRONG
        assert "an object that no caller can use" in raised.value.message
        assert "Linear cannot cross" in raised.value.fault.text


def forged(result: Any) -> str:
    """A module whose functions write the reply themselves; `result` is the node in it."""
    return f"""
        import msgspec, os
        def answer(*_):
            header = msgspec.msgpack.encode(["t", [2, ["l", []], "value", {result!r}]])
            os.write(4, b"LM\\x01\\x00" + len(header).to_bytes(4) + bytes(8) + header)
        Make = answer
    """


@pytest.mark.parametrize(
    "result", [["h", 7], ["t", [["h", 7], None]], ["t", [None, ["h", 7]]]], ids=str
)
def test_a_handle_where_data_was_asked_for_is_no_answer(result):
    with far(load(forged(result)), TIGHT) as student, pytest.raises(StudentFaultError) as raised:
        student.nets.answer()
    assert raised.value.outcome is Outcome.CRASHED


@pytest.mark.parametrize("result", [1, ["t", [1, None]], ["t", [["h", 7], 3]]], ids=str)
def test_data_where_a_handle_was_asked_for_is_no_answer(result):
    with far(load(forged(result)), TIGHT) as student, pytest.raises(wire.ProtocolError):
        student.nets.Make()


# Complaints

COMPLAINTS = """
    class Special(ValueError):
        pass
    def complain(kind, text, code=None):
        kinds = dict(ValueError=ValueError, Special=Special, KeyError=KeyError)
        raise kinds[kind](text if code is None else text + 1000 * chr(code))
"""


@pytest.mark.parametrize("raised", ["ValueError", "Special"])
def test_a_complaint_is_known_by_its_class_or_one_above(package, raised):
    student = package(load(COMPLAINTS))
    assert complaint(lambda: student.nets.complain(raised, "no such size: 3")) == "no such size: 3"
    with pytest.raises((ValueError, StudentFaultError)):
        complaint(lambda: student.nets.complain(raised, "x"), LookupError)
    assert complaint(lambda: student.nets.complain("KeyError", "x"), LookupError) == "'x'"


def test_a_complaint_of_any_kind_is_the_students():
    with far(load(COMPLAINTS)) as student:
        said = complaint(lambda: student.nets.complain("ValueError", "mine"), Exception)
        assert said == "mine"


def test_any_text_can_be_complained_of(package):
    student = package(load(COMPLAINTS))
    for code in (0xDCFF, 0, 0x1F600):
        got = complaint(lambda code=code: student.nets.complain("ValueError", "a", code))
        assert got is not None
        assert got[0] == "a"


@pytest.mark.parametrize("module", ["nets", "others"])
def test_what_cannot_be_compiled_is_told_once_and_where_it_is(module):
    what = load("from langmodels import others\n" if module == "others" else "x = 1\nreturn x\n")
    what.files["others.py"] = b"x = 1\nreturn x\n"
    with pytest.raises(StudentFaultError) as raised, far(what):
        pass
    fault = raised.value.fault
    assert fault is not None
    assert (fault.file, fault.line) == (f"{module}.py", 2)
    assert fault.text == "'return' outside function"


# A fresh start in every box

STATE = """
    import os, random, sys
    import numpy as np
    import torch
    calls = []
    def draw():
        calls.append(1)
        drawn = random.random(), np.random.rand(), torch.rand(1).item(), torch.initial_seed()
        return len(calls), drawn
    def seeded(seed):
        torch.manual_seed(seed)
        return torch.rand(3)
    def surroundings():
        ours = [name for name in sys.modules if name.startswith(("autograder.", "pytest"))]
        return dict(os.environ), os.getcwd(), sys.path, ours, torch.get_num_threads()
    def arguments():
        return sys.argv
    def descriptors():
        found = []
        for number in range(1000):
            try:
                os.fstat(number)
                found.append(number)
            except OSError:
                pass
        return found
"""


def test_boxes_share_no_state():
    drawn = []
    for _ in range(2):
        with far(load(STATE)) as student:
            calls, numbers = student.nets.draw()
            assert calls == 1
            drawn.append(numbers)
            seeded = torch.rand(3, generator=torch.Generator().manual_seed(5))
            assert torch.equal(student.nets.seeded(5), seeded)
            assert torch.equal(student.nets.seeded(5), seeded)
    assert all(one != other for one, other in zip(*drawn, strict=True))


def test_a_box_is_not_told_where_it_is():
    with far(load(STATE)) as student:
        environment, folder, path, modules, threads = student.nets.surroundings()
        assert environment == {
            "HOME": "/",
            "TMPDIR": "/",
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
        }
        assert (folder, threads) == ("/", 1)
        assert all(entry.startswith(tuple(sandbox.read_roots())) for entry in path)
        needed = {"farside", "meter", "nulls", "sandbox", "survey", "wire"}
        assert set(modules) == {f"autograder.{name}" for name in needed}
        assert student.nets.descriptors() == [0, 1, 2, 3, 4]


def test_a_box_has_no_arguments():
    with far(load(STATE)) as student:
        assert student.nets.arguments() == [""]


# Whatever it does, the grader goes on

TOOLS = """
import ctypes, os, signal, struct, sys, threading, time
import msgspec, torch

def length(header, blobs=0, version=1):
    return struct.pack(">2sBBIQ", b"LM", version, 0, header, blobs)

def frame(header, version=1):
    return length(len(header), version=version) + header

def reply(id):
    return frame(msgspec.msgpack.encode(["t", [id, ["l", []], "value", ["t", [1, None]]]]))

def say(data):
    os.write(4, data)

def wait():
    time.sleep(60)

def later(action):
    threading.Timer(0.1, action).start()

class Mute(Exception):
    def __str__(self):
        raise self

def f(*_):
    {}
    return 1
"""
LINE = "wrote into the line"
ENDS = {
    "an endless loop": ("while True: pass", Outcome.TIMEOUT, "second"),
    "a long operation": ("torch.ones(4096, 4096).matrix_power(99)", Outcome.TIMEOUT, "second"),
    "a sleep": ("wait()", Outcome.TIMEOUT, "no answer within 1.5 seconds"),
    "a large tensor": ("torch.empty(2**40)", Outcome.OUT_OF_MEMORY, "out of memory in nets.py"),
    "many tensors": ("x = [torch.ones(2**18) for _ in range(9999)]", Outcome.OUT_OF_MEMORY, "mem"),
    "threads": ("while True: threading.Thread(target=wait).start()", Outcome.ERROR, "Thread"),
    "much output": ("while True: print('x' * 99)", Outcome.OUTPUT_TOO_LARGE, "16 kB"),
    "output from C": ("while True: os.write(2, bytes(999))", Outcome.OUTPUT_TOO_LARGE, "16 kB"),
    "an exit": ("sys.exit(0)", Outcome.CRASHED, "SystemExit"),
    "a hard exit": ("os._exit(0)", Outcome.CRASHED, "ended the Python process"),
    "a bad pointer": ("ctypes.string_at(0)", Outcome.CRASHED, "process crashed"),
    "a signal to itself": ("os.kill(os.getpid(), 9)", Outcome.CRASHED, "was killed"),
    "stopping": ("os.kill(os.getpid(), signal.SIGSTOP)", Outcome.TIMEOUT, "no answer"),
    "an exception without text": ("raise Mute", Outcome.CRASHED, "ended the Python process"),
    "a closed line": ("os.close(4); wait()", Outcome.CRASHED, "closed the line"),
    "no descriptors": ("os.closerange(0, 256); wait()", Outcome.CRASHED, "closed the line"),
    "garbage": ("say(b'garbage, and more of it')", Outcome.CRASHED, LINE),
    "another version": ("say(frame(b'x', version=2))", Outcome.CRASHED, LINE),
    "another id": ("say(reply(99))", Outcome.CRASHED, LINE),
    "a reply that is no tuple": ("say(frame(bytes([0xC0])))", Outcome.CRASHED, LINE),
    "a huge header": ("say(length(2**31))", Outcome.CRASHED, LINE),
    "huge blobs": ("say(length(9, 2**62))", Outcome.CRASHED, LINE),
    "a promise": ("say(length(9, 2**20)); wait()", Outcome.TIMEOUT, "no answer"),
    "half a frame": ("say(length(9, 9)); os._exit(0)", Outcome.CRASHED, "ended"),
    "too deep": ("say(frame(bytes([146, 161, 108, 145]) * 99999))", Outcome.CRASHED, LINE),
}


@pytest.mark.parametrize("body, outcome, words", ENDS.values(), ids=ENDS)
def test_every_end_has_its_outcome_in_time(body, outcome, words):
    with far(load(TOOLS.format(body)), TIGHT) as student:
        started = time.monotonic()
        with pytest.raises(StudentFaultError) as raised:
            student.nets.f(torch.ones(3))
        assert time.monotonic() - started < TIGHT.wall_s + 2
    assert raised.value.outcome is outcome
    assert words in raised.value.message
    assert "\n" not in raised.value.message


SECONDS = {
    "no output any more": ("os.closerange(0, 3)", None),
    "an old reply": ("later(lambda: say(reply(2)))", Outcome.CRASHED),
    "garbage": ("later(lambda: say(bytes(99)))", Outcome.CRASHED),
    "no line for requests": ("os.close(3)", Outcome.CRASHED),
    "nobody who reads": ("later(lambda: os.kill(os.getpid(), signal.SIGSTOP))", Outcome.TIMEOUT),
}


@pytest.mark.parametrize("body, outcome", SECONDS.values(), ids=SECONDS)
def test_what_a_call_leaves_behind_ends_the_next_in_time(body, outcome):
    large = torch.zeros(2**24)  # 64 MiB, which no pipe holds
    with far(load(TOOLS.format(body)), TIGHT) as student:
        assert student.nets.f() == 1
        time.sleep(0.2)
        started = time.monotonic()
        if outcome is None:
            assert student.nets.f(large) == 1
        else:
            with pytest.raises(StudentFaultError) as raised:
                student.nets.f(large)
            assert raised.value.outcome is outcome
        assert time.monotonic() - started < TIGHT.wall_s + 2


def test_a_reply_before_its_request_is_a_claim_like_any_other():
    with far(load(TOOLS.format("later(lambda: say(reply(3)))")), TIGHT) as student:
        assert student.nets.f() == 1
        time.sleep(0.2)
        assert student.nets.f() == 1
        with pytest.raises(StudentFaultError, match=LINE):
            student.nets.f()


def test_a_reply_to_half_a_request_ends_the_conversation():
    with far(load(TOOLS.format("later(lambda: say(reply(3)))")), TIGHT) as student:
        student.nets.f()
        time.sleep(0.2)
        with pytest.raises(StudentFaultError):
            for _ in range(2):
                student.nets.f(torch.zeros(2**24))


def test_large_tensors_cross_fast():
    large = torch.arange(2**24, dtype=torch.float32)  # 64 MiB
    with far(load(NETS)) as student:
        started = time.monotonic()
        assert torch.equal(student.nets.same(large), large)
        assert time.monotonic() - started < 5


# More rights, where an exercise asks for them

FAMILY = """
    import os, signal, time
    def fork():
        if (pid := os.fork()) == 0:
            os._exit(7)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    def family():
        ours, theirs = os.pipe()
        def child(*actions):
            if os.fork():
                return
            for act in actions:
                act()
            os.write(theirs, os.getpid().to_bytes(4))
            while True:
                time.sleep(60)
        def leave():
            if os.fork():
                os._exit(0)
        def detach():
            try:
                os.setsid()
            except PermissionError:
                pass
        def persist():
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child()
        child(detach)
        child(leave)
        child(leave, detach, leave)
        child(detach, persist)
        return [int.from_bytes(os.read(ours, 4)) for _ in range(5)]
    def run():
        import subprocess
        subprocess.run(["/bin/true"])
    def stop():
        os.kill(os.getpid(), signal.SIGSTOP)
"""


def test_processes_need_a_limit_that_allows_them():
    with far(load(FAMILY)) as student, pytest.raises(StudentFaultError) as raised:
        student.nets.fork()
    assert raised.value.outcome is Outcome.BLOCKED
    assert "other processes" in raised.value.message


def test_processes_are_gone_with_their_box():
    limits = Limits(wall_s=1.5, processes=8)
    with far(load(FAMILY), limits) as student:
        assert student.nets.fork() == 7
        pids = student.nets.family()
        assert all(map(psutil.pid_exists, pids))
        assert complaint(student.nets.run, PermissionError)  # no other program
        with pytest.raises(StudentFaultError, match="no answer within"):
            student.nets.stop()
    assert not any(map(psutil.pid_exists, pids))


FILES = """
    from pathlib import Path
    def write(path):
        Path(path).write_text("x")
"""
PLACES = ["/x", "/tmp/x", "/dev/shm/x", "x"]


def test_there_is_no_writable_folder():
    with far(load(FILES)) as student:
        for path in PLACES:
            with pytest.raises(StudentFaultError) as raised:
                student.nets.write(path)
            assert raised.value.outcome is Outcome.BLOCKED


ALONE = """
    import urllib.request
    def fetch():
        return urllib.request.urlopen("http://example.com/").read()
    def stop():
        breakpoint()
        return 3
"""


def test_the_network_is_refused_however_a_library_words_it():
    with far(load(ALONE)) as student, pytest.raises(StudentFaultError) as raised:
        student.nets.fetch()
    assert raised.value.outcome is Outcome.BLOCKED


def test_a_breakpoint_that_was_left_is_called_so():
    with far(load(ALONE)) as student, pytest.raises(StudentFaultError) as raised:
        student.nets.stop()
    assert raised.value.message.startswith("it stopped at a breakpoint() in nets.py, line")


# The ready-made version of what is to be built

ATTENTION = """
import torch
import torch.nn.functional as F
from torch import nn


def attend(q, k, v):
    {}
"""
OWN = "return (q @ k.mT / q.shape[-1] ** 0.5).softmax(-1) @ v"
READY_MADE = {
    "F": "return F.scaled_dot_product_attention(q, k, v)",
    "torch._C": "return torch._C._nn.scaled_dot_product_attention(q, k, v)",
    "torch.ops": "return torch.ops.aten.scaled_dot_product_attention.default(q, k, v)",
    "by name": "return getattr(F, 'scaled_dot' + '_product_attention')(q, k, v)",
    "inner": "return torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(q, k, v)[0]",
    "no_grad": "with torch.no_grad(): return F.scaled_dot_product_attention(q, k, v)",
    "inference_mode": "with torch.inference_mode(): return F.scaled_dot_product_attention(q, k, v)",
    "bfloat16": "return F.scaled_dot_product_attention(*[t.bfloat16() for t in (q, k, v)])",
    "layer": "return nn.MultiheadAttention(4, 1)(q[0], k[0], v[0], need_weights=False)[0]",
    "vmap": "return torch.vmap(F.scaled_dot_product_attention)(q, k, v)",
    "LSTM": "return nn.LSTM(4, 4)(q[0])[0]",
}
OPERATORS = [
    "aten::scaled_dot_product_attention",
    "aten::_scaled_dot_product_flash_attention_for_cpu",
    "aten::lstm",
]
GRADIENTS = {
    "of another shape": "[torch.ones(7, 7)] * 3",
    "of another kind": "['x', None, 3]",
    "too few": "[]",
    "none at all": "None",
    "complex": "[1j * torch.ones(1, 2, 3, 4)] * 3",
    "made up": "[torch.ones(1, 2, 3, 4)] * 3",
}
FORGED = "import sys; sys.modules['autograder.farside'].FarSide.backward = lambda *_: {}; "

TESTS = '''
import torch

from autograder.testing import exercise, expect


@exercise("nets.attend")
def test_attends(student):
    """Each query takes a mean of the values."""
    inputs = [torch.randn(1, 2, 3, 4, requires_grad=True) for _ in range(3)]
    found = []
    for attend in (attend_here, student.nets.attend):
        for tensor in inputs:
            tensor.grad = None
        out = attend(*inputs)
        (out**2).sum().backward()
        found.append([out, *[tensor.grad for tensor in inputs]])
    expect(found[1], found[0], tolerance=1e-4)


def attend_here(q, k, v):
    return (q @ k.mT / 2).softmax(-1) @ v
'''


@pytest.fixture
def examined(tmp_path: Path) -> Callable[..., tuple[dict[str, TestResult], dict[str, list[str]]]]:
    """Examine bodies of attend(): name → the result of the one test, name → flags."""
    (tmp_path / "hidden" / "nets").mkdir(parents=True)
    (tmp_path / "hidden" / "nets" / "test_nets.py").write_text(TESTS)

    def run(bodies: dict[str, str], forbids: list[str], waived: bool = False) -> Any:
        exercise = Exercise(
            "nets.attend", "Attend", 1, 1, 1, [], forbids=forbids, waived=waived, limits=ROOMY
        )
        folder = tmp_path / "nets"
        catalog = Catalog([Chapter(1, "I", "Nets", "nets", exercises=(exercise,), folder=folder)])
        targets = [
            Target(name, {"nets.py": ATTENTION.format(body).encode()})
            for name, body in bodies.items()
        ]
        suite = Suite(tmp_path / "hidden", visible=False)
        found = examine(targets, [exercise], suite, catalog, tmp_path)
        results = {name: found.results[name][exercise.id][0] for name in bodies}
        return results, {name: found.flags(name, exercise) for name in bodies}

    return run


def test_a_forbidden_operator_is_refused_under_every_name(examined):
    results, flags = examined({"own": OWN} | READY_MADE, OPERATORS)
    assert results.pop("own").outcome is Outcome.PASSED
    for name, result in results.items():
        assert (name, result.outcome) == (name, Outcome.BLOCKED)
        assert "calls the library's own version" in result.message
        assert "in nets.py, line 8: " in result.message
    assert not any(flags.values())


def test_a_refused_operator_hinders_nothing_else(package, numbers):
    """Not the reference's version of what an exercise builds on, nor its way back."""
    source = ATTENTION.format("raise NotImplementedError")
    source += "\n\ndef block(x):\n    return attend(x, x, x) + x\n"
    needs, reference = {"nets": ["attend"]}, {"nets": ATTENTION.format(OWN)}
    student = package(load(source, needs=needs, reference=reference, refused=OPERATORS))
    x = numbers(1, 2, 3, 4).requires_grad_()
    out = student.nets.block(x)
    expect(out, (x @ x.mT / 2).softmax(-1) @ x + x, tolerance=1e-12)
    out.sum().backward()
    assert x.grad is not None


BASE = """
class Base:
    def one(self):
        {}


class Derived(Base):
    def two(self):
        return 2 * super().one()
"""


def test_a_class_inherits_from_the_references_part_that_it_needs(package):
    source, reference = BASE.format("raise NotImplementedError"), BASE.format("return 1")
    student = package(load(source, needs={"nets": ["Base"]}, reference={"nets": reference}))
    assert student.nets.Derived().two() == 2


# Of `others`, everybody needs `needed`; `other` and Other are further exercises.
THEIRS = """
def needed():
    return "reference"


def other():
    raise NotImplementedError("others.other")


class Other:
    def __init__(self, text):
        raise NotImplementedError("others.Other")


__stubs__ = ["Other", "other"]
"""
OWN_OTHERS = """
def needed():
    raise NotImplementedError("others.needed")


def other():
    return helper()


class Other:
    def __init__(self, text):
        self.text = text


def helper():
    return "own"
"""
BUILDS_ON = """
from langmodels.others import Other, needed, other

def with_needed():
    return needed()

def with_more():
    from langmodels.others import helper
    return needed(), other(), Other("made").text, helper()
"""


def builds_on(others: str) -> Load:
    what = load(BUILDS_ON, needs={"others": ["needed"]}, reference={"others": THEIRS})
    what.files["others.py"] = others.encode()
    return what


def test_what_not_everybody_builds_on_is_ones_own(package):
    student = package(builds_on(OWN_OTHERS))
    assert student.nets.with_more() == ("reference", "own", "made", "own")


BROKEN_OTHERS = ["def needed(:\n", "import nothing_here\n", "while True: pass\n"]


@pytest.mark.parametrize("others", BROKEN_OTHERS)
def test_what_is_wrong_beside_a_need_costs_nobody_who_does_without_it(package, others):
    assert package(builds_on(others)).nets.with_needed() == "reference"


@pytest.mark.parametrize("others", BROKEN_OTHERS[:2])
def test_who_builds_on_what_is_broken_is_told_where_it_is(others):
    with far(builds_on(others)) as student, pytest.raises(StudentFaultError) as raised:
        student.nets.with_more()
    fault = raised.value.fault
    assert fault is not None
    assert (fault.file, fault.line) == ("others.py", 1)


def test_a_waived_operator_runs(examined):
    results, _ = examined({"own": OWN, "F": READY_MADE["F"]}, OPERATORS, waived=True)
    assert [result.outcome for result in results.values()] == [Outcome.PASSED] * 2


def test_a_forbidden_name_is_a_flag_for_a_person(examined):
    name = "torch.nn.functional.scaled_dot_product_attention"
    bodies = {"own": OWN, "F": READY_MADE["F"]}
    results, flags = examined(bodies, [name])
    assert [result.outcome for result in results.values()] == [Outcome.PASSED] * 2
    assert flags == {
        "own": [],
        "F": [f"nets.py, line 8: {name}: this exercise asks you to build it"],
    }
    assert examined(bodies, [name], waived=True)[1] == {"own": [], "F": []}


def test_forged_gradients_fail_their_test_and_nothing_else(examined):
    bodies = {name: FORGED.format(answer) + OWN for name, answer in GRADIENTS.items()}
    results, _ = examined({"before": OWN} | bodies | {"after": OWN}, [])
    assert [results.pop(name).outcome for name in ("before", "after")] == [Outcome.PASSED] * 2
    for name, result in results.items():
        assert result.outcome in (Outcome.WRONG, Outcome.CRASHED), name


# Packages in memory

FOLDERS = {
    "nets.py": """
        import inspect, traceback
        from dataclasses import dataclass
        from jaxtyping import Float, jaxtyped
        from torch import Tensor
        import langmodels.parts.deep.leaf as leaf
        from langmodels.parts import ONE
        from . import helpers
        from .parts.layers import double

        @dataclass
        class Config:
            width: int = 3

        @jaxtyped(typechecker=None)
        def scale(x: Float[Tensor, "rows columns"]) -> Float[Tensor, "rows columns"]:
            return double(x) * ONE + leaf.TWO + helpers.three()

        def source():
            return inspect.getsource(helpers.three), inspect.getsource(scale).splitlines()[0]

        def stumble():
            double(None)

        def remember():
            try:
                double(None)
            except TypeError:
                return traceback.format_exc()

        def names():
            return __name__, __file__, __package__, double.__module__
    """,
    "helpers.py": "def three():\n    return 3\n",
    "parts/__init__.py": "from .layers import double\nONE = 1\n",
    "parts/layers.py": "def double(x):\n    # a comment\n    return x * 2\n",
    "parts/deep/leaf.py": "from ... import parts\nTWO = parts.ONE + 1\n",
}
IN_FOLDERS = Load({n: textwrap.dedent(text).encode() for n, text in FOLDERS.items()}, module="nets")


def test_a_package_in_memory_is_imported_like_one_on_disk(package, numbers):
    student = package(IN_FOLDERS)
    x = numbers(2, 3)
    expect(student.nets.scale(x), 2 * x + 5, tolerance=1e-12)
    assert read(student.nets.Config(), "width") == 3
    name, file, parent, part = student.nets.names()
    assert (name, parent, part) == ("langmodels.nets", "langmodels", "langmodels.parts.layers")
    assert file.endswith("langmodels/nets.py")


def test_its_source_can_be_looked_at(package):
    source, first = package(IN_FOLDERS).nets.source()
    assert source == FOLDERS["helpers.py"]
    assert first == "@jaxtyped(typechecker=None)"


def test_tracebacks_name_files_and_lines(package):
    said = package(IN_FOLDERS).nets.remember()
    assert 'File "langmodels/parts/layers.py", line 3, in double\n    return x * 2\n' in said


def test_a_fault_names_the_innermost_line_of_the_package():
    with (
        far(IN_FOLDERS) as student,
        pytest.raises(StudentFaultError, match=r"TypeError in parts/layers\.py, line 3: return x"),
    ):
        student.nets.stumble()


def test_a_package_that_cannot_be_imported_says_where(package):
    files = {"__init__.py": b"x = 1\nraise KeyError('x')\n", "nets.py": b""}
    with pytest.raises((StudentFaultError, KeyError)) as raised:
        package(Load(files, module="nets"))
    if isinstance(raised.value, StudentFaultError):
        assert raised.match(r"KeyError in __init__\.py, line 2: raise KeyError")


# Answers without content


def test_a_null_answer_keeps_the_structure_of_tensors(numbers):
    x = numbers(2, 3).requires_grad_()
    result = {"a": [x * 2, torch.arange(3)], "b": (numbers(2).bfloat16(), np.ones(2), None, 1j)}
    for name, number in (("zeros", 0.0), ("ones", 1.0), ("nan", math.nan)):
        filled = NULLS[name](result, ())
        assert filled["a"][0].requires_grad
        like = torch.full((2, 3), number, dtype=torch.float64)
        assert torch.allclose(filled["a"][0], like, equal_nan=True)
        expect(filled["a"][1], torch.full((3,), 0 if name == "nan" else int(number)))
        low, array, none, imaginary = filled["b"]
        assert (low.dtype, array.shape, none) == (torch.bfloat16, (2,), None)
        assert type(imaginary) is complex
    assert NULLS["empty"](x, ()).shape == (0,)
    assert NULLS["other_type"](x, ()).dtype == torch.int64
    assert NULLS["other_type"](torch.arange(3), ()).dtype == torch.float64
    assert NULLS["none"](x, ()) is None
    assert NULLS["input"](1, (x,)) is x


def test_a_null_answer_keeps_a_stream_a_stream(numbers):
    stream = NULLS["zeros"]((numbers(2) for _ in itertools.count()), ())
    expect([next(stream), next(stream)], [torch.zeros(2, dtype=torch.float64)] * 2)
    assert list(NULLS["empty"](iter([1]), ())) == []


def test_a_null_module_keeps_its_parameters():
    net = here.Net(3, 2)
    names = [name for name, _ in net.named_parameters()]
    NULLS["ones"](net, ())
    assert [name for name, _ in net.named_parameters()] == names
    assert all(bool((tensor == 1).all()) for tensor in net.parameters())


def test_a_null_class_answers_without_content(package, numbers):
    net = package(load(NETS, symbol="Net", null="zeros")).nets.Net(3, 2)
    out = net(numbers(4, 3))
    assert torch.equal(out, torch.zeros(4, 1, dtype=torch.float64))
    out.sum().backward()
    assert set(gradients(net).values()) == {None}
