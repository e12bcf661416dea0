"""Has a syntax error in a line full of escape codes and markup."""

LINE = "x = = '\x1b[31m<script>alert(1)</script> \u202e ]]>' ::error::x \x00".replace(
    "\x00", "\x07"
)


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": f"{world.base}\n{LINE}\n::error::x\n"})
