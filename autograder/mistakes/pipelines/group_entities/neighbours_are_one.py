"""Two names of one kind beside each other become one.

That is what B- is for: it begins a name, whatever came before.
"""

from langmodels.pipelines import *


def group_entities(labels, scores):
    names = []
    found, before = [], "O"
    for place, (label, score) in enumerate(zip(labels, scores, strict=True)):
        kind = label[2:]
        if label != "O":
            if before[2:] != kind:
                names.append((kind, []))
                found.append(place)
            names[-1][1].append(score)
        before = label
    return [
        Entity(kind, start, start + len(parts), sum(parts) / len(parts))
        for start, (kind, parts) in zip(found, names, strict=True)
    ]
