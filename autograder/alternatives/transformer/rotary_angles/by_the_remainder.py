"""Right: all features at once, numbered modulo K/2."""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10_000.0):
    pairs = torch.arange(head_width) % (head_width // 2)
    speeds = torch.exp(-2 * math.log(base) / head_width * pairs)
    angles = torch.einsum("...t,k->...tk", positions.float(), speeds).unsqueeze(-3)
    return torch.polar(torch.ones_like(angles), angles).real.clone(), torch.sin(angles)
