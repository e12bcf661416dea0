"""Right: with a function for one step."""

from langmodels.recurrent import *


class Translator(Translator):
    def forward(self, source, lengths, target, own=None):
        memory, state = self.encode(source, lengths)
        real = torch.arange(source.shape[1]).expand_as(source) < lengths.unsqueeze(1)
        keys = torch.einsum("bsh,dh->bsd", memory, self.key.weight)

        def write(token, h):
            if self.attends:
                seen, _ = additive_attention(self.query(h), keys, memory, self.score, real)
            else:
                seen = h * 0.0
            heard = torch.cat((self.embedding.weight[token], seen), dim=1)
            outputs, _ = self.decoder(heard.unsqueeze(1), [(h,)])
            return outputs[:, 0]

        token = torch.tensor([self.start] * len(source))
        answers = []
        for t in range(target.shape[1]):
            state = write(token, state)
            answers.append(self.head(state))
            token = target[:, t]
            if own is not None and t + 1 < target.shape[1]:
                token = torch.where(own[:, t + 1], answers[-1].max(-1).indices, token)
        return torch.stack(answers, dim=1)
