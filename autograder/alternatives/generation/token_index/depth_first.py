"""Right: asks each state whether it can reach an end."""

from langmodels.generation import *


def token_index(automaton, vocabulary):
    def walk(state, text):
        for character in text:
            if character not in automaton.steps[state]:
                return None
            state = automaton.steps[state][character]
        return state

    ways = []
    for state in range(len(automaton.steps)):
        ends = {token: walk(state, text) for token, text in enumerate(vocabulary) if text}
        ways.append({token: end for token, end in ends.items() if end is not None})

    def can_end(state, seen):
        if state in automaton.accepting:
            return True
        seen.add(state)
        return any(can_end(to, seen) for to in ways[state].values() if to not in seen)

    return [{t: to for t, to in row.items() if can_end(to, set())} for row in ways]
