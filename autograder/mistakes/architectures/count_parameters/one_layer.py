"""The layers are not multiplied.

All layers have the same sizes and each has its own weights, so there are L times as many.
"""

from langmodels.architectures import *


def count_parameters(config):
    c = config
    if isinstance(c, GPT2Config):
        layer = {
            "attention": 4 * c.width * (c.width + 1),
            "feed_forward": (8 * c.width + 5) * c.width,
        }
        embeddings = (c.vocabulary + c.max_length) * c.width
        norm = 2 * c.width
    else:
        heads = 2 * c.n_heads + 2 * c.n_kv_heads
        layer = {
            "attention": heads * c.head_width * c.width,
            "feed_forward": 3 * c.inner * c.width,
        }
        embeddings = (1 if c.tied else 2) * c.vocabulary * c.width
        norm = c.width
    return {
        "embeddings": embeddings,
        **dict(layer.items()),
        "norms": (2 * c.n_layers + 1) * norm,
    }
