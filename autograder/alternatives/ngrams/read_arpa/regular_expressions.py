"""Right: sections are found by regular expressions over the whole text.

Each section is cut out first, then its lines are taken apart from the right number of tokens.
"""

import re

from langmodels.ngrams import *


def read_arpa(text):
    whole = re.search(r"^[ \t]*\\data\\[ \t]*$(.*?)^[ \t]*\\end\\[ \t]*$", text, re.M | re.S)
    if whole is None:
        raise ValueError(r"there is no text from \data\ to \end\ ")
    header, *parts = re.split(r"^\\(\d+)-grams:[ \t]*$", whole[1], flags=re.M)
    sections = {int(m): lines for m, lines in zip(parts[::2], parts[1::2], strict=True)}
    table, weights, order = {}, {}, 0
    for found in re.finditer(r"^ngram (\d+) *= *(\d+)", header, re.M):
        m, announced = int(found[1]), int(found[2])
        order = max(order, m)
        token = r"[ \t]+([^ \t\n]+)" * m
        pattern = re.compile(rf"^(\S+){token}(?:[ \t]+([^ \t\n]+))?[ \t]*$", re.M)
        entries = pattern.findall(sections.get(m, ""))
        if len(entries) != announced:
            raise ValueError(f"\\{m}-grams: has {len(entries)} lines, the header says {announced}")
        for logprob, *ngram, weight in entries:
            table[tuple(ngram)] = float(f"1e{0}") * 10 ** float(logprob)
            if float(logprob) <= -99:
                table[tuple(ngram)] = 0.0
            if weight:
                weights[tuple(ngram)] = 10.0 ** float(weight)
    table.pop(("<s>",), None)
    return BackoffModel(order, [g[0] for g in table if len(g) == 1], table, weights)
