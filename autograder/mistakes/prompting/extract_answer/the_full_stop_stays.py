"""The full stop of a sentence stays.

“7.” is not the text “7”, so a right answer is marked wrong whenever it ends a sentence.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    *before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"(?:(?<!\d)-)?\d+(?:,\d{3})*(?:\.\d*)?", rest)
    if not numbers:
        return None
    number = numbers[0] if before else numbers[-1]
    return number.replace(",", "")
