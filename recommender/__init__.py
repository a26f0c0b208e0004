"""Matching of demands and patents with scores that explain themselves; it knows no web, no database and no policy.

``build_index`` makes an ``Index`` from ``Document``s, and a ``Matcher`` over it answers each ``Query``.
"""

from recommender.affinity import Affinity
from recommender.building import add_documents, build_index
from recommender.calibration import (
    ANSWER_FLOOR,
    AnswerRule,
    Step,
    calibrate,
    judge_rule,
    wilson,
)
from recommender.correction import Correction
from recommender.demand import whole_text
from recommender.duplicates import near_duplicates
from recommender.evaluation import evaluate, read_corpus, read_qrels, read_queries, write_run
from recommender.explanation import highlight
from recommender.index import Index
from recommender.index_files import open_index, save_index
from recommender.learning import LearnedWord, Shown, learn_words
from recommender.matcher import MODEL, Matcher
from recommender.names import NearPair, near_names
from recommender.records import Document, Hit, IndexFault, MatchTable, Query, Reason
from recommender.settings import Settings
from recommender.suggestion import Suggestion, suggest_terms
from recommender.thesaurus import Thesaurus

__all__ = [
    "ANSWER_FLOOR",
    "MODEL",
    "Affinity",
    "AnswerRule",
    "Correction",
    "Document",
    "Hit",
    "Index",
    "IndexFault",
    "LearnedWord",
    "MatchTable",
    "Matcher",
    "NearPair",
    "Query",
    "Reason",
    "Settings",
    "Shown",
    "Step",
    "Suggestion",
    "Thesaurus",
    "add_documents",
    "build_index",
    "calibrate",
    "evaluate",
    "highlight",
    "judge_rule",
    "learn_words",
    "near_duplicates",
    "near_names",
    "open_index",
    "read_corpus",
    "read_qrels",
    "read_queries",
    "save_index",
    "suggest_terms",
    "whole_text",
    "wilson",
    "write_run",
]
