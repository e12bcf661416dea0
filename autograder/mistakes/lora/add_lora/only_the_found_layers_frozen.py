"""Only linear layers are frozen.

Embeddings and norms are parameters too, and go on learning.
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
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.requires_grad_(False)
    for name in names:
        parent, _, child = name.rpartition(".")
        layer = LoRALinear(model.get_submodule(name), rank, alpha, dropout)
        setattr(model.get_submodule(parent), child, layer)
    return names
