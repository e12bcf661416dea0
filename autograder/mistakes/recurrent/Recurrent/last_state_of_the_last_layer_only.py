"""Only the last layer's states come back.

To read on, each layer and each direction needs its own state.
"""

from langmodels.recurrent import *


class Recurrent(Recurrent):
    def forward(self, inputs, state=None, lengths=None):
        step = {"rnn": rnn_step, "lstm": lstm_step, "gru": gru_step}[self.kind]
        nothing = (inputs.new_zeros(len(inputs), self.width),) * self.n_states
        n_networks = self.n_layers * len(self.directions)
        states = iter(state or [nothing] * n_networks)
        last: list[State] = []
        for layer in range(self.n_layers):
            heard = []
            for direction in self.directions:
                w, u, b, c = (
                    getattr(self, f"{name}_l{layer}{direction}")
                    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
                )
                read = reverse(inputs, lengths) if direction else inputs
                outputs, final = unroll(step, read @ w.T + b, next(states), u, c, lengths)
                heard.append(reverse(outputs, lengths) if direction else outputs)
                last.append(final)
            inputs = torch.cat(heard, dim=-1)
        return inputs, last[-len(self.directions) :]
