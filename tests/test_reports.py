"""Reports: every outcome in every medium, hostile text harmless, nothing of the instructor's."""

import csv
import io
import json
import re
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

import jsonschema
import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from autograder import reports
from autograder.catalog import Catalog, Chapter, Exercise
from autograder.reports.markdown import MAX_BYTES, code
from autograder.reports.words import MAX_TEXT, inert, line, plain
from autograder.results import (
    SCHEMA,
    WORDS,
    Mismatch,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    score_exercise,
    score_submission,
    student_report,
    to_json,
)

settings.load_profile("ci")  # the same examples each time, no deadline

HOSTILE = (
    "[red]</td></dd><script>alert(1)</script>\x1b[31m\x00\x07\x9b2J\u202egpj.]]>\ud800\ufffe&amp;"
)
ACTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def exercise(id: str, points: float = 2, stretch: bool = False) -> Exercise:
    return Exercise(id, f"Title of {id}", points, 10, 1, ["First hint?", "Second."], [], stretch)


CATALOG = Catalog(
    [
        Chapter(
            1,
            "I",
            "N-gram language models",
            "ngrams",
            exercises=(
                exercise("ngrams.count_ngrams"),
                exercise("ngrams.perplexity", points=3),
                exercise("ngrams.KneserNey", points=5, stretch=True),
            ),
        ),
        Chapter(2, "I", "Attention", "attention", exercises=(exercise("attention.softmax"),)),
    ]
)
IDS = list(CATALOG.exercises)


def outcome_of(outcome: Outcome, **fields: object) -> TestResult:
    message = "" if outcome is Outcome.PASSED else "what happened"
    return TestResult(
        **{"name": "test_name", "outcome": outcome, "message": message, "property": "What holds."}
        | {"visible": True}
        | fields  # type: ignore[arg-type]
    )


def submission(
    tests: dict[str, list[TestResult]], name: str = "anna", message: str = ""
) -> SubmissionResult:
    found = (
        score_exercise(e.id, e.points, e.stretch, tests[e.id])
        for e in CATALOG.exercises.values()
        if e.id in tests
    )
    return score_submission(name, list(found), message)


def all_with(*tests: TestResult) -> SubmissionResult:
    return submission({id: list(tests) for id in IDS})


def report_of(*submissions: SubmissionResult, isolation: str = "standard: landlock") -> Report:
    return Report(isolation, 1, list(submissions))


def check_text(result: SubmissionResult, width: int = 120) -> str:
    out = io.StringIO()
    reports.print_check(Console(file=out, width=width), result, CATALOG)
    return out.getvalue()


def scores_text(report: Report, color: Literal["standard"] | None = None, width: int = 200) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=bool(color), color_system=color)
    reports.print_scores(console, report)
    return out.getvalue()


def page_text(result: SubmissionResult, folder: Path, audience: reports.Audience) -> str:
    path = reports.write_feedback(
        result, CATALOG, report_of(result), folder, audience=audience, book="https://book"
    )
    return path.read_text(encoding="utf-8")


def all_texts(report: Report, folder: Path) -> dict[str, str]:
    """Every report of a run, by name; the pages of both audiences among them."""
    for audience in ("student", "instructor"):
        reports.write_pages(report, CATALOG, folder / audience, audience=audience)
    pages = {f"{p.parent.name} page {p.name}": p.read_text("utf-8") for p in folder.glob("*/*")}
    checks = {f"check {s.name}": check_text(s) for s in report.submissions}
    return (
        {"scores": scores_text(report), "JUnit": reports.to_junit(report), "JSON": to_json(report)}
        | {"CSV": reports.to_csv(report), "Markdown": reports.to_markdown(report)}
        | pages
        | checks
    )


class Page(HTMLParser):
    """The text, elements and addresses of a page; unbalanced elements are an error."""

    VOID = ("meta", "link")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.names, self.links, self.ids = "", list[str](), list[str](), list[str]()
        self.attributes = list[str]()
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [k for k, _ in attrs]
        values = dict(attrs)
        self.links += [v for k, v in attrs if k in ("href", "src") and v]
        self.ids += [i for i in [values.get("id")] if i]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self._open[-1:] != ["style"] else ""


# Every outcome, in every medium


@pytest.mark.parametrize("outcome", Outcome)
def test_terminal_names_every_outcome_with_sign_and_words(outcome: Outcome) -> None:
    other = outcome_of(Outcome.PASSED)
    text = check_text(submission({IDS[0]: [outcome_of(outcome)], IDS[1]: [other]}))
    sign, words = WORDS[outcome]
    assert re.search(rf"{re.escape(sign)}\s+{re.escape(IDS[0])}.*{re.escape(words)}", text)


@pytest.mark.parametrize("outcome", Outcome)
def test_score_table_counts_every_outcome(outcome: Outcome) -> None:
    assert f"4 {WORDS[outcome][1]}" in scores_text(report_of(all_with(outcome_of(outcome))))


@pytest.mark.parametrize("outcome", Outcome)
def test_page_names_every_outcome_with_sign_and_words(outcome: Outcome, tmp_path: Path) -> None:
    text = Page(page_text(all_with(outcome_of(outcome)), tmp_path, "student")).text
    assert " ".join(WORDS[outcome]) in text
    assert f"4 {WORDS[outcome][1]}" in text


@pytest.mark.parametrize("outcome", Outcome)
def test_junit_has_a_kind_for_every_outcome(outcome: Outcome) -> None:
    suites = ElementTree.fromstring(reports.to_junit(report_of(all_with(outcome_of(outcome)))))
    ends = [child for case in suites.iter("testcase") for child in case]
    if outcome is Outcome.PASSED:
        assert ends == []
    else:
        assert {end.get("type") for end in ends} == {outcome.value}
        assert {end.tag for end in ends} <= {"failure", "error", "skipped"}
        kind = {"failure": "failures", "error": "errors"}.get(ends[0].tag, ends[0].tag)
        assert suites.get(kind) == "4"
    assert suites.get("tests") == "4"


@pytest.mark.parametrize("outcome", Outcome)
def test_json_has_every_outcome_by_its_value(outcome: Outcome) -> None:
    content = json.loads(to_json(report_of(all_with(outcome_of(outcome)))))
    jsonschema.validate(content, reports.json_schema())
    assert content["submissions"][0]["exercises"][0]["outcome"] == outcome.value


# What a student reads in the terminal


def test_fresh_stubs_say_in_a_few_lines_what_to_do_first() -> None:
    stub = outcome_of(Outcome.NOT_STARTED)
    result = submission({id: [stub] for id in IDS} | {IDS[1]: [outcome_of(Outcome.NOT_RUN)]})
    text = check_text(result)
    assert len(text.splitlines()) <= 6
    for part in (
        "Nothing started yet: 4 exercises, 7 points",
        "fill in count_ngrams in src/langmodels/ngrams.py",
        "course check ngrams.count_ngrams",
        "ngrams/index.html#ngrams-count-ngrams",
    ):
        assert part in text


WRONG = outcome_of(
    Outcome.WRONG,
    property="Windows overlap.",
    misconception="The end is not counted.\n\nWithout it\nsentences never stop.",
    mismatch=Mismatch("count(['a'], 2)", "{'a': 1}", "{}", "['a']: expected 1, got no such key"),
)


def test_a_wrong_answer_says_property_input_both_answers_place_cause_page_and_hint() -> None:
    text = check_text(submission({IDS[0]: [outcome_of(Outcome.PASSED), WRONG]}))
    for part in (
        "1 of 2 tests pass",
        "Windows overlap.",
        "count(['a'], 2)",
        "{'a': 1}",
        "['a']: expected 1, got no such key",
        "The end is not counted.",
        "Without it sentences never stop.",
        "N-gram language models, ngrams/index.html#ngrams-count-ngrams",
        "course hint ngrams.count_ngrams",
        "1 / 2 points",
        "Next: mend count_ngrams in src/langmodels/ngrams.py",
    ):
        assert part in text


def test_only_the_first_failed_test_of_the_first_failed_exercise_is_told_in_full() -> None:
    second = outcome_of(Outcome.WRONG, property="Second.", mismatch=Mismatch("in", "e2", "g2"))
    later = outcome_of(Outcome.WRONG, property="Third.", mismatch=Mismatch("in", "e3", "g3"))
    text = check_text(submission({IDS[0]: [WRONG, second], IDS[1]: [later]}))
    assert "Second." in text and "Third." in text
    assert "course check ngrams.perplexity" in text
    assert not {"e2", "g2", "e3", "g3"} & set(text.split())


def test_one_import_error_is_told_once() -> None:
    text = check_text(all_with(outcome_of(Outcome.ERROR, message="ngrams.py cannot be imported")))
    assert text.count("ngrams.py cannot be imported") == 1
    assert f"For the same reason: {', '.join(IDS[1:])}" in text


def test_where_nothing_runs_no_property_is_said_to_fail() -> None:
    tests = [
        outcome_of(Outcome.ERROR, message="ngrams.py, line 3: syntax error", property=f"P{n}.")
        for n in range(3)
    ]
    text = check_text(submission({IDS[0]: tests}))
    assert text.count("ngrams.py, line 3: syntax error") == 1
    assert not {"P0.", "P1.", "fails too"} & set(re.split(r"\s{2,}|\n", text))
    own = [outcome_of(Outcome.ERROR, message=f"it raised {n}", property=f"P{n}.") for n in "ab"]
    text = check_text(submission({IDS[0]: own}))
    assert "Pa." in text and "Pb." in text


def test_a_reason_that_all_tests_share_is_told_once_in_feedback(tmp_path: Path) -> None:
    broken = [
        outcome_of(Outcome.ERROR, message="ngrams.py, line 3: syntax error", property=f"P{n}.")
        for n in range(3)
    ]
    text = Page(page_text(submission({IDS[0]: broken}), tmp_path, "student")).text
    assert text.count("ngrams.py, line 3: syntax error") == 1
    assert "P2." in text and "Hint:" not in text
    each = [outcome_of(Outcome.ERROR, message=f"it raised {n}", property="P.") for n in "ab"]
    text = Page(page_text(submission({IDS[0]: each}), tmp_path, "student")).text
    assert "it raised a" in text and "it raised b" in text and "Hint:" in text


def test_a_blocked_exercise_says_what_it_waits_for() -> None:
    blocked = outcome_of(Outcome.NOT_RUN, message="not run, because it builds on ngrams.x")
    text = check_text(submission({IDS[1]: [blocked]}))
    assert "builds on ngrams.x" in text
    assert "course status" in text


def test_a_chapter_that_is_not_started_takes_one_line() -> None:
    tests = {id: [outcome_of(Outcome.NOT_STARTED)] for id in IDS}
    tests[IDS[3]] = [outcome_of(Outcome.PASSED)]
    text = check_text(submission(tests))
    assert "3 exercises, not started" in text


def test_what_is_optional_comes_last() -> None:
    tests = {id: [outcome_of(Outcome.PASSED)] for id in IDS}
    tests |= {id: [outcome_of(Outcome.NOT_STARTED)] for id in (IDS[2], IDS[3])}
    assert f"course check {IDS[3]}" in check_text(submission(tests))


def test_when_all_is_done_nothing_is_left() -> None:
    assert "Nothing left to do here" in check_text(all_with(outcome_of(Outcome.PASSED)))


def test_hidden_inputs_stay_hidden_in_the_terminal() -> None:
    secret = outcome_of(Outcome.WRONG, visible=False, mismatch=Mismatch("SECRET", "SECRET", "g"))
    assert "SECRET" not in check_text(submission({IDS[0]: [secret]}))


def test_a_narrow_terminal_keeps_ids_whole() -> None:
    tests = {IDS[0]: [WRONG], IDS[1]: [outcome_of(Outcome.PASSED)]}
    text = check_text(submission(tests), width=60)
    assert re.search(rf"{re.escape(IDS[1])} ", text)
    assert all(len(row) <= 60 for row in text.splitlines())


def test_a_cause_is_told_once(tmp_path: Path) -> None:
    result = submission({IDS[0]: [WRONG, WRONG]})
    assert check_text(result).count("The end is not counted.") == 1
    assert page_text(result, tmp_path, "student").count("The end is not counted.") == 1


# Hostile text


FRAGMENTS = [
    *("\x1b[31m", "\x1b]8;;http://evil.example\x07", "\x9b2J", "\x07", "\0", "\r", "\n", "\r\n"),
    *("\t", " ", "\x85", "\u2028", "\u202egpj.", "\u2066", "\u200f", "\u200d", "\ufeff", "\ud800"),
    *("\ufffe", "<script>alert(1)</script>", "</td></dd>", "</code></pre>", "<!--", "-->", "]]>"),
    *("<![CDATA[", "<?x?>", "<!DOCTYPE x>", "&amp;", "&#64;", '"', "'", "' onload='x", "</style>"),
    *("{{ 7*7 }}", "{% raw %}", "[red]", "[link=http://evil.example]x[/link]", ":smile:", "$x$"),
    *("`", "``", "```", "`" * 90, "~~~", "|", "\\", "\\|", "\\`", "*b*", "_i_", "~~s~~", "^", "=="),
    *("![x](http://evil.example)", "[x](javascript:x)", "[x]: http://evil.example", "[^1]"),
    *("<http://evil.example>", "https://evil.example", "www.evil.example", "a@evil.example"),
    *("@octocat", "#1", "GH-1", "# h", "> q", "- l", "1. x", "---", "===", "| a | b |", "    "),
    *("::error::x", "::add-mask::1", "\n::stop-commands::", "\n ::group::", ":", "##[error]x", "#"),
    *("##vso[task.setvariable variable=a]b", "##teamcity[x]", "=1+1", "+1", "-1", "@SUM(A1)"),
    *(";=1+1", ",", " =1", "\u200d=1", "\xa0-1", '";=1+1', "＝1+1", "x" * 200, "长颈鹿", "مرحبا"),
]
hostile = (
    st.lists(
        st.sampled_from(FRAGMENTS) | st.text(st.characters(codec=None), max_size=4),
        min_size=1,
        max_size=6,
    )
    .map("".join)
    .filter(str.strip)  # what is empty is left out, on purpose
)


def filled(text: Callable[[str], str]) -> Report:
    """A report with a text of its own in each field that a student, or an author, can fill."""

    def test(name: str, outcome: Outcome, **fields: object) -> TestResult:
        return TestResult(
            name=text(f"name {name}"),
            outcome=outcome,
            message=text(f"message {name}"),
            property=text(f"property {name}"),
            mismatch=Mismatch(*(text(f"{part} {name}") for part in ("in", "out", "got", "where"))),
            log=text(f"log {name}"),
            **fields,  # type: ignore[arg-type]
        )

    tests = [
        test("a", Outcome.WRONG, visible=True, misconception=text("misconception a")),
        test("b", Outcome.ERROR),
        test("c", Outcome.PASSED, attempts=[text("attempt c")]),
    ]
    first = score_exercise(IDS[0], 2, False, tests)
    first.flags, first.integration = [text("flag 1"), text("flag 2")], Outcome.TIMEOUT
    first.example = test("e", Outcome.WRONG, visible=True)
    gone = score_exercise(text("id"), 1, False, [TestResult(text("name d"), Outcome.CRASHED, "m")])
    submissions = [
        score_submission(text("submission 1"), [first, gone], text("message 1")),
        score_submission(text("submission 2"), [gone]),
    ]
    return report_of(*submissions, isolation=f"standard: {text('isolation')}")


def hostile_and_harmless(texts: list[str]) -> tuple[Report, Report]:
    """The same report twice: with hostile texts, by turns, and with the names of the fields."""
    turns = {}
    return filled(lambda field: turns.setdefault(field, texts[len(turns) % len(texts)])), filled(
        lambda field: field
    )


three_texts = st.lists(hostile, min_size=3, max_size=3)
EVERYTHING = ["x".join(FRAGMENTS[turn::3]) for turn in range(3)]


def tried(test: Callable[..., None]) -> Callable[..., None]:
    """Give a test hostile texts: everything at once, and a few dozen others."""
    return settings(max_examples=40)(example(EVERYTHING)(given(three_texts)(test)))


# The runner's own rules (actions/runner, ActionCommand.cs): "::" after white space at the start of
# a line, "##[" anywhere in it; then a name that it knows.
KNOWN = {
    *("add-mask", "add-matcher", "remove-matcher", "debug", "echo", "error", "group", "endgroup"),
    *("notice", "save-state", "set-env", "set-output", "add-path", "stop-commands", "warning"),
}


def obeyed(text: str) -> list[str]:
    """The lines that a CI runner would take for commands."""
    found = []
    for row in re.split("[\n\r]", text):
        bare = row.lstrip()
        if bare.startswith("::") and (end := bare.find("::", 2)) >= 0:
            found += [row] * (bare[2:end].partition(" ")[0].lower() in KNOWN)
        if (begin := row.find("##[")) >= 0 and (end := row.find("]", begin)) >= 0:
            found += [row] * (row[begin + 3 : end].partition(" ")[0].lower() in KNOWN)
        found += [row] * bool(re.search(r"##(vso|teamcity)\[", row))
    return found


def test_the_runners_rules_find_commands() -> None:
    commands = ["::error::x", "::group::", "  ::warning file=a,line=1::2", "\n::add-mask::1"]
    for text in (*commands, "a ##[group]b", "x ##vso[a]b"):
        assert obeyed(text)
        assert not obeyed(inert(text))
    for text in ("x[::2]", "torch[:: 2] ::", "a :: b", "# #[x]", "## [x](y)"):
        assert inert(text) == text
        assert not obeyed(text)


@tried
def test_no_report_has_active_characters_or_commands(texts: list[str]) -> None:
    report, _ = hostile_and_harmless(texts)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in all_texts(report, Path(folder)).items():
            assert not ACTIVE.search(text.replace("\r\n", "\n")), name
            text.encode("utf-8")
            if " page " not in name:  # nobody prints those
                assert not obeyed(text), name


@given(three_texts, st.integers(1, 200))
def test_no_width_of_a_terminal_makes_a_command(texts: list[str], width: int) -> None:
    report, _ = hostile_and_harmless(texts)
    out = io.StringIO()
    console = Console(file=out, width=width)
    reports.print_scores(console, report)
    for result in report.submissions:
        reports.print_check(console, result, CATALOG)
    assert not obeyed(out.getvalue())
    assert not ACTIVE.search(out.getvalue())


@tried
def test_no_text_makes_a_row_of_the_score_table(texts: list[str]) -> None:
    hostile, harmless = (
        scores_text(report, width=10**5).split("\n") for report in hostile_and_harmless(texts)
    )
    assert len(hostile) == len(harmless)


@tried
def test_no_text_changes_the_structure_of_a_page(texts: list[str]) -> None:
    hostile, harmless = hostile_and_harmless(texts)
    with tempfile.TemporaryDirectory() as temporary:
        for audience in ("student", "instructor"):
            folders = [Path(temporary, audience, kind) for kind in ("hostile", "harmless")]
            for folder, report in zip(folders, (hostile, harmless), strict=True):
                reports.write_pages(report, CATALOG, folder, audience=audience)
            names = [[s.name for s in report.submissions] for report in (hostile, harmless)]
            copies = [1, 1 + (names[0][0] == names[0][1])]
            for copy, one, other in zip(copies, *names, strict=True):
                page = Page((folders[0] / reports.page_name(one, copy)).read_text("utf-8"))
                same = Page((folders[1] / reports.page_name(other)).read_text("utf-8"))
                assert (page.names, page.attributes) == (same.names, same.attributes)
                assert line(one) in page.text
            if audience == "instructor":
                indexes = [Page((folder / "index.html").read_text("utf-8")) for folder in folders]
                assert indexes[0].names == indexes[1].names


@tried
def test_no_text_changes_the_structure_of_junit(texts: list[str]) -> None:
    hostile, harmless = (
        list(ElementTree.fromstring(reports.to_junit(report)).iter())
        for report in hostile_and_harmless(texts)
    )
    assert [(e.tag, set(e.attrib)) for e in hostile] == [(e.tag, set(e.attrib)) for e in harmless]


@tried
def test_no_text_changes_the_structure_of_json(texts: list[str]) -> None:
    report, _ = hostile_and_harmless(texts)
    content = json.loads(to_json(report))
    jsonschema.validate(content, reports.json_schema())
    found = content["submissions"][0]["name"]
    assert found == re.sub(
        "[\ud800-\udfff]", lambda c: rf"\u{ord(c[0]):x}", report.submissions[0].name
    )


FORMULA = tuple("=+-@\t\r\n＝＋－＠")
BEFORE_IT = " \xa0\u3000\u200c\u200d"


@pytest.mark.parametrize("name", ["=1", "-1", "+1", "@a", " =1", "\u200d=1", "\xa0-1", "＝1"])
def test_a_name_that_a_spreadsheet_would_compute_gets_an_apostrophe(name: str) -> None:
    text = reports.to_csv(report_of(submission({}, name=name)))
    assert text.splitlines()[1].startswith(f'"\'{name}",')


@tried
def test_no_text_changes_the_cells_of_csv_or_computes(texts: list[str]) -> None:
    report, _ = hostile_and_harmless(texts)
    text = reports.to_csv(report)
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert len(rows) == len(report.submissions)
    assert {len(row) for row in rows} == {len(header)}
    # Where a spreadsheet takes another sign for the comma, only quotes keep a name in its cell.
    names = filled(lambda field: texts[0] if field.startswith("submission") else field)
    for delimiter, content in ((",", text), (";", reports.to_csv(names))):
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
            assert not [cell for cell in row if cell.lstrip(BEFORE_IT).startswith(FORMULA)]
    _, *typed = csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC)
    for submission, row in zip(report.submissions, typed, strict=True):
        assert row[0].removeprefix("'") == inert(line(submission.name)).removeprefix("'")
        assert row[1:3] == [submission.score, submission.max_score]


def markdown_shape(report: Report) -> tuple[list[str], list[str], list[str]]:
    """The types of all tokens, the code spans, and the words outside of them."""
    types, spans, words = [], [], []
    for token in MarkdownIt("commonmark").enable("table").parse(reports.to_markdown(report)):
        types.append(token.type)
        for child in token.children or []:
            if child.type != "text":  # how text is cut into tokens means nothing
                types.append(child.type)
            (spans if child.type == "code_inline" else words).append(child.content)
    return types, spans, words


@tried
def test_no_text_changes_the_structure_of_markdown(texts: list[str]) -> None:
    hostile, harmless = hostile_and_harmless(texts)
    types, spans, _ = markdown_shape(hostile)
    assert types == markdown_shape(harmless)[0]
    assert not {"html_inline", "html_block", "link_open", "image", "fence"} & set(types)
    assert "`" not in "".join(spans)
    # What students wrote stands in code spans; the rest is ours, or the tests' and mistakes' own.
    for field in ("property a", "property b", "misconception a", "isolation"):
        assert field in " ".join(markdown_shape(harmless)[2])
    for field in ("submission 1", "message b", "message 1", "in a", "id", "flag 1", "attempt c"):
        assert field in " ".join(markdown_shape(harmless)[1])
        assert field not in " ".join(markdown_shape(harmless)[2])


@tried
def test_a_second_markdown_parser_agrees(texts: list[str]) -> None:
    mistune = pytest.importorskip("mistune")
    plugins = ["table", "url", "strikethrough", "footnotes", "task_lists", "math"]
    parse = mistune.create_markdown(renderer="ast", plugins=plugins)

    def types(tokens: list[dict[str, Any]]) -> list[Any]:
        return [
            (token["type"], types(token.get("children", [])))
            for token in tokens
            if token["type"] != "text"
        ]

    hostile, harmless = (
        types(parse(reports.to_markdown(report))) for report in hostile_and_harmless(texts)
    )
    assert hostile == harmless


@given(hostile)
def test_a_code_span_shows_its_text(text: str) -> None:
    (token,) = MarkdownIt().parseInline(f"x {code(text)} y")
    before, span, after = token.children or []
    shown = line(text).replace("`", r"\x60").replace("|", r"\x7c")
    assert (before.content, after.content) == ("x ", " y")
    assert span.content.strip() == shown[: len(shown)].strip() or len(text) > 500


@given(st.text(st.characters(codec=None), max_size=50))
def test_plain_text_acts_on_nothing_and_stays_itself_where_it_is_harmless(text: str) -> None:
    shown = plain(text)
    assert not ACTIVE.search(shown)
    shown.encode("utf-8")
    ElementTree.fromstring(f"<a>{shown.replace('&', '&amp;').replace('<', '&lt;')}</a>")
    if text.isprintable():
        assert shown == text


def test_plain_text_keeps_what_people_write() -> None:
    for text in ("长颈鹿　吃", "naïve — ‘x’", "\tone\ntwo", "👩\u200d🔬", "مرحبا"):
        assert plain(text) == text


def test_endless_text_is_cut(tmp_path: Path) -> None:
    endless = outcome_of(Outcome.WRONG, message="x" * 10**6, log="y" * 10**6)
    result = submission({IDS[0]: [endless]})
    assert len(page_text(result, tmp_path, "instructor")) < 5 * MAX_TEXT
    assert len(check_text(result)) < 2 * MAX_TEXT


def test_a_name_of_several_lines_forges_no_row() -> None:
    forged = submission({}, name="bob\n✓ eve  100 / 100")
    rows = scores_text(report_of(forged)).splitlines()
    assert not any(row.startswith("✓ eve") for row in rows)


# Pages


def test_a_student_page_has_no_log_and_no_hidden_input(tmp_path: Path) -> None:
    hidden = outcome_of(
        Outcome.WRONG, visible=False, mismatch=Mismatch("INPUT", "ANSWER", "GOT"), log="LOG"
    )
    visible = outcome_of(Outcome.WRONG, mismatch=Mismatch("open input", "open answer", "g"))
    result = submission({IDS[0]: [hidden, visible]})
    secrets = {"INPUT", "ANSWER", "GOT", "LOG"}
    for_student = page_text(result, tmp_path, "student")
    for_instructor = page_text(result, tmp_path, "instructor")
    assert not [secret for secret in secrets if secret in for_student]
    assert not [secret for secret in secrets if secret not in for_instructor]
    assert "open input" in for_student and "open answer" in for_student
    assert "index.html" not in re.sub(r"https://book\S*", "", for_student)


def test_a_page_tells_hint_cause_and_place_of_what_failed_only(tmp_path: Path) -> None:
    result = submission({IDS[0]: [WRONG], IDS[1]: [outcome_of(Outcome.PASSED)]})
    page = Page(page_text(result, tmp_path, "student"))
    assert page.text.count("First hint?") == 1
    assert "Second." not in page.text
    assert "The end is not counted." in page.text
    assert "https://book/ngrams/index.html#ngrams-count-ngrams" in page.links


def test_pages_ask_for_nothing_from_outside(tmp_path: Path) -> None:
    reports.write_pages(report_of(all_with(WRONG)), CATALOG, tmp_path, audience="instructor")
    for path in tmp_path.iterdir():
        html = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|url\(|@import|<script|<img", html)
        assert "default-src 'none'" in html
        links = [link for link in Page(html).links if link != "data:,"]
        assert all(link.startswith("#") or (tmp_path / link).exists() for link in links)


def test_pages_are_sound_html(tmp_path: Path) -> None:
    html = page_text(all_with(WRONG, outcome_of(Outcome.ERROR)), tmp_path, "instructor")
    page = Page(html)
    assert '<html lang="en">' in html and "viewport" in html
    assert page.names.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))


def test_a_page_without_exercises_says_why(tmp_path: Path) -> None:
    result = submission({}, message="there is no langmodels/ in it")
    assert "there is no langmodels/ in it" in page_text(result, tmp_path, "student")
    assert "there is no langmodels/ in it" in check_text(result)
    assert "there is no langmodels/ in it" in scores_text(report_of(result))
    assert "there is no langmodels/ in it" in reports.to_junit(report_of(result))


def test_an_exercise_that_left_the_catalog_is_still_reported(tmp_path: Path) -> None:
    gone = score_exercise("old.exercise", 1, False, [WRONG])
    result = score_submission("anna", [gone])
    assert "old.exercise" in check_text(result)
    assert "old.exercise" in page_text(result, tmp_path, "student")


NAMES = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "",
    "index",
    "CON",
    "a\0b",
    "长颈鹿",
    "x" * 999,
]
NAMES += ["a/b", "a-b", "A-B", "a\\b", HOSTILE]


def test_no_name_leaves_the_folder_or_takes_another_ones_page(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    report = report_of(*(submission({}, name=name) for name in [*NAMES, "twin", "twin"]))
    reports.write_pages(report, CATALOG, inner)
    assert [path.name for path in tmp_path.iterdir()] == ["inner"]
    assert len(list(inner.iterdir())) == len(NAMES) + 2


@given(st.text(st.characters(codec=None)))
def test_page_names_are_plain_file_names(name: str) -> None:
    assert re.fullmatch(r"[^\W_]([^\W_]|-)*\.html", reports.page_name(name))
    assert len(reports.page_name(name)) < 64
    assert len(reports.page_name(name).encode()) < 255  # what a file system takes


@pytest.mark.parametrize(
    "name, start",
    [("Zoë Müller", "zoe-muller-"), ("张伟", "张伟-"), ("../..", "submission-")],
)
def test_a_page_is_called_by_the_letters_of_its_submission(name: str, start: str) -> None:
    assert reports.page_name(name).startswith(start)


def test_index_lists_every_submission_with_its_score(tmp_path: Path) -> None:
    done, none = all_with(outcome_of(Outcome.PASSED)), submission({}, name="bob", message="empty")
    index = reports.write_pages(report_of(done, none), CATALOG, tmp_path, audience="instructor")
    page = Page(index.read_text(encoding="utf-8"))
    assert "12 / 7" in page.text and "empty" in page.text
    assert {reports.page_name("anna"), reports.page_name("bob")} <= set(page.links)


def test_students_get_no_list_of_each_other(tmp_path: Path) -> None:
    report = report_of(submission({}, name="anna"), submission({}, name="berta"))
    assert reports.write_pages(report, CATALOG, tmp_path) == tmp_path
    assert len(list(tmp_path.iterdir())) == 2
    for page in tmp_path.iterdir():
        text = page.read_text("utf-8")
        assert ("anna" in text) is ("berta" not in text)


def test_only_the_instructor_reads_the_seed(tmp_path: Path) -> None:
    result = all_with(WRONG)
    assert "Seed 1." in page_text(result, tmp_path, "instructor")
    assert "eed 1" not in page_text(result, tmp_path, "student")


# Totals


def test_totals_are_equal_in_every_medium(tmp_path: Path) -> None:
    result = submission(
        {
            IDS[0]: [WRONG, outcome_of(Outcome.PASSED)],
            IDS[1]: [WRONG, outcome_of(Outcome.PASSED), outcome_of(Outcome.PASSED)],
            IDS[2]: [outcome_of(Outcome.PASSED)],
        }
    )
    report = report_of(result)
    properties = {
        p.get("name"): p.get("value")
        for p in ElementTree.fromstring(reports.to_junit(report)).iter("property")
    }
    data = json.loads(to_json(report))["submissions"][0]
    assert (data["score"], data["max_score"]) == (8, 5)
    assert (properties["score"], properties["max_score"]) == ("8", "5")
    assert "8 / 5 points" in check_text(result)
    assert "8 / 5" in scores_text(report)
    assert "8 of 5 points" in Page(page_text(result, tmp_path, "student")).text


# Isolation


LEVELS = {
    "none: an ordinary child process": False,
    "none": False,
    "nonesuch": False,
    "": False,
    "standardised": False,
    "standard: landlock, seccomp, rlimits": True,
    "full: namespaces, landlock, seccomp, rlimits": True,
}


@pytest.mark.parametrize("isolation, calm", LEVELS.items())
def test_a_run_without_a_box_says_so_loudly(isolation: str, calm: bool, tmp_path: Path) -> None:
    report = report_of(all_with(WRONG), isolation=isolation)
    colored, page = scores_text(report, color="standard"), tmp_path / "index.html"
    reports.write_pages(report, CATALOG, tmp_path, audience="instructor")
    texts = [colored, page.read_text("utf-8"), reports.to_markdown(report).replace("\\", "")]
    assert colored.startswith("\x1b[1;31m⚠ Not isolated") is not calm
    assert ('class="note"' in texts[1]) is not calm
    assert ("CAUTION" in texts[2]) is not calm
    for text in texts:
        assert ("Not isolated" in text) is not calm
        assert isolation in text


def test_what_kept_submissions_apart_is_on_every_result(tmp_path: Path) -> None:
    report = report_of(all_with(WRONG), isolation="none: an ordinary child process")
    for name, text in all_texts(report, tmp_path).items():
        said = "none: an ordinary child process" in text.replace("\\", "")
        assert said or name.startswith("check ")


def test_a_grader_fault_is_loud(tmp_path: Path) -> None:
    result = all_with(outcome_of(Outcome.GRADER_FAULT))
    report = report_of(result)
    assert "grader fault: 4" in scores_text(report)
    assert "grader itself failed: 4" in page_text(result, tmp_path, "student")
    index = reports.write_pages(report, CATALOG, tmp_path, audience="instructor")
    assert "grader fault: 4" in index.read_text(encoding="utf-8")
    assert "grader fault: 4" in reports.to_markdown(report)
    assert "grader faults: 4" in reports.to_csv(report)


# The second pass, flags, and what the box refused


FLAG = "the source calls torch.nn.LSTM, which this exercise asks you to build"


def remarked() -> SubmissionResult:
    """Passes alone, fails with its own code; has a flag; asked for what the box refuses."""
    tried = outcome_of(Outcome.PASSED, attempts=["files", "network"])
    result = submission({IDS[0]: [outcome_of(Outcome.PASSED), tried], IDS[1]: [WRONG]})
    result.exercises[0].integration = Outcome.TIMEOUT
    result.exercises[0].flags = [FLAG]
    return result


def test_every_report_shows_both_passes_flags_and_what_was_refused(tmp_path: Path) -> None:
    report = report_of(remarked(), submission({IDS[1]: [WRONG]}, name="bob"))
    texts = {name: " ".join(t.split()) for name, t in all_texts(report, tmp_path).items()}
    for name in ("check anna", "Markdown", "JUnit", *(n for n in texts if "page anna" in n)):
        text = re.sub("<[^>]*>", "", texts[name]) if " page " in name else texts[name]
        text = text.replace("\\", "")
        assert FLAG in text, name
        assert (
            "The box refused: files, network" in text or "the box refused: files, network" in text
        )
        assert "timeout" in text, name
        assert "all its own code" in text.lower(), name
        assert "gives no points" in text, name
    for name in ("scores", "instructor page index.html"):
        text = re.sub("<[^>]*>", "", texts[name])
        assert "2 remarks" in text and "1 timeout" in text and "gives no points" in text
    data = json.loads(to_json(report))["submissions"][0]["exercises"][0]
    assert (data["integration"], data["flags"]) == ("timeout", [FLAG])
    assert [test["attempts"] for test in data["tests"]] == [[], ["files", "network"]]


def test_without_a_second_pass_no_report_speaks_of_one(tmp_path: Path) -> None:
    for name, text in all_texts(report_of(all_with(WRONG)), tmp_path).items():
        assert "own code" not in text, name
        assert "refused" not in text, name
        assert "remark" not in text or name == "CSV", name


def test_a_second_pass_changes_no_count_of_failures() -> None:
    suites = ElementTree.fromstring(reports.to_junit(report_of(remarked())))
    assert (suites.get("tests"), suites.get("failures"), suites.get("skipped")) == ("4", "1", "1")
    (skipped,) = suites.iter("skipped")
    assert "timeout" in (skipped.get("message") or "")


# CSV and Markdown


def test_csv_has_a_row_for_each_submission_and_a_column_for_each_exercise() -> None:
    done = all_with(outcome_of(Outcome.PASSED))
    faulty = submission({IDS[1]: [outcome_of(Outcome.GRADER_FAULT)]}, name="=bob")
    empty = submission({IDS[1]: [outcome_of(Outcome.ERROR)]}, name="-eve", message="no folder")
    text = reports.to_csv(report_of(done, faulty, empty))
    rows = csv.DictReader(io.StringIO(text, newline=""))
    assert rows.fieldnames == [
        *("submission", "score", "max_score", "open", *IDS, "remarks", "note", "isolation")
    ]
    first, second, third = rows
    assert [first[id] for id in IDS] == ["2", "3", "5", "2"]
    assert (first["score"], first["max_score"], first["note"]) == ("12", "7", "")
    assert [second[id] for id in IDS] == ["", "", "", ""]
    assert (second["submission"], second["note"]) == ("'=bob", "grader faults: 1")
    assert [third[id] for id in IDS] == ["", "0", "", ""]
    assert (third["submission"], third["note"]) == ("'-eve", "not graded")
    assert text.count("\r\n") == text.count("\n") == 4


def test_markdown_tells_what_failed_and_nothing_else() -> None:
    tests = {id: [outcome_of(Outcome.PASSED)] for id in IDS[:2]}
    tests |= {IDS[2]: [outcome_of(Outcome.NOT_STARTED)], IDS[3]: [WRONG]}
    text = reports.to_markdown(report_of(submission(tests), all_with(outcome_of(Outcome.PASSED))))
    assert "| `anna` | 5 / 7 | 2 passed, 1 wrong, 1 not started |" in text
    assert text.count("### ") == 1
    assert f"- ✗ wrong: `{IDS[3]}`, 0 / 2 points" in text
    assert "input: `count(['a'], 2)`; expected: `{'a': 1}`; got: `{}`" in text
    assert "The end is not counted" in text
    assert IDS[0] not in text and IDS[2] not in text


def test_what_ci_shows_has_no_log_and_no_hidden_input() -> None:
    secret = outcome_of(
        Outcome.WRONG, visible=False, mismatch=Mismatch("SECRET", "SECRET", "SECRET"), log="SECRET"
    )
    report = report_of(all_with(secret))
    for text in (reports.to_markdown(report), reports.to_junit(report), reports.to_csv(report)):
        assert "SECRET" not in text


def test_a_long_summary_is_cut_at_a_line() -> None:
    wrong = all_with(outcome_of(Outcome.WRONG, message="长" * 400))
    text = reports.to_markdown(report_of(*[wrong] * 500))
    assert MAX_BYTES * 0.99 < len(text.encode()) < 2**20
    assert text.endswith("the rest is in the other reports.\n")
    assert text.count("`") % 2 == 0


# JSON Schema


FIELDS = {
    "Report": {"isolation", "seed", "submissions", "schema", "suite"},
    "SubmissionResult": {
        *("name", "score", "max_score", "exercises", "message"),
        *("open", "digest", "seed", "isolation"),
    },
    "ExerciseResult": {
        *("id", "score", "max_score", "outcome", "tests", "stretch"),
        *("integration", "flags", "open", "example"),
    },
    "TestResult": {
        *("name", "outcome", "message", "misconception", "see", "property", "weight", "mismatch"),
        *("visible", "log", "attempts", "device"),
    },
    "Mismatch": {"given", "expected", "got", "where", "picture"},
    "Picture": {
        *("shape", "shown", "first", "expected", "got", "difference", "is_truth"),
    },
}


def test_the_schema_is_stable() -> None:
    """A field that goes away or changes its meaning needs a new SCHEMA; a new one is added here."""
    schema = reports.json_schema()
    found = {n: set(d["properties"]) for n, d in schema["$defs"].items() if "properties" in d}
    assert (SCHEMA, found) == (1, FIELDS)
    assert schema["$defs"]["Outcome"]["enum"] == sorted(Outcome)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_schema_turns_down_an_unknown_outcome() -> None:
    content = json.loads(to_json(report_of(all_with(WRONG))))
    content["submissions"][0]["exercises"][0]["outcome"] = "fine"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, reports.json_schema())


def test_the_published_schema_is_the_one_in_use() -> None:
    path = Path(__file__).parents[1] / "docs" / "report.schema.json"
    assert json.loads(path.read_text("utf-8")) == reports.json_schema()


# --- Results of several runs ----------------------------------------------------------------------


def test_an_instructor_sees_the_seed_of_the_run_that_graded(tmp_path: Path) -> None:
    result = all_with(WRONG)
    result.seed = 123454321
    report = report_of(result)
    for audience, is_shown in (("instructor", True), ("student", False)):
        page = reports.write_feedback(result, CATALOG, report, tmp_path, audience=audience)
        assert ("Seed 123454321" in page.read_text("utf-8")) is is_shown
    assert "123454321" not in to_json(student_report(report, result))


def test_changes_are_of_scores_and_outcomes_not_of_words() -> None:
    right, wrong = all_with(outcome_of(Outcome.PASSED)), all_with(WRONG)
    reworded = all_with(msgspec.structs.replace(WRONG, message="in other words", log="0x7f"))

    def told(*pairs: tuple[SubmissionResult, SubmissionResult]) -> str:
        out = io.StringIO()
        reports.print_changes(Console(file=out, width=80), pairs)
        return " ".join(out.getvalue().split())

    assert told((wrong, reworded), (right, right)) == "No score has changed."
    assert told() == "No score has changed."
    changed = told((wrong, right), (right, right))
    assert changed.startswith("changed before now")
    assert changed.count(right.name) == 1
