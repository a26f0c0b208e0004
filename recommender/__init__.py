"""Matching of demands and patents with scores that explain themselves. Knows no web, no database and no policy."""

from recommender.affinity import Affinity
from recommender.building import build_index
from recommender.calibration import (
    ANSWER_FLOOR,
    AnswerRule,
    Step,
    calibrate,
    choose_floor,
    floor_for,
    has_answer,
    judge_rule,
    wilson,
)
from recommender.demand import whole_text
from recommender.duplicates import near_duplicates
from recommender.evaluation import evaluate, read_corpus, read_qrels, read_queries, write_run
from recommender.explanation import highlight
from recommender.fields import likely_fields
from recommender.index import Index
from recommender.learning import LearnedWord, Shown, learn_words, with_learned
from recommender.names import NearPair, near_names
from recommender.records import Document, Hit, IndexFault, MatchTable, Query, Reason
from recommender.settings import Settings
from recommender.suggestion import Suggestion, suggest_terms
from recommender.thesaurus import Thesaurus

__all__ = [
    "ANSWER_FLOOR",
    "Affinity",
    "AnswerRule",
    "Document",
    "Hit",
    "Index",
    "IndexFault",
    "LearnedWord",
    "MatchTable",
    "NearPair",
    "Query",
    "Reason",
    "Settings",
    "Shown",
    "Step",
    "Suggestion",
    "Thesaurus",
    "build_index",
    "calibrate",
    "choose_floor",
    "evaluate",
    "floor_for",
    "has_answer",
    "highlight",
    "judge_rule",
    "learn_words",
    "likely_fields",
    "near_duplicates",
    "near_names",
    "read_corpus",
    "read_qrels",
    "read_queries",
    "suggest_terms",
    "whole_text",
    "wilson",
    "with_learned",
    "write_run",
]
