"""The last number of the text is always taken.

After the answer many models go on: “of 20”, “in step 3”. What follows the marker first is the
answer.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    *_before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"(?:(?<!\d)-)?\d+(?:,\d{3})*(?:\.\d+)?", rest)
    if not numbers:
        return None
    number = numbers[-1]
    return number.replace(",", "")
