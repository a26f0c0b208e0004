"""What waits for the operator: demands, files, rows held, similar records, the worker's jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matchhub.operation.job_board import JobView as WorkerJob
from matchhub.operation.job_board import WorkerView, job_board, worker_view
from matchhub.services.imports import jobs as import_jobs
from matchhub.services.imports import pairs as similar
from matchhub.services.imports.review_queue import ReviewView, list_reviews, review_view
from matchhub.services.imports.undoing import UndoView, undo_view
from matchhub.services.kernel.paging import Page, Sought
from matchhub.services.kernel.unit import Unit
from matchhub.services.worklists import batches as lists
from matchhub.services.worklists import demands as demand_desk
from matchhub.services.worklists.assigned import WorkView, work_item, work_list
from matchhub.services.worklists.rejected import Rejected, rejected_records
from matchhub.services.worklists.relations import RelationView, list_relations
from matchhub.services.worklists.todo import Todo, todo
from web.api.operations import Room

_demands, _imports, _parties, _site, _records = (
    Room("demands"),
    Room("imports"),
    Room("parties"),
    Room("site"),
    Room("records"),
)
ROOMS = (_demands, _imports, _parties, _site, _records)


@dataclass(frozen=True, slots=True)
class ImportJob:
    """An import, how far it is, and what came of it: the sums of ``matchhub import --json`` in ``outcome``."""

    job: import_jobs.JobView
    batch: lists.BatchView | None


@dataclass(frozen=True, slots=True)
class Worker:
    """The worker and its jobs."""

    worker: WorkerView
    jobs: list[WorkerJob]


@_site.get("/todo", "todo.read", "operator.desk")
def waiting(unit: Unit) -> Todo:
    """What waits for the operator."""
    return todo(unit)


@_site.get("/assignmentser", "job.read", "operator.jobs")
def worker(unit: Unit) -> Worker:
    """The worker's jobs: state, last run, next run."""
    return Worker(worker_view(unit), job_board(unit))


@_demands.get("/review/demands", "demand.verify", "operator.demands")
def demands_for_review(
    unit: Unit, sought: Sought, state: str = "", suspected: bool = False, q: str = "", since: date | None = None,
    until: date | None = None,
) -> Page[demand_desk.DemandRow]:  # fmt: skip
    """Demands by state, each with how many of the eight tests it passes."""
    return demand_desk.list_demands(unit, state, suspected, q, sought, since, until)


@_demands.get("/review/demands/<int:demand_id>", "demand.verify", "operator.demand")
def reviewed_demand(unit: Unit, demand_id: int) -> demand_desk.DemandPage:
    """One demand for review: the eight tests, its life, the earlier one it resembles."""
    return demand_desk.demand_page(unit, demand_id)


@_imports.get("/jobs/<int:job_id>", "intake.use", "intake.job")
def import_job(unit: Unit, job_id: int) -> ImportJob:
    """One import with its progress; when it is done, its sums and its batch."""
    job = import_jobs.job_view(unit, job_id)
    return ImportJob(job, lists.batch_view(unit, job.batch_id) if job.batch_id is not None else None)


@_imports.get("/jobs", "intake.use", "intake.uploads")
def imports_under_way(unit: Unit) -> list[import_jobs.JobView]:
    """The newest imports, running ones too."""
    return import_jobs.list_jobs(unit, 50)


@_imports.get("/batches", "import.read", "intake.batches")
def batches(unit: Unit, sought: Sought, kind: str = "") -> Page[lists.BatchView]:
    """Imports that were written, the newest first."""
    return lists.list_batches(unit, kind, sought)


@_imports.get("/batches/<int:batch_id>", "import.read", "operator.batch")
def batch(unit: Unit, batch_id: int) -> lists.BatchView:
    """Sums of one import."""
    return lists.batch_view(unit, batch_id)


@_imports.get("/batches/<int:batch_id>/undo", "import.undo", "intake.undo")
def undoing(unit: Unit, batch_id: int) -> UndoView:
    """What taking a batch back would do, or who depends on it."""
    return undo_view(unit, batch_id)


@_imports.get("/pairs", "pair.decide", "intake.pairs")
def pairs(unit: Unit, sought: Sought, kind: str = "enterprises", decided: bool = False) -> Page[similar.PairView]:
    """Similar records that wait for a person, or those decided."""
    return similar.list_pairs(unit, kind, decided, sought)


@_imports.get("/pairs/<int:pair_id>", "pair.decide", "intake.pair")
def pair(unit: Unit, pair_id: int) -> similar.PairView:
    """Two similar records side by side."""
    return similar.pair_view(unit, pair_id)


@_imports.get("/reviews", "review.decide", "operator.reviews")
def reviews(unit: Unit, sought: Sought, kind: str = "", code: str = "", decided: bool = False) -> Page[ReviewView]:
    """Rows that wait for a person, by kind and reason."""
    return list_reviews(unit, kind, code, decided, sought)


@_imports.get("/reviews/<int:review_id>", "review.decide", "operator.review")
def review(unit: Unit, review_id: int) -> ReviewView:
    """One held row with what it said."""
    return review_view(unit, review_id)


@_parties.get("/relations", "party.read_relations", "trade.relations")
def relations(unit: Unit, sought: Sought, q: str = "", relation: str = "") -> Page[RelationView]:
    """Relations of parties on file."""
    return list_relations(unit, q, sought, relation)


@_records.get("/rejections", "todo.read", "operator.rejections")
def rejections(unit: Unit) -> tuple[Rejected, ...]:
    """Records that the bureau rejected, with the reason."""
    return rejected_records(unit)


@_records.get("/assignments", "work.read", "operator.work")
def work(unit: Unit) -> tuple[WorkView, ...]:
    """Work given to the operator's people, what is open first."""
    return work_list(unit)


@_records.get("/assignments/<int:item_id>", "work.read", "operator.work_page")
def work_of(unit: Unit, item_id: int) -> WorkView:
    """One item: its record, to whom and by when, how it stands."""
    return work_item(unit, item_id)
