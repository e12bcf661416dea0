"""As many heads of keys are counted as of queries.

LLaMA may have G heads of keys and values for H of queries; only these G have matrices.
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
        heads = 4 * c.n_heads
        layer = {
            "attention": heads * c.head_width * c.width,
            "feed_forward": 3 * c.inner * c.width,
        }
        embeddings = (1 if c.tied else 2) * c.vocabulary * c.width
        norm = c.width
    return {
        "embeddings": embeddings,
        **{part: c.n_layers * count for part, count in layer.items()},
        "norms": (2 * c.n_layers + 1) * norm,
    }
