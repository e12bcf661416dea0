"""Right: lists of texts, and a sort of all continuations."""

from langmodels.generation import *


@torch.inference_mode()
def beam_search(model, prompt, n_beams, max_new, *, eos=None, length_penalty=1.0):
    opened, finished = [([], 0.0)], []
    for length in range(1, max_new + 1):
        logits = model(torch.tensor([[*prompt, *text] for text, _ in opened]))[:, -1]
        rows = logits.double().log_softmax(-1).tolist()
        candidates = [
            (total + p, [*text, token])
            for (text, total), row in zip(opened, rows, strict=True)
            for token, p in enumerate(row)
        ]
        candidates.sort(key=lambda pair: pair[0], reverse=True)
        opened = []
        for rank, (total, text) in enumerate(candidates):
            if length == max_new or (eos is not None and text[-1] == eos):
                if rank < n_beams:
                    finished.append(Beam(text, total / length**length_penalty))
            elif len(opened) < n_beams:
                opened.append((text, total))
        finished = sorted(finished, key=lambda beam: beam.score, reverse=True)[:n_beams]
        full = len(finished) >= n_beams
        if not opened or (full and opened[0][1] / length**length_penalty <= finished[-1].score):
            break
    return finished
