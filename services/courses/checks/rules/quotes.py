"""Every quote stands on its page, word for word."""

from services.courses.checks.examined import EXCERPT, Examined
from services.courses.checks.rule import Judged, Rule
from services.generation.quotes import find_quote


def judge(course: Examined) -> Judged:
    found, total = [], 0
    for block in course.blocks:
        for source in block.view.sources:
            total += 1
            text = course.around.pages.get((source.document_id, source.page), '')
            if text[source.start : source.end] == source.quote and source.quote:
                continue
            if find_quote(text, source.quote, near=(source.start, source.end)) is not None:
                continue
            found.append(
                block.finding(
                    'quote_not_found',
                    '“{quote}” is not on page {page} of {document}.',
                    mend='Correct the quote or remove the source.',
                    params={
                        'quote': source.quote[:EXCERPT],
                        'page': str(source.page),
                        'document': source.document_name,
                    },
                )
            )
    return Judged(total, found)


RULE = Rule(code='quote_not_found', title='Quotes found word for word', judge=judge)
