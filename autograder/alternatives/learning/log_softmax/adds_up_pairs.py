"""Right: ln(eᵃ + eᵇ) of two at a time, as torch has it ready made."""

from langmodels.learning import *


def log_softmax(logits):
    total = logits[..., 0].double()
    for number in range(1, logits.shape[-1]):
        total = torch.logaddexp(total, logits[..., number].double())
    return (logits.double() - total[..., None]).to(logits.dtype)
