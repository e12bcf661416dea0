"""One of the two kinds of masks is loaded as a weight.

Old files hold h.N.attn.bias and h.N.attn.masked_bias. Both are left out.
"""

from langmodels.architectures import *


def from_gpt2(weights):
    ours = {}
    for name, tensor in weights.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or re.fullmatch(r"h\.\d+\.attn\.bias", name):
            continue
        is_matrix = name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))
        ours[renamed(name, GPT2_NAMES)] = tensor.T if is_matrix else tensor
    return ours
