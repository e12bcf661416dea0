"""Is a tar with a sparse member of a terabyte and a long chain of extended headers."""

import io
import tarfile


def build(world, name):
    path = world.submissions / f"{name}.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for number, pax in enumerate(
            (
                {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": "1" * 13},
                {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9" * 12},
                {"size": "-512"},
                {"GNU.sparse.map": "1,x,y", "GNU.sparse.size": "x"},
                {"path": "langmodels/" + "p" * 100_000 + ".py"},
            )
        ):
            info = tarfile.TarInfo(f"langmodels/m{number}.py")
            info.pax_headers, info.size = pax, 512
            tar.addfile(info, io.BytesIO(bytes(512)))
    return path
