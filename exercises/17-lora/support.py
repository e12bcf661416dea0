"""What stands beside your code in these tests: layers with given weights, and a small model."""

import importlib

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


class Small(nn.Module):
    """Three linear layers: `body.up`, `body.down` and `head`."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.ModuleDict({"up": nn.Linear(2, 3), "down": nn.Linear(3, 2)})
        self.head = nn.Linear(2, 5)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (…, 2) → (…, 5)."""
        out: Tensor = self.head(self.body["down"](self.body["up"](x)))
        return out


def corrected() -> Small:
    """A small model whose head has a correction of rank 1."""
    model = Small()
    model.head = importlib.import_module("langmodels.lora").LoRALinear(model.head, 1)
    return model


def learning(model: nn.Module) -> list[str]:
    """The names of the parameters that learn."""
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def adam(layer: nn.Module) -> torch.optim.Adam:
    """An optimiser for what learns in the layer."""
    return torch.optim.Adam([p for p in layer.parameters() if p.requires_grad], lr=0.1)


def learn(layer: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor) -> None:
    """One step towards outputs of one."""
    optimizer.zero_grad()
    (layer(x) - 1).square().sum().backward()
    optimizer.step()
