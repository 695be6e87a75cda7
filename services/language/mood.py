"""How somebody seems to feel about what they learn: a weak sign, never a judgement, and said to be weak."""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

Mood = Literal['positive', 'neutral', 'negative']
# The lexicon hears “please” in “I don't get it, explain again please” and calls it friendly.
_NOT = r"(?:do(?:n['’]?t| not)|did(?:n['’]?t| not)|can(?:['’]?t|not)|could(?:n['’]?t| not))"
_STUCK = re.compile(
    rf'\b{_NOT} (?:really |quite |even )?(?:get|understand|follow|see (?:why|how)|figure|find|open|load)\b|'
    r'\b(?:stuck|lost|confus\w+|unclear|makes? no sense|no idea|too (?:fast|hard|difficult|long|much)|gave up|'
    r"giving up|waste of time|boring|broken|does(?:n['’]?t| not) work|verstehe (?:das )?nicht|verwirrend|zu schwer|"
    r'langweilig)\b',
    re.I,
)
_THRESHOLD = 0.25


@dataclass(frozen=True, kw_only=True)
class Sentiment:
    """`score` from -1 to 1; `stuck`: words of somebody who does not get on; `weak` is always true."""

    mood: Mood
    score: float
    stuck: bool
    weak: bool = True


def sentiment(text: str) -> Sentiment:
    """Of English words; what it does not know counts as neutral."""
    score = float(_analyser().polarity_scores(text[:5000])['compound'])
    stuck = bool(_STUCK.search(text))
    if stuck:
        score = min(score, -0.3)
    mood: Mood = 'positive' if score >= _THRESHOLD else 'negative' if score <= -_THRESHOLD else 'neutral'
    return Sentiment(mood=mood, score=round(score, 2), stuck=stuck)


@cache
def _analyser() -> 'SentimentIntensityAnalyzer':
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
