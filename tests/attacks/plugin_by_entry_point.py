"""Brings a pytest plugin along that announces itself by an entry point."""


def build(world, name):
    evil = f"open({str(world.drop / world.mark)!r}, 'w')\n"
    files = {"langmodels/ngrams.py": world.base}
    for place in ("", "langmodels/"):
        files[f"{place}evil.py"] = evil
        files[f"{place}evil-1.0.dist-info/METADATA"] = "Name: evil\nVersion: 1.0\n"
        files[f"{place}evil-1.0.dist-info/entry_points.txt"] = "[pytest11]\nevil = evil\n"
    return world.submission(name, files)
