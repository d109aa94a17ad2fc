"""How an export ends where it does not succeed."""

DIFFERENT, WRONG_REQUEST, FAILURE = 1, 2, 3


class Stop(Exception):
    """Nothing is written: why, in a line, and the exit code."""

    def __init__(self, message, code=FAILURE):
        super().__init__(message)
        self.code = code


class Different(Stop):
    """The export and the user's own code differ; the message is the verdict's."""

    def __init__(self, message):
        super().__init__(message, DIFFERENT)


def first_line(text):
    return next((line.strip().rstrip(":.") for line in str(text).splitlines() if line.strip()), "")
