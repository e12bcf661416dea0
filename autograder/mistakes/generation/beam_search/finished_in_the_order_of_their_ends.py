"""The texts come in the order in which they ended.

Short ones come first then, not good ones. The best score comes first.
"""

from langmodels.generation import *


@torch.inference_mode()
def beam_search(model, prompt, n_beams, max_new, *, eos=None, length_penalty=1.0):
    texts, sums = torch.tensor([list(prompt)]), torch.zeros(1, dtype=torch.float64)
    finished = []
    for length in range(1, max_new + 1):
        log_probs = model(texts)[:, -1].log_softmax(-1, dtype=torch.float64) + sums[:, None]
        vocabulary = log_probs.shape[1]
        best, places = log_probs.flatten().topk(min(2 * n_beams, log_probs.numel()))
        texts = torch.cat([texts[places // vocabulary], places[:, None] % vocabulary], dim=1)
        last = vocabulary if eos is None else eos
        ends = (texts[:, -1] == last) | (length == max_new)
        for row in ends[:n_beams].nonzero()[:, 0].tolist():
            score = best[row].item() / length**length_penalty
            finished.append(Beam(texts[row, len(prompt) :].tolist(), score))
        finished = finished[:n_beams]
        texts, sums = texts[~ends][:n_beams], best[~ends][:n_beams]
        if not len(texts):
            break
        if len(finished) == n_beams and sums[0] / length**length_penalty <= finished[-1].score:
            break
    return finished
