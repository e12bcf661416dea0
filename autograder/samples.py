"""Three sample submissions, made from the reference and the mistake library.

`make course` grades them: one is complete, one is half done and holds two classic mistakes, and
one does not parse. Nothing of them is stored, so they never disagree with the course.
"""

import ast
import re
import sys
from pathlib import Path

from autograder.project import Project
from autograder.sync import render, write_text

CLASSIC_MISTAKES = ("ngrams/count_ngrams/no_end_marker", "ngrams/sentence_logprob/base_two")
HALF = 0.5


def write_samples(root: Path, folder: Path) -> None:
    """Write complete/, half-done/ and syntax-error/ below `folder`."""
    catalog = Project(root).catalog
    for module in sorted({exercise.module for exercise in catalog.exercises.values()}):
        source = (root / "solutions" / "langmodels" / f"{module}.py").read_text(encoding="utf-8")
        ids = [e.id for e in catalog.exercises.values() if e.module == module]
        complete = render(source, module, keep=ids)
        half = render(source, module, keep=ids[: round(len(ids) * HALF)])
        for mistake in CLASSIC_MISTAKES:
            path = root / "autograder" / "mistakes" / f"{mistake}.py"
            if mistake.startswith(f"{module}/"):
                half = replace_function(half, path.read_text(encoding="utf-8"))
        # A colon forgotten at the end of the first def: the most common slip there is.
        lines = half.splitlines(keepends=True)
        at = next(n for n, line in enumerate(lines) if re.match(r"(def .*|\).*):$", line))
        lines[at] = lines[at].replace(":\n", "\n")
        for name, text in {
            "complete": complete,
            "half-done": half,
            "syntax-error": "".join(lines),
        }.items():
            write_text(folder / name / "langmodels" / f"{module}.py", text)


def replace_function(source: str, mistake: str) -> str:
    """The source with the function that the mistake's file defines in place of its own."""
    wrong = next(n for n in ast.parse(mistake).body if isinstance(n, ast.FunctionDef))
    own = next(
        n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == wrong.name
    )
    lines = source.splitlines()
    lines[own.lineno - 1 : own.end_lineno] = mistake.splitlines()[
        wrong.lineno - 1 : wrong.end_lineno
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    write_samples(Project(Path.cwd()).root, Path(sys.argv[1]))
