"""Moves both means towards what is new."""

from langmodels.lora import *


class Importance(Importance):
    @torch.no_grad()
    def update(self, weight, gradient):
        now = weight.mul(gradient).abs()
        if not torch.is_tensor(self.sensitivity):
            self.sensitivity = torch.zeros_like(now)
            self.uncertainty = torch.zeros_like(now)
        self.sensitivity = self.sensitivity.lerp(now, 1 - self.beta1)
        self.uncertainty = self.uncertainty.lerp((now - self.sensitivity).abs(), 1 - self.beta2)
        return self.uncertainty * self.sensitivity
