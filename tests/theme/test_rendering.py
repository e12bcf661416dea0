"""The built pages, read as files: every node of the fixture book becomes the HTML that it means."""

import io
import json
import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from .conftest import THEME, Build

PAGES = [
    "",
    "text",
    "math",
    "code",
    "notebook",
    "exercises",
    "boxes",
    "layout",
    "deep-page",
    "references",
    "chinese",
]

# One line for each family of nodes: the page, and HTML that only a correct rendering holds.
RENDERED = {
    "paragraph": ("", "<p>A language model gives a probability"),
    "emphasis": ("", "<em>emphasised</em>"),
    "strong": ("", "<strong>strong</strong>"),
    "inline code": ("", "<code>inline code</code>"),
    "line break": ("", "break<br>that the author"),
    "heading with anchor": (
        "",
        '<h2 id="inline-marks">Inline marks<a class="anchor" href="#inline-marks"',
    ),
    "deeper heading": ("", '<h4 id="fourth-level">'),
    "thematic break": ("", "<hr>"),
    "keyboard": ("", "<kbd>Ctrl+C</kbd>"),
    "subscript": ("", "H<sub>2</sub>O"),
    "superscript": ("", "x<sup>2</sup>"),
    "underline": ("", "<u>Underlined</u>"),
    "small caps": ("", '<span class="smallcaps">Small Caps</span>'),
    "delete": ("", "<del>deleted</del>"),
    "span": ("", '<span class="marked">a span with a class</span>'),
    "abbreviation": ("", '<abbr title="byte-pair encoding">BPE</abbr>'),
    "abbreviation of the project": ("", '<abbr title="maximum likelihood estimate">MLE</abbr>'),
    "chemical formula": ("", "CO<sub>2</sub>"),
    "unit": ("", "5 meter per second"),
    "outside link": (
        "",
        '<a href="https://example.org/paper" title="A titled link">outside link</a>',
    ),
    "link to a page": ("", '<a href="/math/" class="ref">another page</a>'),
    "button": ("", '<a href="/text/" class="ref button">Start here</a>'),
    "unordered list": ("text", "<ul><li>one</li><li>two<ol><li>inner first</li>"),
    "ordered list from five": ("text", '<ol start="5"><li>five</li>'),
    "task list": ("text", '<input type="checkbox" disabled checked aria-label="done">done'),
    "loose list": ("text", "<li><p>first paragraph</p><p>second paragraph</p></li>"),
    "definition list": (
        "text",
        "<dt>Token</dt><dd>A piece of text.</dd><dd>A second description.</dd>",
    ),
    "table caption": (
        "text",
        '<figcaption><p><span class="caption-number">Table 1:</span> Counts by model',
    ),
    "table header": ("text", '<thead><tr><th class="align-left" scope="col">Model</th>'),
    "table cell": ("text", '<td class="align-center"><strong>0.5</strong></td>'),
    "row span": ("text", '<td rowspan="2">spans two rows</td>'),
    "block quote": ("text", "<blockquote><p>A plain quotation.</p></blockquote>"),
    "epigraph": ("text", '<figure class="quote epigraph"><blockquote>'),
    "footnote reference": ("text", 'href="#_footnote-1">1</a></sup>'),
    "footnote": (
        "text",
        '<li id="_footnote-1" value="1"><p>'
        "Smoothing moves mass to <strong>unseen</strong> events.</p>",
    ),
    "author HTML": (
        "text",
        '<div class="author-html"><strong>Author HTML</strong> stays HTML.</div>',
    ),
    "inline maths": ("math", "<span class=katex><span class=katex-mathml><math>"),
    "display maths": (
        "math",
        '<div class="math" id="eq-chain"><div class="scroll"><span class=katex-display>',
    ),
    "equation number": ("math", '<a class="equation-number" href="#eq-chain">(2)</a>'),
    "equation reference": ("math", '<a class="ref" href="#eq-chain">(2)</a>'),
    "highlighted code": ("code", "<i class=k>def</i>"),
    "code without language": ("code", "<code>no language &lt;at all&gt; &amp; safe</code>"),
    "code caption": (
        "code",
        '<span class="caption-number">Program 1:</span> Sampling from a model.',
    ),
    "code file name": ("code", '<p class="code-filename">sample.py</p>'),
    "line numbers": ("code", '<span class="line" data-number="1">'),
    "emphasised line": ("code", '<span class="line line-emphasised" data-number="2">'),
    "mermaid as text": ("code", "text --&gt; tokens --&gt; model"),
    "stream": ("notebook", '<pre class="output-text stdout">hello\n你好，世界\n</pre>'),
    "stderr with ANSI colours": (
        "notebook",
        '<span class="output-label">stderr</span>'
        '<span class="ansi-red">red</span> and '
        '<span class="ansi-green ansi-bold">bold green</span> &lt;escaped&gt;',
    ),
    "DataFrame": ("notebook", '<div class="output-html scroll"><div>\n\n<table class="dataframe">'),
    "PNG output": ("notebook", 'alt="The loss falls fast, then slowly" width="'),
    "SVG output": ("notebook", '<img src="data:image/svg+xml,'),
    "LaTeX output": ("notebook", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
    "text output": ("notebook", '<pre class="output-text">tensor([1., 1.])</pre>'),
    "Markdown output": ("notebook", "**bold** output"),
    "JSON output": ("notebook", '{"loss":2.5}'.replace('"', "&quot;")),
    "traceback": ("notebook", '<span class="ansi-red">ZeroDivisionError</span>: division by zero'),
    "marked part of a traceback": ("notebook", '<span class="ansi-green ansi-marked">1</span>'),
    "folded input": ("notebook", "<summary>Show the code</summary>"),
    "folded output": ("notebook", "<summary>Show the output</summary>"),
    "folded cell": ("notebook", "<summary>Show the code and its output</summary>"),
    "anchor of a cell": ("notebook", '<div class="cell" id="cell-loss">'),
    "admonition": (
        "boxes",
        '<div class="box box-note"><p class="box-title"><span class="box-kind">'
        "Note</span></p><p>A note.</p></div>",
    ),
    "admonition with a title": (
        "boxes",
        '<span class="box-kind">Warning</span> <span class="box-name">Mind the <em>gap</em></span>',
    ),
    "folded admonition": (
        "boxes",
        '<details class="box box-tip dropdown tip"><summary class="box-title">',
    ),
    "dropdown": ("boxes", '<details class="fold"><summary>A plain dropdown</summary>'),
    "open dropdown": ("boxes", '<details class="fold" open>'),
    "aside": ("boxes", '<aside class="aside"><p class="box-title">A side remark</p>'),
    "theorem": (
        "boxes",
        '<div id="thm-chain" class="box box-theorem"><p class="box-title">'
        '<span class="box-kind">Theorem 1</span>',
    ),
    "proof": (
        "boxes",
        '<div class="box box-proof"><p class="box-title"><span class="box-kind">Proof</span></p>',
    ),
    "exercise": (
        "boxes",
        '<div id="ex-bigrams" class="box box-exercise"><p class="box-title">'
        '<span class="box-kind">Exercise 1</span>',
    ),
    "folded solution": (
        "boxes",
        '<details id="sol-bigrams" class="box box-solution dropdown">'
        '<summary class="box-title">Solution to Exercise 1</summary>',
    ),
    "exercise card": (
        "exercises",
        '<div class="exercise-card"><p class="exercise-title">Count n-grams</p>'
        '<div class="exercise-meta">',
    ),
    "exercise command": (
        "exercises",
        '<div class="code exercise-command" data-language="console">',
    ),
    "hint ladder": (
        "exercises",
        '<div class="hint-ladder"><details class="fold hint"><summary>Hint 1 of 3</summary>',
    ),
    "tabs": (
        "layout",
        '<input type="radio" name="_tabs-1" id="_tabs-1-1" checked data-sync="torch">'
        '<label for="_tabs-1-1">PyTorch</label>',
    ),
    "card with link": (
        "layout",
        '<p class="card-title"><a class="card-link" href="/text/">N-grams</a></p>',
    ),
    "grid": ("layout", '<div class="grid" style="--columns:2;--phone-columns:1">'),
    "grid item": ("layout", "<div><p>A grid item.</p></div>"),
    "figure": (
        "layout",
        'alt="A curve that falls quickly and then slowly"><figcaption><p>'
        '<span class="caption-number">Figure 1:</span> The loss',
    ),
    "subfigures": ("layout", '<span class="caption-number">(b)</span> Right'),
    "frame": ("layout", '<iframe src="/math/" title="An embedded page"'),
    "div": ("layout", '<div class="my-class other-class"><p>Inside a div.</p></div>'),
    "contents of the page": ("layout", '<li><a class="ref" href="#tabs">Tabs</a></li>'),
    "reference across pages": (
        "references",
        '<a class="ref" href="/boxes/#thm-chain">Theorem 1</a>',
    ),
    "citation in the text": (
        "references",
        '<a class="ref" href="#_cite-shannon1948">Shannon (1948)</a>',
    ),
    "citation in parentheses": (
        "references",
        '(<a class="ref" href="#_cite-shannon1948">Shannon, 1948</a>; '
        '<a class="ref" href="#_cite-gu2023">',
    ),
    "reference list": ("references", '<li id="_cite-shannon1948">Shannon, C. E. (1948).'),
    "term": ("references", '<a class="ref" href="#term-logit">logit</a>'),
    "glossary": (
        "references",
        '<div class="glossary"><dl><dt id="term-logit">logit</dt><dd>An unnormalised score.</dd>',
    ),
}


class Page(HTMLParser):
    """What a test asks of a page: its visible text, its addresses, and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.addresses, self.ids = "", [], []
        self.silent = 0
        self.feed(html)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.silent += name in ("script", "style", "annotation")
        for key, value in attributes:
            if key in ("href", "src"):
                self.addresses.append(value or "")
            elif key == "id":
                self.ids.append(value)

    def handle_endtag(self, name: str) -> None:
        self.silent -= name in ("script", "style", "annotation")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text += data


@pytest.mark.parametrize("family", RENDERED)
def test_every_family_of_nodes_is_rendered(built: Build, family: str) -> None:
    slug, expected = RENDERED[family]
    assert expected in built.page(slug)


def texts_of(node: dict[str, Any]) -> list[str]:
    if node["type"] in ("comment", "mystTarget") or node.get("visibility") == "remove":
        return []
    own = [node["value"]] if node["type"] in ("text", "inlineCode", "code", "mermaid") else []
    return own + [text for child in node.get("children", []) for text in texts_of(child)]


@pytest.mark.parametrize("slug", PAGES)
def test_no_text_is_lost(built: Build, slug: str) -> None:
    content = built.site.parent / "site" / "content" / f"{slug or 'index'}.json"
    squeezed = re.sub(r"\s", "", Page(built.page(slug)).text)
    for text in texts_of(json.loads(content.read_text(encoding="utf-8"))["mdast"]):
        # The theme replaces the engine's English name of a box by its own word.
        assert text == "See Also" or re.sub(r"\s", "", text) in squeezed, text


def in_node(script: str, environment: dict[str, str], *arguments: str) -> str:
    """What a script prints that stands in the theme's folder."""
    command = ["node", "--input-type=module", "--eval", script, *arguments]
    return subprocess.run(
        command, cwd=THEME, env=environment, capture_output=True, text=True, check=True
    ).stdout


def types_of(node: dict[str, Any]) -> set[str]:
    return {node["type"]}.union(*map(types_of, node.get("children", [])))


# What the engine has resolved by the time that the theme sees the tree, and what comes only from
# LaTeX sources (mathGroup).
NOT_FROM_MARKDOWN = {
    "embed",
    "genindex",
    "html",
    "interactive",  # tests/theme/test_figures.py
    "linkReference",
    "mathGroup",
    "myst",
    "mystComment",
    "mystTarget",
}


def test_the_fixture_book_holds_every_node_that_the_theme_draws(
    built: Build, node_environment: dict[str, str]
) -> None:
    contents = (built.site.parent / "site" / "content").glob("*.json")
    trees = [json.loads(content.read_text(encoding="utf-8"))["mdast"] for content in contents]
    script = "import { NODE_TYPES } from './render.mjs'; console.log(NODE_TYPES.join())"
    missing = set(in_node(script, node_environment).strip().split(",")) - set().union(
        *map(types_of, trees)
    )
    assert missing == NOT_FROM_MARKDOWN


def test_comments_and_removed_cells_stay_out(built: Build) -> None:
    everything = built.page("text") + built.page("notebook")
    for secret in [
        "no reader sees",
        "hidden comment",
        "removed_input",
        "removed output",
        "removed_cell",
        "removed cell output",
    ]:
        assert secret not in everything


def test_page_data_with_removed_cells_is_not_published(built: Build) -> None:
    assert (built.site / "notebook.json").read_text(encoding="utf-8").strip() == "{}"


def test_an_unknown_node_type_fails_the_build_and_is_named(
    build_book: Callable[..., Build],
) -> None:
    build = build_book(FIXTURE_UNKNOWN_NODE="1")
    assert build.code == 1
    assert 'theme: unknown node type "mystery" on page "exercises"' in build.log


def test_an_unknown_output_format_fails_the_build_and_is_named(
    build_book: Callable[..., Build],
) -> None:
    def add_widget(book: Path) -> None:
        notebook = json.loads((book / "notebook.ipynb").read_text(encoding="utf-8"))
        data = {"application/vnd.example+json": {"a": 1}}
        notebook["cells"][1]["outputs"] = [
            {"output_type": "display_data", "metadata": {}, "data": data}
        ]
        (book / "notebook.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    build = build_book(add_widget)
    assert build.code == 1
    assert 'unknown output type "application/vnd.example+json" on page "notebook"' in build.log


def test_a_long_output_is_shown_whole(build_book: Callable[..., Build]) -> None:
    long_text = "".join(f"line {number}\n" for number in range(6000))

    def add_output(book: Path) -> None:
        notebook = json.loads((book / "notebook.ipynb").read_text(encoding="utf-8"))
        notebook["cells"][1]["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": long_text}
        ]
        (book / "notebook.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    build = build_book(add_output)
    assert build.code == 0, build.log
    assert long_text in build.page("notebook")


def test_base_url_prefixes_every_address(build_book: Callable[..., Build]) -> None:
    build = build_book(BASE_URL="/course/en")
    assert build.code == 0, build.log
    for file in build.site.rglob("*.html"):
        for address in Page(file.read_text(encoding="utf-8")).addresses:
            assert re.match(r"/course/en/|#|https://example\.org/|data:", address), (
                f"{file.name}: {address}"
            )
    assert 'content="https://example.org/course/en/math/"' in build.page("math")
    assert "<loc>https://example.org/course/en/math/</loc>" in (
        build.site / "sitemap.xml"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", PAGES)
def test_every_inner_address_leads_somewhere(built: Build, slug: str) -> None:
    page = Page(built.page(slug))
    assert len(page.ids) == len(set(page.ids)), "an id is used twice"
    for address in page.addresses:
        path, _, anchor = address.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        target = built.site / path.strip("/") if path else built.site / slug
        if target.is_dir():
            target /= "index.html"
        assert target.is_file(), address
        if anchor:
            assert anchor in Page(target.read_text(encoding="utf-8")).ids, address


def test_each_page_says_what_it_is_to_machines(built: Build) -> None:
    html = built.page("")
    assert '<html lang="en">' in html
    assert "<title>Reading the fixture book – The fixture book</title>" in html
    assert (
        '<meta name="description" '
        'content="The start page, with plain paragraphs and the inline marks.">' in html
    )
    assert '<meta property="og:title" content="Reading the fixture book">' in html
    assert '<link rel="canonical" href="https://example.org/">' in html
    # Without a description of its own, a page is described by its first paragraph.
    assert '<meta name="description" content="Every kind of stored output.">' in built.page(
        "notebook"
    )


def test_contents_mark_the_current_page_and_lead_to_its_neighbours(built: Build) -> None:
    html = built.page("math")
    assert '<a href="/math/" aria-current="page">Mathematics</a>' in html
    assert html.count('aria-current="page"') == 1
    assert '<a rel="prev" href="/text/"' in html
    assert '<a rel="next" href="/code/"' in html
    assert 'rel="prev"' not in built.page("")
    assert 'rel="next"' not in built.page("chinese")


def test_the_head_says_which_page_of_the_chapter_or_part_this_is(built: Build) -> None:
    def place(name: str) -> list[str]:
        return re.findall(r'<p class="place">(.*?) <span>(.*?)</span>', built.page(name))

    title = re.search(r"<h1>(.*?)</h1>", built.page("deep-page"))[1]
    assert place("deep-page") == [(title, "1 / 2")]
    assert place("references") == [(title, "2 / 2")]
    assert place("exercises") == [("Executed pages", "2 / 2")]
    assert place("math") == place("") == []


def test_site_files_are_there(built: Build) -> None:
    assert "<loc>https://example.org/</loc>" in (built.site / "sitemap.xml").read_text(
        encoding="utf-8"
    )
    assert "Sitemap: https://example.org/sitemap.xml" in (built.site / "robots.txt").read_text(
        encoding="utf-8"
    )
    assert "Page not found" in (built.site / "404.html").read_text(encoding="utf-8")
    for name in [
        "favicon.ico",
        "favicon.svg",
        "myst-theme.css",
        "theme.js",
        "search.mjs",
        "vendor/fonts/serif-roman.woff2",
        "vendor/minisearch.mjs",
    ]:
        assert (built.site / name).stat().st_size > 100, name


def test_a_chinese_book_is_chinese_throughout(build_book: Callable[..., Build]) -> None:
    def set_language(book: Path) -> None:
        config = book / "myst.yml"
        config.write_text(
            config.read_text(encoding="utf-8").replace("lang: en", "lang: zh-CN"), encoding="utf-8"
        )

    build = build_book(set_language)
    html = build.page("boxes")
    assert '<html lang="zh-CN">' in html
    assert '<span class="box-kind">定理 1</span>' in html
    assert "上一页" in html
    assert "On this page" not in html


def test_own_scripts_stay_small() -> None:
    assert (
        sum((THEME / "public" / name).stat().st_size for name in ["theme.js", "search.mjs"])
        <= 40_000
    )


def test_lock_file_names_no_registry() -> None:
    lock = (THEME / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    declared = json.loads((THEME / "package.json").read_text(encoding="utf-8"))
    for version in {**declared["dependencies"], **declared["devDependencies"]}.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), "pin exactly"


FORMULAS = [
    r"p(w_t \mid w_{<t}) = \frac{c(w_{t-1}, w_t)}{\sum_w c(w_{t-1}, w)}",
    r"\mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)\mathbf V",
    r"\underbrace{a + b}_{\text{two}} \quad \cancel{x}",
    r"\begin{aligned} \hat a &= b^2 \\ \bar c &= \mathcal{O}(T \log T) \end{aligned}",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_shorter_and_looks_the_same(
    browser: Any, node_environment: dict[str, str], formula: str
) -> None:
    script = """
      import katex from 'katex';
      import { compact } from './math.mjs';
      const whole = katex.renderToString(process.argv[1], { displayMode: true });
      console.log(JSON.stringify([whole, compact(whole)]));
    """
    style = (THEME / "node_modules" / "katex" / "dist" / "katex.min.css").read_text("utf-8")
    pictures = []
    page = browser.new_page()
    for html in (whole_and_short := json.loads(in_node(script, node_environment, formula))):
        page.set_content(f"<!doctype html><style>{style}</style>{html}")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
        pictures.append(np.asarray(picture, dtype=int))
    page.close()
    whole, short = whole_and_short
    assert len(short) < 0.85 * len(whole)
    # A letter may begin at another fraction of a pixel; then its edges are of other greys.
    assert np.abs(pictures[0] - pictures[1]).max() < 100
    assert (pictures[0] < 128).sum() > 300


def test_a_formula_that_cannot_be_read_still_says_so(node_environment: dict[str, str]) -> None:
    script = """
      import katex from 'katex';
      import { compact } from './math.mjs';
      console.log(compact(katex.renderToString('\\\\frac{', { throwOnError: false })));
    """
    assert "class=katex-error" in in_node(script, node_environment)
