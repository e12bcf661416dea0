"""Every token is a name of its own.

I- goes on with the name that stands before it.
"""

from langmodels.pipelines import *


def group_entities(labels, scores):
    names = []
    found, _before = [], "O"
    for place, (label, score) in enumerate(zip(labels, scores, strict=True)):
        kind = label[2:]
        if label != "O":
            if True:
                names.append((kind, []))
                found.append(place)
            names[-1][1].append(score)
    return [
        Entity(kind, start, start + len(parts), sum(parts) / len(parts))
        for start, (kind, parts) in zip(found, names, strict=True)
    ]
