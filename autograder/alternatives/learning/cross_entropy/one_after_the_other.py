"""Right: one target after the other, in double precision."""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    total, count = 0.0 * logits.new_zeros(()).double(), 0
    rows = logits.reshape(-1, logits.shape[-1])
    for row, target in zip(rows, targets.reshape(-1).tolist(), strict=True):
        if target != ignore:
            total = total - log_softmax(row.double())[target]
            count += 1
    unused = logits.nan_to_num(0.0, 0.0, 0.0).sum() * 0.0
    return (total / max(count, 1)).to(logits.dtype) + unused
