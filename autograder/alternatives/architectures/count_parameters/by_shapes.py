"""Right: the sizes of all tensors are added up."""

from langmodels.architectures import *


def count_parameters(config):
    d = config.width
    if isinstance(config, GPT2Config):
        attention = [3 * d * d, 3 * d, d * d, d]
        network = [4 * d * d, 4 * d, 4 * d * d, d]
        embeddings = config.vocabulary * d + config.max_length * d
        norm = d + d
    else:
        k = config.head_width
        attention = [d * config.n_heads * k] * 2 + [d * config.n_kv_heads * k] * 2
        network = [d * config.inner for _ in ("gate", "up", "down")]
        embeddings = config.vocabulary * d
        if not config.tied:
            embeddings += config.vocabulary * d
        norm = d
    found = {"embeddings": embeddings, "attention": 0, "feed_forward": 0, "norms": norm}
    for _ in range(config.n_layers):
        found["attention"] += sum(attention)
        found["feed_forward"] += sum(network)
        found["norms"] += 2 * norm
    return found
