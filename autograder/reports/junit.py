"""JUnit XML, which every CI service reads."""

import xml.etree.ElementTree as ElementTree
from collections import Counter

from autograder.reports.words import (
    INTEGRATION,
    LIKELY,
    causes_of,
    details_of,
    inert,
    integration_of,
    line,
    points,
    property_of,
    refused,
)
from autograder.results import ExerciseResult, Outcome, Report, TestResult, for_student


def to_junit(report: Report) -> str:
    """JUnit XML: a suite for each submission, a case for each test.

    A second pass is a case for each exercise; one that does not pass counts as skipped, for it
    costs no points. There is no log, input or answer of a hidden test in it: CI shows it to anyone.
    """
    root = ElementTree.Element("testsuites", name="course")
    for submission in map(for_student, report.submissions):
        suite = ElementTree.SubElement(root, "testsuite", name=line(submission.name))
        properties = ElementTree.SubElement(suite, "properties")
        for name, value in (
            ("score", points(submission.score)),
            ("max_score", points(submission.max_score)),
            ("open", points(submission.open)),
            ("isolation", line(report.isolation)),
        ):
            ElementTree.SubElement(properties, "property", name=name, value=value)
        kinds: Counter[str] = Counter()
        for exercise in submission.exercises:
            kinds.update(_case(suite, exercise.id, test) for test in exercise.tests)
            if exercise.integration:
                kinds[_second_pass(suite, exercise)] += 1
        if submission.message:
            case = ElementTree.SubElement(suite, "testcase", classname="submission", name="load")
            ElementTree.SubElement(case, "error", message=line(submission.message))
            kinds["error"] += 1
        flags = [f"{line(e.id)}: {line(f)}" for e in submission.exercises for f in e.flags]
        if flags:
            ElementTree.SubElement(suite, "system-out").text = "\n".join(flags)
        suite.set("tests", str(kinds.total()))
        suite.set("failures", str(kinds["failure"]))
        suite.set("errors", str(kinds["error"]))
        suite.set("skipped", str(kinds["skipped"]))
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, 0)) for suite in root)))
    ElementTree.indent(root)
    return inert(ElementTree.tostring(root, encoding="unicode", xml_declaration=True))


def _case(suite: ElementTree.Element, id: str, test: TestResult) -> str:
    """Add one test; return what JUnit calls its outcome."""
    case = ElementTree.SubElement(suite, "testcase", classname=line(id), name=line(test.name))
    kind = _kind(test.outcome)
    if kind != "passed":
        end = ElementTree.SubElement(case, kind, type=test.outcome, message=property_of(test))
        details = details_of(test) + [(LIKELY, str(cause)) for cause in causes_of([test])]
        end.text = "\n".join(f"{label}: {text}" for label, text in details)
    if test.attempts:
        text = f"the box refused: {refused(test)}"
        ElementTree.SubElement(case, "system-out").text = text
    return kind


def _second_pass(suite: ElementTree.Element, result: ExerciseResult) -> str:
    name = "all its own code"
    case = ElementTree.SubElement(suite, "testcase", classname=line(result.id), name=name)
    if result.integration is Outcome.PASSED:
        return "passed"
    message = f"{integration_of(result)}. {INTEGRATION}"
    ElementTree.SubElement(case, "skipped", message=message)
    return "skipped"


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
