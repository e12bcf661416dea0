"""Embeddings are transposed as well.

Embeddings are tables with a row for each token or position, in both libraries.
"""

from langmodels.architectures import *


def from_gpt2(weights):
    ours = {}
    for name, tensor in weights.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or re.fullmatch(r"h\.\d+\.attn\.(masked_)?bias", name):
            continue
        is_matrix = tensor.ndim == 2
        ours[renamed(name, GPT2_NAMES)] = tensor.T if is_matrix else tensor
    return ours
