"""A name goes on after a word that is none.

O ends a name. An I- after it begins another.
"""

from langmodels.pipelines import *


def group_entities(labels, scores):
    names = []
    found, before = [], "O"
    for place, (label, score) in enumerate(zip(labels, scores, strict=True)):
        kind = label[2:]
        if label != "O":
            if label[:2] == "B-" or before[2:] != kind:
                names.append((kind, []))
                found.append(place)
            names[-1][1].append(score)
        before = label if label != "O" else before
    return [
        Entity(kind, start, start + len(parts), sum(parts) / len(parts))
        for start, (kind, parts) in zip(found, names, strict=True)
    ]
