"""What a person has to be told, and nothing is wrong with the program."""


class CourseError(Exception):
    """A command cannot go on. Its message says in one sentence why, and what to do."""
