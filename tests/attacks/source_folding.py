"""Has constants that a compiler would compute: huge powers, shifts and texts."""

SOURCE = """
x = 9**9**9 if 0 else 1
y = (1 << 127) * ((1,) * 10**9 if 0 else 1)
z = "x" * 10**12 if 0 else 1
"""


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": world.base + SOURCE})
