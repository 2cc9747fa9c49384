"""What a reader of a comparison must know about how it was measured, in both languages."""

from __future__ import annotations

from typing import Any

from governance.report.words import plain

BUSY_SHARE = 0.25  # of the cores taken by something else before the run: figures are too low

Result = dict[str, Any]
Note = tuple[str, str]  # German, English


def cores_in_use(result: Result) -> int:
    """Return how many cores the run was allowed to use; all, where the file does not say."""
    return int(result["machine"].get("cores_in_use", result["machine"]["cores"]))


def is_stand_in(result: Result) -> bool:
    """Say whether a larger machine played a smaller one."""
    return cores_in_use(result) < int(result["machine"]["cores"])


def is_one_machine(a: Result, b: Result) -> bool:
    """Say whether both files seem to come from the same machine, or from two of one kind."""
    facts = ("processor", "cores", "memory_gb", "system")
    return all(a["machine"].get(one) == b["machine"].get(one) for one in facts)


def notes(a: Result, b: Result) -> list[Note]:
    """Return what makes the figures less than two whole, quiet machines side by side."""
    found: list[Note] = []
    for letter, one in (("A", a), ("B", b)):
        found += _stand_in(letter, one) + _busy(letter, one)
    if is_one_machine(a, b):
        found.append(
            (
                "Beide Messungen nennen denselben Rechner: gleicher Prozessor, gleicher Speicher.",
                "Both runs name the same machine: same processor, same memory.",
            )
        )
    return found


def _stand_in(letter: str, one: Result) -> list[Note]:
    if not is_stand_in(one):
        return []
    used, whole = cores_in_use(one), one["machine"]["cores"]
    return [
        (
            f"{letter} ist nachgestellt: ein Rechner mit {whole} Kernen durfte nur {used} "
            "benutzen. Speicher, Platte und Takt sind die des ganzen Rechners.",
            f"{letter} is a stand-in: a machine of {whole} cores was allowed to use only {used}. "
            "Memory, disk and clock are those of the whole machine.",
        )
    ]


def _busy(letter: str, one: Result) -> list[Note]:
    load = float(one["machine"]["load_before"])
    if load <= BUSY_SHARE * cores_in_use(one):
        return []
    return [
        (
            f"{letter} war vor der Messung beschäftigt (Last {plain(load, 1, 'de')} bei "
            f"{cores_in_use(one)} Kernen): in Ruhe leistet der Rechner mehr.",
            f"{letter} was busy before the run (load {load:.1f} on {cores_in_use(one)} cores): "
            "left alone it does more.",
        )
    ]
