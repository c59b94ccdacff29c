"""One plain sentence on the models of a scorecard, from its numbers by fixed rules.

It speaks of the models of the first experiment, in this order:

1. the models with the lowest CRPS, with those that paired intervals do not separate from it;
2. ensembles that are poor in nothing, with what they are good and fair in (`criteria`); where
   the best model is the unit, what is good is among the best;
3. that there is none, where every ensemble is poor in something;
4. ensembles whose single members have at least `GRAIN_DB` more power in the shortest octave of
   waves than the reference: pixel noise;
5. other ensembles, with what they are poor in;
6. models with at least `GRAIN_DB` less power there: too smooth.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from downbench.report.criteria import CRITERIA, QUALITIES
from downbench.report.score_cells import OF_BEST_MODEL
from downbench.report.scorecard import Scorecard

GRAIN_DB = 3.0
"""A factor of two in power."""
ACCURACY = CRITERIA[0]
NOUNS = {c.quality: c.group.lower() for c in CRITERIA if c.quality}
LEVELS = ("good", "fair", "poor")


def sentence(card: Scorecard) -> str:
    """Return the sentence; empty where no model competes."""
    main = [name for name in card.labels if name in card.main and name in card.competing]
    levels = {name: _levels(card, name) for name in main}
    ensembles = [name for name in main if name in card.ensembles]
    noisy = [name for name in ensembles if card.grain.get(name, 0) >= GRAIN_DB]
    smooth = [name for name in main if card.grain.get(name, 0) <= -GRAIN_DB]
    rest = [name for name in ensembles if name not in (*noisy, *smooth)]
    useful = [name for name in rest if _is_useful(levels[name])]
    poor = [name for name in rest if name not in useful]
    all_poor = ensembles and all("poor" in levels[name].values() for name in ensembles)
    relative = _relative(card)
    names = {name: card.labels[name] for name in main}
    parts = [
        *_most_accurate(card, main),
        *(_useful(names[name], levels[name], relative) for name in useful),
        *(["no ensemble is free of poor marks"] if all_poor else []),
        *([f"single members of {_joined(names, noisy)} are pixel noise"] if noisy else []),
        *(_poor(names[name], levels[name]) for name in poor),
        *([f"{_joined(names, smooth)} {_be(smooth)} too smooth"] if smooth else []),
    ]
    return f"{'; '.join(parts)}." if main else ""


def _levels(card: Scorecard, model: str) -> Mapping[str, str]:
    """Return the worst level of each quality that the model has a number for."""
    levels: dict[str, str] = {}
    for criterion in card.criteria:
        level = card.level(model, criterion)
        if criterion.quality and level is not None:
            worst = levels.get(criterion.quality, LEVELS[0])
            levels[criterion.quality] = max(worst, level, key=LEVELS.index)
    return levels


def _is_useful(levels: Mapping[str, str]) -> bool:
    return set(levels) == set(QUALITIES) and "poor" not in levels.values()


def _most_accurate(card: Scorecard, main: Sequence[str]) -> Iterator[str]:
    cells = {m: card.cells[m, ACCURACY.key] for m in main if (m, ACCURACY.key) in card.cells}
    if not cells:
        return
    first = min(cells, key=lambda model: cells[model].order)
    best = [first, *(m for m in cells if m != first and m in (cells[first].ties or ()))]
    verb = "has" if len(best) == 1 else "have"
    ratio = f"{cells[first].text} {cells[first].unit}"
    yield f"{_joined(card.labels, best)} {verb} the lowest CRPS{card.scope} ({ratio})"


def _relative(card: Scorecard) -> set[str]:
    """Return qualities that are measured against the best model."""
    return {c.quality for c in card.criteria if c.quality and card.unit(c) == OF_BEST_MODEL}


def _useful(name: str, levels: Mapping[str, str], relative: Set[str]) -> str:
    good = [quality for quality, level in levels.items() if level == "good"]
    fair = [NOUNS[quality] for quality, level in levels.items() if level == "fair"]
    among = [NOUNS[quality] for quality in good if quality in relative]
    words = [
        _list([quality for quality in good if quality not in relative]),
        among and f"among the best in {_list(among)}",
        fair and f"fair in {_list(fair)}",
    ]
    return f"{name} is {', '.join(filter(None, words))}"


def _poor(name: str, levels: Mapping[str, str]) -> str:
    nouns = [NOUNS[quality] for quality, level in levels.items() if level == "poor"]
    return f"{name} is poor in {_list(nouns)}" if nouns else f"{name} is not scored in full"


def _be(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _joined(labels: Mapping[str, str], names: Iterable[str]) -> str:
    return _list([labels[name] for name in names])


def _list(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
