"""The kind still has its B- or I-.

The mark says where in the name a token stands; the kind is what comes after it.
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
        before = label
    return [
        Entity("B-" + kind, start, start + len(parts), sum(parts) / len(parts))
        for start, (kind, parts) in zip(found, names, strict=True)
    ]
