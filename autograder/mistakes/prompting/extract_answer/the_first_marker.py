"""The first marker counts.

A model that corrects itself is right the last time. What it said first is what it took back.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    before = re.findall(re.escape(marker), text, flags=re.IGNORECASE)
    rest = re.split(re.escape(marker), text, maxsplit=1, flags=re.IGNORECASE)[-1]
    numbers = re.findall(r"(?:(?<!\d)-)?\d+(?:,\d{3})*(?:\.\d+)?", rest)
    if not numbers:
        return None
    number = numbers[0] if before else numbers[-1]
    return number.replace(",", "")
