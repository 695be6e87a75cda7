"""Why a document was refused, each with what to do about it."""

from services.errors import InvalidInput


class UnreadableDocument(InvalidInput):
    status_code = 422
    code = 'unreadable_document'


class EmptyDocument(UnreadableDocument):
    code = 'empty_document'


class WrongType(UnreadableDocument):
    status_code = 415
    code = 'wrong_type'


class LockedDocument(UnreadableDocument):
    code = 'locked_document'


class PicturesOnly(UnreadableDocument):
    code = 'pictures_only'


class DamagedDocument(UnreadableDocument):
    code = 'damaged_document'


class DocumentTooLarge(UnreadableDocument):
    status_code = 413
    code = 'document_too_large'


class ParserStopped(UnreadableDocument):
    """The child process that read the document died, or took too long or too much memory."""

    code = 'parser_stopped'


KINDS: dict[str, type[UnreadableDocument]] = {
    kind.__name__: kind
    for kind in (
        UnreadableDocument,
        EmptyDocument,
        WrongType,
        LockedDocument,
        PicturesOnly,
        DamagedDocument,
        DocumentTooLarge,
        ParserStopped,
    )
}


def damaged(name: str) -> DamagedDocument:
    return DamagedDocument(
        '“{name}” is damaged or cut off and cannot be read to its end. '
        'Open it in the program it was made with, save it again and add that copy.',
        name=name,
    )


def empty(name: str) -> EmptyDocument:
    return EmptyDocument('“{name}” is empty: there is no text in it. Check the file and add it again.', name=name)


def bomb(name: str) -> DocumentTooLarge:
    return DocumentTooLarge(
        '“{name}” unpacks to far more than a document holds, so it was not read. '
        'Save it again in the program it was made with, or split it into parts.',
        name=name,
    )
