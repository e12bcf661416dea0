"""Right: from each beginning, look how far the name goes."""

from langmodels.pipelines import *


def group_entities(labels, scores):
    found, place = [], 0
    while place < len(labels):
        if labels[place] == "O":
            place += 1
            continue
        end, inside = place + 1, "I-" + labels[place][2:]
        while end < len(labels) and labels[end] == inside:
            end += 1
        mean = sum(scores[place:end]) / (end - place)
        found.append(Entity(labels[place][2:], place, end, mean))
        place = end
    return found
