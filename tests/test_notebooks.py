"""The book's notebooks as they are stored. (`course notebook check` runs them again.)"""

import importlib.util
import json
import math
import re
from fractions import Fraction
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder import book, notebooks

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "book" / "en"
NOTEBOOKS = sorted(BOOK.glob("*.ipynb"))
MAX_HTML = 135_000  # bytes of one page; styles, scripts and fonts add 115,000
BLACK_DOT = (  # a PNG of one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def load(path):
    """A module that belongs to no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture(scope="module")
def notebook(path):
    return nbformat.read(path, 4)


@pytest.fixture(scope="module")
def prose(notebook):
    return text_of(notebook)


def text_of(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def cards_in(prose):
    return re.findall(r"^```\{exercise-card\} (\S+)$", prose, re.MULTILINE)


def page_of(exercise, chapter):
    return exercise.page or chapter.page


@pytest.fixture(scope="module")
def chapters(project):
    """Each chapter with the text of its pages, in the order in which they are read."""
    toc = [Path(name).stem for name in book.toc(BOOK)]
    found = []
    for chapter in project.catalog.chapters:
        pages = {chapter.page, *(page_of(exercise, chapter) for exercise in chapter.exercises)}
        ordered = sorted(pages, key=toc.index)
        assert ordered[0] == chapter.page
        notebooks = [nbformat.read(BOOK / f"{page}.ipynb", 4) for page in ordered]
        found.append((chapter, {p: text_of(n) for p, n in zip(ordered, notebooks, strict=True)}))
    return found


def code_cells(notebook, tag=""):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell for cell in code if not tag or tag in cell.metadata.get("tags", [])]


# --- Stored notebooks -------------------------------------------------------------------------


def test_a_book_has_notebooks():
    assert NOTEBOOKS


def test_is_normalised_and_within_limits(path):
    assert notebooks.differences(path) == []


def test_is_valid(notebook):
    nbformat.validate(notebook)


def test_has_been_run_from_top_to_bottom(notebook):
    assert [cell.execution_count for cell in code_cells(notebook)] == list(
        range(1, len(code_cells(notebook)) + 1)
    )


def test_every_cell_has_a_telling_name(notebook):
    names = [cell.id for cell in notebook.cells]
    assert all(re.fullmatch(r"[a-z][a-z-]*[a-z]", name) for name in names), names
    assert len(set(names)) == len(names)


def test_no_two_pages_share_the_name_of_a_code_cell():
    """The engine makes labels of these names, and a label belongs to the whole book."""
    cells = [cell for path in NOTEBOOKS for cell in code_cells(nbformat.read(path, 4))]
    names = [cell.id for cell in cells]
    assert sorted(set(names)) == sorted(names)


def test_no_cell_may_fail(notebook):
    for cell in code_cells(notebook):
        assert "raises-exception" not in cell.metadata.get("tags", []), cell.id
        assert "allow_errors" not in cell.source, cell.id


def test_checked_cells_print_something(notebook):
    checked = code_cells(notebook, "nbval-check-output")
    assert checked
    for cell in checked:
        assert [output for output in cell.outputs if output.get("name") == "stdout"], cell.id


def test_numbers_that_a_page_prints_are_checked(notebook):
    # The exceptions depend on what is installed, or tell how long something took.
    free = {"kenlm"}
    for cell in code_cells(notebook):
        tags = cell.metadata.get("tags", [])
        prints = any("text" in output for output in cell.outputs)
        is_checked = "nbval-check-output" in tags
        # What training gives differs a little between processors: such a cell asserts its claims.
        exempt = {"timing", "nbval-ignore-output"} & {*tags}
        assert is_checked == prints or cell.id in free or exempt, cell.id
        assert "nbval-ignore-output" not in tags or "assert " in cell.source, cell.id


def test_plots_hide_their_code(notebook):
    for cell in code_cells(notebook):
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            assert "hide-input" in cell.metadata.get("tags", []), cell.id


def test_no_chinese_characters_in_plots(notebook):
    """A reader's machine may lack the font."""
    for cell in code_cells(notebook):
        if "plt.show" in cell.source:
            assert not re.search(r"[\u3400-\u9fff]", cell.source), cell.id


# --- Chapters ---------------------------------------------------------------------------------


def test_every_notebook_is_a_page_of_a_chapter_or_follows_one_and_has_no_exercises(chapters):
    pages = [page for _, texts in chapters for page in texts]
    names = [path.stem for path in NOTEBOOKS]
    assert not {*pages} - {*names}
    toc = [Path(name).stem for name in book.toc(BOOK)]
    for name in {*names} - {*pages}:
        assert toc[toc.index(name) - 1] in pages
        assert not cards_in(text_of(nbformat.read(BOOK / f"{name}.ipynb", 4)))


def test_every_exercise_has_its_card_once_on_the_page_that_the_catalog_names(chapters):
    for chapter, texts in chapters:
        for page, prose in texts.items():
            wanted = [e.id for e in chapter.exercises if page_of(e, chapter) == page]
            assert sorted(cards_in(prose)) == sorted(wanted), page


def test_the_list_of_exercises_is_on_the_first_page(chapters):
    for chapter, texts in chapters:
        lists = {page: re.findall(r"\{exercise-list\} (\S+)", text) for page, text in texts.items()}
        assert lists.pop(chapter.page) == [chapter.page]
        assert not any(lists.values())


def test_the_first_page_opens_with_links_to_the_others(chapters):
    for chapter, texts in chapters:
        opening = texts[chapter.page].partition("\n## ")[0]
        others = [page for page in texts if page != chapter.page]
        assert [page for page in others if f"](./{page}.ipynb)" not in opening] == []


def test_stretch_exercises_come_last(chapters, project):
    for _, texts in chapters:
        cards = [card for prose in texts.values() for card in cards_in(prose)]
        stretch = [project.catalog.exercises[card].stretch for card in cards]
        assert stretch == sorted(stretch)


def test_cards_follow_what_they_build_on(chapters, project):
    for _, texts in chapters:
        cards = [card for prose in texts.values() for card in cards_in(prose)]
        for position, card in enumerate(cards):
            for need in project.catalog.exercises[card].needs:
                assert need not in cards[position:], f"{card} comes before {need}"


def test_every_source_is_in_the_bibliography(prose):
    known = set(re.findall(r"^@\w+\{([^,\s]+),", (BOOK / "references.bib").read_text(), re.M))
    cited = re.findall(r"\{cite:[pt]\}`([^`]+)`", prose)
    keys = {key.strip() for group in cited for key in group.split(",")}
    assert keys
    assert keys <= known, keys - known


def test_every_term_is_in_the_glossary(prose):
    glossary = (BOOK / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"\{term\}`(?:[^<`]*<([^>]+)>|([^`<]+))`", prose)
    assert terms
    for pair in terms:
        term = "".join(pair).removeprefix("the ")
        assert re.search(rf"^{re.escape(term)}\n: ", glossary, re.MULTILINE), term


def test_questions_have_folded_answers(chapters):
    for _, texts in chapters:
        total = 0
        for page, prose in texts.items():
            questions = prose.partition("## Check yourself")[2]
            numbers = re.findall(r"^:::\{dropdown\} (\d)\. .+\n\S", questions, re.MULTILINE)
            assert numbers == [str(n) for n in range(1, len(numbers) + 1)], page
            total += len(numbers)
        assert 6 <= total <= 10


def test_the_examples_by_hand_are_right():
    """The n-gram chapter's: 2/15 and 1/45, and 1/30 in the second question."""
    from langmodels.ngrams import MaximumLikelihood, sentence_logprob

    necks = load(BOOK / "ngram_experiments.py").NECKS
    cell = next(c for c in nbformat.read(BOOK / "ngrams.ipynb", 4).cells if c.id == "giraffe")
    printed = cell.outputs[0].text
    assert printed.startswith("\n".join(" ".join(sentence) for sentence in necks))
    assert "= 2/15" in printed and "= 1/45" in printed
    tests = (ROOT / "exercises" / "01-ngrams" / "test_counting.py").read_text(encoding="utf-8")
    assert all(str(sentence).replace("'", '"') in tests for sentence in necks)
    model = MaximumLikelihood(necks, 2)
    assert math.exp(sentence_logprob(model, ["长颈鹿", "脖子", "长"])) == pytest.approx(1 / 45)
    assert math.exp(sentence_logprob(model, ["天鹅", "脖子", "短"])) == pytest.approx(1 / 30)


def test_the_attention_example_by_hand_is_right():
    """Its numbers, worked out with fractions only: e to the power of a score is a whole number."""
    query, keys = {"dora": (2, 1), "sang": (1, 1), "she": (4, 2)}, [(1, 0), (0, 1), (1, -1)]
    values = [(8, 0), (0, 4), (4, 4)]
    notebook = nbformat.read(BOOK / "attention.ipynb", 4)
    prose, printed = text_of(notebook), ""
    for t, (token, (a, b)) in enumerate(query.items()):
        shares = [Fraction(a) ** x * Fraction(b) ** y for x, y in keys[: t + 1]]
        weights = [share / sum(shares) for share in shares] + [Fraction(0)] * (2 - t)
        takes = [sum(w * v[i] for w, v in zip(weights, values, strict=True)) for i in (0, 1)]
        row = " ".join(f"{weight!s:>4}" for weight in weights)
        printed += f"{token}   weights {row}   takes ({takes[0]}, {takes[1]})\n"
        assert f"| *{token}* |" in prose
    assert printed.endswith("1/2  1/4  1/4   takes (5, 2)\n")
    assert next(c for c in notebook.cells if c.id == "by-hand-check").outputs[0].text == printed


def test_the_ladder_names_the_pages_that_measured_its_rungs():
    ladder = json.loads((ROOT / "book" / "ladder.json").read_text(encoding="utf-8"))
    names = [rung["name"] for rung in ladder["rungs"]]
    assert sorted(set(names)) == sorted(names)
    assert all(rung["bits"] > ladder["floor"] for rung in ladder["rungs"])
    for rung in ladder["rungs"]:
        notebook = nbformat.read(BOOK / f"{rung['page']}.ipynb", as_version=4)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert any(f'"page": "{rung["page"]}"' in cell.source for cell in cells)
        # What is drawn is what the page prints; nbval holds that against another run.
        checked = [c for c in cells if "nbval-check-output" in c.metadata.get("tags", [])]
        printed = "\n".join(output.get("text", "") for c in checked for output in c.outputs)
        rows = re.findall(rf"^{re.escape(rung['name'])} .*", printed, re.M)
        numbers = re.findall(r"\b\d+\.\d+\b", " ".join(rows))
        assert any(float(n) == round(rung["bits"], len(n.split(".")[1])) for n in numbers)


def test_every_page_of_the_built_book_is_light():
    site = book.build(ROOT)
    sizes = {page.parent.name: page.stat().st_size for page in site.rglob("*.html")}
    assert {path.stem for path in NOTEBOOKS} <= {*sizes}
    assert {name: size for name, size in sizes.items() if size > MAX_HTML} == {}


def test_every_page_of_a_chapter_opens_with_its_place_in_the_course(chapters, project):
    site = book.build(ROOT)
    for chapter, texts in chapters:
        for page in texts:
            html = (site / page / "index.html").read_text(encoding="utf-8")
            fold = r'<details class="fold launch">.*?</details>'  # where the page can be run
            opening = re.sub(fold, "", html.partition("</h1>")[2], flags=re.DOTALL)
            assert opening.startswith('<div class="chapter-opening">'), page
            assert f"Chapter {chapter.number}" in opening[:300]
            assert ("chapter-goals" in html) == (page == chapter.page)


def test_the_ladder_is_drawn_from_what_was_measured():
    ladder = json.loads((ROOT / "book" / "ladder.json").read_text(encoding="utf-8"))
    html = (book.build(ROOT) / "index.html").read_text(encoding="utf-8")
    drawn = [float(share) for share in re.findall(r'style="--bits:([\d.]+);', html)]
    bits = [*(rung["bits"] for rung in ladder["rungs"]), ladder["floor"]]
    assert drawn == pytest.approx([value / max(bits) for value in bits], abs=1e-4)


def test_the_built_book_does_not_name_folders_of_this_machine():
    site = book.build(ROOT)
    texts = [path for path in site.rglob("*") if path.suffix in (".html", ".json", ".xml")]
    assert texts
    assert [path.name for path in texts if str(ROOT) in path.read_text("utf-8")] == []


# --- The normaliser ---------------------------------------------------------------------------


def make(*outputs, source="1"):
    cell = new_code_cell(source, id="some-cell", outputs=list(outputs), execution_count=7)
    cell.metadata = nbformat.from_dict({"execution": {"iopub.execute_input": "2026-01-01"}})
    notebook = new_notebook(cells=[cell])
    notebook.metadata = nbformat.from_dict({"widgets": {}, "language_info": {"version": "3.11"}})
    return notebook


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def png(data=BLACK_DOT):
    return new_output("display_data", {"image/png": data, "image/svg+xml": "<svg/>"})


def test_drops_what_differs_from_run_to_run():
    notebook = notebooks.normalise(make(stream("a"), stream("b"), png()))
    cell = notebook.cells[0]
    assert (cell.metadata, cell.execution_count) == ({}, 1)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert cell.outputs[0].text == "ab"
    assert set(cell.outputs[1].data) == {"image/png"}


def test_normalising_twice_changes_nothing():
    once = notebooks.normalise(make(stream("a"), png()))
    text = nbformat.writes(once)
    assert nbformat.writes(notebooks.normalise(once)) == text


@pytest.mark.parametrize(
    "outputs",
    [
        [stream("saved to /home/somebody/model")],
        [stream("<object at 0x7f3a12345678>")],
        [stream(" 45%|####     | 9/20")],
        [stream("a warning", name="stderr")],
        [new_output("error", ename="E", evalue="", traceback=[])],
        [png()],
    ],
    ids=["path", "address", "progress bar", "warning", "error", "no alt text"],
)
def test_names_what_must_not_be_stored(outputs):
    [fault] = notebooks.faults(make(*outputs), 1_000)
    assert "some-cell" in fault


def test_accepts_a_picture_with_alt_text():
    assert notebooks.faults(make(png(), source="#| alt: A dot.\nplot()"), 1_000) == []


def test_refuses_large_pictures_and_files():
    large = png("A" * 4 * 60_000)
    notebook = make(large, source="#| alt: A large dot.")
    assert len(notebooks.faults(notebook, 300_001)) == 2


# --- Run, and run again -----------------------------------------------------------------------


@pytest.fixture
def small_book(tmp_path):
    """A repository whose book is one notebook, and whose reference one line."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "answers.py").write_text("ANSWER = 42\n")
    path = tmp_path / "book" / "en" / "small.ipynb"
    path.parent.mkdir(parents=True)
    cells = [
        new_code_cell("from answers import ANSWER", id="imports"),
        new_code_cell("print(ANSWER)", id="answer", metadata={"tags": ["nbval-check-output"]}),
    ]
    nbformat.write(new_notebook(cells=cells), path)
    return tmp_path, path


def test_a_run_stores_what_the_reference_gives_and_a_rerun_agrees(small_book):
    root, path = small_book
    assert notebooks.run(path, root) == []
    assert nbformat.read(path, 4).cells[1].outputs[0].text == "42\n"
    assert notebooks.differences(path) == []
    assert notebooks.rerun(path, root) == []


def test_a_rerun_names_the_cell_and_both_outputs(small_book):
    root, path = small_book
    notebooks.run(path, root)
    (root / "solutions" / "answers.py").write_text("ANSWER = 43\n")
    assert notebooks.rerun(path, root) == ["answer: stored is '42', now it prints '43'"]
    (root / "solutions" / "answers.py").write_text("QUESTION = 43\n")
    first, second = notebooks.rerun(path, root)
    assert first.startswith("imports: ImportError: cannot import name 'ANSWER'")
    assert second == "answer: NameError: name 'ANSWER' is not defined"


def test_a_cell_that_fails_leaves_the_file_as_it_was(small_book):
    root, path = small_book
    before = path.read_text("utf-8")
    (root / "solutions" / "answers.py").write_text("")
    with pytest.raises(notebooks.NotebookError, match=r"small\.ipynb: ImportError"):
        notebooks.run(path, root)
    assert path.read_text("utf-8") == before


def test_pages_are_found_by_name_file_or_path(small_book):
    root, path = small_book
    assert [notebooks.find(root, [name]) for name in ("small", "small.ipynb", str(path))] == [
        [path]
    ] * 3
    assert notebooks.find(root, []) == [path]
    with pytest.raises(notebooks.NotebookError, match="it has small"):
        notebooks.find(root, ["large"])
