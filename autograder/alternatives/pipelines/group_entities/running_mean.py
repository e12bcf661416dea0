"""Right: the last name is replaced by a longer one."""

from langmodels.pipelines import *


def group_entities(labels, scores):
    found = []
    for place, label in enumerate(labels):
        if label == "O":
            continue
        last = found[-1] if found else None
        if label[0] == "I" and last and last.end == place and last.kind == label[2:]:
            n = place - last.start
            mean = last.score + (scores[place] - last.score) / (n + 1)
            found[-1] = Entity(last.kind, last.start, place + 1, mean)
        else:
            found.append(Entity(label[2:], place, place + 1, scores[place]))
    return found
