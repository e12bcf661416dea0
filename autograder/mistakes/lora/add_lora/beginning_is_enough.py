"""The pattern has to match the beginning of the name only.

re.match is content with a beginning: `layers.1` then also finds all of layers.10 and layers.11.
"""

from langmodels.lora import *


def add_lora(model, pattern, rank, alpha=None, dropout=0.0):
    names = [
        name
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and re.match(pattern, name)
    ]
    if not names:
        raise ValueError(f"no linear layer of the model has a name like {pattern}")
    model.requires_grad_(False)
    for name in names:
        parent, _, child = name.rpartition(".")
        layer = LoRALinear(model.get_submodule(name), rank, alpha, dropout)
        setattr(model.get_submodule(parent), child, layer)
    return names
