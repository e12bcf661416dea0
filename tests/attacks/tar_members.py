"""Is a tar with links, devices, pipes, absolute names and members outside of its folder."""

import io
import tarfile


def build(world, name):
    path = world.submissions / f"{name}.tar"
    solution = str(world.root / "solutions" / "langmodels" / "ngrams.py")
    good = (world.base + "\ndef attack(*_): return True\n").encode()
    with tarfile.open(path, "w") as tar:

        def add(member, kind=tarfile.REGTYPE, link="", content=b""):
            info = tarfile.TarInfo(member)
            info.type, info.linkname, info.size = kind, link, len(content)
            info.devmajor, info.devminor = 1, 5
            tar.addfile(info, io.BytesIO(content))

        add("langmodels/ngrams.py", content=world.base.encode())
        add("langmodels/ngrams.py", tarfile.SYMTYPE, solution)
        add("langmodels/ngrams.py", tarfile.LNKTYPE, solution)
        add("langmodels/zero.py", tarfile.CHRTYPE)
        add("langmodels/pipe.py", tarfile.FIFOTYPE)
        add("langmodels/out", tarfile.SYMTYPE, str(world.drop))
        add(f"langmodels/out/{world.mark}.py", content=good)
        for outside in (f"{world.drop}/{world.mark}", f"langmodels/../../drop/{world.mark}"):
            add(f"{outside}.py", content=good)
        add("../langmodels/ngrams.py", content=good)
        add("/langmodels/ngrams.py", content=good)
    return path
