"""A name without a B- is left out.

Models forget it now and then. An I- that continues nothing begins a name.
"""

from langmodels.pipelines import *


def group_entities(labels, scores):
    names = []
    found, before = [], "O"
    for place, (label, score) in enumerate(zip(labels, scores, strict=True)):
        kind = label[2:]
        if label[:2] == "I-" and before[2:] != kind:
            label = "O"
        if label != "O":
            if label[:2] == "B-" or before[2:] != kind:
                names.append((kind, []))
                found.append(place)
            names[-1][1].append(score)
        before = label
    return [
        Entity(kind, start, start + len(parts), sum(parts) / len(parts))
        for start, (kind, parts) in zip(found, names, strict=True)
    ]
