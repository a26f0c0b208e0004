"""Pushes as the operator plans and sends them and the bureau checks them."""

from __future__ import annotations

from datetime import date

from matchhub.services.kernel.paging import Page, Sought
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.bounces import BouncedView, list_bounced
from matchhub.services.worklists import push_drafts, push_proof, push_results, pushes
from web.api.operations import Room

_pushes = Room("pushes")
ROOMS = (_pushes,)


@_pushes.get("/pushes", "push.plan", "operator.pushes")
def queued_pushes(
    unit: Unit, sought: Sought, state: str = "", q: str = "", since: date | None = None, until: date | None = None
) -> Page[pushes.PushRow]:
    """Pushes in the queue and those that went out."""
    return pushes.list_pushes(unit, state or "planned", sought, q, since, until)


@_pushes.get("/pushes/board", "push.read_board")
def push_state(unit: Unit) -> pushes.PushBoard:
    """How far matching, planning and sending are."""
    return pushes.push_board(unit)


@_pushes.get("/pushes/results", "push.read_any", "bureau.push_list")
def push_list(
    unit: Unit, sought: Sought, month: str = "", stage: str = "", answer: str = ""
) -> Page[push_results.ResultRow]:
    """What became of pushes, the newest first."""
    return push_results.list_results(unit, push_results.ResultFilter(month, stage, answer), sought)


@_pushes.get("/pushes/funnel", "push.read_any", "bureau.push_funnel")
def push_funnel(unit: Unit) -> push_results.Funnel:
    """By month how many pushes were planned, delivered, read, answered, led to contact and to a deal."""
    return push_results.funnel(unit)


@_pushes.get("/pushes/<int:push_id>", "push.read_any", "bureau.push_proof")
def proof_of_push(unit: Unit, push_id: int) -> push_proof.PushProof:
    """The proof of one push: run, score, floor, text, every attempt with its reply, reading, answers, what followed."""
    return push_proof.push_proof(unit, push_id)


@_pushes.get("/push-drafts", "push.draft")
def drafts_of_pushes(unit: Unit) -> tuple[push_drafts.DraftLine, ...]:
    """Plans of pushes on the desk, the newest first."""
    return push_drafts.draft_lines(unit, 50)


@_pushes.get("/push-drafts/<int:draft_id>", "push.draft", "operator.push_draft")
def push_draft(unit: Unit, draft_id: int) -> push_drafts.DraftView:
    """One plan with its sums."""
    return push_drafts.draft_view(unit, draft_id)


@_pushes.get("/push-drafts/<int:draft_id>/pairs", "push.draft")
def push_draft_pairs(
    unit: Unit, draft_id: int, state: str = "", q: str = "", trade: str = "", code: str = "", band: str = ""
) -> list[push_drafts.PairRow]:
    """The pairs of a plan: each firm with a patent, score, floor and reasons, or why it was left out."""
    push_drafts.draft_view(unit, draft_id)
    return push_drafts.all_pairs(unit, draft_id, push_drafts.Wanted(state, q, trade, code, band))


@_pushes.get("/bounces", "address.read_bounced", "operator.bounces")
def bounces(unit: Unit, sought: Sought, q: str = "") -> Page[BouncedView]:
    """Addresses that letters came back from."""
    return list_bounced(unit, sought, q)
