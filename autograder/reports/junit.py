"""JUnit XML, which every CI service reads."""

import xml.etree.ElementTree as ElementTree
from collections import Counter

from autograder.reports.words import causes_of, details_of, line, points, property_of
from autograder.results import Outcome, Report, TestResult, for_student


def to_junit(report: Report) -> str:
    """JUnit XML: a suite for each submission, a case for each test.

    It holds no log, input or answer of a hidden test: CI shows it to anyone.
    """
    root = ElementTree.Element("testsuites", name="course")
    for submission in map(for_student, report.submissions):
        suite = ElementTree.SubElement(root, "testsuite", name=line(submission.name))
        properties = ElementTree.SubElement(suite, "properties")
        for name, value in (
            ("score", points(submission.score)),
            ("max_score", points(submission.max_score)),
            ("isolation", line(report.isolation)),
        ):
            ElementTree.SubElement(properties, "property", name=name, value=value)
        kinds = Counter(
            _case(suite, exercise.id, test)
            for exercise in submission.exercises
            for test in exercise.tests
        )
        if submission.message:
            case = ElementTree.SubElement(suite, "testcase", classname="submission", name="load")
            ElementTree.SubElement(case, "error", message=line(submission.message))
            kinds["error"] += 1
        suite.set("tests", str(kinds.total()))
        suite.set("failures", str(kinds["failure"]))
        suite.set("errors", str(kinds["error"]))
        suite.set("skipped", str(kinds["skipped"]))
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, 0)) for suite in root)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _case(suite: ElementTree.Element, id: str, test: TestResult) -> str:
    """Add one test; return what JUnit calls its outcome."""
    case = ElementTree.SubElement(suite, "testcase", classname=line(id), name=line(test.name))
    kind = _kind(test.outcome)
    if kind != "passed":
        end = ElementTree.SubElement(case, kind, type=test.outcome, message=property_of(test))
        details = details_of(test) + [("likely cause", cause) for cause in causes_of([test])]
        end.text = "\n".join(f"{label}: {text}" for label, text in details)
    return kind


def _kind(outcome: Outcome) -> str:
    match outcome:
        case Outcome.PASSED:
            return "passed"
        case Outcome.WRONG | Outcome.NOT_STARTED:
            return "failure"
        case Outcome.NOT_RUN | Outcome.NO_GPU | Outcome.INCONCLUSIVE:
            return "skipped"
        case _:
            return "error"
