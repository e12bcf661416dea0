"""What the book weighs, and how fast and how steadily its pages appear.

make bench                          or alone: python benchmarks/book.py

Every page is opened as on a first visit, scrolled to its end, and everything that it asked for is
counted, uncompressed. Layout shift and first paint are the browser's own figures. Build time is the
CPU time of the engine, the theme and the checks together.
"""

import resource
import shutil
import statistics
import sys
import threading
from collections import Counter
from pathlib import Path

from playwright.sync_api import Response, sync_playwright
from rich.console import Console
from rich.table import Table

from autograder import book

ROOT = Path(__file__).parents[1]
PICTURES = ("image", "media")
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 800) {
    scrollTo({top: y, behavior: 'instant'});
    await new Promise((done) => setTimeout(done, 20));
  }
}"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def cpu_seconds() -> float:
    """CPU time of this process and of all that it has waited for."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def main() -> int:
    """Build, open every page, print the table; 1 if a bar is missed."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium on PATH: install Debian's chromium to measure the pages")
        return 2
    (ROOT / "book" / "en" / "_build" / "stamp").unlink(missing_ok=True)
    before = cpu_seconds()
    site = book.build(ROOT)
    build_s = cpu_seconds() - before
    server = book.make_server(site, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    pages = sorted(page.parent.relative_to(site).as_posix() for page in site.rglob("index.html"))
    table = Table("page", "text kB", "fonts kB", "scripts kB", "all kB", "pictures kB", "paint ms")
    table.add_column("shift")
    heaviest, steepest, paints, scripts = 0.0, 0.0, [], 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for slug in pages:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            responses: list[Response] = []
            page.on("response", lambda response, seen=responses: seen.append(response))
            page.add_init_script(WATCH)
            page.goto(f"{origin}/" if slug == "." else f"{origin}/{slug}/")
            page.evaluate(SCROLL)
            page.wait_for_load_state("networkidle")
            weights = Counter[str]()
            for response in responses:
                weights[response.request.resource_type] += len(response.body())
            paint, shift = page.evaluate(FIRST_PAINT), page.evaluate("window.shift")
            page.context.close()
            pictures = sum(weights.pop(kind, 0) for kind in PICTURES) / 1000
            whole, script, font = (
                weights.total() / 1000,
                weights["script"] / 1000,
                weights["font"] / 1000,
            )
            figures = (whole - script - font, font, script, whole, pictures, paint)
            table.add_row(slug, *(f"{figure:.0f}" for figure in figures), f"{shift:.3f}")
            heaviest, steepest = max(heaviest, whole), max(steepest, shift)
            scripts = max(scripts, script)
            paints.append(paint)
        browser.close()
    server.shutdown()
    console = Console(width=100)
    console.print(table)
    bars = [
        ("heaviest page without pictures, kB", heaviest, 250.0),
        ("own scripts of a page, kB", scripts, 40.0),
        ("worst layout shift", steepest, 0.01),
        (f"build of {len(pages)} pages, CPU s", build_s, 6.0),
    ]
    for what, value, bar in bars:
        console.print(f"{what}: {value:.3g}   (bar: {bar:g}){'' if value <= bar else '   MISSED'}")
    console.print(f"median first paint: {statistics.median(paints):.0f} ms, on a local server")
    return int(any(value > bar for _, value, bar in bars))


if __name__ == "__main__":
    sys.exit(main())
