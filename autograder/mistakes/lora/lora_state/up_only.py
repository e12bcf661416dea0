"""Only up is saved.

Down was drawn at random, and it has learned too. Without it up means nothing.
"""

from langmodels.lora import *


def lora_state(model):
    return {
        f"{name}.{part}": getattr(module, part).detach().clone()
        for name, module in model.named_modules()
        if isinstance(module, LoRALinear)
        for part in ("up",)
    }
