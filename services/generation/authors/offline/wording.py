"""The few words that are not taken from the sources, by language."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Templates; places in braces are filled with words of the sources."""

    conjunction: str
    true: str
    false: str
    part: str
    and_more: str
    overview: str
    practice: str
    covers: str
    covers_for: str
    made_from: str
    explain_what: str
    explain_why: tuple[str, str, str]  # beginner, intermediate, advanced
    rule: tuple[str, str, str]
    topic: tuple[str, str, str]
    goal: str
    goal_topic: str
    introduction: str
    goal_steps: str
    goal_figures: str
    goal_reference: str
    goal_terms: str
    temperatures: str
    times: str
    distances: str
    quantities: str
    figure: tuple[str, str, str]
    steps: str
    in_order: str
    list_all: str
    points: str
    of_several: str
    slide_terms: str
    slide_figures: str
    slide_rules: str
    slide_more: str
    what_is: str
    which_meaning: str
    what_to_do: str
    why: str
    steps_question: str
    which_term: str
    which_value: str
    in_the_table: str
    value_in_table: str
    about: str
    which_ending: str
    gap_number: str
    gap_term: str
    name_term: str
    list_question: str
    rules_question: str
    said_about: str
    right_about: str
    right_ones: str
    in_fact: str
    true_or_false: str
    complete_list: str
    where: str
    not_but: str
    belongs: str


ENGLISH = Wording(
    conjunction='and',
    true='True',
    false='False',
    part='{title}, part {number}',
    and_more='{titles} and more',
    overview='{title}: overview',
    practice='Review and practice: {title}',
    covers='This course covers {topics}.',
    covers_for='This course for {audience} covers {topics}.',
    made_from='Made from {documents}.',
    explain_what='Explain what {term} {verb}',
    explain_why=('Explain why {claim}', 'Explain why {claim}', 'Justify why {claim}'),
    rule=('Recall that {claim}', 'Apply the rule that {claim}', 'Defend the rule that {claim}'),
    topic=(
        'Describe {topic} in your own words',
        'Summarise the rules on {topic}',
        'Assess a situation against the rules on {topic}',
    ),
    goal='Apply the rules on {topics}',
    goal_topic='Explain {topics}',
    introduction='Introduction',
    goal_steps='Carry out {topics} step by step',
    goal_figures='State the {kinds} for {topics}',
    goal_reference='State the key figures of the course from memory',
    goal_terms='Use the terms {terms} correctly',
    temperatures='temperatures',
    times='times',
    distances='distances',
    quantities='quantities',
    figure=('Recall that {claim}', 'Apply the limit: {claim}', 'Justify the limit: {claim}'),
    steps='Carry out the {count} steps of “{topic}” in the right order',
    in_order='Put the {count} entries of “{topic}” in the right order',
    list_all='List {topic}',
    points='Name the {count} points of “{topic}”',
    of_several='{title} ({number} of {count})',
    slide_terms='{title}: key terms',
    slide_figures='{title}: key figures',
    slide_rules='{title}: what to do',
    slide_more='{title}: good to know',
    what_is='What {verb} {term}?',
    which_meaning='What does “{term}” mean?',
    what_to_do='What should you do {when}?',
    why='Why {asked}?',
    steps_question='Which of these steps belong to “{topic}”?',
    which_term='Which term fits this description: “{meaning}”?',
    in_the_table='Table “{topic}”: what is given for “{row}” under “{column}”?',
    value_in_table='Table “{topic}”: what is given for “{row}” under “{column}”? Answer with a number and its unit.',
    about='{topic}: {question}',
    which_value='Which value belongs in the gap? “{sentence}”',
    which_ending='Which ending completes the sentence correctly? “{claim} …”',
    gap_number='Fill in the gap with a number and its unit: “{sentence}”',
    gap_term='Fill in the gap: “{sentence}”',
    name_term='Which term is described here? “{meaning}”',
    list_question='Which of these belong to the list “{lead}”?',
    said_about='Which of these points are made about “{topic}”?',
    rules_question='Which of these belong to “{topic}”?',
    right_about='Which of these statements about “{topic}” are right?',
    right_ones='Which of these statements are right?',
    in_fact='The others have one fact changed. In the source: ',
    true_or_false='True or false? {statement}',
    complete_list='Select everything that completes the sentence correctly: “{stem} …”',
    where='“{quote}” ({document}, page {page})',
    not_but='It is “{right}”, not “{wrong}”: ',
    belongs='The right answers stand together in the source: ',
)
GERMAN = Wording(
    conjunction='und',
    true='Richtig',
    false='Falsch',
    part='{title}, Teil {number}',
    and_more='{titles} und mehr',
    overview='{title}: Überblick',
    practice='Wiederholung und Übung: {title}',
    covers='Themen: {topics}.',
    covers_for='Für {audience}. Themen: {topics}.',
    made_from='Grundlage: {documents}.',
    explain_what='Erklären, was „{term}“ bedeutet',
    explain_why=('Begründen: {sentence}', 'Begründen: {sentence}', 'Beurteilen: {sentence}'),
    rule=('Wiedergeben: {sentence}', 'Anwenden: {sentence}', 'Begründen: {sentence}'),
    topic=(
        '„{topic}“ in eigenen Worten beschreiben',
        'Die Regeln zu „{topic}“ zusammenfassen',
        'Eine Situation nach den Regeln zu „{topic}“ beurteilen',
    ),
    goal='Die Regeln zu {topics} anwenden',
    goal_topic='{topics} erklären',
    introduction='Einführung',
    goal_steps='Die Abläufe zu {topics} Schritt für Schritt ausführen',
    goal_figures='Die {kinds} zu {topics} nennen',
    goal_reference='Die wichtigsten Zahlen des Kurses auswendig nennen',
    goal_terms='Die Begriffe {terms} richtig verwenden',
    temperatures='Temperaturen',
    times='Zeiten',
    distances='Maße',
    quantities='Mengen',
    figure=('Wiedergeben: {sentence}', 'Anwenden: {sentence}', 'Begründen: {sentence}'),
    steps='Die {count} Schritte von „{topic}“ in der richtigen Reihenfolge ausführen',
    in_order='Die {count} Einträge von „{topic}“ in die richtige Reihenfolge bringen',
    list_all='{topic} aufzählen',
    points='Die {count} Punkte zu „{topic}“ nennen',
    of_several='{title} ({number} von {count})',
    slide_terms='{title}: Begriffe',
    slide_figures='{title}: Zahlen',
    slide_rules='{title}: Regeln',
    slide_more='{title}: gut zu wissen',
    what_is='Was {verb} {term}?',
    which_meaning='Was bedeutet „{term}“?',
    what_to_do='Was ist zu tun? {when}',
    why='Warum? {asked}',
    steps_question='Welche Schritte gehören zu „{topic}“?',
    which_term='Welcher Begriff passt zu dieser Beschreibung: „{meaning}“?',
    in_the_table='Tabelle „{topic}“: Was steht bei „{row}“ unter „{column}“?',
    value_in_table='Tabelle „{topic}“: Was steht bei „{row}“ unter „{column}“? Nennen Sie Zahl und Einheit.',
    about='{topic}: {question}',
    which_value='Welche Angabe gehört in die Lücke? „{sentence}“',
    which_ending='Welches Ende vervollständigt den Satz richtig? „{claim} …“',
    gap_number='Füllen Sie die Lücke mit Zahl und Einheit: „{sentence}“',
    gap_term='Füllen Sie die Lücke: „{sentence}“',
    name_term='Welcher Begriff ist hier beschrieben? „{meaning}“',
    list_question='Was davon gehört zur Liste „{lead}“?',
    said_about='Welche dieser Punkte gelten für „{topic}“?',
    rules_question='Was davon gehört zu „{topic}“?',
    right_about='Welche dieser Aussagen zu „{topic}“ sind richtig?',
    right_ones='Welche dieser Aussagen sind richtig?',
    in_fact='In den anderen ist eine Angabe verändert. In der Quelle: ',
    true_or_false='Richtig oder falsch? {statement}',
    complete_list='Was vervollständigt den Satz richtig? „{stem} …“',
    where='„{quote}“ ({document}, Seite {page})',
    not_but='Richtig ist „{right}“, nicht „{wrong}“: ',
    belongs='Die richtigen Antworten stehen in der Quelle beieinander: ',
)
_WORDINGS = {'en': ENGLISH, 'de': GERMAN}


def wording(language: str) -> Wording:
    return _WORDINGS.get(language, ENGLISH)


_NAMES = {
    'english': 'en',
    'german': 'de',
    'deutsch': 'de',
    'french': 'fr',
    'français': 'fr',
    'spanish': 'es',
    'español': 'es',
    'italian': 'it',
    'italiano': 'it',
    'dutch': 'nl',
    'nederlands': 'nl',
    'portuguese': 'pt',
    'português': 'pt',
}


def language_code(name: str) -> str:
    """'en' from 'en', 'en-GB' or 'English'."""
    name = name.strip().lower()
    return _NAMES.get(name, name.replace('_', '-').split('-')[0][:2] or 'en')


def depth(level: str) -> int:
    """0 beginner, 1 intermediate, 2 advanced."""
    level = level.lower()
    if any(word in level for word in ('advanced', 'expert', 'senior', 'fortgeschritten', 'profi')):
        return 2
    return 1 if any(word in level for word in ('intermediate', 'experienced', 'medium', 'mittel', 'aufbau')) else 0
