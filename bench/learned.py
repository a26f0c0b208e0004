"""What learned words do to the graded demands: ``python -m bench.learned``.

Every demand of ``relevance/demands`` plays an enterprise of its own that accepted its good patents (grade 2 and 3)
and declined the others it was graded for. Each demand is then ranked with what the others taught.
"""

from __future__ import annotations

from bench.quality import demand_set
from recommender import Index, Query, Shown, build_index, learn_words, with_learned
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


def main() -> None:
    """Print the measures without and with learned words, and what is learned from all demands together."""
    documents, queries, grades = demand_set()
    index = build_index(documents)
    shown = as_shown(index, queries, grades)
    without = rank_all(index, queries)
    learned, touched = {}, 0
    for query in queries:
        words = learn_words([one for one in shown if one.firm != query.id], index)
        learned[query.id] = rank_all(index.with_thesaurus(with_learned(index.thesaurus, words)), [query])[query.id]
        touched += learned[query.id] != without[query.id]
    print("| learned words | nDCG@10 | R@20 | MRR@10 | P@5 |\n|---|---|---|---|---|")
    for label, run in (("none", without), ("from all other demands", learned)):
        row = measure(run, grades)
        print(f"| {label} | {row['ndcg@10']:.4f} | {row['recall@20']:.3f} | {row['mrr@10']:.4f} | {row['p@5']:.3f} |")
    words = learn_words(shown, index)
    print(
        f"\n{len(shown)} pairs of {len(queries)} demands; {touched} demands rank otherwise; {len(words)} words in all:"
    )
    for word in words:
        print(f"{word.plain} -> {word.patent_word}  {word.firms} for, {word.against} against, {word.strength}")


if __name__ == "__main__":
    main()
