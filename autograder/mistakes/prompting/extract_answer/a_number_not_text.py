"""A float comes back, not text.

A million becomes 1000000.0 and 007 becomes 7.0. The docstring asks for the digits as they stand.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    *before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"(?:(?<!\d)-)?\d+(?:,\d{3})*(?:\.\d+)?", rest)
    if not numbers:
        return None
    number = numbers[0] if before else numbers[-1]
    return float(number.replace(",", ""))
