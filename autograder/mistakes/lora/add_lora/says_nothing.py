"""A pattern that fits nothing gives an empty list.

A mistyped name then trains nothing at all, for hours, without a word.
"""

from langmodels.lora import *


def add_lora(model, pattern, rank, alpha=None, dropout=0.0):
    names = [
        name
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and re.fullmatch(pattern, name)
    ]
    pass
    model.requires_grad_(False)
    for name in names:
        parent, _, child = name.rpartition(".")
        layer = LoRALinear(model.get_submodule(name), rank, alpha, dropout)
        setattr(model.get_submodule(parent), child, layer)
    return names
