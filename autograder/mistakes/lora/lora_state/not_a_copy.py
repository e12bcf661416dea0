"""The tensors themselves are given, not copies.

They go on changing with every step of learning. What you keep as the best adapter so far is
always the newest.
"""

from langmodels.lora import *


def lora_state(model):
    return {
        f"{name}.{part}": getattr(module, part).detach()
        for name, module in model.named_modules()
        if isinstance(module, LoRALinear)
        for part in ("down", "up")
    }
