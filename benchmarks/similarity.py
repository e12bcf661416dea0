"""Compares a generated class of submissions, in which some have copied from each other.

Each student solves each exercise in one of the ways that the course knows, right or wrong, with
names of their own, and leaves some out. Each copier has another's package, renamed and reordered.
Nothing but what students are given counts as known, so everybody has a lot in common with many.

    python benchmarks/similarity.py 1000
"""

import argparse
import ast
import random
import resource
import time
from pathlib import Path

from autograder.library import load_alternatives, load_mistakes
from autograder.project import Project
from autograder.release import contents
from autograder.similarity import Work, compare, pieces_of

WAYS, DONE, COPIERS = 8, 0.8, 0.02


class _Renamed(ast.NodeTransformer):
    """Other names for what a function sets."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.names: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        stores = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
        self.names |= {n.id for n in stores if isinstance(n.ctx, ast.Store)}
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(node.id + self.mark, node.ctx) if node.id in self.names else node


def ways(project: Project) -> list[tuple[str, list[ast.Module]]]:
    """For each exercise the module's name, and solutions of it, right and wrong."""
    found = []
    for exercise in project.catalog.exercises.values():
        library = [
            *load_alternatives(project.root, exercise),
            *load_mistakes(project.root, exercise),
        ]
        sources = [entry.path.read_text("utf-8") for entry in library[:WAYS]]
        found.append((f"{exercise.module}.py", [ast.parse(source) for source in sources]))
    return found


def student(solutions: list[tuple[str, list[ast.Module]]], choices: list[int], seed: int) -> Work:
    """A package with the chosen solution of each exercise (-1: none), in an order of its own."""
    draw = random.Random(seed)
    files: dict[str, list[str]] = {}
    for (module, known), choice in zip(solutions, choices, strict=True):
        if 0 <= choice < len(known):
            source = ast.unparse(known[choice])
            tree = _Renamed(f"_{seed}").visit(ast.parse(source))
            files.setdefault(module, []).append(ast.unparse(ast.Module(tree.body[1:], [])))
    for functions in files.values():
        draw.shuffle(functions)
    texts = {name: "\n\n".join(functions).encode() for name, functions in files.items()}
    return Work(f"student-{seed:05}", list(pieces_of(texts)))


def main() -> None:
    """Print how many of the copies come first, and what it cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("students", type=int, nargs="?", default=200)
    count = parser.parse_args().students
    project = Project(Path(__file__).parents[1])
    given = {path: text for path, text in contents(project).items() if path.endswith(".py")}
    solutions = ways(project)
    draw = random.Random(0)
    choices = [
        [draw.randrange(WAYS) if draw.random() < DONE else -1 for _ in solutions]
        for _ in range(count)
    ]
    copies = {(2 * n, 2 * n + 1) for n in range(max(1, round(count * COPIERS)))}
    for original, copier in copies:
        choices[copier] = choices[original]
    start = time.process_time()
    works = [student(solutions, chosen, seed) for seed, chosen in enumerate(choices)]
    reading, start = time.process_time() - start, time.process_time()
    found = compare(works, pieces_of(given, window=1), threshold=0)
    comparing = time.process_time() - start
    first = {pair.members for pair in found.pairs[: len(copies)]}
    least = min((p.evidence for p in found.pairs if p.members in copies), default=0.0)
    most = max((p.evidence for p in found.pairs if p.members not in copies), default=0.0)
    print(f"{count} submissions, {len(copies)} copies: {len(first & copies)} of them come first")
    print(f"evidence: copies {least:.0f} or more; all other pairs {most:.0f} or less")
    print(f"CPU seconds: {reading:.1f} to make and read them, {comparing:.1f} to compare")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
