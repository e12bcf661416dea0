"""What people and programs read about a run: terminal, HTML, JUnit, CSV, Markdown, JSON Schema.

Much of the text comes from student code. It reaches every medium through `words.plain`, which
spells out whatever a terminal, a browser or an XML parser would act on; what may be printed in CI
goes through `words.inert` as well. What a student may see is decided in `results.student_report`.
"""

from autograder.reports.html import Audience, page_name, write_feedback, write_pages
from autograder.reports.junit import to_junit
from autograder.reports.markdown import to_markdown
from autograder.reports.run import write_run
from autograder.reports.schema import json_schema
from autograder.reports.table import to_csv
from autograder.reports.terminal import print_changes, print_check, print_scores
from autograder.reports.words import plain

__all__ = [
    "Audience",
    "json_schema",
    "page_name",
    "plain",
    "print_changes",
    "print_check",
    "print_scores",
    "to_csv",
    "to_junit",
    "to_markdown",
    "write_feedback",
    "write_pages",
    "write_run",
]
