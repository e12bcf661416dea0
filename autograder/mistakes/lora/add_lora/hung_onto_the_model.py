"""The new layers are hung onto the model, not into their places.

The model has them as parameters, so something seems to learn. But its forward pass still calls
the old layers.
"""

from langmodels.lora import *


def add_lora(model, pattern, rank, alpha=None, dropout=0.0):
    names = [
        name
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and re.fullmatch(pattern, name)
    ]
    if not names:
        raise ValueError(f"no linear layer of the model has a name like {pattern}")
    model.requires_grad_(False)
    for name in names:
        layer = LoRALinear(model.get_submodule(name), rank, alpha, dropout)
        model.add_module(name.replace(".", "_") + "_lora", layer)
    return names
