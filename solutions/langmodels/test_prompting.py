"""Tests of extract_answer: what a model's last sentence says, and what a hasty reader makes of it.

A test is a function whose name begins with test_. `pytest src/langmodels/test_prompting.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

from langmodels.prompting import extract_answer


def test_extract_answer() -> None:
    """Fails on every wrong reader of answers that you can think of, and on no right one.

    The docstring of extract_answer leaves open what becomes of commas that set apart no groups of
    three, as in 1,23, and of a point without a digit before it: right solutions may differ there.
    """
    # BEGIN SOLUTION
    for text, answer in {
        "The answer is 7.": "7",
        "2 and 3. The answer is 5, not 6.": "5",
        "The answer is 4. No! The answer is 9 of 10.": "9",
        "THE ANSWER IS 31 or 32": "31",
        "the answer is\n$1,234,567.80, about": "1234567.80",
        "I count 5. The answer is unknown.": None,
        "The answer is 5. The answer is not known.": None,
        "": None,
        "None at all, and no number.": None,
        "12 eggs and 30 hens": "30",
        "It cost 3.50.": "3.50",
        "We sold 2,000, in all.": "2000",
        "below -12": "-12",
        "7-3": "3",
        "The answer is 8-20": "8",
        "x=-4": "-4",
        "It is 007.": "007",
        "1000000": "1000000",
        "We answer is 3, 41 ": "41",
        "the year 2024, then 15,000 of them": "15000",
        "-2,500.25": "-2500.25",
        "The answer is about 0": "0",
    }.items():
        assert extract_answer(text) == answer
    for text, marker, answer in [
        ("6 #### 18 19", "####", "18"),
        ("The answer is 3. (=) 4 5", "(=)", "4"),
        ("aNSWER: 7 8 Answer: 9 1", "Answer:", "9"),
        ("The answer is 3, 4", "Result", "4"),
        ("a.b 1 axb 2 3", "a.b", "1"),
    ]:
        assert extract_answer(text, marker) == answer
        assert extract_answer(text, marker=marker) == answer
    # END SOLUTION
