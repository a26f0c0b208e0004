"""What each trade of the thesaurus is worth, and what it knows: ``python3 run.py bench thesaurus [lines | missing]``.

For each file of ``recommender/thesaurus``: its lines and plain words, how much of the frequent words of its patents'
titles (the agriculture patents and one city's) the thesaurus knows, and what each set of graded demands loses without
the file. With ``lines`` every line that the sets use is left out by itself, which takes minutes, and those that cost
more than they gain are listed; with ``missing`` the frequent words that the thesaurus lacks. Data are read in place
from ``MATCHHUB_SHARED``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from bench.later import corpus, later_set
from bench.quality import SHARED, demand_set, matcher_under
from recommender import Document, Query, Settings, read_qrels, read_queries, whole_text
from recommender.evaluation import Grades, measure, rank_all
from recommender.text import normalise
from recommender.thesaurus import Entry, Thesaurus, shipped
from recommender.thesaurus.coverage import coverage

MEASURES = ("ndcg@10", "recall@20")
COSTS = 0.001  # of nDCG@10, half of recall@20 counted, summed over the sets: a line that costs as much is listed
Sets = dict[str, tuple[list[Document], list[Query], Grades]]
Figures = dict[str, dict[str, float]]


def graded_sets() -> Sets:
    """The three sets of graded demands, with the patents each is asked over."""
    short, base = SHARED / "data/relevance/short", corpus()
    return {
        "demands": demand_set(),
        "short": (base, read_queries(short / "queries.jsonl"), read_qrels(short / "qrels.tsv")),
        "later": (base, *later_set()),
    }


def figures(entries: Iterable[Entry], sets: Sets) -> Figures:
    """The measures of each set under a thesaurus of these entries."""
    book, found = Thesaurus.of(entries), {}
    for name, (documents, queries, grades) in sets.items():
        matcher = matcher_under(name if name == "demands" else "base", documents, Settings(), book)
        found[name] = measure(rank_all(matcher, queries), grades)
    return found


def gains(whole: Figures, without: Figures) -> list[float]:
    """What the sets have of what was left out: nDCG@10 and recall@20 of each."""
    return [whole[name][one] - without[name][one] for name in whole for one in MEASURES]


def trades(sets: Sets) -> None:
    """One line for each trade, the whole thesaurus first."""
    book = shipped()
    whole = figures(book.entries, sets)
    heads = [f"{one}, {name}" for name in sets for one in MEASURES]
    print(f"| trade | lines | words | patents | known of their words | {' | '.join(heads)} |\n" + "|---" * 11 + "|")
    print(f"| all | {len(book.entries)} | {len(book)} | {len(corpus())} | | "
          + " | ".join(f"{whole[name][one]:.4f}" for name in sets for one in MEASURES) + " |")  # fmt: skip
    for known in coverage([document.title for document in corpus()], book):
        words = {source for entry in book.entries if entry.trade == known.trade for source in entry.sources}
        lost = gains(whole, figures((entry for entry in book.entries if entry.trade != known.trade), sets))
        share = f"{known.covered:.0%} of {len(known.words)}" if known.words else "too few"
        print(f"| {known.trade} | {known.lines} | {len(words)} | {known.patents} | {share} | "
              + " | ".join(f"{one:+.4f}" for one in lost) + " |", flush=True)  # fmt: skip


def costly_lines(sets: Sets) -> None:
    """The lines without which the sets do better, the costliest first."""
    book = shipped()
    texts = [normalise(whole_text(query)) for _, queries, _ in sets.values() for query in queries]
    used = {found.source for text in texts for found in book.matches(text)}
    whole = figures(book.entries, sets)
    costs = []
    for entry in book.entries:
        if used & set(entry.sources):
            lost = gains(whole, figures((other for other in book.entries if other is not entry), sets))
            costs.append((sum(lost[::2]) + sum(lost[1::2]) / 2, entry))
    print(f"{len(costs)} of {len(book.entries)} lines stand in the demands; these cost more than they gain:")
    for cost, entry in sorted(costs, key=lambda one: one[0]):
        if cost <= -COSTS:
            print(f"{cost:+.4f} {entry.trade} ({entry.role}): {'|'.join(entry.sources)} -> {'|'.join(entry.targets)}")


def missing_words() -> None:
    """For each trade the frequent words of its patents that the thesaurus lacks."""
    for known in coverage([document.title for document in corpus()], shipped()):
        print(f"{known.trade} ({known.covered:.0%} of {len(known.words)}): {' '.join(known.missing[:60])}")


def main(arguments: list[str]) -> None:
    """Print the table, or what is asked for."""
    if arguments == ["lines"]:
        costly_lines(graded_sets())
    elif arguments == ["missing"]:
        missing_words()
    else:
        trades(graded_sets())


if __name__ == "__main__":
    main(sys.argv[1:])
