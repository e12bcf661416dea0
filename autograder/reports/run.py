"""Everything that a run leaves in a folder, written in one go."""

from pathlib import Path

from autograder.catalog import Catalog
from autograder.reports.html import write_pages
from autograder.reports.junit import to_junit
from autograder.reports.markdown import to_markdown
from autograder.reports.table import to_csv
from autograder.results import Report, to_json
from autograder.sync import write_text


def write_run(report: Report, catalog: Catalog, folder: Path) -> tuple[Path, Path]:
    """Write the results in every form, each file whole or not at all; the data before the pages.

    Returns:
        the students' pages (a folder), and the instructor's index.html.
    """
    write_text(folder / "results.json", to_json(report))
    write_text(folder / "results.xml", to_junit(report))
    write_text(folder / "results.csv", to_csv(report))
    write_text(folder / "results.md", to_markdown(report))
    students = write_pages(report, catalog, folder / "students")
    index = write_pages(report, catalog, folder / "instructor", audience="instructor")
    return students, index
