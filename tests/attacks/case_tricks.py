"""Spells the package and its module in other cases and with look-alike letters."""


def build(world, name):
    good = world.base + "\ndef attack(*_): return True\n"
    files = {"langmodels/ngrams.py": world.base}
    for file in ("Langmodels/ngrams.py", "langmodels/Ngrams.py", "langmodels/NGRAMS.PY"):
        files[file] = good
    files |= {
        "langmodels/ngrаms.py": good,
        "langmodels/ngrams.py ": good,
        "langmodels /ngrams.py": "",
    }
    return world.submission(name, files)
