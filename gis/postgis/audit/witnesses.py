"""Ask witnesses to cosign a checkpoint, as C2SP tlog-witness defines it.

A witness that does not answer is left out and logged: how many are needed is the auditor's
policy, not ours.
"""

from __future__ import annotations

import base64
import logging
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gis.postgis.audit.errors import AuditError
from gis.postgis.audit.store import Store
from governance.log.checkpoint import read_checkpoint
from governance.log.note import (
    COSIGNATURE,
    NoteError,
    VerifierKey,
    is_signed,
    read_note,
    read_verifier_key,
)
from governance.log.proofs import TiledTree

logger = logging.getLogger(__name__)

TIMEOUT_S = 5.0
LONGEST_ANSWER_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its public key, and where it listens."""

    key: VerifierKey
    url: str


class WitnessError(Exception):
    """The witness did not cosign; the message says why."""


def read_witnesses(policy: Path) -> tuple[Witness, ...]:
    """Read the witnesses that have an address from a policy file (C2SP tlog-policy)."""
    found: list[Witness] = []
    for line in policy.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[:1] != ["witness"] or len(words) != 4:
            continue
        try:
            key = read_verifier_key(words[2])
        except NoteError as error:
            raise AuditError(f"{policy}: witness {words[1]}: {error}") from error
        if key.kind != COSIGNATURE or not words[3].startswith(("http://", "https://")):
            raise AuditError(
                f"{policy}: witness {words[1]} needs a cosigning key and an http address"
            )
        found.append(Witness(key, words[3].rstrip("/")))
    return tuple(found)


def with_cosignatures(store: Store, note: str, witnesses: Sequence[Witness]) -> str:
    """Return the checkpoint with a line of each witness that cosigned it."""
    for witness in witnesses:
        try:
            note += cosign(store, note, witness)
        except WitnessError as error:
            logger.warning("not cosigned witness=%s: %s", witness.key.name, error)
    return note


def cosign(store: Store, note: str, witness: Witness) -> str:
    """Return the witness's signature line.

    First from nothing, then from the size the witness says it knows: two requests at most.

    Raises WitnessError when it refuses, does not answer, or signs something else.
    """
    status, answer = _ask(store, note, witness, old_size=0)
    if status == 409:
        known = answer.strip()
        if not known.isdigit():
            raise WitnessError(f"409 without a size: {answer[:80]!r}")
        status, answer = _ask(store, note, witness, old_size=int(known))
    if status != 200:
        raise WitnessError(f"status {status}: {answer[:200].strip()!r}")
    return _own_line(note, answer, witness.key)


def _ask(store: Store, note: str, witness: Witness, *, old_size: int) -> tuple[int, str]:
    size = read_checkpoint(note).size
    if old_size > size:
        raise WitnessError(f"it has seen {old_size} entries, the log has {size}: a fork or a cut")
    proof = TiledTree(size, store.read_tile).consistency_proof(old_size)
    lines = [f"old {old_size}", *(base64.b64encode(one).decode() for one in proof)]
    body = ("\n".join(lines) + "\n\n" + note).encode()
    request = urllib.request.Request(f"{witness.url}/add-checkpoint", data=body)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return answer.status, answer.read(LONGEST_ANSWER_BYTES).decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read(LONGEST_ANSWER_BYTES).decode(errors="replace")
    except (OSError, UnicodeDecodeError) as error:
        raise WitnessError(f"no answer from {witness.url}: {error}") from error


def _own_line(note: str, answer: str, key: VerifierKey) -> str:
    """Pick the witness's own line out of its answer, verified."""
    for line in answer.splitlines():
        try:
            if is_signed(read_note(f"{note}{line}\n"), key):
                return f"{line}\n"
        except NoteError as error:
            raise WitnessError(str(error)) from error
    raise WitnessError("its answer holds no signature of its key")
