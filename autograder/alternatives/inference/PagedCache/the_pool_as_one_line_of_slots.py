"""Numbers all slots of the pool in one line: page · size + slot."""

from langmodels.inference import *


class PagedCache(PagedCache):
    def reserve(self, n_new):
        ends = [n + c for n, c in zip(self.lengths, self.counts, strict=True)]
        pages = [(end + self.page - 1) // self.page for end in ends]
        needed = sum(pages) - sum(map(len, self.tables))
        if needed > len(self.free):
            raise ValueError(f"{needed - len(self.free)} pages too few")
        for table, n_pages in zip(self.tables, pages, strict=True):
            more = n_pages - len(table)
            table.extend(self.free[:more])
            del self.free[:more]

    def release(self, row):
        self.free, self.tables[row] = [*self.tables[row], *self.free], []
        self.lengths[row] = 0

    def _slots(self):
        """For each row the numbers of its slots, in order."""
        longest = max(map(len, self.tables))
        tables = torch.zeros(len(self.tables), longest, dtype=torch.long)
        for row, table in enumerate(self.tables):
            tables[row, : len(table)] = torch.tensor(table, dtype=torch.long)
        return (tables[:, :, None] * self.page + torch.arange(self.page)).flatten(1)

    def mask(self, n_new):
        slots = torch.arange(max(map(len, self.tables)) * self.page)
        return self.positions(n_new)[:, None, :, None].ge(slots)

    def update(self, layer, key, value):
        slots = self._slots()
        result = []
        for pool, new in ((self.keys, key), (self.values, value)):
            line = pool[layer].transpose(0, 1).flatten(1, 2).clone()  # (G, pages · page, K)
            for row, count in enumerate(self.counts):
                first = self.lengths[row]
                line[:, slots[row, first : first + count]] = new[row, :, :count]
            pool[layer] = line.unflatten(1, (-1, self.page)).transpose(0, 1)
            result.append(line[:, slots].transpose(0, 1))
        return tuple(result)
