"""Both means have β₁.

U has its own β₂. With the defaults one does not see it.
"""

from langmodels.lora import *


class Importance(Importance):
    def update(self, weight, gradient):
        now = (weight * gradient).abs().detach()
        self.sensitivity = self.beta1 * self.sensitivity + (1 - self.beta1) * now
        self.uncertainty = (
            self.beta1 * self.uncertainty + (1 - self.beta1) * (now - self.sensitivity).abs()
        )
        return self.sensitivity * self.uncertainty
