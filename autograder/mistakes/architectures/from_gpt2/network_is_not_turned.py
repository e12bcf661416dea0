"""The matrices of the feed-forward network are not transposed.

All four linear layers of a layer are stored the other way round: c_attn, c_fc, and both that are
called c_proj.
"""

from langmodels.architectures import *


def from_gpt2(weights):
    ours = {}
    for name, tensor in weights.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or re.fullmatch(r"h\.\d+\.attn\.(masked_)?bias", name):
            continue
        is_matrix = ".attn." in name and name.endswith(
            (".c_attn.weight", ".c_proj.weight", ".c_fc.weight")
        )
        ours[renamed(name, GPT2_NAMES)] = tensor.T if is_matrix else tensor
    return ours
