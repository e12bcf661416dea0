"""What a handful of pages look like, against pictures that a person has looked at.

Pictures are compared coarse and in grey, and with all words in the book's own serif: other fonts
differ from machine to machine, and a pixel of difference is no fault. A column that moved, a box
that vanished or colours that turned are seen.
After an intended change: LOOKS=new pytest tests/theme/test_look.py, then look at the new pictures.
"""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from autograder.publish import FONT_ADVICE, cjk_fonts

LOOKS = Path(__file__).parent / "looks"
WIDE = {"viewport": {"width": 1440, "height": 900}}
LAPTOP = {"viewport": {"width": 1024, "height": 768}}
PHONE = {"viewport": {"width": 390, "height": 844}}
NAMES = {
    "text": ("text", WIDE),
    "notebook-dark": ("notebook", {**WIDE, "color_scheme": "dark"}),
    "boxes-laptop": ("boxes", LAPTOP),
    "exercises-phone": ("exercises", PHONE),
    "math-phone-dark": ("math", {**PHONE, "color_scheme": "dark"}),
    "chinese": ("chinese", WIDE),
    "layout-print": ("layout", {"viewport": {"width": 700, "height": 990}}),
}
# KaTeX brings its own.
OWN_FONT = ":not(.katex, .katex *) { font-family: 'Book Serif' !important }"
SHRINK = 24
# Measured here: another sans-serif for the furniture left 0.89 and 0.004 on a wide page, a column
# moved by 48 pixels 0.83.
CORRELATION = 0.86
BRIGHTNESS = 0.01


def small_and_grey(picture: Image.Image) -> np.ndarray:
    size = (picture.width // SHRINK, picture.height // SHRINK)
    return np.asarray(picture.convert("L").resize(size, Image.Resampling.BOX), dtype=float) / 255


def differs(now: np.ndarray, before: np.ndarray) -> bool:
    if now.shape != before.shape or now.std() == 0:
        return True
    correlation = np.corrcoef(now.ravel(), before.ravel())[0, 1]
    return correlation < CORRELATION or abs(now.mean() - before.mean()) > BRIGHTNESS


@pytest.mark.parametrize("name", NAMES)
def test_pages_look_as_they_were_approved(open_page: Callable[..., Any], name: str) -> None:
    slug, options = NAMES[name]
    if name == "chinese" and not cjk_fonts():
        pytest.skip(f"no font for Chinese ({FONT_ADVICE})")
    page = open_page(slug, **options)
    if name.endswith("print"):
        page.emulate_media(media="print")
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content=OWN_FONT)
    now = small_and_grey(Image.open(io.BytesIO(page.screenshot())))
    approved = LOOKS / f"{name}.png"
    if os.environ.get("LOOKS") == "new":
        LOOKS.mkdir(exist_ok=True)
        Image.fromarray((now * 255).round().astype("uint8")).save(approved, optimize=True)
    before = np.asarray(Image.open(approved), dtype=float) / 255
    assert not differs(now, before), f"{name} looks different from {approved.name}"


def test_a_moved_column_and_turned_colours_are_seen() -> None:
    page = np.asarray(Image.open(LOOKS / "text.png"), dtype=float) / 255
    assert differs(np.roll(page, 2, axis=1), page)
    assert differs(1 - page, page)
    assert differs(np.ones_like(page), page)
    noise = np.random.default_rng(0).normal(0, 0.3 * page.std(), page.shape)
    assert not differs(page + noise, page)
