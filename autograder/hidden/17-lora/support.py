"""What stands beside the student's code: layers with given weights, models, an optimiser."""

import importlib
from typing import Any

import torch
from torch import Tensor, nn


def linear(weight: Tensor, bias: Tensor | None = None) -> nn.Linear:
    """A linear layer with these weights."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


class Block(nn.Module):
    """`attention.in_proj`, `attention.out_proj`, `mlp.0` and `mlp.2`."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention = nn.ModuleDict(
            {"in_proj": nn.Linear(width, width + 1), "out_proj": nn.Linear(width + 1, width)}
        )
        self.mlp = nn.Sequential(
            nn.Linear(width, width + 2), nn.Tanh(), nn.Linear(width + 2, width, bias=False)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention["out_proj"](self.attention["in_proj"](x).tanh())
        out: Tensor = self.norm(x + self.mlp(x))
        return out


class Model(nn.Module):
    """An embedding, blocks in `layers`, and a `head`, in float64."""

    def __init__(self, width: int, n_layers: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, width)
        self.layers = nn.ModuleList(Block(width) for _ in range(n_layers))
        self.head = nn.Linear(width, 7)
        self.double()

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x)
        out: Tensor = self.head(x)
        return out


def learning(model: nn.Module) -> list[str]:
    """The names of the parameters that learn."""
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def corrected(model: nn.Module, names: list[str], rank: int) -> nn.Module:
    """The model with a correction in each of these layers, up as well as down random."""
    lora = importlib.import_module("langmodels.lora")
    for name in names:
        parent, _, child = name.rpartition(".")
        layer = lora.LoRALinear(model.get_submodule(name), rank)
        nn.init.normal_(layer.up)
        setattr(model.get_submodule(parent), child, layer)
    return model


def state_of_a_moment(model: nn.Module) -> Any:
    """What lora_state gives, read after the model has changed; and which of it has a graph."""
    state = importlib.import_module("langmodels.lora").lora_state(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 1.0
    return {k: v.detach() for k, v in state.items()}, [
        k for k, v in state.items() if v.requires_grad
    ]


def call(layer: nn.Module, x: Tensor, merged: bool) -> Any:
    """The layer's answer when it is said to be merged, or not."""
    layer.merged = merged
    return layer(x)


def graph_of_weights(layer: Any, **how: bool) -> list[Any]:
    """What merge says with gradients switched on; do the base's weights then have a graph?"""
    with torch.enable_grad():
        said = importlib.import_module("langmodels.lora").merge(layer, **how)
    weight = layer.base.weight
    return [said, bool(weight.requires_grad or weight.grad_fn is not None)]


def weight_is_the_same(layer: Any, **how: bool) -> list[Any]:
    """What merge says; is the base's parameter after it the one that it was before?"""
    before = layer.base.weight
    said = importlib.import_module("langmodels.lora").merge(layer, **how)
    return [said, layer.base.weight is before]


def adam(layer: nn.Module, other: nn.Module) -> torch.optim.Adam:
    """An optimiser for what learns in two layers."""
    learn = [p for module in (layer, other) for p in module.parameters() if p.requires_grad]
    return torch.optim.Adam(learn, lr=0.1)


def learn(layer: nn.Module, other: nn.Module, optimizer: Any, x: Tensor, target: Tensor) -> None:
    """One step of both layers towards the target."""
    optimizer.zero_grad()
    (layer(x) - target).square().sum().backward()
    (other(x) - target).square().sum().backward()
    optimizer.step()


def remembered(optimizer: Any, layer: nn.Module) -> list[str]:
    """The parameters of the layer of which the optimiser holds moments."""
    return [
        name
        for name, parameter in layer.named_parameters()
        if any(torch.is_tensor(part) for part in optimizer.state.get(parameter, {}).values())
    ]


def on_views(function: str, *tensors: Tensor, **others: Any) -> Any:
    """Call a function of the chapter with tensors that are not contiguous in memory."""
    views = [tensor.mT.contiguous().mT if tensor.ndim > 1 else tensor for tensor in tensors]
    return getattr(importlib.import_module("langmodels.lora"), function)(*views, **others)


def part(model: nn.Module, name: str) -> nn.Module:
    """A part of the model by its name."""
    return model.get_submodule(name)


class Others(nn.Module):
    """Parts that are called up and down, and are no corrections."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.ones(2, 3))
        self.mlp = nn.ModuleDict({"up": nn.Linear(2, 3), "down": nn.Linear(3, 2)})


def after_composing(states: list[dict[str, Tensor]], weights: list[float]) -> Any:
    """What compose answers, the adapters after it, and whether the answer shares their memory."""
    answer = importlib.import_module("langmodels.lora").compose(states, weights)
    theirs = {tensor.data_ptr() for state in states for tensor in state.values()}
    return answer, states, any(tensor.data_ptr() in theirs for tensor in answer.values())
