"""Interactive figures: their arithmetic against the course's own, and their use on real pages."""

import json
import random
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from autograder import book
from autograder.serving import make_server

from .conftest import THEME, recorded_page

pytestmark = pytest.mark.slow  # every figure is used, by day and by night

ROOT = THEME.parents[1]
DATA = ROOT / "book" / "en" / "data"
PAGES = {
    "attention-query": "attention-at-work",
    "bpe-merges": "tokenization",
    "kv-cache": "inference",
    "lora-rank": "lora",
    "next-token": "real-model",
    "ngram-sampler": "ngrams-at-work",
    "selective-scan": "mamba",
    "window-reach": "fewer-keys",
}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def stored(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


Evaluate = Callable[..., Any]


@pytest.fixture(scope="module")
def evaluate(node_environment: dict[str, str]) -> Evaluate:
    """Runs an expression of `figure`, the module, `parts`, what all share, and `given`, in Node."""

    def evaluate(figure: str, expression: str, given: Any = None) -> Any:
        public = (THEME / "public").as_uri()
        script = (
            f"import * as figure from '{public}/figures/{figure}.mjs';"
            f"import * as parts from '{public}/figure-parts.mjs';"
            "import fs from 'node:fs';"
            "const given = JSON.parse(fs.readFileSync(0, 'utf8'));"
            f"console.log(JSON.stringify({expression}));"
        )
        done = subprocess.run(
            ["node", "--input-type=module", "-e", script],
            input=json.dumps(given),
            env=node_environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return evaluate


# --- The arithmetic ---------------------------------------------------------------------------


def test_the_sampler_has_the_relative_frequencies_of_the_course(evaluate: Evaluate) -> None:
    from langmodels.ngrams import EOS, MaximumLikelihood, pad

    data, chance = stored("ngram-sampler"), random.Random(0)
    sentences = [sentence.split() for sentence in data["sentences"]]
    asked = []
    for _ in range(60):
        order, tokens = chance.randint(1, 5), pad(chance.choice(sentences))[:-1]
        asked.append((order, tokens[: chance.randint(1, len(tokens))]))
    answers = evaluate(
        "ngram-sampler",
        "given.asked.map(([order, text]) => {"
        " const context = figure.contextOf(text, order);"
        " return [context, figure.followers(given.data, context)]; })",
        {"data": data, "asked": asked},
    )
    model = MaximumLikelihood(sentences, 5)
    for (order, text), (context, followers) in zip(asked, answers, strict=True):
        assert context == text[max(0, len(text) - order + 1) :]
        model.order, total = order, sum(count for _, count in followers)
        said = {token: count / total for token, count in followers}
        expected = {w: model.prob(w, context) for w in model.vocabulary}
        expected = {w: p for w, p in expected.items() if p > 0}
        assert said == pytest.approx(expected)
        assert EOS in model.vocabulary


def test_what_the_sampler_writes_could_have_been_written_and_comes_again(
    evaluate: Evaluate,
) -> None:
    data = stored("ngram-sampler")
    write = (
        "[1, 3, 5].map((order) => { let state = figure.act(given, {order, seed: 7}, 'again');"
        " for (let i = 0; i < 10; i += 1) state = figure.act(given, state, 'twenty');"
        " return [order, state.text]; })"
    )
    written = evaluate("ngram-sampler", write, data)
    assert written == evaluate("ngram-sampler", write, data)
    text = [["<s>", *sentence.split(), "</s>"] for sentence in data["sentences"]]
    for order, tokens in written:
        assert len([token for token in tokens if token != "<s>"]) == 200
        seen = {
            tuple(sentence[max(0, end - order) : end])
            for sentence in text
            for end in range(2, len(sentence) + 1)
        }
        for end in range(2, len(tokens) + 1):
            if tokens[end - 1] != "<s>":
                start = max(i for i in range(end - 1) if tokens[i] == "<s>" or i == 0)
                assert tuple(tokens[max(start, end - order) : end]) in seen


def test_the_merges_cut_words_as_the_course_does(evaluate: Evaluate) -> None:
    from langmodels.tokenizers import encode_word, token_bytes

    chance = random.Random(3)
    merges = [(left, right) for left, right in stored("bpe-merges")["merges"]]
    words = ["".join(chance.choices("aehinorst 长", k=chance.randint(0, 12))) for _ in range(60)]
    asked = [[word, chance.randint(0, len(merges))] for word in [*words, " another", "mississippi"]]
    answers = evaluate(
        "bpe-merges",
        "given[1].map(([word, n]) => { const learned = given[0].slice(0, n);"
        " const ids = figure.encode(word, learned), table = figure.bytesOf(learned);"
        " return [ids, ids.map((id) => table[id])]; })",
        [merges, asked],
    )
    for (word, n), (ids, cut) in zip(asked, answers, strict=True):
        learned = {pair: 256 + rank for rank, pair in enumerate(merges[:n])}
        assert ids == encode_word(word.encode(), learned)
        assert [bytes(token) for token in cut] == [token_bytes(learned)[id] for id in ids]


def test_the_shares_of_the_last_state_are_those_of_the_selective_scan(evaluate: Evaluate) -> None:
    import torch

    from langmodels.mamba import selective_scan

    chance = random.Random(4)
    asked = [[chance.expovariate(1) for _ in range(size)] for size in (1, 2, 7, 30)]
    asked += [[0.7, 0.0, 2.0]]
    answers = evaluate("selective-scan", "given.map((steps) => figure.sharesOf(steps))", asked)
    for steps, shares in zip(asked, answers, strict=True):
        step = torch.tensor(steps, dtype=torch.float64)[None, :, None]
        gain = torch.where(step > 0, (1 - (-step).exp()) / step, 1)
        # Row t of the batch has a one at token t and nothing else: its last output is t's share.
        x = torch.eye(len(steps), dtype=torch.float64)[..., None]
        wide = [given.expand(len(steps), -1, -1) for given in (step, gain, torch.ones_like(gain))]
        y, _ = selective_scan(x, wide[0], -torch.ones(1, 1, dtype=torch.float64), *wide[1:])
        assert shares == pytest.approx(y[:, -1, 0].tolist())


def test_strips_and_what_a_rank_keeps_are_those_of_the_course(evaluate: Evaluate) -> None:
    import torch

    from langmodels.lora import LoRALinear

    chance, asked, expected = random.Random(5), [], []
    for _ in range(20):
        rows, columns, rank = (chance.randint(1, 9) for _ in range(3))
        rank = min(rank, rows, columns)
        seed = torch.Generator().manual_seed(chance.getrandbits(31))
        change = torch.randn(rows, columns, dtype=torch.float64, generator=seed)
        left, singular, right = torch.linalg.svd(change, full_matrices=False)
        cut = left[:, :rank] * singular[:rank] @ right[:rank]
        layer = LoRALinear(torch.nn.Linear(columns, rows, bias=False), rank=rank, alpha=1)
        learn = sum(p.numel() for p in layer.parameters() if p.requires_grad)
        asked.append([{"rows": rows, "columns": columns, "values": singular.tolist()}, rank])
        expected.append([learn, rows * columns, (cut.norm() / change.norm()).item() ** 2])
    answers = evaluate(
        "lora-rank",
        "given.map(([matrix, rank]) =>"
        " [...figure.costOf(matrix, rank), figure.keptOf(matrix, rank)])",
        asked,
    )
    for answer, right_one in zip(answers, expected, strict=True):
        assert answer == pytest.approx(right_one)


def test_the_longest_quotation_is_the_longest(evaluate: Evaluate) -> None:
    chance = random.Random(1)
    for _ in range(5):
        sentences = [[chance.choice("abc") for _ in range(9)] for _ in range(6)]
        text = [chance.choice("abc") for _ in range(14)]
        text[chance.randrange(14)] = "</s>"
        pieces = [text[i:j] for i in range(14) for j in range(i + 1, 15)]
        quoted = [
            piece
            for piece in pieces
            if any(piece == s[k : k + len(piece)] for s in sentences for k in range(9))
        ]
        data = {"sentences": [" ".join(sentence) for sentence in sentences]}
        found = evaluate(
            "ngram-sampler", "figure.longestQuotation(given[0], given[1])", [data, text]
        )
        assert found == max(map(len, quoted)) > 1


def test_chance_is_even_and_depends_on_seed_and_draw(evaluate: Evaluate) -> None:
    rows = evaluate(
        "kv-cache",
        "[1, 2, 3].map((seed) => Array.from({length: 4000}, (_, i) => parts.chance(seed, i)))",
    )
    assert len({u for row in rows for u in row}) == 12_000
    for row in rows:
        tenths = [sum(int(10 * u) == tenth for u in row) for tenth in range(10)]
        assert sum((n - 400) ** 2 / 400 for n in tenths) < 27.9  # chi-square, 9 degrees, 0.001
        neighbours = sum((a - 0.5) * (b - 0.5) for a, b in pairwise(row)) / 4000
        assert abs(neighbours) < 0.006  # four standard errors of 1/12/√4000


def test_a_pick_is_where_the_running_sum_passes_u(evaluate: Evaluate) -> None:
    shares = [0.25, 0.0, 0.5, 0.25, 0.0]
    picks = evaluate(
        "kv-cache",
        "given[1].map((u) => parts.pick(given[0], u))",
        [shares, [0, 0.249, 0.25, 0.749, 0.75, 0.999, 1]],
    )
    assert picks == [0, 0, 2, 2, 3, 3, 3]


def truncate(evaluate: Evaluate, entries: list[Any], cases: list[Any]) -> list[Any]:
    return evaluate(
        "next-token",
        "given.cases.map(([temperature, k, p]) => {"
        " const {numbers, after} = figure.truncated({tokens: given.entries},"
        "   {temperature, k: k ?? Infinity, p});"
        " return [numbers, after]; })",
        {"entries": entries, "cases": cases},
    )


def test_temperature_top_k_and_top_p_are_those_of_transformers(evaluate: Evaluate) -> None:
    import torch
    from transformers.generation.logits_process import (
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    chance = random.Random(2)
    logits = sorted((chance.gauss(0, 3) for _ in range(500)), reverse=True)
    cases = [
        (chance.uniform(0.2, 2), chance.choice([None, 1, 3, 20, 100]), chance.uniform(0.05, 1))
        for _ in range(40)
    ]
    cases += [(1.0, None, 1), (2.0, 50, 1)]
    answers = truncate(evaluate, [[str(i), z] for i, z in enumerate(logits)], cases)
    for (temperature, k, p), (numbers, after) in zip(cases, answers, strict=True):
        scores = torch.tensor([logits], dtype=torch.float64)
        for warp in (
            TemperatureLogitsWarper(temperature),
            *([TopKLogitsWarper(k)] if k else []),
            TopPLogitsWarper(p),
        ):
            scores = warp(None, scores)
        expected = scores.softmax(-1)[0].tolist()
        assert after == pytest.approx(expected, abs=1e-9)
        assert numbers == [int(share > 0) for share in expected]


def test_a_group_of_equal_tokens_counts_as_its_members(evaluate: Evaluate) -> None:
    sizes, levels = [1, 1, 4, 1, 30, 200], [2.0, 1.1, 0.6, 0.2, -0.7, -2.0]
    groups = [["x", z, n] for z, n in zip(levels, sizes, strict=True)]
    members = [["x", z] for z, n in zip(levels, sizes, strict=True) for _ in range(n)]
    cases = [(t, k, p) for t in (0.5, 1.7) for k in (None, 4, 20) for p in (0.13, 0.6, 0.95, 1)]
    for grouped, single in zip(
        truncate(evaluate, groups, cases), truncate(evaluate, members, cases), strict=True
    ):
        at = 0
        for number, share, size in zip(*grouped, sizes, strict=True):
            assert number == sum(single[0][at : at + size])
            assert share == pytest.approx(sum(single[1][at : at + size]))
            at += size


def test_the_weight_of_a_cache_is_what_the_course_counts(evaluate: Evaluate) -> None:
    from langmodels.inference import cache_bytes
    from langmodels.models import DecoderConfig

    chance, given, expected = random.Random(3), [], []
    for _ in range(30):
        heads, layers = 2 ** chance.randint(1, 6), chance.randint(1, 100)
        shared = heads // 2 ** chance.randint(0, 1)
        config = DecoderConfig(100, 64 * heads, n_layers=layers, n_heads=heads, n_kv_heads=shared)
        tokens, rows = chance.randint(1, 10**6), chance.randint(1, 300)
        n_bytes = chance.choice([1, 2, 4])
        model = {"layers": layers, "kvHeads": shared, "headWidth": config.head_width}
        given.append([model, tokens, rows, n_bytes])
        expected.append(cache_bytes(config, tokens, rows, bytes_per_number=n_bytes))
    assert evaluate("kv-cache", "given.map((row) => figure.cacheBytes(...row))", given) == expected


def test_the_rows_that_fit_are_as_many_as_fit(evaluate: Evaluate) -> None:
    cases = [[80, 16, 3], [80, 16, 64], [80, 16, 65], [80, 90, 1], [80, 80, 1]]
    fits = evaluate("kv-cache", "given.map((row) => figure.rowsThatFit(...row))", cases)
    assert fits == [21, 1, 0, 0, 0]


def test_stored_attention_is_causal_and_sums_to_one() -> None:
    rows = stored("attention-query")["rows"]
    assert len({len(row["tokens"]) for row in rows}) == 1  # the slider is the same for all
    for row in rows:
        assert len(row["next"]) == len(row["tokens"])
        for head in (head for layer in row["weights"] for head in layer):
            assert [len(weights) for weights in head] == list(range(1, len(row["tokens"]) + 1))
            for weights in head:
                assert min(weights) >= 0
                assert sum(weights) == pytest.approx(1000, abs=len(weights))


def test_the_strongest_key_is_the_largest_of_all_heads(evaluate: Evaluate) -> None:
    chance = random.Random(4)
    layer = [[chance.sample(range(1000), 5)] for _ in range(3)]
    found = evaluate("attention-query", "figure.strongest(given, 0)", layer)
    most = max(weight for head in layer for weight in head[0])
    assert layer[found["head"] - 1][0][found["key"]] == most == 1000 * found["weight"]


def test_stored_shares_are_those_of_all_paths(evaluate: Evaluate) -> None:
    data, least = stored("window-reach"), []
    for window, row in zip(data["windows"], data["shares"], strict=True):
        for n_layers, shares in zip(data["layers"], row, strict=True):
            paths = [1]
            for _ in range(n_layers):  # each layer goes 0 … W - 1 back
                reach = len(paths) + window - 1
                paths = [sum(paths[max(0, d - window + 1) : d + 1]) for d in range(reach)]
            assert shares == pytest.approx([n / window**n_layers for n in paths], abs=1e-4)
            pieces = [shares[i:j] for j in range(len(shares) + 1) for i in range(j)]
            least.append(min(len(piece) for piece in pieces if sum(piece) >= 0.9))
    found = evaluate("window-reach", "given.flat().map(figure.ninetieth)", data["shares"])
    assert found == least


# --- The real pages ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_address() -> Iterator[str]:
    server = make_server(book.build(ROOT), port=0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


Open = Callable[..., Any]


@pytest.fixture
def open_figure(browser: Any, real_address: str) -> Iterator[Open]:
    """Opens the page of a figure and gives the figure, ready for use."""
    contexts = []

    def open_figure(name: str, before: str = "", **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = recorded_page(context)
        if before:
            page.add_init_script(before)
        page.goto(f"{real_address}/{PAGES[name]}/", wait_until="load")
        figure = page.locator(f"[data-figure={name}]")
        if options.get("java_script_enabled", True):
            figure.locator("[data-control]:enabled").first.wait_for(state="attached")
        return figure

    yield open_figure
    for context in contexts:
        context.close()


def press(figure: Any, control: str, key: str, times: int = 1) -> None:
    """Use a control as a keyboard does; of radio buttons, the one that is chosen has the focus."""
    figure.locator(f"[data-control={control}]:is([type=range], :checked)").focus()
    for _ in range(times):
        figure.page.keyboard.press(key)


def read(figure: Any, words: str) -> None:
    """Wait until the figure says these words."""
    figure.locator("[role=status]", has_text=words).wait_for()


@pytest.mark.parametrize("name", PAGES)
def test_a_figure_is_there_without_scripts(open_figure: Open, name: str) -> None:
    figure = open_figure(name, java_script_enabled=False)
    assert figure.locator(".figure-drawing").bounding_box()["height"] > 40
    assert len(figure.locator("[role=status]").inner_text()) > 40
    assert not figure.locator(".figure-controls").is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_the_script_draws_what_the_build_drew_and_nothing_moves(
    open_figure: Open, name: str, real_address: str
) -> None:
    watch = (
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach("
        "(entry) => (window.moved += entry.value))).observe({type: 'layout-shift', buffered: true})"
    )
    parts = (
        "[...document.querySelectorAll('.figure-drawing, .figure-reading')].map((e) => e.innerHTML)"
    )
    without = open_figure(name, java_script_enabled=False)
    drawn = [
        without.locator(".figure-drawing").inner_html(),
        without.locator(".figure-reading").inner_html(),
    ]
    figure = open_figure(name, before=watch)
    page = figure.page
    page.wait_for_timeout(400)  # longer than the pause before a reading is said
    assert page.evaluate(parts) == drawn
    figure.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    assert page.evaluate("window.moved") < 0.01
    assert page.said == []
    assert all(response.url.startswith((real_address, "data:")) for response in page.requests)
    weight = sum(
        len(response.body())
        for response in page.requests
        if response.request.resource_type not in ("image", "media", "fetch")  # numbers of a figure
    )
    assert weight <= 250_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_figure_in_use_is_accessible(open_figure: Open, name: str, scheme: str) -> None:
    figure = open_figure(name, color_scheme=scheme)
    for control in figure.locator("input[type=range]").all():
        control.press("ArrowLeft")
    for button in figure.locator("button[data-control]").all():
        button.click()
    figure.page.add_script_tag(path=str(THEME / "node_modules" / "axe-core" / "axe.min.js"))
    result = figure.page.evaluate(
        "([name, rules]) => axe.run(`[data-figure=${name}]`, {runOnly: rules})", [name, WCAG_AA]
    )
    assert len(result["passes"]) > 5
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in result["violations"]] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_control_is_reached_by_keyboard_and_changes_the_figure(
    open_figure: Open, name: str
) -> None:
    figure = open_figure(name)
    page, reached = figure.page, []
    figure.locator("[data-control]:is([type=range], :checked)").first.focus()
    names = figure.locator("[data-control]").evaluate_all(
        "(all) => [...new Set(all.map((element) => element.dataset.control))]"
    )
    for _ in names:
        control = page.evaluate("document.activeElement.dataset.control")
        kind = page.evaluate("document.activeElement.type")
        state = "document.querySelector('[data-figure] .figure-drawing').innerHTML"
        before, after = page.evaluate(state), []
        for key in {"button": ["Enter"], "radio": ["ArrowRight"]}.get(kind, ["Home", "End"]):
            page.keyboard.press(key)
            after.append(page.evaluate(state))
        assert any(html != before for html in after), control
        reached.append(control)
        page.keyboard.press("Tab")
    assert reached == names
    assert page.said == []


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_a_figure_without_scrolling_sideways(open_figure: Open, name: str) -> None:
    figure = open_figure(name, **PHONE)
    for control in figure.locator("input[type=range]").all():
        control.press("End")
    for button in figure.locator("button[data-control]").all():
        button.tap()
    assert figure.page.evaluate("document.documentElement.scrollWidth") == 390
    inside = figure.evaluate(
        "(figure) => [...figure.querySelectorAll('*')].every((element) =>"
        " element.getBoundingClientRect().right <= figure.getBoundingClientRect().right + 1)"
    )
    assert inside


def test_a_finger_on_a_token_moves_the_query(open_figure: Open) -> None:
    figure = open_figure("attention-query", **PHONE)
    figure.locator("[data-sets=query][data-index='3']").tap()
    read(figure, "From token 4")
    assert figure.locator("[data-control=query]").get_attribute("aria-valuetext") == "token 4"


def add_page(folder: Path, text: str) -> None:
    """A page for the fixture book, and the book's own directives for the page."""
    (folder / "figures.md").write_text(text, encoding="utf-8")
    config = folder / "myst.yml"
    settings = config.read_text(encoding="utf-8")
    plugin, page = f"    - {ROOT / 'book' / 'plugin.mjs'}\n", "    - file: figures.md\n"
    settings = settings.replace("  error_rules:", plugin + "  error_rules:")
    settings = settings.replace("    - file: text.md\n", "    - file: text.md\n" + page)
    config.write_text(settings, encoding="utf-8")


def test_two_figures_of_one_page_share_a_script_and_keep_their_numbers_apart(
    build_book: Callable[..., Any],
) -> None:
    data = stored("kv-cache")

    def add_figures(folder: Path) -> None:
        (folder / "data").mkdir()
        for name, model in (("kv-cache", "Llama 3 8B"), ("older", "Llama 2 7B")):
            text = json.dumps({**data, "opening": model})
            (folder / "data" / f"{name}.json").write_text(text, encoding="utf-8")
        add_page(
            folder,
            "# Figures\n\n```{interactive-figure} kv-cache\nThe *first*\n```\n\n"
            "```{interactive-figure} kv-cache\n:data: older\nThe second\n```\n",
        )

    build = build_book(add_figures, BASE_URL="/course")
    assert build.code == 0, build.log
    html = build.page("figures")
    assert html.count('<link rel="stylesheet" href="/course/figure.css">') == 1
    assert html.count('src="/course/figure.mjs"') == 1
    sources = re.findall(r'data-source="/course(/build/[\w-]+\.json)"', html)
    opened = [json.loads((build.site / path[1:]).read_text())["opening"] for path in sources]
    assert opened == ["Llama 3 8B", "Llama 2 7B"]
    assert "<figcaption><p>The <em>first</em></p></figcaption>" in html
    groups = re.findall(r'name="(_figure-\d-model)"', html)
    assert groups == ["_figure-1-model"] * 4 + ["_figure-2-model"] * 4
    assert html.index("59 rows of") < html.index("15 rows of")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("kv-cash", "there is no figure 'kv-cash'; there is attention-query, bpe-merges"),
        ("kv-cache", "./data/kv-cache.json is missing; run the notebook that writes it"),
    ],
)
def test_a_figure_without_its_parts_stops_the_build(
    build_book: Callable[..., Any], line: str, said: str
) -> None:
    def add_figure(folder: Path) -> None:
        add_page(folder, f"# Figures\n\n```{{interactive-figure}} {line}\nA title\n```\n")

    build = build_book(add_figure)
    assert build.code != 0
    assert said in build.log


# --- What the pages say of their figures --------------------------------------------------------


def test_the_first_merges_reach_far_and_none_reaches_chinese(evaluate: Evaluate) -> None:
    data = stored("bpe-merges")
    said, drawn = (
        {
            (text["name"], n): words
            for text, row in zip(
                data["texts"],
                evaluate(
                    "bpe-merges",
                    f"given.texts.map(({{name}}) => [0, 60, 200].map((n) =>"
                    f" figure.{what}(given, {{text: name, merges: n}})))",
                    data,
                ),
                strict=True,
            )
            for n, words in zip([0, 60, 200], row, strict=True)
        }
        for what in ("read", "draw")
    )
    assert [said["English", n].partition(".")[0] for n in (0, 60, 200)] == [
        f"39 bytes, {n} tokens" for n in (39, 23, 22)
    ]
    for piece in ("ment", "ism"):
        assert f">{piece}<" in drawn["a long word", 200]
        assert f">{piece}<" not in drawn["a long word", 60]
    assert len({drawn["Chinese", n] for n in (0, 60, 200)}) == 1
    assert "18 bytes, 18 tokens" in said["Chinese", 200]


def test_closed_valves_keep_noise_out_and_no_step_makes_letters_equal(
    open_figure: Open, evaluate: Evaluate
) -> None:
    figure = open_figure("selective-scan")
    press(figure, "noise", "Home")
    read(figure, "noise 0.00")
    press(figure, "letters", "End")
    read(figure, "Letters hold 1.00 of the last state, noise 0.00, the empty beginning 0.00.")
    shares = evaluate(
        "selective-scan",
        "figure.controls()[0].values.slice(1).map((letters) =>"
        " figure.sharesOf(figure.stepsOf(given, {letters, noise: 0}))"
        "  .filter((_, t) => given.tokens[t] !== given.noise))",
        stored("selective-scan"),
    )
    assert all(one < other for row in shares for one, other in pairwise(row))
    assert shares[-1][-1] > 0.98 and sum(shares[0]) < 0.01


def test_a_cut_change_catches_up_where_its_strips_cost_most_of_the_matrix(
    open_figure: Open,
) -> None:
    data = stored("lora-rank")
    at = data["ranks"].index
    assert data["cut"][at(16)] > data["trained"][at(8)] > data["cut"][at(32)]
    figure = open_figure("lora-rank")
    press(figure, "matrix", "ArrowRight")
    read(figure, "The strips hold 1,536 numbers, 17 % of the matrix.")
    read(figure, "the model is 0.34 bits above the floor; trained with this rank, 0.08.")
    press(figure, "rank", "ArrowRight", 2)
    read(figure, "67 % of the matrix.")
    read(figure, "0.07 bits above the floor; trained with this rank, 0.07.")
    press(figure, "rank", "ArrowRight")
    read(figure, "133 % of the matrix.")
    read(figure, "nothing was trained with this rank.")
    press(figure, "rank", "Home")
    read(figure, "The strips hold 0 numbers, 0 % of the matrix.")


def test_the_larger_model_has_room_for_more(open_figure: Open) -> None:
    figure = open_figure("kv-cache")
    read(figure, "59 rows of 8,192 tokens fit beside the weights")
    press(figure, "grouped", "ArrowRight")
    read(figure, "14 rows of 8,192 tokens fit")
    press(figure, "model", "ArrowLeft")
    read(figure, "15 rows of 8,192 tokens fit")
    press(figure, "grouped", "ArrowLeft")
    read(figure, "15 rows of 8,192 tokens fit")
    press(figure, "model", "ArrowRight", 2)
    read(figure, "The weights alone do not fit on one H100.")
    press(figure, "bytes", "ArrowRight")
    read(figure, "7 rows of 8,192 tokens fit")


def test_the_figure_of_the_cache_agrees_with_the_table_of_the_page(open_figure: Open) -> None:
    figure = open_figure("kv-cache")
    table = figure.page.locator("main").inner_text()
    assert "Llama 3 8B       16.1 GB" in table.replace("\u00a0", " ")
    read(figure, "The cache takes 1.07 GB, the weights 16.1 GB.")  # 1.00 GiB in the table


def test_more_layers_see_further_and_their_hill_widens_less(open_figure: Open) -> None:
    data = stored("window-reach")
    figure = open_figure("window-reach")
    read(figure, "The last position of layer 3 feels 10 positions of the text.")
    press(figure, "layers", "End")
    read(figure, "layer 6 feels 19 positions")
    press(figure, "layers", "ArrowLeft", 3)
    press(figure, "window", "End")
    read(figure, "layer 3 feels 22 positions of the text.")
    read(figure, "one path of 512.")
    # The root of the variance, in layers: one against four.
    spread = []
    for shares in (data["shares"][-1][0], data["shares"][-1][3]):
        mean = sum(d * share for d, share in enumerate(shares))
        spread.append(sum((d - mean) ** 2 * share for d, share in enumerate(shares)) ** 0.5)
    assert spread[1] / spread[0] == pytest.approx(2, abs=0.01)


def test_at_a_high_temperature_the_tail_comes_and_a_share_cuts_it(evaluate: Evaluate) -> None:
    numbers = evaluate(
        "next-token",
        "given.prompts.map((prompt) => ["
        " figure.truncated(prompt, {temperature: 1.5, k: Infinity, p: 1}).after"
        "   .filter((_, i) => prompt.tokens[i][0] === null).reduce((a, b) => a + b, 0),"
        " ...[0.9, 1].map((p) => figure.truncated(prompt, {temperature: 1, k: Infinity, p})"
        "   .numbers.reduce((a, b) => a + b, 0))])",
        stored("next-token"),
    )
    (sure_tail, sure_kept, vocabulary), (open_tail, open_kept, _) = numbers
    assert vocabulary == 49_152
    assert sure_tail == pytest.approx(0.10, abs=0.005)  # as the page prints them
    assert open_tail == pytest.approx(0.54, abs=0.005)
    assert (sure_kept, open_kept) == (1, pytest.approx(704, abs=20))


def test_the_guess_is_right_from_the_second_reading_on(open_figure: Open) -> None:
    figure = open_figure("attention-query")
    press(figure, "query", "Home")
    rows = {row["name"]: row for row in stored("attention-query")["rows"]}
    for name, size in (("6 animals", 6), ("8 animals", 8)):
        if name == "8 animals":
            press(figure, "row", "ArrowRight")
        press(figure, "query", "Home")
        press(figure, "query", "ArrowRight", size)
        tokens = rows[name]["tokens"]
        read(figure, f"From token {size + 1}, {tokens[size]}: ")
        read(figure, f"The model’s guess: {tokens[size + 1]} ")
        press(figure, "query", "ArrowRight")  # some heads leave the first token only here
        read(figure, f"layer 2 looks most at token 3, {tokens[2]}")
        read(figure, f"The model’s guess: {tokens[size + 2]} ")


def test_longer_windows_quote_more(evaluate: Evaluate) -> None:
    quoted = evaluate(
        "ngram-sampler",
        "[1, 2, 3, 4, 5].map((order) => { const lengths = [1, 2, 3, 4, 5, 6].map((seed) => {"
        " let state = figure.act(given, {order, seed}, 'again');"
        " for (let i = 0; i < 3; i += 1) state = figure.act(given, state, 'twenty');"
        " return figure.longestQuotation(given, state.text); });"
        " return lengths.sort((a, b) => a - b)[3]; })",
        stored("ngram-sampler"),
    )
    assert quoted[0] < quoted[1] < quoted[2] < min(quoted[3:])
    assert quoted[1] < 8 and quoted[2] > 10 and min(quoted[3:]) > 20


# --- Numbers that cannot be stale ---------------------------------------------------------------


@pytest.fixture
def figure_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "book" / "en")
    import figure_data

    monkeypatch.setattr(figure_data, "FOLDER", tmp_path)
    return figure_data


NUMBERS = {"name": "a", "rows": [[0.12345, 1], [2, None]]}


def test_numbers_are_written_once_and_then_compared(figure_data: Any, tmp_path: Path) -> None:
    rounded = {"name": "a", "rows": [[0.1235, 1], [2, None]]}
    assert figure_data.keep("x", NUMBERS) == rounded
    first = (tmp_path / "x.json").read_bytes()
    assert figure_data.keep("x", {**NUMBERS, "rows": [[0.1239, 1], [2, None]]}) == rounded
    assert (tmp_path / "x.json").read_bytes() == first


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"name": "b", "rows": NUMBERS["rows"]}, ".name"),
        ({"name": "a", "rows": [[0.13, 1], [2, None]]}, ".rows.0.0"),
        ({"name": "a", "rows": [[0.12345, 1], [2]]}, ".rows.1.1"),
        ({"name": "a", "rows": [[0.12345, 1], [2, 3]]}, ".rows.1.1"),
        ({**NUMBERS, "more": 0}, ".more"),
    ],
)
def test_numbers_that_are_stale_stop_the_page(
    figure_data: Any, changed: dict[str, Any], place: str
) -> None:
    figure_data.keep("x", NUMBERS)
    with pytest.raises(figure_data.FigureDataError, match=f"first at {place}: delete the file"):
        figure_data.keep("x", changed)


def test_a_tolerance_is_for_numbers_only(figure_data: Any) -> None:
    figure_data.keep("x", NUMBERS)
    figure_data.keep("x", {"name": "a", "rows": [[0.9, 5], [2, None]]}, tolerance=10)
    with pytest.raises(figure_data.FigureDataError):
        figure_data.keep("x", {"name": "b", "rows": [[0.9, 5], [2, None]]}, tolerance=10)


def test_too_many_numbers_are_refused(figure_data: Any) -> None:
    with pytest.raises(figure_data.FigureDataError, match="60,000"):
        figure_data.keep("x", {"rows": [0.5] * 20_000})
