"""Between what recipients chose (services) and channels (notify): addresses checked, tested and written to."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from matchhub.durable import write_durably
from matchhub.errors import Conflict, NotFound
from matchhub.notify.channel import Delivered, Letter, Sender
from matchhub.notify.offered import Channel, Means, Target, offered_channels
from matchhub.operation.postman import sender_of
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM, Actor
from matchhub.services.recipients.addresses import Opened, add_address, begin_test, record_test
from matchhub.services.recipients.letters import (
    Item,
    News,
    claim_letter,
    new_message_id,
    news,
    record_letter,
    store_letter,
)
from matchhub.wording import sentence

_MOST_TOLD = 5  # things a letter names; of more it says how many


def means_of(runtime: Runtime) -> Means:
    """What this installation gives its channels."""
    settings = runtime.settings
    return Means(runtime.clock, settings.channel_hosts, settings.sms_url, settings.sms_key, mail=sender_of(runtime))


def channels_here(runtime: Runtime) -> Mapping[str, Channel]:
    """The channels this installation offers, by name in the order of lists."""
    return offered_channels(means_of(runtime))


def enter_address(runtime: Runtime, actor: Actor, channel: str, to: str, secret: str) -> str:
    """Check an address, keep it for the actor's organisation and send it its code, where it needs one.

    Returns what came of the code: an outcome of a channel, or "" where none was needed. Raises ``AddressRefused``,
    ``NotFound("channel_unknown")`` and what ``add_address`` raises.
    """
    means = means_of(runtime)
    kind = offered_channels(means).get(channel)
    if kind is None:
        raise NotFound("channel_unknown")
    target = kind.checked(Target(to, secret), means)
    with runtime.unit(actor) as unit:
        number, code = add_address(unit, channel, target.to, target.secret, kind.shown(target), kind.by_code)
    if code is None:
        return ""
    opened = Opened(number, actor.organisation_id or 0, channel, target.to, target.secret)
    return _send_test(runtime, actor, kind, means, opened, code).outcome


def try_address(runtime: Runtime, actor: Actor, address_id: int) -> Delivered:
    """Send a test message to an own address (a new code, while it is not confirmed); what the channel answered."""
    with runtime.unit(actor) as unit:
        opened, code = begin_test(unit, address_id)
    means = means_of(runtime)
    kind = offered_channels(means).get(opened.channel)
    if kind is None:
        raise Conflict("channel_not_offered")
    return _send_test(runtime, actor, kind, means, opened, code)


def _send_test(
    runtime: Runtime, actor: Actor, kind: Channel, means: Means, opened: Opened, code: str | None
) -> Delivered:
    what = "channel_test" if code is None else "channel_code"
    page = f"{runtime.settings.base_url}/messages"
    letter = Letter(
        message_id=f"<test.{secrets.token_hex(12)}@matchhub>",
        sender="",
        to=opened.to,
        subject=_headed(runtime, f"{what}_subject", digits=code),
        text=sentence(f"{what}_text", platform=_platform(runtime), digits=code, link=page) + "\n",
        link=page,
    )
    answer = _sender(runtime, kind, Target(opened.to, opened.secret), means)(letter)
    with runtime.unit(actor) as unit:
        record_test(unit, opened.id, answer.outcome, answer.reply)
    return answer


@dataclass
class TellSummary:
    """Sums of one round of telling: letters made, and handed over letters by outcome."""

    made: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """As the worker writes it down, where ``refused`` is the word for a job that could not run."""
        return {"made": self.made, **{"bounced" if key == "refused" else key: n for key, n in self.outcomes.items()}}


def tell(runtime: Runtime, actor: Actor = SYSTEM) -> TellSummary:
    """Make a letter of what is new for every address that was chosen, and hand over what may go now.

    A channel whose provider refuses this installation rests until the next round; the others go on.
    """
    summary, means = TellSummary(), means_of(runtime)
    kinds = offered_channels(means)
    with runtime.unit(actor, write=False) as unit:
        fresh = news(unit, kinds)
    for each in fresh:
        summary.made += _make(runtime, actor, each)
    paused: set[str] = set()
    limits = {name: kind.per_minute for name, kind in kinds.items()}
    while True:
        with runtime.unit(actor) as unit:
            letter = claim_letter(unit, limits, paused)
        if letter is None:
            return summary
        kind = kinds[letter.address.channel]
        said = Letter(
            letter.message_id, "", letter.address.to, letter.subject, letter.text, link=letter.link,
            off_link=f"{runtime.settings.base_url}/messages/letters/{letter.token}/off",
        )  # fmt: skip
        answer = _sender(runtime, kind, Target(letter.address.to, letter.address.secret), means)(said)
        if answer.outcome == "sender_fault":
            paused.add(kind.name)
        with runtime.unit(actor) as unit:
            record_letter(unit, letter, answer.outcome, answer.reply, answer.wait_seconds)
        summary.outcomes[answer.outcome] = summary.outcomes.get(answer.outcome, 0) + 1


def _make(runtime: Runtime, actor: Actor, told: News) -> bool:
    base = runtime.settings.base_url
    page = f"{base}/enterprise/inbox" if told.kind == "pushes" else f"{base}/trade/notices"
    try:
        with runtime.unit(actor) as unit:
            message_id, token = new_message_id(unit)
            subject = _headed(runtime, f"channel_subject_{_form(told)}", number=len(told.items))
            store_letter(unit, told, message_id, subject, _text(told, page, f"{base}/messages/letters/{token}"), page)
    except Conflict:  # another round told of the same meanwhile
        return False
    return True


def _form(told: News) -> str:
    return "pushes" if told.kind == "pushes" else "notices"


def _text(told: News, page: str, why: str) -> str:
    """What is new, at most five things by name; the last two lines are the links."""
    lines = [_line(each) for each in told.items[:_MOST_TOLD]]
    if left := len(told.items) - len(lines):
        lines.append(sentence("channel_more", number=left))
    lines.append(sentence(f"channel_open_{_form(told)}", link=page))
    lines.append(sentence("channel_why", link=why))
    return "\n".join(lines) + "\n"


def _line(item: Item) -> str:
    if item.kind == "pushes":
        return sentence("channel_line_push", title=_short(item.title), score=f"{item.score:.2f}")
    said: dict[str, Any] = {name: value for name, value in (item.fields or {}).items() if name != "lang"}
    return "· " + _short(sentence(item.code, "zh", **said), 120)


def _short(text: str, most: int = 60) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _platform(runtime: Runtime) -> str:
    return sentence("channel_platform", city=runtime.pack.local.name_zh)


def _headed(runtime: Runtime, code: str, **data: Any) -> str:
    return sentence(code, platform=_platform(runtime), **data)


def _sender(runtime: Runtime, kind: Channel, target: Target, means: Means) -> Sender:
    """The channel's own way; in a demo base what would leave for a stranger is written to a folder instead."""
    if kind.address == "email" or not stays_here(runtime, target.to, means):
        return kind.sender(target, means)
    return file_sender(runtime.home / "outbox", kind.name)


def stays_here(runtime: Runtime, to: str, means: Means) -> bool:
    """Whether what would leave for ``to`` is written to a folder: in a demo base, unless the administrator named the
    host, which then is a test on purpose."""
    with runtime.unit(write=False) as unit:
        invented = holds_rows(unit, demo=True)
    parts = urlsplit(to)
    return invented and not (parts.hostname and {parts.hostname, parts.netloc.lower()} & means.hosts)


def file_sender(folder: Path, channel: str) -> Sender:
    """Writes each letter into ``folder`` as JSON, without its address; the same letter again replaces itself."""

    def send(letter: Letter) -> Delivered:
        name = f"{channel}-{letter.message_id.strip('<>')}.json"
        said = {"channel": channel, "subject": letter.subject, "text": letter.text, "link": letter.link}
        write_durably(folder / name, json.dumps(said, ensure_ascii=False, indent=1).encode())
        return Delivered(channel, "written", name)

    return send
