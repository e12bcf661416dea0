"""Writes full marks next to every path where a result could be looked for."""

import json
from pathlib import Path

from target import DROP, HOME, MARK, ROOT, SUBMISSIONS, any_works

TEXTS = {
    "results.json": json.dumps({"score": 99, "schema": 1, "submissions": []}),
    "results.xml": '<testsuites><testsuite tests="9" failures="0"/></testsuites>',
    "gradebook.db": "",
    ".course/results.json": '{"ngrams.count_ngrams": {"outcome": "passed", "score": 99}}',
}


def attack(sentences, order):
    places = [Path(p) for p in (ROOT, HOME, DROP, SUBMISSIONS, f"{ROOT}/..", f"{ROOT}/build", ".")]
    done = False
    for place in places:
        for name, text in {**TEXTS, MARK: ""}.items():
            done |= any_works(lambda p=place / name, t=text: p.write_text(t))
    return done
