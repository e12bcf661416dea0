"""Where there is no answer an empty text comes back.

An empty text is an answer like others when answers are counted. None cannot be mistaken for one.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    *before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"(?:(?<!\d)-)?\d+(?:,\d{3})*(?:\.\d+)?", rest)
    if not numbers:
        return ""
    number = numbers[0] if before else numbers[-1]
    return number.replace(",", "")
