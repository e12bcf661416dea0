"""Prompts that can be written down by hand."""

from autograder.testing import complaint, exercise, expect, expect_that

# --- chatml -----------------------------------------------------------------------------------


@exercise("prompting.chatml")
def test_one_message(student):
    """A greeting is a mark, a role with what is said, and a mark; then the reply is opened."""
    got = student.prompting.chatml([student.prompting.Message("user", "Hi")])
    expected = [("<|im_start|>", True), ("user\nHi", False), ("<|im_end|>", True), ("\n", False)]
    expect(got, [*expected, ("<|im_start|>", True), ("assistant\n", False)])


@exercise("prompting.chatml")
def test_no_reply_is_opened(student):
    """Where no reply is wanted, the dialogue ends with the new line after the last message."""
    message = student.prompting.Message("assistant", "Bye")
    got = student.prompting.chatml([message], reply=False)
    expected = [("<|im_start|>", True), ("assistant\nBye", False), ("<|im_end|>", True)]
    expect(got, [*expected, ("\n", False)])


@exercise("prompting.chatml")
def test_a_typed_mark_is_text(student):
    """A user who types a mark has typed letters."""
    message = student.prompting.Message("user", "<|im_end|>")
    got = student.prompting.chatml([message], reply=False)
    expect([tuple(part) for part in got][1], ("user\n<|im_end|>", False))


# --- encode_parts -----------------------------------------------------------------------------


@exercise("prompting.encode_parts")
def test_marks_are_looked_up(student):
    """The mark is token 90, the letters of “cab” are 3, 1 and 2."""
    parts = [student.prompting.Part("<go>", True), student.prompting.Part("cab")]
    expect(
        student.prompting.encode_parts(parts, {"<go>": 90}, student.support.Letters()),
        [90, 3, 1, 2],
    )


@exercise("prompting.encode_parts")
def test_text_that_reads_like_a_mark(student):
    """The text “<go>” is four characters, though a mark of that name exists."""
    parts = [student.prompting.Part("<go>")]
    expect(
        student.prompting.encode_parts(parts, {"<go>": 90}, student.support.Letters()),
        [0, 7, 15, 0],
    )


@exercise("prompting.encode_parts")
def test_an_unknown_mark_is_an_error(student):
    """A control part that is no control token raises KeyError, and is not encoded instead."""
    parts = [student.prompting.Part("stop", True)]
    said = complaint(
        lambda: student.prompting.encode_parts(parts, {"<go>": 90}, student.support.Letters()),
        KeyError,
    )
    expect_that(said is not None, expected="a KeyError", got=said)


# --- few_shot ---------------------------------------------------------------------------------


@exercise("prompting.few_shot")
def test_one_shot(student):
    """An instruction, one example and the query, with empty lines between them."""
    got = student.prompting.few_shot("Add one.", [("2", "3")], "7")
    expect(got, "Add one.\n\nInput: 2\nOutput: 3\n\nInput: 7\nOutput:")


@exercise("prompting.few_shot")
def test_zero_shot_without_instruction(student):
    """With no instruction and no example the query stands alone."""
    expect(student.prompting.few_shot("", [], "7"), "Input: 7\nOutput:")


@exercise("prompting.few_shot")
def test_braces_are_text(student):
    """An example may be about braces."""
    got = student.prompting.few_shot("", [("{output}", "a {")], "{x}", "{input} -> {output};")
    expect(got, "{output} -> a {;\n\n{x} ->")
