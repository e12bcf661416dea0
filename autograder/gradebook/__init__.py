"""One gradebook for the hidden tests' points and the notebooks': nbgrader's, filled by our box."""
