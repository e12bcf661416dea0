"""Writes token by token, and puts the pages of each row together one by one."""

from langmodels.inference import *


class PagedCache(PagedCache):
    def reserve(self, n_new):
        wanted = []
        for row, count in enumerate(self.counts):
            have = len(self.tables[row]) * self.page
            need = self.lengths[row] + count
            while have < need:
                wanted.append(row)
                have += self.page
        if len(wanted) > len(self.free):
            raise ValueError(f"the pool has {len(self.free)} free pages, not {len(wanted)}")
        for row in wanted:
            self.tables[row].append(self.free.pop(0))

    def release(self, row):
        while self.tables[row]:
            self.free.append(self.tables[row].pop())
        self.lengths[row] = 0

    def mask(self, n_new):
        width = max(len(table) for table in self.tables) * self.page
        mask = torch.zeros(len(self.tables), 1, n_new, width, dtype=torch.bool)
        for row, length in enumerate(self.lengths):
            for new in range(n_new):
                mask[row, 0, new, : length + new + 1] = True
        return mask

    def update(self, layer, key, value):
        longest = max(len(table) for table in self.tables)
        results = []
        for pool, new in ((self.keys[layer], key), (self.values[layer], value)):
            rows = []
            for row, table in enumerate(self.tables):
                for n in range(self.counts[row]):
                    number, slot = divmod(self.lengths[row] + n, self.page)
                    pool[table[number], :, slot] = new[row, :, n]
                pages = [pool[number] for number in table]
                pages += [torch.zeros_like(pool[0])] * (longest - len(table))
                rows.append(torch.cat(pages, dim=1))
            results.append(torch.stack(rows))
        return tuple(results)
