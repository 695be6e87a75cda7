"""How the headings of the sources become modules and lessons, for the hours asked for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from services.generation.authors.base import Brief
from services.generation.authors.offline import minutes
from services.generation.authors.offline.keywords import telling
from services.generation.authors.offline.reading import Corpus, Path
from services.generation.authors.offline.titles import document_title, inside, joined
from services.generation.authors.offline.wording import wording


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """Neighbouring passages under one heading."""

    path: Path
    passages: tuple[int, ...]
    weights: tuple[int, ...]

    @property
    def weight(self) -> int:
        return sum(self.weights)


@dataclass(frozen=True, kw_only=True)
class Share:
    title: str
    passages: tuple[int, ...]
    weight: float


@dataclass(frozen=True, kw_only=True)
class Part:
    title: str
    lessons: tuple[Share, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """What becomes a module: the leaves under one top heading, or under several merged ones."""

    names: tuple[str, ...]
    depth: int
    leaves: tuple[Leaf, ...]

    @property
    def weight(self) -> int:
        return sum(leaf.weight for leaf in self.leaves)


_TINY = 45  # words: less than this is no lesson of its own
_LESSON_WORDS = 110


def parts_of(corpus: Corpus, brief: Brief) -> list[Part]:
    leaves = _leaves(corpus)
    total = minutes.asked(brief.hours)
    if not leaves:
        everything = tuple(range(1, len(corpus.passages) + 1))
        leaves = [Leaf(path=(), passages=everything, weights=(1,) * len(everything))]
    natural = sum(max(1, round(leaf.weight / 260)) for leaf in leaves)
    material = max(1, sum(leaf.weight for leaf in leaves) // _LESSON_WORDS)
    fewest, most = -(-total // 60), max(1, total // (5 if total < 60 else 7))
    count = max(fewest, min(natural, material, most))
    groups = _groups(corpus, leaves, brief, count)
    shares = _shares([group.weight for group in groups], [_capacity(group) for group in groups], count)
    modules = [_module(corpus, group, share) for group, share in zip(groups, shares, strict=True)]
    return _numbered(corpus, _practised(corpus, modules, fewest - sum(len(module.lessons) for module in modules)))


def _leaves(corpus: Corpus) -> list[Leaf]:
    weights = [0] * (len(corpus.passages) + 1)
    for sentence in corpus.sentences:
        weights[sentence.passage] += sentence.length
    numbers = [number for number in range(1, len(corpus.passages) + 1) if weights[number] >= 8]
    found = []
    for path, run in groupby(numbers, key=lambda number: corpus.sections[number - 1]):
        passages = tuple(run)
        found.append(Leaf(path=path, passages=passages, weights=tuple(weights[n] for n in passages)))
    return found


def _groups(corpus: Corpus, leaves: list[Leaf], brief: Brief, count: int) -> list[Group]:
    fallback = document_title(corpus.passages[0].document_name, corpus.casing)
    if len({p.document_id for p in corpus.passages}) > 1:
        fallback = brief.title
    elif any(leaf.path for leaf in leaves):
        fallback = wording(corpus.language).introduction  # what stands before the first heading

    def at(depth: int, some: Sequence[Leaf]) -> list[Group]:
        return [
            Group(names=(name,), depth=depth, leaves=tuple(run))
            for name, run in groupby(some, key=lambda leaf: (leaf.path[: depth + 1] or (fallback,))[-1])
        ]

    groups = at(0, leaves)
    several_documents = len({p.document_id for p in corpus.passages}) > 1
    while len(groups) < min(count, 2 if several_documents else 3):
        widest = max(groups, key=lambda group: (len(at(group.depth + 1, group.leaves)) > 1, group.weight))
        inner = at(widest.depth + 1, widest.leaves)
        if len(inner) < 2 or widest.depth > 3:
            break
        i = groups.index(widest)
        groups[i : i + 1] = inner
    limit = min(8, count) if count >= 1.4 * len(groups) else max(1, min(8, max(2, -(-count // 2)) if count > 1 else 1))
    while len(groups) > 1 and (len(groups) > limit or min(group.weight for group in groups) < _TINY):
        tiny = min(groups, key=lambda group: group.weight)
        if len(groups) > limit or tiny.weight < _TINY:
            i = groups.index(tiny)
            neighbours = [j for j in (i - 1, i + 1) if 0 <= j < len(groups)]
            j = min(neighbours, key=lambda j: (groups[j].weight, -j))
            a, b = min(i, j), max(i, j)
            groups[a : b + 1] = [_merged(groups[a], groups[b])]
    return groups


def _merged(a: Group, b: Group) -> Group:
    """A scrap of text joins its neighbour without being named."""
    names = tuple(name for group in (a, b) if group.weight >= _TINY for name in group.names) or a.names
    return Group(names=tuple(dict.fromkeys(names)), depth=min(a.depth, b.depth), leaves=a.leaves + b.leaves)


def _capacity(group: Group) -> int:
    return max(1, min(group.weight // 70, sum(len(leaf.passages) for leaf in group.leaves)))


def _shares(weights: Sequence[int], capacities: Sequence[int], count: int) -> list[int]:
    shares = [1] * len(weights)
    while sum(shares) < count:
        open_ones = [i for i in range(len(weights)) if shares[i] < capacities[i]]
        if not open_ones:
            break
        shares[max(open_ones, key=lambda i: (weights[i] / (shares[i] + 0.5), -i))] += 1
    return shares


def _module(corpus: Corpus, group: Group, count: int) -> Part:
    title = _title(corpus, list(group.names)) or max(group.names, key=lambda name: _weight_of(name, group))
    lessons = tuple(_lesson(corpus, group, title, run, alone=count == 1) for run in _runs(corpus, group, count))
    return Part(title=title, lessons=lessons)


def _weight_of(name: str, group: Group) -> int:
    return sum(leaf.weight for leaf in group.leaves if name in leaf.path)


def _runs(corpus: Corpus, group: Group, count: int) -> list[list[Leaf]]:
    """The leaves cut into `count` neighbouring runs of like weight that a short title can name.

    A cut inside a leaf costs, a scrap costs more, and so does what would need three headings for a title.
    """
    atoms = [
        Leaf(path=leaf.path, passages=(n,), weights=(w,))
        for leaf in group.leaves
        for n, w in zip(leaf.passages, leaf.weights, strict=True)
    ]
    prices = [0.0] + [_price_of_a_cut(a.path, b.path, group.depth) for a, b in pairwise(atoms)]
    target = sum(atom.weight for atom in atoms) / count or 1.0
    titled: dict[tuple[int, int], float] = {}

    def price_of_title(start: int, end: int) -> float:
        if (start, end) not in titled:
            names = _names(_regrouped(atoms[start:end]), group)
            long = max(0, len(joined(names, corpus.casing, 'and')) - 60)
            titled[start, end] = 0.25 * max(0, len(names) - 2) + 0.015 * long
        return titled[start, end]

    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for k in range(1, count + 1):
        for end in range(k, len(atoms) - (count - k) + 1):
            weight = 0
            options = []
            for start in range(end - 1, k - 2, -1):
                weight += atoms[start].weight
                if weight > 4 * target and start < end - 1:
                    break
                if (start, k - 1) in best:
                    uneven = (weight / target - 1) ** 2
                    cost = best[start, k - 1][0] + uneven + prices[start] + price_of_title(start, end)
                    options.append((cost, start))
            if options:
                best[end, k] = min(options)
    if (len(atoms), count) not in best:
        return _runs(corpus, group, count - 1) if count > 1 else [list(group.leaves)]
    cuts, end = [], len(atoms)
    for k in range(count, 0, -1):
        start = best[end, k][1]
        cuts.append((start, end))
        end = start
    return [_regrouped(atoms[start:end]) for start, end in reversed(cuts)]


def _price_of_a_cut(before: Path, after: Path, depth: int) -> float:
    if before[: depth + 2] != after[: depth + 2]:
        return 0.0
    return 0.4 if before != after else 1.2


def _regrouped(atoms: Sequence[Leaf]) -> list[Leaf]:
    found = []
    for path, run in groupby(atoms, key=lambda atom: atom.path):
        some = list(run)
        found.append(
            Leaf(path=path, passages=tuple(a.passages[0] for a in some), weights=tuple(a.weights[0] for a in some))
        )
    return found


def _lesson(corpus: Corpus, group: Group, module: str, run: Sequence[Leaf], *, alone: bool) -> Share:
    """Named after its headings; after its module where it is all of it, or where they would make too long a title."""
    names = list(group.names) if alone else _names(run, group)
    title = _title(corpus, names) or _shortened(corpus, names, run, group) or module
    if title == module and not alone and names[0] in group.names:
        title = wording(corpus.language).overview.format(title=title)
    return Share(
        title=title,
        passages=tuple(n for leaf in run for n in leaf.passages),
        weight=float(sum(leaf.weight for leaf in run)),
    )


def _shortened(corpus: Corpus, names: list[str], run: Sequence[Leaf], group: Group) -> str:
    """The two headings that hold most, and that there is more; '' where these too are long."""
    weights = Counter[str]()
    for leaf in run:
        weights[_name(leaf, group)] += leaf.weight
    heaviest = sorted(names, key=lambda name: -weights[name])[:2]
    first, *rest = [name for name in names if name in heaviest]
    both = ', '.join([first, *(inside(name, corpus.casing) for name in rest)])
    return wording(corpus.language).and_more.format(titles=both) if len(both) <= 70 else ''


def _names(run: Sequence[Leaf], group: Group) -> list[str]:
    names = list(dict.fromkeys(_name(leaf, group) for leaf in run if leaf.weight >= 25) or {_name(run[0], group): None})
    introduced = len(names) > 1 and names[0] in group.names and len(group.names) == 1 and run[0].weight < 100
    return names[1:] if introduced else names


def _name(leaf: Leaf, group: Group) -> str:
    depth = group.depth + 1 if len(group.names) == 1 else group.depth
    if len(leaf.path) > depth:
        return leaf.path[depth]
    return leaf.path[-1] if leaf.path else group.names[0]


def _title(corpus: Corpus, names: list[str]) -> str:
    """The headings joined; '' where that is no title any more."""
    whole = joined(names, corpus.casing, wording(corpus.language).conjunction)
    return whole if len(names) == 1 or (len(whole) <= 90 and len(names) <= 4) else ''


def _numbered(corpus: Corpus, modules: list[Part]) -> list[Part]:
    """Lessons that share a title become its parts, each with the word that tells it from the others."""
    words = wording(corpus.language)
    alike: dict[str, list[Share]] = {}
    for lesson in (lesson for module in modules for lesson in module.lessons):
        alike.setdefault(lesson.title, []).append(lesson)
    titles: dict[int, str] = {}
    for title, shares in alike.items():
        told = telling(corpus, [share.passages for share in shares]) if len(shares) > 1 else []
        for number, (share, word) in enumerate(zip(shares, told, strict=False), 1):
            numbered = words.part.format(title=title, number=number)
            titles[id(share)] = f'{numbered}: {word}' if word else numbered
    return [
        replace(module, lessons=tuple(replace(one, title=titles.get(id(one), one.title)) for one in module.lessons))
        for module in modules
    ]


def _practised(corpus: Corpus, modules: list[Part], missing: int) -> list[Part]:
    """Where the hours ask for more than the sources hold, lessons that practise what was taught fill the time."""
    for i in range(max(0, missing)):
        module = modules[i % len(modules)]
        lesson = Share(
            title=wording(corpus.language).practice.format(title=inside(module.title, corpus.casing)),
            passages=tuple(n for one in module.lessons[:1] for n in one.passages)
            if i >= len(modules)
            else tuple(dict.fromkeys(n for one in module.lessons for n in one.passages)),
            weight=max(one.weight for one in module.lessons),
        )
        modules[i % len(modules)] = replace(module, lessons=(*module.lessons, lesson))
    return modules
