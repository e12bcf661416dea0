"""A kind ends at its own dash.

Only the first two letters are the mark. What comes after is the kind, dashes and all.
"""

from langmodels.pipelines import *


def group_entities(labels, scores):
    names = []
    found, before = [], "O"
    for place, (label, score) in enumerate(zip(labels, scores, strict=True)):
        kind = label.split("-")[1] if "-" in label else ""
        if label != "O":
            if label[:2] == "B-" or ([*before.split("-"), ""])[1] != kind:
                names.append((kind, []))
                found.append(place)
            names[-1][1].append(score)
        before = label
    return [
        Entity(kind, start, start + len(parts), sum(parts) / len(parts))
        for start, (kind, parts) in zip(found, names, strict=True)
    ]
