"""The trainer: what a run gives does not depend on how it was cut up."""

import itertools
import json
import math

import pytest
import torch
from torch import nn
from torch.nn import functional

from langmodels.training import DivergedError, Recipe, batches, next_token_loss, train


class Task:
    """A small net with dropout, and batches of a fixed regression by their number."""

    def __init__(self, dropout=0.2, size=6):
        torch.manual_seed(3)
        self.model = nn.Sequential(
            nn.Linear(5, 8), nn.LayerNorm(8), nn.Tanh(), nn.Dropout(dropout), nn.Linear(8, 2)
        )
        self.size = size

    def loss(self, number):
        chance = torch.Generator().manual_seed(number)
        x = torch.randn(self.size, 5, generator=chance)
        return functional.mse_loss(self.model(x), x[:, :2].cumsum(1))

    @property
    def weights(self):
        return nn.utils.parameters_to_vector(self.model.parameters()).detach().clone()


RECIPE = Recipe(n_steps=23, learning_rate=0.02, warm_up=4)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_run_that_was_cut_off_goes_on_to_the_same_bits(tmp_path, precision):
    recipe = Recipe(n_steps=23, learning_rate=0.02, warm_up=4, accumulate=2, precision=precision)
    whole = Task()
    history = train(whole.model, whole.loss, recipe, every=5, log=tmp_path / "whole")

    cut = Task()

    def loss(number):
        if number == 2 * 17:
            raise KeyboardInterrupt
        return cut.loss(number)

    kept = {"every": 5, "checkpoint": tmp_path / "kept", "log": tmp_path / "cut"}
    with pytest.raises(KeyboardInterrupt):
        train(cut.model, loss, recipe, **kept)
    again = Task()
    torch.manual_seed(99)  # another process draws other numbers
    assert train(again.model, again.loss, recipe, **kept) == history
    assert torch.equal(again.weights, whole.weights)
    assert (tmp_path / "cut").read_text() == (tmp_path / "whole").read_text()
    lines = (tmp_path / "cut").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == [5, 10, 15, 20, 23]
    assert not list(tmp_path.glob("*.part"))


def test_a_finished_run_is_not_trained_again(tmp_path):
    task = Task()
    history = train(task.model, task.loss, RECIPE, checkpoint=tmp_path / "kept")
    again = Task()

    def loss(number):
        raise AssertionError("it was finished")

    assert train(again.model, loss, RECIPE, checkpoint=tmp_path / "kept") == history
    assert torch.equal(again.weights, task.weights)


def test_a_checkpoint_of_another_recipe_is_refused_by_name(tmp_path):
    task = Task()
    train(task.model, task.loss, RECIPE, checkpoint=tmp_path / "kept")
    other = Recipe(n_steps=23, learning_rate=0.01, warm_up=5)
    with pytest.raises(ValueError, match="another learning_rate and warm_up: train with what"):
        train(task.model, task.loss, other, checkpoint=tmp_path / "kept")


def test_accumulated_batches_are_one_large_batch():
    small, large = Task(dropout=0), Task(dropout=0)

    def four(number):
        return torch.stack([large.loss(4 * number + part) for part in range(4)]).mean()

    ours = Recipe(n_steps=9, accumulate=4, warm_up=2)
    history = train(small.model, small.loss, ours, every=4)
    expected = train(large.model, four, Recipe(n_steps=9, warm_up=2), every=4)
    torch.testing.assert_close(small.weights, large.weights)
    torch.testing.assert_close(
        torch.tensor([m[:4] for m in history]), torch.tensor([m[:4] for m in expected])
    )


def test_one_step_is_clipped_adamw_by_hand():
    """A first step of Adam moves each weight by the rate, against its gradient; matrices shrink."""
    task = Task(dropout=0)
    before = [parameter.detach().clone() for parameter in task.model.parameters()]
    task.loss(0).backward()
    gradients = [parameter.grad.clone() for parameter in task.model.parameters()]
    norm = math.sqrt(sum(gradient.square().sum().item() for gradient in gradients))
    recipe = Recipe(n_steps=1, learning_rate=0.1, warm_up=0, weight_decay=0.5, clip=norm / 7)
    (measured,) = train(task.model, task.loss, recipe)
    assert measured.gradient_norm == pytest.approx(norm, rel=1e-5)
    assert measured.learning_rate == 0.1
    for old, gradient, new in zip(before, gradients, task.model.parameters(), strict=True):
        clipped = gradient / 7
        decayed = old * (1 - 0.1 * 0.5) if old.ndim > 1 else old
        torch.testing.assert_close(
            new.detach(), decayed - 0.1 * clipped / (clipped.abs() + 1e-8), rtol=1e-4, atol=1e-6
        )


def test_frozen_weights_stay():
    task = Task()
    task.model[0].weight.requires_grad_(False)
    before = task.model[0].weight.clone()
    train(task.model, task.loss, RECIPE)
    assert torch.equal(task.model[0].weight, before)


@pytest.mark.parametrize("decay", ["none", "linear", "cosine"])
def test_the_rate_rises_then_falls_to_its_final_share(decay):
    recipe = Recipe(n_steps=40, learning_rate=2.0, warm_up=8, decay=decay, final=0.1)
    rates = [recipe.rate(step) for step in range(41)]
    assert rates[:8] == pytest.approx([0.25 * step for step in range(1, 9)])
    assert rates[8] == pytest.approx(2.0)
    assert rates[40] == pytest.approx(2.0 if decay == "none" else 0.2)
    assert rates[24] == pytest.approx(2.0 if decay == "none" else 1.1)
    falls = [after - before for before, after in itertools.pairwise(rates[8:])]
    assert all(fall <= 0 for fall in falls)
    if decay == "cosine":
        assert falls[0] > falls[15] < falls[-1]  # steepest in the middle


def test_the_measured_loss_is_the_mean_since_the_last_one():
    task, seen = Task(dropout=0), []

    def loss(number):
        value = task.loss(number)
        seen.append(value.item())
        return value

    history = train(task.model, loss, RECIPE, every=10)
    assert [m.step for m in history] == [10, 20, 23]
    for measured, values in zip(history, (seen[:10], seen[10:20], seen[20:]), strict=True):
        assert measured.loss == pytest.approx(sum(values) / len(values), rel=1e-5)


def test_evaluation_sees_the_model_at_rest():
    task, states = Task(), []

    def evaluate():
        states.append((task.model.training, torch.is_grad_enabled()))
        return float(len(states))

    history = train(task.model, task.loss, RECIPE, every=10, evaluate=evaluate)
    assert states == [(False, False)] * 3
    assert [m.score for m in history] == [1, 2, 3]
    assert not task.model.training


def test_a_loss_that_is_no_number_ends_the_run_with_its_history(tmp_path):
    task = Task()

    def loss(number):
        return task.loss(number) * (math.inf if number == 12 else 1)

    with pytest.raises(
        DivergedError, match=r"the loss is .* by step 15: lower the learning rate"
    ) as end:
        train(task.model, loss, RECIPE, every=5, checkpoint=tmp_path / "kept")
    assert [m.step for m in end.value.history] == [5, 10, 15]
    # What is kept is from before.
    again = Task()
    assert (
        train(again.model, again.loss, RECIPE, every=5, checkpoint=tmp_path / "kept")[-1].step == 23
    )


@pytest.mark.parametrize(
    "settings",
    [{"n_steps": -1}, {"accumulate": 0}, {"decay": "cubic"}, {"precision": "float16"}],
)
def test_a_recipe_that_cannot_be_is_refused(settings):
    with pytest.raises(ValueError):
        Recipe(**{"n_steps": 3, **settings})


def test_an_epoch_takes_each_row_once_and_the_next_in_another_order():
    rows = torch.arange(22)[:, None].repeat(1, 3)
    batch = batches(rows, size=4, seed=7)
    epochs = [
        torch.cat([batch(5 * epoch + place) for place in range(5)])[:, 0] for epoch in range(3)
    ]
    for epoch in epochs:
        assert len(epoch) == len(epoch.unique()) == 20
    assert not torch.equal(epochs[0], epochs[1])
    # By number alone: in any order, and by another function of the same seed.
    assert torch.equal(batch(0), batches(rows, size=4, seed=7)(0))
    assert not torch.equal(batch(0), batches(rows, size=4, seed=8)(0))
    with pytest.raises(ValueError, match="a batch of 23 cannot be taken from 22 rows"):
        batches(rows, size=23, seed=0)


def test_a_decoder_learns_one_batch_by_heart():
    from langmodels.models import Decoder, DecoderConfig

    torch.manual_seed(0)
    model = Decoder(DecoderConfig(19, 16, n_layers=1, n_heads=2))
    rows = torch.randint(19, (4, 12))
    assert next_token_loss(model, rows).item() == pytest.approx(math.log(19), abs=0.1)
    train(
        model, lambda number: next_token_loss(model, rows), Recipe(n_steps=150, learning_rate=0.01)
    )
    learned = next_token_loss(model, rows).item()
    assert learned < 0.1
    # It is the mean over predicted tokens of -ln p, position by position.
    log_probs = model(rows[:, :-1]).log_softmax(-1)
    by_hand = [-log_probs[b, t, rows[b, t + 1]].item() for b in range(4) for t in range(11)]
    assert learned == pytest.approx(sum(by_hand) / 44, rel=1e-4)
