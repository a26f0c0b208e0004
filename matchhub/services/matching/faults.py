"""Faults of the recommender's files told as refusals, so that people read a sentence and no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from matchhub.errors import Refusal
from recommender import IndexFault
from recommender.evaluation import EvaluationFault
from recommender.thesaurus import ThesaurusFault


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a damaged labelled set, index or thesaurus into a ``Refusal`` of the same code.

    Data: ``file`` and ``line`` (from 1) of ``evaluation_*`` and ``thesaurus_line``, ``part`` of ``index_*``.
    """
    try:
        yield
    except (EvaluationFault, ThesaurusFault) as fault:
        raise Refusal(fault.code, file=fault.file, line=fault.line) from fault
    except IndexFault as fault:
        raise Refusal(fault.code, part=fault.part) from fault
