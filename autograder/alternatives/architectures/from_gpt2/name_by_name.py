"""Right: one name after the other, written out."""

from langmodels.architectures import *


def from_gpt2(weights):
    theirs = {name.removeprefix("transformer."): tensor for name, tensor in weights.items()}
    ours = {
        "embedding.weight": theirs["wte.weight"],
        "positions.weight": theirs["wpe.weight"],
        "norm.weight": theirs["ln_f.weight"],
        "norm.bias": theirs["ln_f.bias"],
    }
    number = 0
    while f"h.{number}.ln_1.weight" in theirs:
        old, new = f"h.{number}", f"layers.{number}"
        for kind in ("weight", "bias"):
            ours[f"{new}.attention_norm.{kind}"] = theirs[f"{old}.ln_1.{kind}"]
            ours[f"{new}.mlp_norm.{kind}"] = theirs[f"{old}.ln_2.{kind}"]
        for name, there in [
            ("attention.in_proj", "attn.c_attn"),
            ("attention.out_proj", "attn.c_proj"),
            ("mlp.in_proj", "mlp.c_fc"),
            ("mlp.out_proj", "mlp.c_proj"),
        ]:
            ours[f"{new}.{name}.bias"] = theirs[f"{old}.{there}.bias"]
            ours[f"{new}.{name}.weight"] = theirs[f"{old}.{there}.weight"].transpose(0, 1)
        number += 1
    return ours
