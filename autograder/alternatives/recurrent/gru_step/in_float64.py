"""Right: in double precision, mixing by lerp."""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    h, width = state[0].double(), state[0].shape[-1]
    past = torch.einsum("bh,gh->bg", h, weight.double()) + bias.double()
    open_ = torch.sigmoid((projected.double() + past)[:, : 2 * width])
    candidate = torch.addcmul(projected.double()[:, -width:], open_[:, :width], past[:, -width:])
    new = torch.lerp(candidate.tanh(), h, open_[:, width:])
    return (new.to(projected.dtype),)
