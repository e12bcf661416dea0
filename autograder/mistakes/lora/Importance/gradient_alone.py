"""The gradient alone decides.

A large gradient at a weight of nearly nothing says that the weight should change, not that the
loss would miss it.
"""

from langmodels.lora import *


class Importance(Importance):
    def update(self, weight, gradient):
        now = gradient.abs().detach()
        self.sensitivity = self.beta1 * self.sensitivity + (1 - self.beta1) * now
        self.uncertainty = (
            self.beta2 * self.uncertainty + (1 - self.beta2) * (now - self.sensitivity).abs()
        )
        return self.sensitivity * self.uncertainty
