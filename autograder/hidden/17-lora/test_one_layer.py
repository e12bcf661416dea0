"""One layer with a correction of low rank: by the formula, merged, restarted, and turned."""

import torch

from autograder.measure import measured
from autograder.student import gradients, parameters, read
from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it: three
# products in that dtype need a tenth of it.
TOLERANCE = {
    torch.float64: 200 * 2**-52,
    torch.float32: 200 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}
BATCHES = [(), (1,), (3,), (2, 5)]


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


class Case:
    """A layer over there and its matrices here; no two sizes alike.

    Attributes:
        state: base.weight, perhaps base.bias, down, up; in float64.
        scale: α / R.
        layer, base: over there.
    """

    def __init__(
        self,
        student,
        rng,
        kind="LoRALinear",
        dtype=torch.float64,
        bias=True,
        dropout=0.0,
        like=None,
    ):
        self.n_in, self.n_out, self.rank = rng.sample(range(2, 9), 3)
        if like:
            self.n_in, self.n_out = like.n_in, like.n_out
        weight = normal(rng, self.n_out, self.n_in, dtype=dtype)
        offset = normal(rng, self.n_out, dtype=dtype) if bias else None
        self.base = student.support.linear.obj(weight, offset)
        alpha = rng.choice([None, 0.5, 3.0, 16.0])
        self.scale = 1.0 if alpha is None else alpha / self.rank
        given = {} if alpha is None else {"alpha": alpha}
        given |= {"dropout": dropout} if dropout else {}
        self.layer = getattr(student.lora, kind)(self.base, self.rank, **given)
        own = {
            "down": normal(rng, self.rank, self.n_in, dtype=dtype),
            "up": normal(rng, self.n_out, self.rank, dtype=dtype),
        }
        if kind == "DoRALinear":
            own["magnitude"] = normal(rng, self.n_out, dtype=dtype).abs() + 0.5
        self.layer.load_state_dict(own, strict=False)
        own |= {"base.weight": weight} | ({"base.bias": offset} if bias else {})
        self.state = {name: tensor.double() for name, tensor in own.items()}

    def delta(self):
        return self.scale * self.state["up"] @ self.state["down"]

    def expected(self, x, weight=None):
        """By the definition, with W + ΔW written out."""
        weight = self.state["base.weight"] + self.delta() if weight is None else weight
        return x.double() @ weight.T + self.state.get("base.bias", torch.zeros(()))


# --- LoRALinear -----------------------------------------------------------------------------------


@exercise("lora.LoRALinear", weight=2)
def test_layer_adds_its_correction(student, rng):
    """The output is that of W + α/R · B A, with and without bias, for any batch."""
    for bias in (True, False):
        for batch in BATCHES:
            case = Case(student, rng, bias=bias)
            x = normal(rng, *batch, case.n_in)
            got = case.layer(x).detach()
            expect(got, case.expected(x), tolerance=TOLERANCE[x.dtype])


@exercise("lora.LoRALinear")
def test_layer_begins_as_its_base(student, rng):
    """Before anything is learned the layer computes what its base does: up is zero, down is not."""
    for bias in (True, False):
        n_in, n_out, rank = rng.sample(range(2, 9), 3)
        weight, offset = normal(rng, n_out, n_in), normal(rng, n_out)
        base = student.support.linear.obj(weight, offset if bias else None)
        layer = student.lora.LoRALinear(base, rank, rng.choice([None, 4.0]))
        x = normal(rng, 3, n_in)
        expected = x @ weight.T + (offset if bias else 0.0)
        expect(layer(x).detach(), expected, tolerance=TOLERANCE[x.dtype])
        found = parameters(layer)
        expect(found["up"], torch.zeros(n_out, rank, dtype=torch.float64), given="up")
        alive = bool((found["down"] != 0).all())
        expect_that(alive, expected="a down of which no number is zero", got=found["down"])


@exercise("lora.LoRALinear")
def test_down_is_drawn_like_a_linear_layer(student, rng):
    """The numbers of down are spread evenly up to one over the square root of I, either way."""
    for n_in in (100, 400):
        drawn = []
        for _ in range(2):
            base = student.support.linear.obj(normal(rng, 3, n_in).float())
            drawn.append(parameters(student.lora.LoRALinear(base, 50))["down"])
        expect(list(drawn[0].shape), [50, n_in], given="the shape of down")
        unit = drawn[0] * n_in**0.5
        expect_that(unit.abs().max().item() <= 1.001, expected="none larger", got=drawn[0])
        expect(
            unit.std().item(), 3**-0.5, given="their spread, times the root of I", tolerance=0.05
        )
        expect_that(abs(unit.mean().item()) < 0.05, expected="a mean near zero", got=drawn[0])
        differ = bool((drawn[0] != drawn[1]).any())
        expect_that(differ, expected="another draw for another layer", got=drawn[1])


@exercise("lora.LoRALinear", weight=2)
def test_only_the_correction_learns(student, rng):
    """Gradients reach down, up and the input as the formula says, and no number of the base."""
    for bias in (True, False):
        case = Case(student, rng, bias=bias)
        learning = sorted(student.support.learning(case.layer))
        expect(learning, ["down", "up"], given="the parameters that learn")
        x = normal(rng, 4, case.n_in)
        weights = normal(rng, 4, case.n_out)
        leaf = x.clone().requires_grad_()
        (case.layer(leaf) * weights).sum().backward()
        scale, state = case.scale, case.state
        found = gradients(case.layer)
        for name, expected in {
            "down": scale * (weights @ state["up"]).T @ x,
            "up": scale * weights.T @ (x @ state["down"].T),
        }.items():
            expect(found[name], expected, given=f"the gradient of {name}", tolerance=1e-10)
        expect(found["base.weight"], None, given="the gradient of the base's weights")
        full = weights @ (state["base.weight"] + case.delta())
        expect(leaf.grad, full, given="the gradient of x", tolerance=1e-10)


@exercise("lora.LoRALinear")
def test_correction_has_the_dtype_of_the_base(student, rng):
    """Down and up are of the base's dtype, and the formula holds in each."""
    for dtype, tolerance in TOLERANCE.items():
        case = Case(student, rng, dtype=dtype)
        x = normal(rng, 3, case.n_in, dtype=dtype)
        got = case.layer(x).detach()
        expect(got, case.expected(x).to(dtype), tolerance=tolerance)


@exercise("lora.LoRALinear")
def test_dropout_is_on_what_the_correction_sees(student, rng):
    """In training some inputs of the correction are dropped, the base sees all; later none are."""
    n, width = 40, 15
    twice = torch.eye(width).repeat(2, 1)  # two ranks look at each input
    for rate in (0.25, 0.5):
        base = student.support.linear.obj(2 * torch.eye(width))
        layer = student.lora.LoRALinear(base, 2 * width, dropout=rate)
        layer.load_state_dict({"down": twice, "up": twice.T.contiguous()}, strict=False)
        x = normal(rng, n, width).abs().float() + 1
        found = layer(x).detach() / x - 2
        kept = (found - 2 / (1 - rate)).abs() < 1e-3
        fine = bool((kept | (found.abs() < 1e-3)).all())
        wish = "each input of the correction dropped, or divided by what share is kept"
        expect_that(fine, expected=wish, got=found)
        share = kept.double().mean().item()
        wish = f"about {1 - rate} of all inputs kept"
        expect_that(abs(share - (1 - rate)) < 0.1, expected=wish, got=share)
        layer.eval()
        expect(layer(x).detach(), 4 * x, given="the output after training", tolerance=1e-5)


@exercise("lora.LoRALinear")
def test_merged_layer_is_its_base(student, rng):
    """A layer that is said to be merged adds nothing; one that is not adds its correction."""
    case = Case(student, rng)
    x = normal(rng, 3, case.n_in)
    got = student.support.call(case.layer, x, True).detach()
    expect(got, case.expected(x, case.state["base.weight"]), tolerance=TOLERANCE[x.dtype])
    got = student.support.call(case.layer, x, False).detach()
    expect(got, case.expected(x), tolerance=TOLERANCE[x.dtype])
    expect(read(Case(student, rng).layer, "merged"), False, given="merged, of a new layer")


@exercise("lora.LoRALinear")
def test_correction_is_thin_all_the_way(student, rng):
    """A call costs what the base costs and two thin products: B A is never written out."""
    n_in, n_out, rank, length = 48, 40, 2, 3
    base = student.support.linear.obj(normal(rng, n_out, n_in))
    layer = student.lora.LoRALinear(base, rank)
    x = normal(rng, length, n_in)
    with measured(student) as cost, torch.no_grad():
        layer(x)
    due = 2 * length * (n_in * n_out + rank * (n_in + n_out))
    expect_that(cost.flops <= due, expected=f"at most {due} operations", got=cost.flops)
    expect_that(cost.largest < n_in * n_out, expected="no tensor as large as W", got=cost.largest)


# --- merge ----------------------------------------------------------------------------------------


def undo_or_not(student, case, undo, changes=True):
    got = student.lora.merge(case.layer, undo=True) if undo else student.lora.merge(case.layer)
    expect(got, changes, given=f"whether {'undoing' if undo else 'merging'} changes anything")


def expect_weights(case, merged, given):
    expected = case.state["base.weight"] + (case.delta() if merged else 0.0)
    got = read(case.layer, "base.weight").detach()
    expect(got, expected, given=given, tolerance=1e-13)
    expect(read(case.layer, "merged"), merged, given=f"merged, {given}")


@exercise("lora.merge", weight=2)
def test_base_takes_the_correction_in_and_out(
    student, rng
):  # lint: ok null (the weights judge, what is returned has its own test)
    """Merged, the base's weights are W + α/R · B A; undone, they are W."""
    for bias in (True, False):
        case = Case(student, rng, bias=bias)
        undo_or_not(student, case, False)
        expect_weights(case, True, "after merging")
        undo_or_not(student, case, True)
        expect_weights(case, False, "after undoing")
        undo_or_not(student, case, False)
        expect_weights(case, True, "after merging again")


@exercise("lora.merge")
def test_outputs_stay_as_they_are(
    student, rng
):  # lint: ok null (the weights judge, what is returned has its own test)
    """The layer computes the same before, merged, and undone again."""
    for _ in range(3):
        case = Case(student, rng)
        x = normal(rng, 2, 3, case.n_in)
        for undo in (False, True):
            undo_or_not(student, case, undo)
            expect(case.layer(x).detach(), case.expected(x), tolerance=1e-12)


@exercise("lora.merge")
def test_what_is_done_is_not_done_twice(student, rng):
    """Merging a merged layer changes nothing, nor does undoing in one that is not."""
    case = Case(student, rng)
    undo_or_not(student, case, True, changes=False)
    expect_weights(case, False, "after undoing what was not done")
    undo_or_not(student, case, False)
    undo_or_not(student, case, False, changes=False)
    expect_weights(case, True, "after merging twice")
    undo_or_not(student, case, True)
    undo_or_not(student, case, True, changes=False)
    expect_weights(case, False, "after undoing twice")


@exercise("lora.merge")
def test_the_rest_stays(
    student, rng
):  # lint: ok null (the weights judge, what is returned has its own test)
    """The bias, down and up are what they were, whether merged or undone."""
    case = Case(student, rng)
    for undo in (False, True):
        undo_or_not(student, case, undo)
        found = parameters(case.layer)
        for name in ("base.bias", "down", "up"):
            expect(found[name], case.state[name], given=name)


@exercise("lora.merge")
def test_weights_change_in_place(
    student, rng
):  # lint: ok null (the weights judge, what is returned has its own test)
    """The base keeps its parameter, which has no graph of gradients, and is frozen as before."""
    for undo in (False, True):
        case = Case(student, rng)
        if undo:
            undo_or_not(student, case, False)
        got = student.support.weight_is_the_same(case.layer, undo=undo)
        expect(got, [True, True], given="whether it changes, and is the same object after it")
    for undo in (False, True):
        case = Case(student, rng)
        if undo:
            undo_or_not(student, case, False)
        got = student.support.graph_of_weights(case.layer, undo=undo)
        expect(got, [True, False], given="whether it changes, and its weights have a graph")
        expect(sorted(student.support.learning(case.layer)), ["down", "up"], given="what learns")


@exercise("lora.merge")
def test_merged_layer_costs_what_its_base_costs(student, rng):
    """Merged, a call is one product; undone, it is three again."""
    for undo in (False, True):
        case = Case(student, rng)
        undo_or_not(student, case, False)
        thin = 0
        if undo:
            undo_or_not(student, case, True)
            thin = case.rank * (case.n_in + case.n_out)
        x = normal(rng, 5, case.n_in)
        with measured(student) as cost, torch.no_grad():
            case.layer(x)
        expect(cost.flops, 2 * 5 * (case.n_in * case.n_out + thin), given="operations of a call")


# --- restart --------------------------------------------------------------------------------------


class Learner:
    """A layer that has learned a step beside another one, with one optimiser."""

    def __init__(self, student, rng):
        self.student = student
        self.case = Case(student, rng)
        self.other = Case(student, rng, like=self.case)
        self.layer = self.case.layer
        self.optimizer = student.support.adam.obj(self.layer, self.other.layer)
        self.x, self.target = normal(rng, 9, self.case.n_in), normal(rng, 9, self.case.n_out)
        self.learn()

    def learn(self):
        args = self.layer, self.other.layer, self.optimizer, self.x, self.target
        self.student.support.learn(*args)

    def restart(self):
        """Also requires that the correction so far comes back."""
        before = parameters(self.layer)
        got = self.student.lora.restart(self.layer, self.optimizer)
        expected = self.case.scale * before["up"] @ before["down"]
        expect(got, expected, given="the correction that is merged for good", tolerance=1e-12)
        expect(got.requires_grad, False, given="whether it has a graph")

    def weight(self):
        """What the layer multiplies with, all in all."""
        found = parameters(self.layer)
        return found["base.weight"] + self.case.scale * found["up"] @ found["down"]


@exercise("lora.restart", weight=2)
def test_base_keeps_what_was_learned(student, rng):
    """The base holds the correction, up is zero, and the layer computes the same as before."""
    learner = Learner(student, rng)
    weight, before = learner.weight(), learner.layer(learner.x).detach()
    learner.restart()
    found = parameters(learner.layer)
    expect(found["base.weight"], weight, given="the base's weights", tolerance=1e-12)
    expect(found["up"], torch.zeros_like(found["up"]), given="up")
    expect(read(learner.layer, "merged"), False, given="merged")
    expect(learner.layer(learner.x).detach(), before, tolerance=1e-12)


@exercise("lora.restart")
def test_down_is_drawn_anew(student, rng):
    """Down is another draw, of the size of a new layer's."""
    largest = []
    for _ in range(3):
        learner = Learner(student, rng)
        before = parameters(learner.layer)["down"]
        for _ in range(30):
            learner.restart()
            down = parameters(learner.layer)["down"]
            expect_that(bool((down != before).all()), expected="another down", got=down)
            largest.append(down.abs().max().item() * down.shape[1] ** 0.5)
            before = down
    # Of 360 numbers or more that are spread evenly, one in 10⁸ times none comes so near the end.
    fine = 0.95 < max(largest) <= 1.001
    wish = "numbers up to one over the root of I, as in a new layer"
    expect_that(fine, expected=wish, got=f"up to {max(largest)} times that")


@exercise("lora.restart")
def test_optimiser_forgets_these_two_only(student, rng):
    """The optimiser holds no moments of this layer any more, and all those of the other."""
    learner = Learner(student, rng)
    learner.restart()
    remembered = student.support.remembered
    found = remembered(learner.optimizer, learner.layer)
    expect(found, [], given="what is remembered of the layer")
    found = sorted(remembered(learner.optimizer, learner.other.layer))
    expect(found, ["down", "up"], given="what is remembered of the other layer")


@exercise("lora.restart")
def test_learning_goes_on_after_it(student, rng):
    """The next steps move down and up, and never the base."""
    learner = Learner(student, rng)
    learner.restart()
    before = parameters(learner.layer)
    learner.learn()
    learner.learn()
    after = parameters(learner.layer)
    for name in ("down", "up"):
        moved = bool((after[name] != before[name]).any())
        expect_that(moved, expected=f"another {name} after two steps", got=after[name])
    expect(after["base.weight"], before["base.weight"], given="the base's weights")
    learning = sorted(student.support.learning(learner.layer))
    expect(learning, ["down", "up"], given="what learns")


@exercise("lora.restart")
def test_ranks_add_up(student, rng):
    """Two corrections after one another have twice the rank of one."""
    learner = Learner(student, rng)
    while 2 * learner.case.rank > min(learner.case.n_in, learner.case.n_out):
        learner = Learner(student, rng)
    learner.restart()
    learner.learn()
    learner.learn()
    moved = learner.weight() - learner.case.state["base.weight"]
    found = torch.linalg.matrix_rank(moved, rtol=1e-9).item()
    expect(found, 2 * learner.case.rank, given="the rank of two corrections")


@exercise("lora.restart")
def test_merged_layer_is_not_merged_again(student, rng):
    """In a layer that is merged already the correction is in the base once, not twice."""
    learner = Learner(student, rng)
    weight = learner.weight()
    student.lora.merge(learner.layer)
    learner.restart()
    expect(read(learner.layer, "base.weight").detach(), weight, tolerance=1e-12)
    expect(read(learner.layer, "merged"), False, given="merged")


# --- DoRALinear -----------------------------------------------------------------------------------


def turned(case, x, leaves=None):
    """By the definition; lengths are constants for gradients."""
    state = case.state if leaves is None else leaves
    weight = case.state["base.weight"] + case.scale * state["up"] @ state["down"]
    lengths = weight.detach().square().sum(1).sqrt()
    rows = state["magnitude"] / lengths
    return x.double() @ (rows[:, None] * weight).T + case.state.get("base.bias", torch.zeros(()))


@exercise("lora.DoRALinear", weight=2)
def test_rows_have_the_length_of_their_magnitude(student, rng):
    """The output is that of rows turned by the correction and as long as the magnitude says."""
    for bias in (True, False):
        for batch in BATCHES:
            case = Case(student, rng, "DoRALinear", bias=bias)
            x = normal(rng, *batch, case.n_in)
            expect(case.layer(x).detach(), turned(case, x), tolerance=TOLERANCE[x.dtype])


@exercise("lora.DoRALinear")
def test_length_of_the_correction_does_not_matter(student, rng):
    """A row that the correction makes ten times as long gives what it gave before."""
    case = Case(student, rng, "DoRALinear", bias=False)
    factor = torch.full((case.n_out, 1), 3.0, dtype=torch.float64)
    down = torch.eye(case.n_in, dtype=torch.float64)
    base = student.support.linear.obj(case.state["base.weight"])
    layer = student.lora.DoRALinear(base, case.n_in)
    up = factor * case.state["base.weight"]
    layer.load_state_dict({"down": down, "up": up}, strict=False)
    x = normal(rng, 3, case.n_in)
    expect(layer(x).detach(), x @ case.state["base.weight"].T, tolerance=1e-12)


@exercise("lora.DoRALinear", weight=2)
def test_gradients_take_lengths_as_constants(student, rng):
    """Gradients reach down, up and magnitude as if the lengths were given numbers."""
    for _ in range(3):
        case = Case(student, rng, "DoRALinear")
        names = ["down", "magnitude", "up"]
        x, weights = normal(rng, 4, case.n_in), normal(rng, 4, case.n_out)
        (case.layer(x) * weights).sum().backward()
        leaves = {name: case.state[name].clone().requires_grad_() for name in names}
        (turned(case, x, leaves) * weights).sum().backward()
        found = gradients(case.layer)
        for name in names:
            given = f"the gradient of {name}"
            expect(found[name], leaves[name].grad, given=given, tolerance=1e-10)


@exercise("lora.DoRALinear")
def test_turned_layer_in_other_dtypes(student, rng):
    """The formula holds in float32 and bfloat16."""
    for dtype in (torch.float32, torch.bfloat16):
        for _ in range(2):
            case = Case(student, rng, "DoRALinear", dtype=dtype)
            x = normal(rng, 3, case.n_in, dtype=dtype)
            got = case.layer(x).detach()
            expect(got, turned(case, x).to(dtype), tolerance=4 * TOLERANCE[dtype])


@exercise("lora.DoRALinear")
def test_dropout_leaves_the_base_alone(student, rng):
    """In training some inputs of the correction are dropped, the lengths and the base see all."""
    n, width = 40, 15
    twice = torch.eye(width).repeat(2, 1)  # two ranks look at each input
    base = student.support.linear.obj(2 * torch.eye(width))
    layer = student.lora.DoRALinear(base, 2 * width, dropout=0.5)
    state = {"down": twice, "up": twice.T.contiguous(), "magnitude": torch.ones(width)}
    layer.load_state_dict(state, strict=False)
    x = normal(rng, n, width).abs().float() + 1
    found = 4 * layer(x).detach() / x - 2
    kept = (found - 4).abs() < 1e-3
    fine = bool((kept | (found.abs() < 1e-3)).all()) and 0.3 < kept.double().mean() < 0.7
    wish = "half of the correction's inputs dropped, the others doubled"
    expect_that(fine, expected=wish, got=found)
    layer.eval()
    expect(layer(x).detach(), x, given="the output after training", tolerance=1e-5)
