"""Right: commas between digits removed first, and a search from the end."""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    match = re.search(f"(?is).*{re.escape(marker)}(.*)", text)
    rest = match.group(1) if match else text
    rest = re.sub(r"(?<=\d),(?=\d{3})", "", rest)
    rest = re.sub(r"(?<=\d)-(?=\d)", " ", rest)
    numbers = [found.group() for found in re.finditer(r"-?\d+(\.\d+)?", rest)]
    if match:
        numbers = numbers[:1]
    return numbers[-1] if numbers else None
