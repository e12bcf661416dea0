"""A name at the end of the text is lost.

The text may end with a name: it has to be put down after the loop.
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
    if labels and labels[-1] != "O":
        names, found = names[:-1], found[:-1]
    return [
        Entity(kind, start, start + len(parts), sum(parts) / len(parts))
        for start, (kind, parts) in zip(found, names, strict=True)
    ]
