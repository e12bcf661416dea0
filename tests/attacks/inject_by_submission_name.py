"""Is a submission whose own name holds escape codes, markup, a formula and a runner's command."""

NAME = "=cmd|' \x1b[31m<script>alert(1)<∕script> ::error::x\n::error::\u202e &lt; ..'"


def build(world, name):
    return world.submission(NAME, {"langmodels/ngrams.py": world.base})
