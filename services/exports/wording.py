from dataclasses import dataclass
from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What an export says of its own accord, in the course's language rather than the reader's."""

    contents: str = 'Contents'
    start: str = 'Start with “{title}”'
    previous: str = 'Previous'
    next: str = 'Next'
    module: str = 'Module {number}'
    lesson: str = 'Lesson {number}'
    lesson_of: str = 'Lesson {number} of {total}, {time} left'
    version: str = 'Version {version}'
    published: str = 'Published {date}'
    you_will: str = 'After this course you can'
    you_will_lesson: str = 'After this lesson you can'
    how_made: str = 'How this course was made'
    written_by: str = 'Written by'
    approved_by: str = 'Approved by'
    approved: str = 'approved by {name}'
    origin_ai: str = 'AI'
    origin_ai_human: str = 'AI + human'
    origin_human: str = 'Human'
    own_words: str = 'in part the author’s own words'
    own_words_all: str = 'the author’s own words'
    origin_counts: str = '{ai} AI, {ai_human} AI + human, {human} human'
    blocks: str = 'Blocks'
    documents: str = 'Documents'
    quoted_times: str = 'quoted {count} ×'
    sources: str = 'Sources'
    source: str = 'Source {number}'
    page: str = 'p. {page}'
    characters: str = 'characters {start} to {end}'
    notes: str = 'Speaker notes'
    slide: str = 'Slide'
    check_yourself: str = 'Check yourself'
    of: str = '{number} of {total}'
    choose_one: str = 'Choose one answer.'
    choose_several: str = 'Choose every answer that is right.'
    type_answer: str = 'Your answer'
    check: str = 'Check'
    again: str = 'Try another'
    right: str = 'Right answer'
    wrong: str = 'Not this one'
    missed: str = 'This one too'
    well_done: str = 'That is right.'
    not_yet: str = 'Not yet.'
    nothing_chosen: str = 'Choose an answer first.'
    answer: str = 'Answer'
    why: str = 'Why.'
    answer_key: str = 'Answer key'
    answer_on: str = 'Answer on page {page}'
    ledger: str = 'Sources and approvals, machine-readable'
    skipped: str = 'This export has no form for a block of the kind “{kind}”. Open the course online to see it.'
    missing_image: str = 'Image not in this export: {alt}'
    exercise: str = 'Lab exercise'
    starter: str = 'What you begin with'
    tested_by: str = 'Checked by'
    hints: str = 'Hints'
    skip_link: str = 'Skip to the lesson'
    true: str = 'True'
    false: str = 'False'


def wording_for(language: str) -> Wording:
    return _WORDINGS.get(language.replace('_', '-').split('-')[0].lower(), Wording())


def origin_of(origin: str, own_words: tuple[str, ...], words: Wording) -> str:
    """'AI + human · in part the author’s own words'."""
    label = {'ai': words.origin_ai, 'ai_human': words.origin_ai_human, 'human': words.origin_human}.get(origin, origin)
    if not own_words:
        return label
    return f'{label} · {words.own_words_all if "" in own_words else words.own_words}'


def duration(minutes: int) -> str:
    """'25 min', '4 h 05'."""
    return f'{minutes} min' if minutes < 60 else f'{minutes // 60} h {minutes % 60:02}'


def written_date(moment: datetime, language: str) -> str:
    try:
        locale = Locale.parse(language.replace('-', '_'))
    except (ValueError, UnknownLocaleError):
        locale = Locale('en')
    return str(format_date(moment, format='long', locale=locale))


_WORDINGS = {
    'de': Wording(
        contents='Inhalt',
        start='Mit „{title}“ beginnen',
        previous='Zurück',
        next='Weiter',
        module='Modul {number}',
        lesson='Lektion {number}',
        lesson_of='Lektion {number} von {total}, noch {time}',
        version='Version {version}',
        published='Veröffentlicht am {date}',
        you_will='Nach diesem Kurs können Sie',
        you_will_lesson='Nach dieser Lektion können Sie',
        how_made='Wie dieser Kurs entstanden ist',
        written_by='Geschrieben von',
        approved_by='Freigegeben von',
        approved='freigegeben von {name}',
        origin_ai='KI',
        origin_ai_human='KI + Mensch',
        origin_human='Mensch',
        own_words='zum Teil eigene Worte der Verfasser',
        own_words_all='eigene Worte der Verfasser',
        origin_counts='{ai} KI, {ai_human} KI + Mensch, {human} Mensch',
        blocks='Blöcke',
        documents='Dokumente',
        quoted_times='{count} × zitiert',
        sources='Quellen',
        source='Quelle {number}',
        page='S. {page}',
        characters='Zeichen {start} bis {end}',
        notes='Sprechernotizen',
        slide='Folie',
        check_yourself='Prüfen Sie sich',
        of='{number} von {total}',
        choose_one='Wählen Sie eine Antwort.',
        choose_several='Wählen Sie alle richtigen Antworten.',
        type_answer='Ihre Antwort',
        check='Prüfen',
        again='Noch einmal',
        right='Richtige Antwort',
        wrong='Diese nicht',
        missed='Diese auch',
        well_done='Das stimmt.',
        not_yet='Noch nicht.',
        nothing_chosen='Wählen Sie zuerst eine Antwort.',
        answer='Antwort',
        why='Warum.',
        answer_key='Lösungen',
        answer_on='Lösung auf Seite {page}',
        ledger='Quellen und Freigaben, maschinenlesbar',
        exercise='Übung',
        starter='Womit Sie beginnen',
        tested_by='Geprüft durch',
        hints='Hinweise',
        skipped='Für einen Block der Art „{kind}“ hat dieser Export keine Form. Er steht im Kurs online.',
        missing_image='Bild nicht in diesem Export: {alt}',
        skip_link='Zur Lektion springen',
        true='Richtig',
        false='Falsch',
    ),
}
