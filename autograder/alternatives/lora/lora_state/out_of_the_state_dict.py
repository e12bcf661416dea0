"""Picks from the model's own state, by the names of the layers."""

from langmodels.lora import *


def lora_state(model):
    layers = [n for n, m in model.named_modules() if isinstance(m, LoRALinear)]
    wanted = {f"{n}.{p}" if n else p for n in layers for p in ("down", "up")}
    return {n: t.clone() for n, t in model.state_dict().items() if n in wanted}
