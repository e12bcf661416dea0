"""For each block of keys all blocks of queries, with einsum."""

from langmodels.efficient_attention import *


def tiled_attention_backward(
    grad, query, key, value, out, log_total, *, causal=False, scale=None, block=128
):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    n_queries, n_keys = query.shape[-2], key.shape[-2]
    row_sum = torch.einsum("...tv,...tv->...t", grad, out)
    d_query = torch.zeros_like(query)
    d_keys, d_values = [torch.zeros_like(key[..., :0, :])], [torch.zeros_like(value[..., :0, :])]
    for c in range(0, n_keys, block):
        k, v = key[..., c : c + block, :], value[..., c : c + block, :]
        d_k, d_v = torch.zeros_like(k), torch.zeros_like(v)
        for r in range(0, n_queries, block):
            q, g = query[..., r : r + block, :], grad[..., r : r + block, :]
            last = n_keys - n_queries + r + q.shape[-2] - 1
            if causal and c > last:
                continue
            weights = torch.einsum("...tk,...sk->...ts", q, k) * scale
            weights = torch.exp(weights - log_total[..., r : r + block, None])
            if causal:
                place = torch.arange(last + 1 - q.shape[-2], last + 1)[:, None]
                weights = torch.where(torch.arange(c, c + k.shape[-2]) <= place, weights, 0.0)
            d_v = d_v + torch.einsum("...ts,...tv->...sv", weights, g)
            d_weights = torch.einsum("...tv,...sv->...ts", g, v)
            d_scores = scale * weights * (d_weights - row_sum[..., r : r + block, None])
            d_k = d_k + torch.einsum("...ts,...tk->...sk", d_scores, q)
            d_query[..., r : r + block, :] += torch.einsum("...ts,...sk->...tk", d_scores, k)
        d_keys.append(d_k)
        d_values.append(d_v)
    return d_query, torch.cat(d_keys, dim=-2), torch.cat(d_values, dim=-2)
