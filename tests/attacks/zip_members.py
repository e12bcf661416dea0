"""Is a zip with links, absolute names, members outside of its folder, and one name twice."""

import stat
import warnings
import zipfile


def build(world, name):
    path = world.submissions / f"{name}.zip"
    good = world.base + "\ndef attack(*_): return True\n"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        link = zipfile.ZipInfo("langmodels/ngrams.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(world.root / "solutions" / "langmodels" / "ngrams.py"))
        for outside in (f"{world.drop}/{world.mark}", f"langmodels/../../drop/{world.mark}"):
            archive.writestr(f"{outside}.py", good)
        archive.writestr("../langmodels/ngrams.py", good)
        archive.writestr("langmodels\\..\\ngrams.py", good)
        archive.writestr("C:/langmodels/ngrams.py", good)
        archive.writestr("langmodels/ngrams.py", world.base)
    return path
