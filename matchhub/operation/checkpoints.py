"""Checkpoints by themselves: every day, after a restore, into the folder and to the bureau's address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matchhub.domain.addresses import read_addresses
from matchhub.domain.rules import RulePack
from matchhub.notify.channel import Letter, Sender
from matchhub.operation.postman import ARRIVED, Postman, close_sender, sender_of
from matchhub.services.accounts.bureau import addresses_of_keepers
from matchhub.services.counting.checkpoints import keep_checkpoint, note_restore
from matchhub.services.kernel.backup import restore_backup
from matchhub.services.kernel.checkpoints import Checkpoint, checkpoint_files, read_checkpoint
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.matching.store import drop_index
from matchhub.wording import sentence

_AT_MOST = 20  # letters of one round


def make_checkpoint(runtime: Runtime, reason: str) -> Checkpoint:
    """Keep a checkpoint of now in the folder; the worker sends it. Raises ``CheckpointUnwritable``."""
    with runtime.unit(write=False) as unit:
        return keep_checkpoint(unit, runtime.settings.checkpoints, reason)


def restore(settings: Settings, file: Path, *, force: bool = False) -> dict[str, Any]:
    """Put a backup back and say in the chain that it was done, and what the base is now older than.

    ``bytes`` and ``sha256`` of the backup, and ``older_than`` (``sequence`` and ``day`` of the newest checkpoint that
    is no part of the base any more, or ``None``). Raises what ``restore_backup`` raises.
    """
    done = restore_backup(settings, file, force=force)
    drop_index(settings.home)  # it holds the patents that were there before
    runtime, _ = open_runtime(settings)
    try:
        return done | {"older_than": record_restore(runtime)}
    finally:
        runtime.close()


def record_restore(runtime: Runtime) -> dict[str, Any] | None:
    """Put on record that an earlier state of the base was put back, by whatever tool; ``older_than`` of ``restore``."""
    folder = runtime.settings.checkpoints
    with runtime.unit() as unit:
        newest = note_restore(unit, folder)
    make_checkpoint(runtime, "restore")
    return {"sequence": newest.sequence, "day": newest.day} if newest else None


def send_checkpoints(runtime: Runtime, send: Sender | None = None) -> dict[str, int]:
    """Send every checkpoint that was not sent yet to the bureau; one that fails is tried again in the next round.

    ``{"sent", "failed"}``. A file beside a checkpoint tells that it went out, and with which reply.
    """
    with runtime.unit(write=False) as unit:
        told = [runtime.settings.bureau_email] if runtime.settings.bureau_email else addresses_of_keepers(unit)
    to = [each.address for field in told for each in read_addresses(field).usable]
    waiting = [each for each in checkpoint_files(runtime.settings.checkpoints) if not _sent_mark(each).exists()]
    summary = {"sent": 0, "failed": 0}
    if not to or not waiting:
        return summary
    sender = send or sender_of(runtime)
    post = Postman(runtime, sender)
    for file in waiting[-_AT_MOST:]:
        answers = [post(_letter(read_checkpoint(file), address, runtime.pack)) for address in to]
        if all(each.outcome in ARRIVED for each in answers):
            _sent_mark(file).write_text("\n".join(each.reply for each in answers) + "\n", "utf-8")
            summary["sent"] += 1
        else:
            summary["failed"] += 1
    if send is None:
        close_sender(sender)
    return summary


def _sent_mark(file: Path) -> Path:
    return file.with_suffix(".sent")


def _letter(made: Checkpoint, address: str, pack: RulePack) -> Letter:
    told = {"sequence": made.sequence, "day": made.day, "entries": made.entries, "head": made.last_hash}
    subject = sentence("checkpoint_mail_subject", "zh", **told)
    titles = {each.key: each.title("zh") for each in pack.thresholds}
    said = "checkpoint_mail_confirmed" if made.policy_confirmed else "pack_unconfirmed"
    lines = [
        sentence("checkpoint_mail_text", "zh", **told),
        sentence(said, "zh", policy=made.policy, digest=made.policy_digest),
        *(
            sentence("checkpoint_mail_count", "zh", threshold=titles.get(key, key), **counted)
            for key, counted in made.counts.items()
        ),
    ]
    number = f"<checkpoint-{made.name.removesuffix('.json')}-{address.replace('@', '.at.')}@matchhub>"
    return Letter(message_id=number, sender="", to=address, subject=subject, text="\n".join(lines) + "\n")
