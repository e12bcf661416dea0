"""The first step is taken as the mean.

Both means begin at 0, and the first step has its share only. With s itself as S the first
uncertainty is nothing, and nothing is important.
"""

from langmodels.lora import *


class Importance(Importance):
    def update(self, weight, gradient):
        now = (weight * gradient).abs().detach()
        if isinstance(self.sensitivity, float):
            self.sensitivity = now
        self.sensitivity = self.beta1 * self.sensitivity + (1 - self.beta1) * now
        self.uncertainty = (
            self.beta2 * self.uncertainty + (1 - self.beta2) * (now - self.sensitivity).abs()
        )
        return self.sensitivity * self.uncertainty
