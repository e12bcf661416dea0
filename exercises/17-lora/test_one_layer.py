"""One layer, a whole model, and what is saved of it."""

import torch

from autograder.student import read
from autograder.testing import complaint, exercise, expect, expect_that

EXACT_ENOUGH = 1e-6  # a few roundings of float32

W = torch.tensor([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
DOWN, UP = torch.tensor([[1.0, 1.0]]), torch.tensor([[1.0], [0.0], [-1.0]])
X = torch.tensor([[1.0, 3.0]])  # W X = (1, 6, 4); DOWN X = 4


def layer_of(student, kind="LoRALinear", bias=None, alpha=None, base=None):
    """A layer of rank 1 with the matrices above."""
    base = student.support.linear.obj(W, bias) if base is None else base
    layer = getattr(student.lora, kind)(base, 1, alpha)
    layer.load_state_dict({"down": DOWN, "up": UP}, strict=False)
    return layer


@exercise("lora.LoRALinear")
def test_layer_begins_as_its_base(student):
    """At first the layer computes what its base computes, and only down and up learn."""
    base = student.support.linear.obj(W, torch.tensor([0.0, 1.0, 0.0]))
    layer = student.lora.LoRALinear(base, 1)
    expect(layer(X).detach(), torch.tensor([[1.0, 7.0, 4.0]]), tolerance=EXACT_ENOUGH)
    expect(sorted(student.support.learning(layer)), ["down", "up"], given="what learns")


@exercise("lora.LoRALinear")
def test_correction_is_added(student):
    """With B A of rank one, 4 is added to the first output and taken from the third."""
    got = layer_of(student)(X).detach()
    expect(got, torch.tensor([[5.0, 6.0, 0.0]]), tolerance=EXACT_ENOUGH)


@exercise("lora.LoRALinear")
def test_alpha_scales_the_correction(student):
    """α = 1/2 halves a correction of rank 1."""
    got = layer_of(student, alpha=0.5)(X).detach()
    expect(got, torch.tensor([[3.0, 6.0, 2.0]]), tolerance=EXACT_ENOUGH)


@exercise("lora.merge")
def test_weights_hold_the_correction(student):
    """After merging, the base's weights are W + B A; after undoing, W again."""
    layer = layer_of(student)
    student.lora.merge(layer)
    merged = torch.tensor([[2.0, 1.0], [0.0, 2.0], [0.0, 0.0]])
    expect(read(layer, "base.weight").detach(), merged, tolerance=EXACT_ENOUGH)
    expect(layer(X).detach(), torch.tensor([[5.0, 6.0, 0.0]]), tolerance=EXACT_ENOUGH)
    student.lora.merge(layer, undo=True)
    expect(read(layer, "base.weight").detach(), W, tolerance=EXACT_ENOUGH)


@exercise("lora.merge")
def test_merging_twice_is_merging_once(student):
    """A layer that is merged stays as it is."""
    layer = layer_of(student)
    said = [student.lora.merge(layer), student.lora.merge(layer)]
    expect(said, [True, False], given="whether anything has changed, twice")
    expect(layer(X).detach(), torch.tensor([[5.0, 6.0, 0.0]]), tolerance=EXACT_ENOUGH)


@exercise("lora.add_lora")
def test_layers_are_found_by_name(student):
    """The names are those of linear layers that match entirely, in the model's order."""
    model = student.support.Small()
    expect(student.lora.add_lora(model, r"body\..*", rank=2), ["body.up", "body.down"])
    expected = ["body.up.down", "body.up.up", "body.down.down", "body.down.up"]
    expect(sorted(student.support.learning(model)), sorted(expected), given="what learns")


@exercise("lora.add_lora")
def test_no_layer_of_that_name(student):
    """A pattern that fits no layer is a ValueError, and the model stays as it was."""
    model = student.support.Small()
    said = complaint(lambda: student.lora.add_lora(model, "bod", rank=2))
    expect_that(said is not None, expected="a ValueError", got=said)
    expect(len(student.support.learning(model)), 6, given="how many parameters learn")


@exercise("lora.lora_state")
def test_only_what_was_learned_is_saved(student):
    """Of a model with one correction two tensors are saved, by their dotted names."""
    model = student.support.corrected.obj()
    model.load_state_dict({"head.down": DOWN}, strict=False)
    state = student.lora.lora_state(model)
    expect(state, {"head.down": DOWN, "head.up": torch.zeros(5, 1)})


@exercise("lora.lora_state")
def test_nothing_was_learned(student):
    """A model without corrections has nothing to save."""
    expect(student.lora.lora_state(student.support.Small()), {})


@exercise("lora.restart")
def test_correction_comes_back(student):
    """What is merged for good is returned: here B A, a column times a row."""
    layer = layer_of(student)
    got = student.lora.restart(layer, student.support.adam.obj(layer))
    expected = torch.tensor([[1.0, 1.0], [0.0, 0.0], [-1.0, -1.0]])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("lora.restart")
def test_layer_begins_again_where_it_is(student):
    """The base holds the first correction, the next one begins as nothing."""
    layer = layer_of(student)
    optimizer = student.support.adam.obj(layer)
    student.support.learn(layer, optimizer, X)
    before = layer(X).detach()
    student.lora.restart(layer, optimizer)
    expect(layer(X).detach(), before, tolerance=1e-5)
    expect(read(layer, "up").detach(), torch.zeros(3, 1), given="up")
    expect(read(layer, "merged"), False, given="merged")


@exercise("lora.DoRALinear")
def test_dora_begins_as_its_base(student):
    """With up at zero nothing is turned, and the magnitudes are the lengths of the rows."""
    base = student.support.linear.obj(torch.tensor([[3.0, 4.0], [0.0, 2.0]]))
    layer = student.lora.DoRALinear(base, 1)
    expect(layer(X).detach(), torch.tensor([[15.0, 6.0]]), tolerance=EXACT_ENOUGH)
    expect(read(layer, "magnitude").detach(), torch.tensor([5.0, 2.0]), tolerance=EXACT_ENOUGH)


@exercise("lora.DoRALinear")
def test_correction_turns_a_row(student):
    """A row (1, 0) that is turned into (0, 1) keeps its length; the bias is not stretched."""
    base = student.support.linear.obj(torch.tensor([[1.0, 0.0]]), torch.tensor([10.0]))
    layer = student.lora.DoRALinear(base, 1)
    state = {"down": torch.tensor([[-1.0, 2.0]]), "up": torch.tensor([[1.0]])}
    layer.load_state_dict(state, strict=False)
    expect(layer(X).detach(), torch.tensor([[13.0]]), tolerance=EXACT_ENOUGH)
