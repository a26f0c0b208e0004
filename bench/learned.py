"""What learned words do to the graded demands: ``python -m bench.learned``.

Every demand plays an enterprise of its own that accepted its good patents (grade 2 and 3) and declined the others it
was graded for. Each demand is then ranked with what all the others taught, never with its own. Then again as if three
more enterprises had the same problem in the same words: they accepted half of its good patents between them (each a
third, at random), and the other half is to be found. Two sets: ``relevance/demands`` and the demands written after
freezing (``bench/later.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from bench.later import corpus, later_set
from bench.quality import demand_set
from recommender import Document, LearnedWord, Matcher, Query, Shown, build_index, learn_words
from recommender.evaluation import Grades, least_relevant, measure, rank_all
from recommender.learning import MOST_TRUST, TRUST_PER_FIRM
from recommender.thesaurus import LEARNED, Entry

LEAST_GOOD = 6
TRIED = ((0.05, 0.2), (TRUST_PER_FIRM, MOST_TRUST), (0.3, 1.0))


def as_shown(matcher: Matcher, queries: list[Query], grades: Grades) -> list[Shown]:
    """Every graded pair as a match shown to an enterprise that owns the demand."""
    least = least_relevant(grades)
    return [
        Shown(query.id, f"{query.id}:{name}", query, matcher.index.document(name), grade >= least)
        for query in queries
        for name, grade in grades.get(query.id, {}).items()
        if name in matcher.index
    ]


def ranked_with(matcher: Matcher, words: list[LearnedWord], query: Query) -> list[tuple[str, float]]:
    """One demand under learned words."""
    entries = (Entry((word.plain,), (word.patent_word,), word.trust, LEARNED) for word in words)
    taught = Matcher(matcher.index, matcher.thesaurus.with_learned(entries))
    return rank_all(taught, [query])[query.id]


def trusted(words: list[LearnedWord], per_firm: float, most: float) -> list[LearnedWord]:
    """The same words under another trust."""
    return [replace(word, trust=min(most, per_firm * word.firms)) for word in words]


def table_line(label: str, run: Mapping[str, Sequence[tuple[str, float]]], grades: Grades) -> str:
    """One line of a table."""
    row = measure(run, grades)
    return f"| {label} | {row['ndcg@10']:.4f} | {row['recall@20']:.3f} | {row['mrr@10']:.4f} | {row['p@5']:.3f} |"


def same_problem(matcher: Matcher, shown: list[Shown], queries: list[Query], grades: Grades) -> None:
    """Three enterprises with the same problem accepted half of its good patents; measured on the other half."""
    index, least, random = matcher.index, least_relevant(grades), Random(1)
    runs: dict[str, dict[str, list[tuple[str, float]]]] = defaultdict(dict)
    labels: dict[str, dict[str, int]] = {}
    for query in queries:
        good = sorted(name for name, grade in grades.get(query.id, {}).items() if grade >= least and name in index)
        if len(good) < LEAST_GOOD:
            continue
        known = random.sample(good, len(good) // 2)
        firms = [
            Shown(f"same{place % 3}", f"{place}", query, index.document(name), True) for place, name in enumerate(known)
        ]
        words = learn_words([*(one for one in shown if one.firm != query.id), *firms], matcher)
        labels[query.id] = {name: grade for name, grade in grades[query.id].items() if name not in known}
        tried = {f"trust {rate:g} per enterprise, at most {most:g}": trusted(words, rate, most) for rate, most in TRIED}
        for label, taught in {"without": list[LearnedWord](), **tried}.items():
            found = ranked_with(matcher, taught, query)
            runs[label][query.id] = [(name, score) for name, score in found if name not in known]
    print(f"\n{len(labels)} demands with at least {LEAST_GOOD} good patents, half of them known:\n")
    print("| same problem | nDCG@10 | R@20 | MRR@10 | P@5 |\n|---|---|---|---|---|")
    print("\n".join(table_line(label, run, labels) for label, run in runs.items()), "\n", flush=True)


def compare(name: str, documents: list[Document], queries: list[Query], grades: Grades) -> None:
    """Print the measures of one set without and with learned words, and what all its demands together teach."""
    matcher = Matcher(build_index(documents))
    shown = as_shown(matcher, queries, grades)
    without = rank_all(matcher, queries)
    learned = {}
    for query in queries:
        words = learn_words([one for one in shown if one.firm != query.id], matcher)
        learned[query.id] = ranked_with(matcher, words, query)
    touched = sum(learned[query.id] != without[query.id] for query in queries)
    print(f"| {name} | nDCG@10 | R@20 | MRR@10 | P@5 |\n|---|---|---|---|---|")
    print(table_line("without", without, grades))
    print(table_line("with what all other demands taught", learned, grades))
    words = learn_words(shown, matcher)
    print(
        f"\n{len(shown)} pairs of {len(queries)} demands; {touched} demands rank otherwise; {len(words)} words in all:"
    )
    for word in words:
        print(f"{word.plain} -> {word.patent_word}  {word.firms} for, {word.against} against, {word.strength}")
    same_problem(matcher, shown, queries, grades)


def main() -> None:
    """Both sets."""
    compare("graded demands", *demand_set())
    compare("demands written after freezing", corpus(), *later_set())


if __name__ == "__main__":
    main()
