"""course.toml: the one place for due dates and the late policy."""

import math
import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from autograder.errors import CourseError
from autograder.project import Project
from autograder.sync import write_text

FILE = "course.toml"

TEMPLATE = """\
# What the gradebook in this folder needs to know. The course itself says the rest.
name = "From N-grams to Mamba"

# Where grades are kept. By default in gradebook.db beside this file; a PostgreSQL server by its
# address, without a password here: it belongs into ~/.pgpass, or set COURSE_GRADEBOOK_DB.
# db = "postgresql+psycopg://grader@localhost/gradebook"

[late]
grace_hours = 0       # so much later is not late; what follows is counted from its end
percent_per_day = 0   # of the points of the submission, for each day begun
at_most_percent = 100

# When each assignment is due, with the offset from UTC. `course gradebook extension` gives one
# student more time.
[due]
DUE
"""


CONFIG = '''\
"""nbgrader's configuration, and formgrader's. What can be set is in course.toml."""

from pathlib import Path

from autograder.gradebook.parts import configure
from autograder.gradebook.settings import address, read

folder = Path(__file__).parent
settings = read(folder)
configure(get_config(), folder, settings, address(folder, settings))
'''


class GradebookError(CourseError):
    """The gradebook cannot do that; the message says why and what to do."""


class Late(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What late submissions lose: a share of their points for each day begun after the grace."""

    grace_hours: float = 0.0
    percent_per_day: float = 0.0
    at_most_percent: float = 100.0

    def penalty(self, score: float, seconds_late: float) -> float:
        """The points that are lost, of `score`; never more than these."""
        seconds = seconds_late - self.grace_hours * 3600
        if seconds <= 0 or score <= 0:
            return 0.0
        percent = min(math.ceil(seconds / 86400) * self.percent_per_day, self.at_most_percent)
        return min(score, round(score * percent / 100, 2))


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of course.toml."""

    name: str
    db: str = ""
    late: Late = Late()
    due: dict[str, datetime] = {}


def initialise(project: Project, folder: Path) -> None:
    """Make a gradebook's folder. Raises GradebookError where there is one."""
    if (folder / FILE).exists():
        raise GradebookError(f"{folder} holds a gradebook already; its settings are in {FILE}")
    pages = [chapter.page for chapter in project.catalog.chapters]
    due = "\n".join(f"# {page} = 2030-01-31T23:59:00+00:00" for page in pages)
    write_text(folder / FILE, TEMPLATE.replace("DUE", due))
    write_text(folder / "nbgrader_config.py", CONFIG)


def read(folder: Path) -> Settings:
    """The settings of a course folder. Raises GradebookError."""
    path = folder / FILE
    try:
        settings = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except FileNotFoundError:
        message = f"{folder} is no gradebook: make one with `course gradebook init`"
        raise GradebookError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise GradebookError(f"{path}: {error}") from None
    late = settings.late
    for name in ("grace_hours", "percent_per_day", "at_most_percent"):
        value = getattr(late, name)
        if not 0 <= value < math.inf or (name == "at_most_percent" and value > 100):
            raise GradebookError(f"{path}: {name} = {value:g} is out of range")
    for assignment, due in settings.due.items():
        if due.tzinfo is None:
            raise GradebookError(
                f"{path}: the due date of {assignment} needs its offset from UTC, as in "
                f"{due.isoformat()}+00:00"
            )
    return settings


def naive_utc(time: datetime) -> datetime:
    """The time as nbgrader keeps it."""
    return time.astimezone(UTC).replace(tzinfo=None)


def address(folder: Path, settings: Settings, db: str = "") -> str:
    """Where the grades are, as SQLAlchemy writes it: what was asked for, the environment's, the
    file's, or gradebook.db in the folder.
    """
    url = db or os.environ.get("COURSE_GRADEBOOK_DB", "") or settings.db
    scheme, _, rest = url.partition("://")
    if scheme in ("postgresql", "postgres"):
        return f"postgresql+psycopg://{rest}"
    return url or f"sqlite:///{folder / 'gradebook.db'}"
