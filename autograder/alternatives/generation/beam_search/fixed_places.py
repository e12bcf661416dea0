"""Right: a fixed number of places, empty ones with -inf."""

from langmodels.generation import *


@torch.inference_mode()
def beam_search(model, prompt, n_beams, max_new, *, eos=None, length_penalty=1.0):
    texts = torch.tensor([list(prompt)])
    sums = torch.zeros(1, dtype=torch.double)
    done, scores = [], torch.full((n_beams,), -math.inf, dtype=torch.double)
    for length in range(1, max_new + 1):
        totals = sums[:, None] + torch.log_softmax(model(texts)[:, -1].double(), dim=-1)
        size = totals.shape[1]
        order = totals.flatten().argsort(descending=True)[: 2 * n_beams]
        values, parents, tokens = totals.flatten()[order], order // size, order % size
        grown = torch.cat([texts[parents], tokens[:, None]], dim=1)
        closes = torch.zeros(len(order), dtype=torch.bool)
        if eos is not None:
            closes |= tokens == eos
        if length == max_new:
            closes[:] = True
        for rank in range(min(n_beams, len(order))):
            if closes[rank]:
                done.append((values[rank].item() / length**length_penalty, grown[rank].tolist()))
        done = sorted(done, reverse=True)[:n_beams]
        scores[: len(done)] = torch.tensor([score for score, _ in done], dtype=torch.double)
        texts, sums = grown[~closes][:n_beams], values[~closes][:n_beams]
        if len(texts) == 0 or sums.max() / length**length_penalty <= scores.min():
            break
    return [Beam(text[len(prompt) :], score) for score, text in done]
