"""The score is that of the first token.

It is the mean over all tokens of the name.
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
        Entity(kind, start, start + len(parts), parts[0])
        for start, (kind, parts) in zip(found, names, strict=True)
    ]
