"""The biases of attention are left out with the masks.

h.N.attn.bias is a mask, h.N.attn.c_attn.bias are weights: look at the whole name.
"""

from langmodels.architectures import *


def from_gpt2(weights):
    ours = {}
    for name, tensor in weights.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or (".attn." in name and name.endswith("bias")):
            continue
        is_matrix = name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))
        ours[renamed(name, GPT2_NAMES)] = tensor.T if is_matrix else tensor
    return ours
