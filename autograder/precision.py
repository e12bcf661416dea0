"""How often a known mistake is named, and whether it is ever named wrongly.

`python -m autograder.precision [ID or chapter …]` tries the naming (diagnosis.py) on code of which
it is known what is wrong with it: each mistake of the library, two mistakes merged into one piece
of code, and operator mutants of the reference and of mistakes. A mistake must be named as itself; a
pair as one or both of the two; a mutant only as a mistake that explains it on fresh inputs too.
All of it is our own code and runs in this process.
"""

import ast
import io
import itertools
import random
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from autograder.catalog import Exercise
from autograder.diagnosis import REFERENCE, explain, hear
from autograder.examiner import Target
from autograder.library import load_mistakes
from autograder.mutants import Sample, mutants
from autograder.project import Project
from autograder.submission import read_package

SEED, FRESH = 7, 101
SAMPLE = 6  # pairs and mutants for each exercise


class Trial(msgspec.Struct, frozen=True):
    """One piece of wrong code, and what was said of it.

    Attributes:
        kind: "mistake", "pair", "mutant", or "mutated mistake".
        named: test → file name of the mistake that is named there.
        is_false: whether that is a false accusation.
    """

    exercise: str
    kind: str
    name: str
    named: dict[str, str]
    is_false: bool


def try_naming(project: Project, exercise: Exercise, sample: int = SAMPLE) -> list[Trial]:
    """Try it on all mistakes of an exercise, and on `sample` pairs and mutants."""
    reference = read_package(project.root / "solutions" / "langmodels")
    mistakes = {m.path.stem: m.path for m in load_mistakes(project.root, exercise)}
    library = [Target(n, reference, override=path) for n, path in mistakes.items()]
    always = [Target(REFERENCE, reference), *library]
    subjects = [_Subject(target, "mistake", {target.name}) for target in library]
    with tempfile.TemporaryDirectory() as folder:
        made = list(_made(exercise, mistakes, reference, sample, Path(folder)))
        first = _Run(project, exercise, [*always, *(s.target for s in made)], SEED)
        named = {s.target.name: first.name(s.target.name, mistakes) for s in subjects + made}
        doubtful = [s.target for s in made if not {*named[s.target.name].values()} <= s.truth]
        again: dict[str, dict[str, str]] = {}
        if doubtful:
            fresh = _Run(project, exercise, [*always, *doubtful], FRESH)
            again = {target.name: fresh.name(target.name, mistakes) for target in doubtful}
    trials = []
    for subject in subjects + made:
        name = subject.target.name
        said = {*named[name].values()}
        confirmed = said <= subject.truth or said == {*again.get(name, {}).values()}
        trials.append(Trial(exercise.id, subject.kind, name, named[name], not confirmed))
    return trials


class _Run:
    """Every answer of the reference, the library and the subjects to one seed's inputs."""

    def __init__(
        self, project: Project, exercise: Exercise, targets: Sequence[Target], seed: int
    ) -> None:
        self.heard = hear(targets, exercise, project.hidden, project.catalog, project.root, seed)

    def name(self, subject: str, library: Collection[str]) -> dict[str, str]:
        """What is said of a subject: test → mistake."""
        said = self.heard[subject]
        wrong = {test: did for test, did in said.items() if did.fails}
        return explain(wrong, self.heard, library, len(said))


# --- Wrong code of which it is known what is wrong ---------------------------------------------


class _Subject(NamedTuple):
    target: Target
    kind: str
    truth: set[str]  # the mistakes that are in it


def _made(
    exercise: Exercise,
    mistakes: Mapping[str, Path],
    reference: dict[str, bytes],
    sample: int,
    folder: Path,
) -> Iterator[_Subject]:
    rng = random.Random(exercise.id)
    module = f"{exercise.module}.py"
    source = reference[module].decode()
    texts = {name: path.read_text(encoding="utf-8") for name, path in mistakes.items()}
    numbers = itertools.count()

    def override(name: str, text: str) -> Target:
        path = folder / f"{next(numbers)}.py"
        path.write_text(text, encoding="utf-8")
        return Target(name, reference, override=path)

    pairs = list(itertools.combinations(texts, 2))
    rng.shuffle(pairs)
    both = (({a, b}, merged(source, texts[a], texts[b], exercise.symbol)) for a, b in pairs)
    for names, text in itertools.islice((pair for pair in both if pair[1]), sample):
        yield _Subject(override(" + ".join(sorted(names)), text or ""), "pair", names)
    for mutant in Sample(sample).of(mutants(source, exercise.module, exercise.symbol), exercise.id):
        files = reference | {module: mutant.source.encode()}
        yield _Subject(Target(mutant.id, files), "mutant", set())
    for name in rng.sample(list(texts), min(sample // 2, len(texts))):
        if marked := _marked(texts[name]):
            changed = mutants(marked, exercise.module, exercise.symbol)
            for mutant in rng.sample(changed, min(1, len(changed))):
                target = override(f"{name}: {mutant.id}", mutant.source)
                yield _Subject(target, "mutated mistake", set())


def _marked(text: str) -> str | None:
    """A mistake that is one function, with the marks between which mutants are made."""
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1:
        return None
    lines, body = text.splitlines(), functions[0].body
    indent, first = " " * body[0].col_offset, body[0].lineno - 1
    last = functions[0].end_lineno
    marked = [*lines[:first], f"{indent}# BEGIN SOLUTION", *lines[first:last]]
    return "\n".join([*marked, f"{indent}# END SOLUTION", *lines[last:]]) + "\n"


def merged(reference: str, first: str, second: str, symbol: str) -> str | None:
    """One override with both mistakes in it; None where they change the same place.

    Functions, and methods that both change, are merged token by token, each against the
    reference's; of other methods a class takes whichever is changed.
    """
    base, one, other = (_definitions(text, symbol) for text in (reference, first, second))
    if not one or not other or ("" in one) != ("" in other):
        return None
    bodies = {}
    for name in one | other:
        body = one.get(name) or other[name]
        if name in one and name in other:
            both = _merge(one[name], base.get(name, ""), other[name])
            if both is None or both in (one[name], other[name]):
                return None
            body = both
        bodies[name] = body
    rest = list(dict.fromkeys([*_others(first, symbol), *_others(second, symbol)]))
    if "" in bodies:
        return "\n".join([*rest, bodies[""]]) + "\n"
    lines = [f"    {line}" for body in bodies.values() for line in body.splitlines()]
    return "\n".join([*rest, f"class {symbol}({symbol}):", *lines]) + "\n"


def _definitions(text: str, symbol: str) -> dict[str, str]:
    """The code of a function under "", or of a class's methods under their names."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == symbol:
            return {"": _plain(node)}
        if isinstance(node, ast.ClassDef) and node.name == symbol:
            return {f.name: _plain(f) for f in node.body if isinstance(f, ast.FunctionDef)}
    return {}


def _others(text: str, symbol: str) -> Iterator[str]:
    for node in ast.parse(text).body:
        if getattr(node, "name", "") != symbol and not isinstance(node, ast.Expr):
            yield ast.unparse(node)


def _plain(function: ast.FunctionDef) -> str:
    """Its code without docstring and annotations, which mistakes have none of."""
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:] or [ast.Pass()]
    function.returns = None
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(_Unannotated().visit(function))


class _Unannotated(ast.NodeTransformer):
    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Make it a plain assignment."""
        if node.value is None:
            return node
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def _merge(first: str, base: str, second: str) -> str | None:
    """A three-way merge by git, of one token a line."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("first", "base", "second")]
        for path, text in zip(paths, (first, base, second), strict=True):
            path.write_text("".join(f"{token}\n" for token in _tokens(text)), encoding="utf-8")
        command = ["git", "merge-file", "-p", *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        return None
    try:
        return ast.unparse(ast.parse(_untokenized(done.stdout.splitlines())))
    except SyntaxError:
        return None


_LAYOUT = {tokenize.NEWLINE: "\\n", tokenize.INDENT: "\\>", tokenize.DEDENT: "\\<"}


def _tokens(text: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(f"{text}\n").readline):
        if token.type not in (tokenize.NL, tokenize.ENDMARKER):
            yield _LAYOUT.get(token.type, token.string)


def _untokenized(tokens: Sequence[str]) -> str:
    lines: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        if token == "\\n":
            lines.append([])
        elif token in ("\\>", "\\<"):
            depth += 1 if token == "\\>" else -1
        else:
            lines[-1] += [token] if lines[-1] else ["    " * depth + token]
    return "\n".join(map(" ".join, lines))


def main(names: list[str]) -> None:
    """Print a line for each exercise, every false accusation, and the sums."""
    project = Project(Path.cwd())
    trials: list[Trial] = []
    for exercise in project.catalog.select(names):
        found = try_naming(project, exercise)
        trials += found
        print(f"{exercise.id}: {_shares(found)}", flush=True)
        for trial in found:
            if trial.is_false:
                print(f"  false: {trial.kind} {trial.name}: {sorted(set(trial.named.values()))}")
            elif trial.kind == "mistake" and not trial.named:
                print(f"  not named: {trial.name}")
    print(_shares(trials))
    sys.exit(any(trial.is_false for trial in trials))


def _shares(trials: Sequence[Trial]) -> str:
    texts = []
    for kind in dict.fromkeys(trial.kind for trial in trials):
        of_kind = [trial for trial in trials if trial.kind == kind]
        named = sum(bool(trial.named) for trial in of_kind)
        texts.append(f"{kind} {named}/{len(of_kind)} named")
    return f"{', '.join(texts)}, {sum(trial.is_false for trial in trials)} false"


if __name__ == "__main__":
    main(sys.argv[1:])
