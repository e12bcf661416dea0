"""An I- of another kind goes on with the name.

A person does not become a place in the middle: another kind is another name.
"""

from langmodels.pipelines import *


def group_entities(labels, scores):
    names = []
    found, before = [], "O"
    for place, (label, score) in enumerate(zip(labels, scores, strict=True)):
        kind = label[2:]
        if label != "O":
            if label[:2] == "B-" or before == "O":
                names.append((kind, []))
                found.append(place)
            names[-1][1].append(score)
        before = label
    return [
        Entity(kind, start, start + len(parts), sum(parts) / len(parts))
        for start, (kind, parts) in zip(found, names, strict=True)
    ]
