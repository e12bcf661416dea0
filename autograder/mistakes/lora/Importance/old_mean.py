"""The uncertainty compares with the mean before this step.

The order matters: the new S has taken s in, and U is of the distance from that.
"""

from langmodels.lora import *


class Importance(Importance):
    def update(self, weight, gradient):
        now = (weight * gradient).abs().detach()
        gap = (now - self.sensitivity).abs()
        self.sensitivity = self.beta1 * self.sensitivity + (1 - self.beta1) * now
        self.uncertainty = self.beta2 * self.uncertainty + (1 - self.beta2) * gap
        return self.sensitivity * self.uncertainty
