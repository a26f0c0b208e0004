"""Demands are posted and judged, matched, answered by pushes, and the pushes are read and answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle

from matchhub.demo.agenda import acting, later, moment
from matchhub.demo.base import FIRMS_ON, parted
from matchhub.demo.city import City
from matchhub.demo.deals import Bargains, Lead
from matchhub.demo.demand_words import stand_for, verify_as_told
from matchhub.demo.demands import DemandWriter, Posted, incomplete, repetition
from matchhub.demo.parties import Firm
from matchhub.demo.patents import Invented
from matchhub.domain.records import DemandRecord
from matchhub.services.demands.posting import decide_duplicate, move_demand, post_demand
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.kernel.unit import VISITOR, Unit
from matchhub.services.matching.runs import run_match
from matchhub.services.pushes.delivery import Outgoing, claim_due, record_attempt, release_claims, still_mine
from matchhub.services.pushes.drafting import make_draft
from matchhub.services.pushes.inbox import answer, mark_read, push_by_token, switch_off
from matchhub.services.pushes.plan import plan

FIRST_ROUND_ON = date(2023, 12, 11)
ROUND_EVERY = 40
CALLS_ON = (date(2024, 11, 4), date(2025, 2, 17), date(2025, 5, 12), date(2025, 8, 18))
LAST_MATCH_ON = date(2025, 12, 22)
_MOST_DAYS = 12
_PER_DAY = 3
_ANSWERS = (
    "fits", "fits", "contact", "contact", "not_my_field", "too_early", "already_solved", "too_expensive",
    "benefit_unclear", "description_unclear", "owned_or_known",
)  # fmt: skip
_NOTES = {
    "too_expensive": "转让费超预算，能不能先许可试用",
    "contact": "请发明人联系我们，想寄样品",
    "fits": "方向对，要看检测报告",
}


class Campaign:
    """Rounds of posting, matching and pushing, then calls for demands without pushes."""

    def __init__(self, city: City, deals: Bargains) -> None:
        self.city, self.deals = city, deals
        self.writer = DemandWriter(city.names)
        self.by_number: dict[str, Invented] = {each.number: each for each in city.patents}
        self.by_name: dict[str, Firm] = {}
        self.posted: list[tuple[int, Posted]] = []
        self.left = city.sizes.demands  # demands that are still to count
        self.delivered = 0
        self.wanted = city.sizes.pushes + 1  # the reviewer rejects one of them
        first = parted(city.firms, len(FIRMS_ON))[0]
        self.turn: Iterator[Firm] = cycle(first)
        self.wave: list[tuple[int, Posted]] = []
        self.rejected = self.written = self.bounced = False

    def plan(self) -> None:
        """Put the campaign on the agenda."""
        agenda, rounds = self.city.agenda, self.city.sizes.rounds
        for number in range(rounds):
            day = FIRST_ROUND_ON + timedelta(days=number * ROUND_EVERY)
            agenda.at(moment(day - timedelta(days=6)), self._open_wave, number)
            agenda.at(moment(day), self._push, number, 0)
        for number, day in enumerate(CALLS_ON):
            agenda.at(moment(day), self._call, number)
        agenda.at(moment(CALLS_ON[1], 14), self._post_odd)
        agenda.at(moment(LAST_MATCH_ON), self._last_match)

    # -- demands --------------------------------------------------------------------------------------------------

    def _open_wave(self, unit: Unit, number: int) -> None:
        """Firms of this round post one demand each; those of the round before say what became of theirs."""
        self._close_wave(unit)
        quota = -(-self.wanted // self.city.sizes.rounds)
        firms = [next(self.turn) for _ in range(-(-quota // _PER_DAY))]
        if number % 2 == 0 and self.city.firms[0] not in firms:
            firms.insert(0, self.city.firms[0])
        posted = [self._write(firm, unit.today, first=number == 0) for firm in firms]
        self.wave = self._import(unit, posted)
        self._authorise(unit, self.wave)
        if number == 1:
            self.wave += self._hard_to_reach(unit)
        self.city.agenda.at(later(unit, 2), self._verify, self.wave)

    def _write(self, firm: Firm, day: date, first: bool = False) -> Posted:
        self.left -= 1
        own = firm is self.city.firms[0]
        return self.writer.write(firm, day, firm.trade.topics[0] if own and first else None)

    def _import(self, unit: Unit, posted: list[Posted]) -> list[tuple[int, Posted]]:
        ids = self.city.take(unit, "demands", [each.record for each in posted], "需求征集表（演示）")
        recorded = list(zip(ids, posted, strict=True))
        self.posted += recorded
        self.by_name |= {each.firm.name: each.firm for each in posted}
        return recorded

    def _hard_to_reach(self, unit: Unit) -> list[tuple[int, Posted]]:
        """A firm without any address, and one whose address bounces: their pushes reach nobody."""
        mute, lost = self.city.odd["silent"], self.city.odd["no_term"]
        posted = [self.writer.write(mute, unit.today), self.writer.write(lost, unit.today)]
        records = [replace(each.record, authorised_by=None) for each in posted]  # and so they do not count
        return self._import(unit, [replace(each, record=said) for each, said in zip(posted, records, strict=True)])

    def _authorise(self, unit: Unit, some: list[tuple[int, Posted]]) -> None:
        """A day later the firms with an account confirm their demands there; the others signed a sheet."""
        self.city.agenda.at(later(unit, 1), self._sign, list(some))

    def _sign(self, unit: Unit, some: list[tuple[int, Posted]]) -> None:
        for demand_id, posted in some:
            stand_for(self.city, unit, demand_id, posted)

    def _verify(self, unit: Unit, some: list[tuple[int, Posted]]) -> None:
        for demand_id, posted in some:
            verify_as_told(self.city, unit, demand_id, posted)

    def _close_wave(self, unit: Unit) -> None:
        """Most firms found what they looked for; the first firm goes on looking."""
        for demand_id, posted in self.wave:
            firm = self.city.of_firm(unit, posted.firm)
            if posted.firm is self.city.firms[0]:
                continue
            move_demand(
                firm, demand_id, "solved" if posted.record.authorised_by else "withdrawn", "已有解决方案（演示）"
            )
        self.wave = []

    def _call(self, unit: Unit, number: int) -> None:
        """A call for demands: many firms at once, no pushes yet."""
        if number == 0:
            self._close_wave(unit)
            self.turn = cycle(self.city.firms[: len(self.city.firms) * 3 // 4])
        rest = len(CALLS_ON) - number
        posted = [self._write(next(self.turn), unit.today) for _ in range(-(-self.left // rest))]
        recorded = self._import(unit, posted)
        self._authorise(unit, recorded)
        self.city.agenda.at(later(unit, 3), self._verify, recorded)
        self.city.progress(f"demands: {len(posted)}")

    def _post_odd(self, unit: Unit) -> None:
        """Demands that do not count: incomplete, expired, repeated, returned, withdrawn, not local, of nobody."""
        city, operator = self.city, self.city.by(unit, "operator")
        some = iter(city.firms[3:60])
        self._import(unit, list(incomplete(self.writer, some, unit.today)))
        model = next(posted for _, posted in self.posted if posted.record.authorised_by)
        twins = [repetition(model, next(some), how) for how in ("clone", "near", "near")]
        ids = [number for number, _ in self._import(unit, twins)]
        decide_duplicate(operator, ids[2], "same")
        elsewhere = [self.writer.write(city.odd[key], unit.today) for key in ("elsewhere", "undecided")]
        self._import(unit, elsewhere)
        for state, note in (("returned", "请补充企业授权盖章后再提交"), ("withdrawn", "企业要求撤回")):
            posted = self.writer.write(next(some), unit.today)
            missing = replace(posted.record, authorised_by=None)
            ((number, _),) = self._import(unit, [replace(posted, record=missing)])
            move_demand(operator, number, state, note)
        stranger = replace(model.record, enterprise_name="晋江市未登记企业（演示）", enterprise_uscc=None)
        city.take(unit, "demands", [stranger], "需求征集表（演示）")
        self._post_by_hand(unit)

    def _post_by_hand(self, unit: Unit) -> None:
        """The first firm posts a demand itself and has not finished the form; another one was entered for it."""
        firm = self.city.firms[0]
        said = self.writer.write(firm, unit.today, firm.trade.topics[2]).record
        draft: DemandRecord = replace(said, targets=None, valid_until_on=None)
        post_demand(self.city.of_firm(unit, firm), draft)
        collected = self.writer.write(firm, unit.today).record  # at a fair; the firm has not confirmed it yet
        waiting = replace(collected, authorised_on=None, authorised_by=None)
        post_demand(self.city.by(unit, "operator"), waiting, firm.id)
        self.city.recorded["demands"] += 2

    # -- pushes ---------------------------------------------------------------------------------------------------

    def _match(self, unit: Unit) -> None:
        run = run_match(self.city.by(unit, "operator"))
        self.city.progress(f"match: {run.demands} x {run.patents}")

    def _last_match(self, unit: Unit) -> None:
        """The last run, and a draft of it that waits on the desk."""
        self._match(unit)
        make_draft(self.city.by(unit, "operator"))

    def _push(self, unit: Unit, number: int, day: int) -> None:
        """Match, plan and deliver until the quota of this round is reached."""
        rounds = self.city.sizes.rounds
        due = self.wanted * (number + 1) // rounds - self.delivered
        if due <= 0 or day >= _MOST_DAYS:
            return
        if day == 0:
            self._match(unit)
        operator = self.city.by(unit, "operator")
        due -= self._send(operator, due)  # what an earlier plan left over goes first, so that the day's caps hold
        self.city.recorded["pushes"] += plan(operator).planned
        if number == 2 and day == 0:
            self._leave(unit)
        self._send(operator, due)
        self.city.agenda.at(later(unit, 1), self._push, number, day + 1)
        self.city.progress(f"pushes: {self.delivered}")

    def _send(self, unit: Unit, due: int) -> int:
        """Deliver until ``due`` messages arrived or none is left; returns how many arrived."""
        arrived = 0
        while arrived < due:
            claimed = claim_due(unit, most=due - arrived)
            if claimed.nothing_left:
                break
            enough = due - arrived  # all that is due to a firm is claimed together, and may be more
            arrived += sum(self._deliver(unit, message) for message in claimed.outgoing[:enough])
            release_claims(unit, claimed.outgoing[enough:])
        self.delivered += arrived
        return arrived

    def _leave(self, unit: Unit) -> None:
        """One firm switches pushes off between the plan and the sending."""
        leaver = self.wave[-1][1].firm
        switch_off(self.city.of_firm(unit, leaver))

    def _deliver(self, unit: Unit, message: Outgoing) -> bool:
        """Record what became of a message; nothing is really sent."""
        firm = self.by_name[message.enterprise]
        if firm is self.city.odd["no_term"] and self.bounced:  # told so by telephone, it wants no pushes at all
            switch_off(self.city.of_firm(unit, firm))
            still_mine(unit, message)
            return False
        if firm is self.city.odd["no_term"]:
            self.bounced = True
            record_attempt(unit, message.push_id, "smtp", "refused", "550 5.1.1 mailbox unavailable (demo)")
            return False
        sent = message.address is not None and not firm.has_account
        if sent and not self.written:  # before the mail server was set up
            self.written = True
            record_attempt(unit, message.push_id, "file", "written", "demo: written to a folder")
            return False
        reply = "250 2.0.0 accepted (demo: not really sent)"
        state = record_attempt(unit, message.push_id, "smtp", "delivered" if sent else None, reply if sent else "")
        if state == "delivered":
            self._follow(unit, message, firm)
        return state == "delivered"

    def _follow(self, unit: Unit, message: Outgoing, firm: Firm) -> None:
        """Some messages are read, some answered, some lead to a deal; the reviewer rejects the first one."""
        chance, agenda = self.city.chance, self.city.agenda
        if not self.rejected:
            self.rejected = True
            agenda.at(later(unit, 9), self._reject, message.push_id)
        token = message.link.rpartition("/")[2]
        patent = self.by_number.get(message.items[0].number)
        if patent is not None and self.deals.may_follow(firm, patent) and chance.random() < 0.6:
            self._read(unit, message.push_id, token, firm, "contact")
            self.deals.follow(unit, Lead(firm, patent, unit.today))
        elif chance.random() < 0.75:
            self._read(unit, message.push_id, token, firm, chance.choice(_ANSWERS) if chance.random() < 0.7 else None)

    def _read(self, unit: Unit, push_id: int, token: str, firm: Firm, code: str | None) -> None:
        when = later(unit, self.city.chance.randint(1, 4), 15)
        self.city.agenda.at(when, self._react, push_id, token, firm, code)

    def _react(self, unit: Unit, push_id: int, token: str, firm: Firm, code: str | None) -> None:
        reader = self.city.of_firm(unit, firm) if firm.has_account else acting(unit, VISITOR)
        mark_read(reader, push_id, token)
        if code is not None:
            item = push_by_token(reader, token).items[0]
            answer(reader, item.item_id, code, _NOTES.get(code), token)

    def _reject(self, unit: Unit, push_id: int) -> None:
        reviewer = self.city.by(unit, "reviewer")
        confirm(reviewer, "pushes", push_id, "rejected", "抽查：企业表示未收到（演示）", second_factor=True)
