"""Matching of demands and patents with scores that explain themselves. Knows no web, no database and no policy."""

from recommender.demand import whole_text
from recommender.duplicates import near_duplicates
from recommender.evaluation import evaluate, read_corpus, read_qrels, read_queries, write_run
from recommender.explanation import highlight
from recommender.index import Index, build_index
from recommender.records import Document, Hit, IndexFault, MatchTable, Query, Reason
from recommender.settings import Settings
from recommender.suggestion import Suggestion, suggest_terms
from recommender.thesaurus import Thesaurus

__all__ = [
    "Document",
    "Hit",
    "Index",
    "IndexFault",
    "MatchTable",
    "Query",
    "Reason",
    "Settings",
    "Suggestion",
    "Thesaurus",
    "build_index",
    "evaluate",
    "highlight",
    "near_duplicates",
    "read_corpus",
    "read_qrels",
    "read_queries",
    "suggest_terms",
    "whole_text",
    "write_run",
]
