"""A portal, files of the register and the command that loads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.imports.register_file import document

if TYPE_CHECKING:
    from click.testing import Result

    from tests.conftest import Portal

TABLES = (
    "organisation",
    "organisation_address",
    "organisation_accreditation",
    "organisation_accreditation_supplement",
    "organisation_accreditation_program",
    "organisation_accreditation_decision",
)
NAMES = ("Организации", "Свидетельства", "Приложения", "Аккредитованные", "Решения")


@dataclass(frozen=True)
class Loading:
    """Loads certificates, or a file as it is, by the command of the portal."""

    portal: Portal
    folder: Path

    def __call__(
        self, *content: str | bytes | Path, options: tuple[str, ...] = (), code: int = 0
    ) -> Result:
        path = self._file(*content)
        command = ["portal", "import", "accreditation", str(path), *options]
        result = self.portal.app.test_cli_runner().invoke(args=command)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    def _file(self, *content: str | bytes | Path) -> Path:
        if isinstance(content[0], Path):
            return content[0]
        path = self.folder / "register.xml"
        whole = content[0] if isinstance(content[0], bytes) else None
        path.write_bytes(whole if whole is not None else document(*map(str, content)).getvalue())
        return path

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the superuser sees in the database, or does to it."""
        with self.portal.cluster.connect(self.portal.database) as connection:
            return connection.execute(query, values).fetchall()

    def column(self, query: str, *values: object) -> list[Any]:
        """The first column of the rows."""
        return [row[0] for row in self.rows(query, *values)]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of the register and of the log, versions and stamps included."""
        tables = (*TABLES, "activity")
        return {table: self.rows(f"select * from {table} order by id") for table in tables}  # noqa: S608 - names of our own tables

    def organisations(self, pattern: str) -> list[tuple[Any, ...]]:
        """Names and register identifiers of those whose name fits the pattern."""
        query = "select full_name, source_id from organisation where full_name ~ %s order by id"
        return self.rows(query, pattern)

    def add_by_hand(self, name: str, **values: str) -> None:
        """An organisation that people typed in before."""
        columns = ", ".join(values)
        places = ", ".join(["%s"] * len(values))
        statement = (
            f"insert into organisation (uid, full_name, {columns})"  # noqa: S608 - names of our own columns
            f" values (gen_random_uuid(), %s, {places}) returning id"
        )
        self.rows(statement, name, *values.values())


def counts(result: Result) -> dict[str, tuple[int, ...]]:
    """The numbers of the printed table: new, changed, same, not loaded, problems."""
    found = {}
    for line in result.stdout.splitlines():
        for name in NAMES:
            if line.startswith(name):
                found[name] = tuple(int(cell) for cell in line.split() if cell.isdigit())
    return found


def part(result: Result, title: str) -> str:
    """A titled list of the report, empty where there is none."""
    return result.stdout.partition(f"\n{title}: ")[2].partition("\n\n")[0]


def problems(result: Result) -> str:
    """What the report says of values."""
    return part(result, "Замечания к значениям")


def questions(result: Result) -> str:
    """What the report asks."""
    return part(result, "Вопросы")
