"""Down and up are exchanged.

The names say which is which. Loaded again, shapes do not fit, or worse: they do.
"""

from langmodels.lora import *


def lora_state(model):
    return {
        f"{name}.{part}": getattr(module, {"down": "up", "up": "down"}[part]).detach().clone()
        for name, module in model.named_modules()
        if isinstance(module, LoRALinear)
        for part in ("down", "up")
    }
