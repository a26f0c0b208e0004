"""What learned words do to the graded demands: ``python -m bench.learned``.

Every demand plays an enterprise of its own that accepted its good patents (grade 2 and 3) and declined the others it
was graded for. Each demand is then ranked with what all the others taught, never with its own. Two sets:
``relevance/demands`` and the demands written after freezing (``bench/later.py``).
"""

from __future__ import annotations

from bench.later import corpus, later_set
from bench.quality import demand_set
from recommender import Document, Index, Query, Shown, build_index, learn_words, with_learned
from recommender.evaluation import Grades, least_relevant, measure, rank_all


def as_shown(index: Index, queries: list[Query], grades: Grades) -> list[Shown]:
    """Every graded pair as a match shown to an enterprise that owns the demand."""
    least = least_relevant(grades)
    return [
        Shown(query.id, f"{query.id}:{name}", query, index.document(name), grade >= least)
        for query in queries
        for name, grade in grades.get(query.id, {}).items()
        if name in index
    ]


def compare(name: str, documents: list[Document], queries: list[Query], grades: Grades) -> None:
    """Print the measures of one set without and with learned words, and what all its demands together teach."""
    index = build_index(documents)
    shown = as_shown(index, queries, grades)
    without = rank_all(index, queries)
    learned, touched = {}, 0
    for query in queries:
        words = learn_words([one for one in shown if one.firm != query.id], index)
        learned[query.id] = rank_all(index.with_thesaurus(with_learned(index.thesaurus, words)), [query])[query.id]
        touched += learned[query.id] != without[query.id]
    print(f"| {name} | nDCG@10 | R@20 | MRR@10 | P@5 |\n|---|---|---|---|---|")
    for label, run in (("without", without), ("with what all other demands taught", learned)):
        row = measure(run, grades)
        print(f"| {label} | {row['ndcg@10']:.4f} | {row['recall@20']:.3f} | {row['mrr@10']:.4f} | {row['p@5']:.3f} |")
    words = learn_words(shown, index)
    print(
        f"\n{len(shown)} pairs of {len(queries)} demands; {touched} demands rank otherwise; {len(words)} words in all:"
    )
    for word in words:
        print(f"{word.plain} -> {word.patent_word}  {word.firms} for, {word.against} against, {word.strength}")
    print(flush=True)


def main() -> None:
    """Both sets."""
    compare("graded demands", *demand_set())
    compare("demands written after freezing", corpus(), *later_set())


if __name__ == "__main__":
    main()
