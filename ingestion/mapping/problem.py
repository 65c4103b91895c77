"""What a field that cannot be read says."""


class FieldProblem(Exception):
    """A field that cannot be read; the message is a sentence about its text."""
