"""The base is a new layer of the same size.

All that the model knew in that layer is gone. The correction goes around the very layer that was
there.
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
        parent, _, child = name.rpartition(".")
        layer = LoRALinear(
            nn.Linear(
                model.get_submodule(name).in_features, model.get_submodule(name).out_features
            ).to(model.get_submodule(name).weight),
            rank,
            alpha,
            dropout,
        )
        setattr(model.get_submodule(parent), child, layer)
    return names
