"""Every exception that communique raises on purpose. Messages name the file or field, what is wrong and what to do."""


class CommuniqueError(Exception):
    """Base of all; catching it catches every expected failure."""


class InputError(CommuniqueError):
    """A file, table, feed or argument that cannot be read as what it should be."""


class DataError(CommuniqueError):
    """A codebook, lexicon or registry file that does not hold together."""


class MissingPartError(CommuniqueError):
    """An optional part (an extra, a model) is not installed."""


class ArchiveError(CommuniqueError):
    """An archive that cannot be opened, read or written."""
