"""Imports the grader's half with the tests, or reads it as data of its package."""

import importlib
import pkgutil
from importlib import resources

from target import any_works


def attack(sentences, order):
    return any_works(
        lambda: importlib.import_module("autograder.examiner"),
        lambda: importlib.import_module("autograder.grade"),
        lambda: pkgutil.get_data("autograder", "hidden/01-ngrams/test_counting.py"),
        lambda: resources.files("autograder").joinpath("grade.py").read_text(),
    )
