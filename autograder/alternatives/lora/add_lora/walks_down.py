"""Looks for the layers from parent to child, and freezes parameter by parameter."""

from langmodels.lora import *


def add_lora(model, pattern, rank, alpha=None, dropout=0.0):
    whole = re.compile(rf"(?:{pattern})\Z")
    found = {}
    for path, parent in model.named_modules():
        for child, module in parent.named_children():
            name = f"{path}.{child}" if path else child
            if isinstance(module, nn.Linear) and whole.match(name):
                found[name] = parent, child
    if not found:
        raise ValueError(f"nothing is called {pattern}")
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parent, child in found.values():
        parent._modules[child] = LoRALinear(parent._modules[child], rank, alpha, dropout)
    return [name for name, module in model.named_modules() if name in found]
