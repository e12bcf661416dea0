#!/usr/bin/env python3
"""Stands in for the course's plugin.

It emits the classes that the theme styles, and on demand a node that no theme knows.
"""

import json
import os
import sys


def text(value):
    return {"type": "text", "value": value}


def paragraph(*children):
    return {"type": "paragraph", "children": list(children)}


def div(name, *children):
    return {"type": "div", "class": name, "children": list(children)}


def span(name, value):
    return {"type": "span", "class": name, "children": [text(value)]}


def hints(*bodies):
    """Each hint holds the next one, so that it cannot be seen before."""
    inner = []
    for number in range(len(bodies), 0, -1):
        summary = {"type": "summary", "children": [text(f"Hint {number} of {len(bodies)}")]}
        body = paragraph(text(bodies[number - 1]))
        inner = [{"type": "details", "class": "hint", "children": [summary, body, *inner]}]
    return div("hint-ladder", *inner)


def exercise_card():
    title = {"type": "paragraph", "class": "exercise-title", "children": [text("Count n-grams")]}
    meta = div(
        "exercise-meta",
        span("exercise-id", "ngrams.count_ngrams"),
        span("exercise-points", "3 points"),
        span("exercise-minutes", "20 min"),
        span("exercise-difficulty", "●●○○○ difficulty 2 of 5"),
        span("exercise-needs", "needs ngrams.tokenize"),
    )
    command = {
        "type": "code",
        "lang": "console",
        "class": "exercise-command",
        "value": "course check ngrams.count_ngrams",
    }
    body = paragraph(text("Count every window of n tokens."))
    return div(
        "exercise-card",
        title,
        meta,
        body,
        command,
        hints("Slide a window.", "Use zip.", "See Counter."),
    )


def run(name):
    if name == "course-exercise":
        mystery = (
            [{"type": "mystery", "children": [text("?")]}]
            if os.environ.get("FIXTURE_UNKNOWN_NODE")
            else []
        )
        return [exercise_card(), *mystery]
    raise SystemExit(f"no directive {name}")


if len(sys.argv) == 1:
    print(
        json.dumps(
            {
                "name": "Fixture plugin",
                "directives": [{"name": "course-exercise", "doc": "An exercise card."}],
            }
        )
    )
else:
    json.load(sys.stdin)
    print(json.dumps(run(sys.argv[2])))
