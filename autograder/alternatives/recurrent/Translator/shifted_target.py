"""Right: shifts the target first, and scores all states at the end."""

from langmodels.recurrent import *


class Translator(Translator):
    def forward(self, source, lengths, target, own=None):
        memory, h = self.encode(source, lengths)
        start = torch.full((len(target), 1), self.start)
        told = torch.cat([start, target], dim=1)[:, : target.shape[1]]
        mask, keys = torch.arange(source.shape[1]) < lengths[:, None], self.key(memory)
        states = []
        for t in range(target.shape[1]):
            token = told[:, t].clone()
            if own is not None and t > 0:
                chosen = self.head(states[-1]).argmax(dim=1)
                token[own[:, t]] = chosen[own[:, t]]
            found = torch.zeros_like(memory[:, 0])
            if self.attends:
                found = additive_attention(self.query(h), keys, memory, self.score, mask)[0]
            heard = torch.cat([self.embedding(token), found], dim=1)
            h = self.decoder(heard[:, None], [(h,)])[1][0][0]
            states.append(h)
        return self.head(torch.stack(states, dim=1))
