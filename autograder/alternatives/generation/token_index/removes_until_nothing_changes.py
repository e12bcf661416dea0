"""Right: strikes out dead ends until there are none."""

from langmodels.generation import *


def token_index(automaton, vocabulary):
    index = []
    for start in range(len(automaton.steps)):
        entries = {}
        for token, text in enumerate(vocabulary):
            state = start
            for character in text:
                state = automaton.steps[state].get(character) if state is not None else None
            if text and state is not None:
                entries[token] = state
        index.append(entries)
    reach = torch.zeros(len(index), len(index), dtype=torch.bool)
    for state, entries in enumerate(index):
        reach[state, [state, *entries.values()]] = True
    for _ in index:
        reach = (reach.float() @ reach.float()) > 0
    good = reach[:, sorted(automaton.accepting)].any(1).tolist()
    return [{t: to for t, to in entries.items() if good[to]} for entries in index]
