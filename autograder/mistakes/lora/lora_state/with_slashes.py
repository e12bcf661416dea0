"""The names have slashes, not dots.

load_state_dict knows the dotted names only. With strict=False it loads nothing at all, and says
nothing.
"""

from langmodels.lora import *


def lora_state(model):
    return {
        f"{name}/{part}": getattr(module, part).detach().clone()
        for name, module in model.named_modules()
        if isinstance(module, LoRALinear)
        for part in ("down", "up")
    }
