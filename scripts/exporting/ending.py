"""The ways in which an export fails."""

DIFFERENT, WRONG_REQUEST, FAILURE = 1, 2, 3


class Stop(Exception):
    """Ends the export without output: the reason in one line, and the exit code."""

    def __init__(self, message, code=FAILURE):
        super().__init__(message)
        self.code = code


class Different(Stop):
    """The export and the user's code differ. The message is that of the verdict."""

    def __init__(self, message):
        super().__init__(message, DIFFERENT)


def first_line(text):
    return next((line.strip().rstrip(":.") for line in str(text).splitlines() if line.strip()), "")
