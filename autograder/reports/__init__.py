"""What people and programs read about a run: terminal, HTML feedback, JUnit XML, JSON Schema.

Much of the text comes from student code. It reaches every medium through `words.plain`, which
spells out whatever a terminal, a browser or an XML parser would act on.
"""

from autograder.reports.html import Audience, page_name, write_feedback, write_pages
from autograder.reports.junit import to_junit
from autograder.reports.schema import json_schema
from autograder.reports.terminal import print_check, print_scores
from autograder.reports.words import plain

__all__ = [
    "Audience",
    "json_schema",
    "page_name",
    "plain",
    "print_check",
    "print_scores",
    "to_junit",
    "write_feedback",
    "write_pages",
]
