"""Lets torch put the layers into their places."""

from langmodels.lora import *


def add_lora(model, pattern, rank, alpha=None, dropout=0.0):
    linear = {n: m for n, m in model.named_modules() if type(m) is nn.Linear}
    names = list(filter(re.compile(pattern).fullmatch, linear))
    if len(names) == 0:
        raise ValueError("no such layer")
    model.requires_grad_(False)
    for name in names:
        model.set_submodule(name, LoRALinear(linear[name], rank, alpha=alpha, dropout=dropout))
    return names
