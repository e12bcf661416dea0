"""Declares an encoding in which its source is another text than in UTF-8."""

ENCODINGS = ("rot13", "idna", "unicode_escape", "no-such-encoding", "mbcs")


def build(world, name):
    files = {
        f"langmodels/m{number}.py": f"# coding: {encoding}\n"
        for number, encoding in enumerate(ENCODINGS)
    }
    text = f"# coding: utf-7\n{world.base}\n# +AAo-raise MemoryError\n"
    return world.submission(name, {**files, "langmodels/ngrams.py": text})
