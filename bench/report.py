"""The figures as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.rows_of_json import MOST, ROWS
from bench.verdict import mark

if TYPE_CHECKING:
    from bench.measure import Exported, Figures
    from bench.operations import Operation
    from bench.rows_of_json import Compared

MOST_STATEMENTS = 8
EXPORT_SECONDS = 15
EXPORT_MIB = 100
DEEPEST = 1.2  # times the first page
FLAT = 1.2  # times from 100,000 organisations on
LARGE = 100_000  # organisations
LATER = 5  # times faster than the first time
FORM_KIB = 70


@dataclass(frozen=True)
class Line:
    """One task: the portal in each capacity, and the other side where it offers the task."""

    operation: Operation
    ours: dict[str, Figures]
    plain: Figures | None


def print_table(lines: list[Line], rows: int) -> None:
    """Print all tasks."""
    print(
        f"\n{rows:,} organisations; milliseconds, cpu: of the server's process alone;"
        " statements without BEGIN and COMMIT; KiB sent"
    )
    head = (
        "task",
        "as",
        "p50",
        "p95",
        "cpu",
        "stmts",
        "KiB",
        "limit",
        "plain p50",
        "stmts",
        "KiB",
        "ratio",
    )
    print(_row(head))
    for line in lines:
        for role, found in line.ours.items():
            print(_row(_cells(line, role, found)))
    print("! over its limit; — not offered or not allowed; ratio = plain : portal")


def _cells(line: Line, role: str, found: Figures) -> tuple[str, ...]:
    if not found.done:
        return (line.operation.name, role, "—", "—", "—", "—", "—", "", "", "", "", "")
    ours = (
        f"{found.p50:.1f}",
        f"{found.p95:.1f}",
        f"{found.cpu:.1f}",
        str(found.statements),
        f"{found.size:.0f}",
        f"{line.operation.p50:g}{_over(line.operation, role, found)}",
    )
    plain = line.plain
    if plain is None:
        return (line.operation.name, role, *ours, "—", "—", "—", "—")
    beside = (f"{plain.p50:,.0f}", str(plain.statements), f"{plain.size:,.0f}")
    return (line.operation.name, role, *ours, *beside, f"{plain.p50 / found.p50:,.0f}×")


def _over(operation: Operation, role: str, found: Figures) -> str:
    name = f"{operation.name}, {role}"
    marks = mark(f"{name}, p50", found.p50, operation.p50, "ms")
    marks += mark(f"{name}, p95", found.p95, operation.p95, "ms")
    marks += mark(f"{name}, statements", found.statements, MOST_STATEMENTS, "")
    if operation.name == "edit form":
        marks += mark(f"{name}, size", found.size, FORM_KIB, "KiB")
    return marks[:2]


def _row(cells: tuple[str, ...]) -> str:
    widths = (28, 10, 7, 7, 6, 5, 5, 6, 9, 6, 8, 7)
    name, role, *figures = cells
    first = f"{name:<{widths[0]}} {role:<{widths[1]}}"
    return first + " ".join(f"{cell:>{w}}" for cell, w in zip(figures, widths[2:], strict=True))


def print_exports(found: list[Exported]) -> None:
    """Print the exports of everything; plain Flask-AppBuilder has none."""
    print("\nExport of everything (operator)   seconds   limit   MiB   memory +MiB   stmts   plain")
    for export in found:
        over = mark(f"{export.form} of everything", export.seconds, EXPORT_SECONDS, "s")
        over += mark(f"{export.form} of everything, memory", export.growth, EXPORT_MIB, "MiB")
        print(
            f"{export.form:<32}{export.seconds:>9.1f}{EXPORT_SECONDS:>8}{export.size:>6.1f}"
            f"{export.growth:>14.1f}{export.statements:>8}{'—':>8}{over[:2]}"
        )


def print_document(first: float, later: float, size: float) -> None:
    """Print what the OpenAPI document takes when it is made and when it is remembered."""
    over = mark("OpenAPI document, made : remembered", first / later, LATER, "×", least=True)
    print(f"\nOpenAPI document, {size:.0f} KiB: first {first:.0f} ms, again {later:.1f} ms{over}")


def print_json(found: list[Compared]) -> None:
    """Print what 100 rows as JSON take beside a bare query of the same rows."""
    print(f"\nJSON of {ROWS} organisations (operator), p50 ms; limit: {MOST:g} × the bare query")
    print(f"{'columns':<28}{'portal':>9}{'cpu':>7}{'stmts':>7}{'bare':>8}{'ratio':>8}{'plain':>9}")
    for one in found:
        plain = f"{one.plain.p50:>9.1f}" if one.plain and one.plain.done else f"{'—':>9}"
        print(
            f"{one.columns:<28}{one.portal.p50:>9.1f}{one.portal.cpu:>7.1f}"
            f"{one.portal.statements:>7}{one.bare.p50:>8.1f}{one.ratio:>7.1f}"
            f"{mark(f'JSON, {one.columns}', one.ratio, MOST, '×')}{plain}"
        )


def print_growth(names: tuple[str, ...], growth: dict[int, dict[str, Figures]]) -> None:
    """Print the middle of each task at each number of organisations."""
    print(
        f"\nGrowth, p50, ms{'':<18}"
        + "".join(f"{rows:>12,}" for rows in growth)
        + "   last : first"
    )
    for name in names:
        found = [by_name[name].p50 for by_name in growth.values()]
        print(
            f"{name:<33}"
            + "".join(f"{ms:>12.1f}" for ms in found)
            + f"{found[-1] / found[0]:>15.2f}"
        )
    last = growth[max(growth)]
    if {"list", "deepest page"} <= last.keys():
        ratio = last["deepest page"].p50 / last["list"].p50
        over = mark("deepest page : first page", ratio, DEEPEST, "×")
        print(f"deepest page : first page {ratio:.2f} (limit {DEEPEST}){over}")
    if (larger := [rows for rows in growth if rows > LARGE]) and LARGE in growth:
        for name in names:
            ratio = growth[larger[-1]][name].p50 / growth[LARGE][name].p50
            mark(f"{name}, {larger[-1]:,} : {LARGE:,}", ratio, FLAT, "×")
