"""Right: a method for one network, called for each."""

from langmodels.recurrent import *


class Recurrent(Recurrent):
    def one(self, inputs, name, state, lengths):
        w, u = self.get_parameter(f"weight_ih_{name}"), self.get_parameter(f"weight_hh_{name}")
        b, c = self.get_parameter(f"bias_ih_{name}"), self.get_parameter(f"bias_hh_{name}")
        step = {"rnn": rnn_step, "lstm": lstm_step, "gru": gru_step}[self.kind]
        said = torch.einsum("bti,gi->btg", inputs, w) + b
        return unroll(step, said, state, u, c, lengths)

    def forward(self, inputs, state=None, lengths=None):
        zeros = torch.zeros(len(inputs), self.width, dtype=inputs.dtype)
        both = len(self.directions) == 2
        given = list(state) if state else [(zeros,) * self.n_states] * (self.n_layers * (1 + both))
        collected = []
        for layer in range(self.n_layers):
            heard, last = self.one(inputs, f"l{layer}", given.pop(0), lengths)
            collected.append(last)
            if both:
                other, last = self.one(
                    reverse(inputs, lengths), f"l{layer}_reverse", given.pop(0), lengths
                )
                heard = torch.cat([heard, reverse(other, lengths)], dim=2)
                collected.append(last)
            inputs = heard
        return inputs, collected
