"""Is an archive that cannot be read, with hostile names outside and inside."""

import zipfile

NAME = "\x1b[31m<img src=x onerror=alert(1)>\n::error::x.zip"


def build(world, name):
    path = world.submissions / NAME
    with zipfile.ZipFile(path, "w") as archive:
        for member in ("langmodels/\x1b[31m<script>alert(1)<.py", "langmodels/\n::error::x.py"):
            archive.writestr(member, "x" * 2**21)
    return path
