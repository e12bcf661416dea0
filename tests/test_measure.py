"""Counting what code costs, near and far; clocks that may say that they do not know.

A test that takes `student` runs in this process and in a box, and must say the same of both.
"""

import itertools
import math
import random
import re
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from autograder import farside, meter, wire
from autograder.box import Box, doubts
from autograder.catalog import Catalog, Chapter, Exercise, Limits
from autograder.examiner import Suite, Target, examine
from autograder.farside import FarSide, Load
from autograder.measure import Ratio, compare, expect_ratio, measured, ratio_of
from autograder.meter import Cost
from autograder.near import NearBox
from autograder.results import Outcome
from autograder.student import LocalPackage, RemotePackage, Student, gradients, parameters
from autograder.testing import InconclusiveError, MismatchError

LIMITS = Limits(wall_s=60, cpu_s=20)
NETS = """
import torch
from torch import nn
from torch.nn import functional as F

KB = 256  # float32 numbers


def naive(q, k, v):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    mask = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    scores = scores.masked_fill(mask, -torch.inf)
    scores = scores.softmax(-1)
    return scores @ v


def ready_made(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, cache):
        q, k, v = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in self.qkv(x).chunk(3, -1)
        )
        if cache is not None:
            if cache:
                k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
            cache[:] = k, v
        attended = (q @ k.mT).softmax(-1) @ v
        x = x + self.out(attended.transpose(1, 2).flatten(2))
        return x + self.down(F.gelu(self.up(x)))


class Model(nn.Module):
    def __init__(self, vocabulary, width, layers, heads):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.unembedding = nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens, caches=None):
        x = self.embedding(tokens)
        for number, block in enumerate(self.blocks):
            x = block(x, None if caches is None else caches[number])
        return self.unembedding(x)

    def stream(self, tokens, cached):
        caches = [[] for _ in self.blocks] if cached else None
        fed = tokens
        while True:
            with torch.no_grad():
                new = self(fed, caches)[:, -1:].argmax(-1)
            tokens = torch.cat([tokens, new], 1)
            fed = new if cached else tokens
            yield new


def one_after_the_other():
    for _ in range(5):
        torch.empty(4 * KB)


def side_by_side():
    return len([torch.empty(4 * KB) for _ in range(5)])


def views(x):
    made = torch.zeros(16 * KB)
    parts = [made[:5], made.view(16, KB).T, made.expand(9, -1), made.detach(), x.T, x[0]]
    return len(parts)


def in_place(x):
    x += 1
    made = torch.zeros(16 * KB)
    made.mul_(2).add_(1)
    torch.exp(made, out=made)
    return made.relu_().sum().item()


def into_nothing():
    torch.add(torch.ones(KB), 1, out=torch.empty(0)).resize_(8 * KB)


def from_a_list():
    return torch.tensor([1.0] * KB)


def same(x):
    return x


def pair(x, y):
    return x * 2, (x * y).sum()


def composite(x, w):
    with torch.inference_mode():
        F.linear(x, w)


@torch.inference_mode()
def inferred(name, *args):
    globals()[name](*args)


def products(x, y, z):
    F.layer_norm(torch.einsum("nij,njk->nki", x, y), [4]) @ z


class Store:
    def __init__(self):
        self.kept = []

    def fill(self):
        self.kept.append(torch.zeros(4 * KB))

    def look(self):
        return sum(len(x) for x in self.kept)

    def stumble(self):
        self.fill()
        raise ValueError("after some work")


def swell():
    return torch.ones(50_000_000).sum().item()


def forge(cost):
    import sys
    sys.modules["autograder.farside"].FarSide.cost = lambda self: cost
"""
KIB = 1024


def load(source: str = NETS) -> Load:
    return Load({"nets.py": source.encode()}, module="nets")


@contextmanager
def far(source: str = NETS) -> Iterator[Student]:
    with Box(load(source), LIMITS, ["torch"]) as box:
        box.ask("load")
        yield Student(RemotePackage(box))


@contextmanager
def near(source: str = NETS) -> Iterator[Student]:
    with NearBox(load(source), LIMITS) as box:
        box.ask("load")
        yield Student(LocalPackage())


@contextmanager
def without_walls(source: str = NETS) -> Iterator[Student]:
    with NearBox(load(source), LIMITS) as box:
        box.ask("load")
        yield Student(RemotePackage(box))


@pytest.fixture(params=[near, without_walls, far], ids=["near", "without walls", "far"])
def student(request: pytest.FixtureRequest) -> Iterator[Student]:
    with request.param() as student:
        yield student


def qkv(length: int, grad: bool = False) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    draw = [torch.randn(1, 2, length, 64, generator=generator) for _ in range(3)]
    return [x.requires_grad_(grad) for x in draw]


def count(student: Student, name: str, *args: Any) -> Cost:
    with measured(student) as cost:
        getattr(student.nets, name)(*args)
    return cost


def counted(cost: Cost) -> Cost:
    """Only what is counted, without the kernel's account."""
    return msgspec.structs.replace(cost, cpu_s=None, peak_resident=None)


# What is counted


def test_naive_attention_takes_the_memory_of_its_formula(student):
    """Two T × T matrices of floats for each head, and a mask."""
    costs = [count(student, "naive", *qkv(length)) for length in (1024, 2048)]
    assert [c.peak_bytes for c in costs] == [17_825_792, 71_303_168]
    assert costs[1].peak_bytes / costs[0].peak_bytes == 4
    assert [c.largest for c in costs] == [2 * 1024**2, 2 * 2048**2]
    assert [c.flops for c in costs] == [2 * 2 * 2 * t * t * 64 for t in (1024, 2048)]
    assert costs[0].operators["aten::bmm"] == 2


def test_ready_made_attention_takes_what_it_returns(student):
    cost = count(student, "ready_made", *qkv(1024))
    assert cost.peak_bytes == 532_480
    assert cost.flops == 2 * 2 * 2 * 1024 * 1024 * 64  # the whole square, causal or not
    assert cost.operators == {"aten::_scaled_dot_product_flash_attention_for_cpu": 1}


WIDTH, LAYERS, VOCABULARY = 32, 2, 48


def flops(new: int, context: int) -> int:
    """Of a forward pass over `new` tokens that look at `context`."""
    weights = 12 * WIDTH**2 * LAYERS + VOCABULARY * WIDTH
    return 2 * new * weights + 4 * new * context * WIDTH * LAYERS


def test_a_transformer_takes_the_flops_of_its_formula(student):
    model = student.nets.Model(VOCABULARY, WIDTH, LAYERS, 4)
    for grad, length in itertools.product([False, True], [1, 16, 64]):
        with torch.set_grad_enabled(grad), measured(student) as cost:
            model(torch.zeros(1, length, dtype=torch.long))
        assert cost.flops == flops(length, length)
        assert cost.tokens == [length]


def test_a_cache_is_seen_in_tokens_and_flops(student):
    model = student.nets.Model(VOCABULARY, WIDTH, LAYERS, 4)
    prompt = torch.zeros(1, 8, dtype=torch.long)
    costs = []
    for cached in (True, False):
        with measured(student) as cost:
            list(itertools.islice(model.stream.obj(prompt, cached), 5))
        costs.append(cost)
    assert costs[0].tokens == [8, 1, 1, 1, 1]
    assert costs[0].flops == flops(8, 8) + sum(flops(1, n) for n in range(9, 13))
    assert costs[1].tokens == [8, 9, 10, 11, 12]
    assert costs[1].flops == sum(flops(n, n) for n in range(8, 13))


def test_backward_takes_twice_the_flops_of_forward(student):
    inputs = qkv(64, grad=True)
    with measured(student) as forward:
        out = student.nets.naive(*inputs)
    with measured(student) as backward:
        out.sum().backward()
    assert backward.flops == 2 * forward.flops > 0
    for tensor in inputs:
        tensor.grad = None
    with measured(student) as both:
        student.nets.naive(*inputs).sum().backward()
    assert both.flops == 3 * forward.flops
    assert both.peak_bytes > forward.peak_bytes
    assert all(tensor.grad is not None for tensor in inputs)


def test_gradients_are_the_same_under_a_meter(student):
    model = student.nets.Model(VOCABULARY, WIDTH, LAYERS, 4)
    tokens, found = torch.arange(9)[None], []
    x, y = (torch.rand(3, requires_grad=True) for _ in "xy")
    for under in (False, True):
        model.zero_grad()
        x.grad = y.grad = None
        with measured(student) if under else torch.enable_grad():
            model(tokens).exp().mean().backward()
            twice, total = student.nets.pair(x, y)
            assert twice.requires_grad and total.requires_grad
            total.backward()
        found.append([*gradients(model).values(), x.grad, y.grad])
    for one, other in zip(*found, strict=True):
        assert torch.equal(one, other)
    assert torch.equal(x.grad, y.detach())


def test_the_peak_falls_when_tensors_die(student):
    assert count(student, "one_after_the_other").peak_bytes == 4 * KIB
    assert count(student, "side_by_side").peak_bytes == 20 * KIB


def test_views_and_work_in_place_take_no_memory(student):
    assert count(student, "views", torch.zeros(300, 300)).peak_bytes == 16 * KIB
    cost = count(student, "in_place", torch.zeros(300, 300))
    assert cost.peak_bytes == 16 * KIB + 4  # and the sum
    assert cost.largest == 16 * 256


def test_a_tensor_that_grows_counts_as_it_grows(student):
    cost = count(student, "into_nothing")
    assert (cost.peak_bytes, cost.largest) == (8 * KIB, 8 * 256)


def test_a_tensor_of_a_list_is_made(student):
    assert count(student, "from_a_list").peak_bytes == KIB


def test_arguments_are_not_made(student):
    assert counted(count(student, "same", torch.zeros(1000))) == Cost()


def test_operators_are_counted_by_their_parts_in_inference_mode_too(student):
    cost = count(student, "composite", torch.ones(3, 4), torch.ones(5, 4))
    assert cost.flops == 2 * 3 * 4 * 5
    assert cost.operators.get("aten::mm", 0) == 1 and "aten::linear" not in cost.operators


def test_the_same_is_counted_in_inference_mode(student):
    ones = [torch.ones(shape) for shape in [(2, 4, 6), (2, 6, 3), (2, 4, 5)]]
    for name, inputs in [("naive", qkv(16)), ("products", ones)]:
        costs = count(student, name, *inputs), count(student, "inferred", name, *inputs)
        seen = [(c.flops, c.peak_bytes, c.largest, c.operators["aten::bmm"]) for c in costs]
        assert seen[0] == seen[1]
        assert min(seen[0]) > 0


def test_runs_are_equal_to_the_unit(student):
    one, *others = (counted(count(student, "naive", *qkv(128, grad=True))) for _ in range(3))
    assert others == [one, one]


def test_near_and_boxed_counts_are_equal():
    def work(student: Student) -> list[Cost]:
        model = student.nets.Model(VOCABULARY, WIDTH, LAYERS, 4)
        costs = [count(student, name) for name in ("side_by_side", "into_nothing", "from_a_list")]
        with measured(student) as cost:
            inputs = qkv(100, grad=True)
            out = student.nets.naive(*(x.mT.contiguous().mT for x in inputs))
            (out[..., 0] * 2).sum().backward()  # a gradient that is no plain tensor
            student.nets.naive(*inputs).mean().backward()
            with torch.no_grad():
                student.nets.ready_made(*inputs)
        costs.append(cost)
        with measured(student) as cost:
            for batch in (torch.zeros(2, 7).long(), torch.ones(1, 5).long()):
                model.zero_grad()
                model(batch).logsumexp(-1).sum().backward()
            next(iter(model.stream.obj(batch, True)))
        return [*costs, cost]

    with near() as one, far() as other:
        for here, there in zip(work(one), work(other), strict=True):
            assert here == counted(there)
            assert here.flops or here.peak_bytes


# When it is counted


def test_nothing_is_counted_but_the_students_code(student):
    x = torch.rand(64, 64)
    with measured(student) as cost:
        _ = (x @ x).exp()
        x.clone().requires_grad_().sum().backward()
    assert counted(cost) == Cost()
    model = student.nets.Model(VOCABULARY, WIDTH, LAYERS, 4)
    count(student, "naive", *qkv(8))
    with measured(student) as cost:
        parameters(model)
        gradients(model)
    assert counted(cost) == Cost()


def test_what_stays_over_there_stays_alive(student):
    store = student.nets.Store()
    store.fill()  # not counted: nobody measures
    with measured(student) as cost:
        store.fill()
        _ = torch.zeros(10**6)
        store.fill()
        assert store.look() == 3 * 1024
    assert cost.peak_bytes == 8 * KIB
    with measured(student) as cost:
        store.fill()
    assert cost.peak_bytes == 4 * KIB


def test_a_call_that_raises_is_counted(student):
    store = student.nets.Store()
    with measured(student) as cost:
        with pytest.raises(Exception, match=r"ValueError|after some work"):
            store.stumble()
        store.fill()
    assert cost.peak_bytes == 8 * KIB


def test_the_cost_is_filled_in_at_the_end(student):
    with measured(student) as cost:
        student.nets.naive(*qkv(8))
        assert cost == Cost()
    assert cost.flops


def test_without_torch_nothing_is_counted():
    with Box(Load({"words.py": b"def f(): return 1"}, module="words"), LIMITS) as box:
        box.ask("load")
        with measured(student := Student(RemotePackage(box))) as cost:
            assert student.words.f() == 1
    assert counted(cost) == Cost()


# What may be believed


def test_the_kernels_account_stands_beside_the_claim():
    with far() as student:
        cost = count(student, "naive", *qkv(1024))
        assert 0 < cost.cpu_s < LIMITS.cpu_s
        assert cost.peak_resident > 8 * 1024**2
        assert doubts(cost) == student._package._box.remarks == []
    with near() as student:
        cost = count(student, "naive", *qkv(16))
        assert (cost.cpu_s, cost.peak_resident) == (None, None)


def test_memory_from_before_is_not_held_against_the_count():
    with far() as student:
        student.nets.swell()
        cost = count(student, "naive", *qkv(64))
    assert cost.peak_resident < 64 * 2**20 and doubts(cost) == []


@pytest.mark.parametrize(
    "said",
    [
        *(None, "few", [], {"flops": -1}, {"flops": 1.5}, {"flops": 2**80}, {"flops": None}),
        *({"operators": ["aten::bmm"]}, {"operators": {"aten::bmm": -1}}, {"tokens": 3}),
        {"tokens": [torch.ones(1)]},
    ],
    ids=str,
)
def test_what_is_no_cost_is_refused(said):
    with far() as student:
        student.nets.forge(said)
        with pytest.raises(wire.ProtocolError), measured(student):
            student.nets.naive(*qkv(8))


def test_a_box_has_no_say_in_what_the_kernel_tells():
    with far() as student:
        student.nets.forge({"flops": 7, "cpu_s": 1e-9, "peak_resident": 1})
        cost = count(student, "naive", *qkv(512))
    assert cost.flops == 7
    assert cost.cpu_s > 1e-4 and cost.peak_resident > 1


def test_doubts_leave_honest_code_a_wide_margin():
    honest = Cost(flops=10**9, operators={"aten::mm": 1000}, peak_bytes=10**7, largest=10**4)
    honest.cpu_s, honest.peak_resident = 1.5, 10**8
    assert doubts(honest) == []
    for field, value in {"cpu_s": 5.0, "peak_resident": 2 * 10**8}.items():
        (remark,) = doubts(msgspec.structs.replace(honest, **{field: value}))
        assert ("processor" in remark) == (field == "cpu_s")
        assert not re.search(r"\d", remark)  # a box could choose a figure
    assert doubts(msgspec.structs.replace(honest, peak_resident=2 * 10**8), carried=10**8) == []
    assert doubts(Cost()) == []


TESTS = '''
import torch

from autograder.measure import Ratio, expect_ratio, measured
from autograder.testing import exercise, expect_that


@exercise("nets.f")
def test_is_cheap(student):
    """It takes the FLOPs of one product."""
    with measured(student) as cost:
        student.nets.f(torch.ones(8, 8))
    expect_that(cost.flops == 1024, expected="1024 FLOPs", got=cost.flops)


@exercise("nets.g")
def test_is_fast(student):
    """It is twice as fast."""
    student.nets.g(1)
    expect_ratio(Ratio(2.0, 1.9, 2.1, 20), 2)
'''
BURN = """
import gc, sys, time
import torch

def burn(seconds=1.6):
    x = torch.rand(128, 128)
    start = time.process_time()
    while time.process_time() - start < seconds:
        x @ x

def g(x):
    return x

def f(x):
    {}
    return x @ x
"""
FORGERIES = {
    "answers for the meter": """
    cost = {"flops": 1024, "operators": {"aten::mm": 1}}
    sys.modules["autograder.farside"].FarSide.cost = lambda self: cost
    burn()""",
    "finds the mode": """
    for found in gc.get_objects():
        if type(found).__name__ == "Counting":
            type(found).__torch_dispatch__ = lambda s, f, t, args=(), kwargs=None: f(*args)
            burn()
            found.flops = 0
            found.operators.clear()
    cost = sys.modules["autograder.meter"].Cost(1024)
    sys.modules["autograder.meter"].Meter.cost = lambda meter: cost
    """,
    "leaves the mode": """
    from torch.utils._python_dispatch import _disable_current_modes
    with _disable_current_modes():
        burn()""",
    "hides in numpy": """
    import numpy
    numpy.ones(40_000_000)""",
}


def test_forged_meters_are_flagged_and_honest_ones_are_not(tmp_path):
    # pytest keeps the modules of a suite by name: no other test has a suite of this one.
    (tmp_path / "hidden" / "costs").mkdir(parents=True)
    (tmp_path / "hidden" / "costs" / "test_costs.py").write_text(TESTS)
    exercises = tuple(
        Exercise(f"nets.{name}", name, 1, 1, 1, [], limits=LIMITS) for name in ("f", "g")
    )
    folder = tmp_path / "costs"
    catalog = Catalog([Chapter(1, "I", "Nets", "nets", exercises=exercises, folder=folder)])
    bodies = {"honest": "pass"} | {name: body.strip() for name, body in FORGERIES.items()}
    targets = [Target(n, {"nets.py": BURN.format(b).encode()}) for n, b in bodies.items()]
    found = examine(targets, exercises, Suite(tmp_path / "hidden", False), catalog, tmp_path)
    for name in bodies:
        (cheap,), (fast,) = found.results[name].values()
        assert (name, cheap.outcome) == (name, Outcome.PASSED)  # a flag takes no points
        flags = found.flags(name, exercises[0])
        assert found.flags(name, exercises[1]) == []
        assert fast.outcome is Outcome.INCONCLUSIVE
        assert "1.90" in fast.log and not re.search(r"\d", fast.message)
        if name == "honest":
            assert flags == [] and "Cost" not in cheap.log
        else:
            what = "memory" if name == "hides in numpy" else "processor time"
            # What hides one thing may show in another as well.
            assert any(what in flag for flag in flags)
            assert all(flag.startswith("nets.py, f: ") for flag in flags)
            assert "Cost(flops=1024" in cheap.log


# Accelerators, with a device made up


@pytest.fixture
def device(monkeypatch):
    """As if this process had begun to use a device."""
    said = types.SimpleNamespace(waits=0, current=100, peak=900, resets=0, stats=True)

    def stats() -> dict[str, int]:
        if not said.stats:
            raise RuntimeError("no such account")
        return {f"allocated_bytes.all.{n}": getattr(said, n) for n in ("current", "peak")}

    def note(field: str) -> Callable[[], None]:
        return lambda: setattr(said, field, getattr(said, field) + 1)

    module = types.SimpleNamespace(is_initialized=lambda: True)
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda: "made up")
    monkeypatch.setattr(torch, "get_device_module", lambda device: module)
    monkeypatch.setattr(torch.accelerator, "memory_stats", stats)
    monkeypatch.setattr(torch.accelerator, "synchronize", note("waits"))
    monkeypatch.setattr(torch.accelerator, "reset_peak_memory_stats", note("resets"))
    return said


def test_memory_of_a_device_is_counted_from_where_it_was(device):
    one = meter.Meter()
    assert device.resets == 1
    device.peak = 5100
    assert one.cost().device_bytes == 5000


def test_a_device_without_an_account_is_none(device):
    device.stats = False
    assert meter.Meter().cost().device_bytes is None
    assert device.resets == 0


def test_without_a_device_there_is_none():
    assert meter.Meter().cost().device_bytes is None
    assert not meter.accelerator_in_use()


def test_a_call_ends_when_the_device_is_done(device):
    side = FarSide(load("def f(): pass"))
    side.answer((1, "measure"))
    assert device.waits == 1
    with near() as student:
        device.waits = 0
        student.nets.same(1)
        assert device.waits == 1


# Clocks


class Clock:
    """A clock that only moves when somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: Callable[[], float]) -> Callable[[], None]:
        def call() -> None:
            self.now += seconds()

        return call


def simulate(
    draw: random.Random, ratio: float, noise: Callable[[], float], pairs: int = 20
) -> Ratio:
    clock = Clock()
    first, second = (clock.work(lambda f=f: f * noise()) for f in (1, ratio))
    return compare(first, second, pairs=pairs, clock=clock, synchronize=lambda: None)


@pytest.mark.parametrize("kind", ["even", "heavy tails", "spikes"])
def test_the_interval_holds_the_true_ratio_as_often_as_it_says(kind):
    draw = random.Random(f"coverage of {kind}")
    noise = {
        "even": lambda: draw.lognormvariate(0, 0.1),
        "heavy tails": lambda: draw.paretovariate(1.1),
        "spikes": lambda: draw.uniform(0.9, 1.1) * (20 if draw.random() < 0.2 else 1),
    }[kind]
    found = [simulate(draw, 1.7, noise) for _ in range(1000)]
    assert sum(r.low <= 1.7 <= r.high for r in found) >= 940
    # 0.959 by the binomial formula: an interval that always held it would be too wide.
    assert sum(r.low <= 1.7 <= r.high for r in found) <= 980


def test_a_load_that_comes_and_goes_does_not_move_the_ratio():
    draw, step = random.Random(3), itertools.count()
    found = simulate(draw, 3.0, lambda: 1 + 9 * (next(step) // 6 % 2))
    assert found.median == 3.0


def test_the_order_within_a_pair_alternates():
    clock, order = Clock(), []

    def call(name: str) -> Callable[[], None]:
        return clock.work(lambda: order.append(name) or 1.0)

    compare(call("a"), call("b"), pairs=4, warm_up=1, clock=clock, synchronize=lambda: None)
    assert "".join(order) in ("ab" + "baabbaab", "ba" + "abbaabba")


def test_going_second_in_a_pair_favours_neither():
    clock = Clock()
    turn = itertools.cycle([1.3, 1.0])  # the first of a pair finds cold caches
    first, second = (clock.work(lambda f=f: f * next(turn)) for f in (1, 2))
    found = compare(first, second, clock=clock, synchronize=lambda: None)
    assert found.low < 2 < found.high


def test_the_clock_stops_when_the_device_is_done():
    clock = Clock()
    waiting: list[float] = []

    def synchronize() -> None:
        clock.now += sum(waiting)
        waiting.clear()

    first, second = (lambda s=s: waiting.append(s) for s in (1.0, 4.0))
    found = compare(first, second, clock=clock, synchronize=synchronize)
    assert found == Ratio(4, 4, 4, 20)


def test_the_verdict_is_open_where_the_interval_holds_the_threshold():
    ratio = ratio_of([1 + n / 10 for n in range(20)])
    assert (ratio.low, ratio.median, ratio.high) == (1.5, 1.95, 2.4)
    verdicts = {at_least: ratio.verdict(at_least) for at_least in (1.4, 1.5, 1.6, 2.4, 2.5)}
    assert list(verdicts.values()) == ["yes", "yes", *["inconclusive"] * 2, "no"]
    expect_ratio(ratio, 1.4)
    with pytest.raises(InconclusiveError, match=r"1\.50 to 2\.40"):
        expect_ratio(ratio, 2)
    with pytest.raises(MismatchError, match="at least 3 times as fast"):
        expect_ratio(ratio, 3)


def test_too_few_pairs_say_nothing():
    for pairs in range(1, 6):
        found = ratio_of([2.0] * pairs)
        assert (found.low, found.high) == (0, math.inf)
    assert ratio_of([2.0] * 6).verdict(1.9) == "yes"


def test_calls_into_a_box_are_timed_from_here():
    x = torch.rand(4, 4)
    with far() as student:
        found = compare(
            lambda: student.nets.same.obj(x), lambda: student.nets.pair.obj(x, x), pairs=3
        )
    assert found.median > 0 and found.verdict(1) == "inconclusive"


# The manual


def test_the_protocol_names_every_action():
    manual = (Path(__file__).parents[1] / "docs/protocol.md").read_text(encoding="utf-8")
    table = manual.partition("| action and arguments |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(farside.ACTIONS)
