"""What can go wrong, said so that a person knows what to do next."""


class ListeningError(Exception):
    """Something could not be done. The message says what, and what to do next."""


class Refused(ListeningError):
    """Something handed in cannot be taken. It stays where it was; nothing of it was kept."""


class NotFound(ListeningError):
    """Nothing here has that id."""


class ModelMissing(ListeningError):
    """The weights of a model are missing, or are not the ones that were published."""


class AlreadyDone(ListeningError):
    """The same form came a second time. What it asked for was done the first time, and nothing was done twice."""


class Busy(ListeningError):
    """Another program has held the database for longer than we are willing to wait."""


class BrokenStore(ListeningError):
    """The database, or a file it points to, is not as this version left it."""
