"""The 63 items of information of Appendix 3 to decree 493 of 19.07.2022, verbatim."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Periodicity:
    """How often an item is entered: ``kind`` is a rule of the freshness engine.

    ``months`` are the numbers of the months of entry where the decree names them.
    """

    kind: str
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of Appendix 3; ``name`` and ``periodicity_text`` are the decree's own words.

    ``code`` is "section.number" with two digits of the number, ``identifier`` an English name.
    """

    code: str
    section: int
    number: int
    name: str
    periodicity_text: str
    periodicity: Periodicity
    identifier: str


SECTIONS: Mapping[int, str] = MappingProxyType(
    {
        1: "Информация об обучающихся",
        2: "Информация о сотрудниках",
        3: "Данные об образовательной организации",
    }
)

_LEARNER_ENTERS = (
    "при поступлении обучающегося",
    Periodicity("on_admission"),
)
_LEARNER_CHANGES = (
    "при поступлении обучающегося, затем при изменении данных об обучающемся",
    Periodicity("on_admission_then_on_change"),
)
_DATA_ARRIVE = (
    "по мере поступления данных",
    Periodicity("as_data_arrive"),
)
_TWICE_A_YEAR = (
    "два раза в год (сентябрь, май)",
    Periodicity("twice_a_year", (9, 5)),
)
_EMPLOYEE_ENTERS = (
    "при поступлении сотрудника",
    Periodicity("on_admission"),
)
_EMPLOYEE_CHANGES = (
    "при поступлении сотрудника, затем при изменении данных о сотруднике",
    Periodicity("on_admission_then_on_change"),
)
_ON_CHANGE = (
    "при наличии изменений",
    Periodicity("on_change"),
)
_SCHOOL_YEAR = (
    "в начале учебного года, затем при наличии изменений",
    Periodicity("school_year_start_then_on_change"),
)

_LINES = (
    (1, 1, "Фамилия, имя, отчество", _LEARNER_ENTERS, "student_full_name"),
    (1, 2, "Дата рождения", _LEARNER_ENTERS, "student_birth_date"),
    (1, 3, "Родной язык", _LEARNER_ENTERS, "student_native_language"),
    (1, 4, "Пол", _LEARNER_ENTERS, "student_sex"),
    (1, 5, "Гражданство", _LEARNER_ENTERS, "student_citizenship"),
    (1, 6, "Телефон", _LEARNER_CHANGES, "student_phone"),
    (1, 7, "Электронная почта", _LEARNER_CHANGES, "student_email"),
    (1, 8, "СНИЛС", _LEARNER_CHANGES, "student_snils"),
    (1, 9, "Паспортные данные", _LEARNER_CHANGES, "student_identity_documents"),
    (1, 10, "Фактический адрес", _LEARNER_CHANGES, "student_actual_address"),
    (1, 11, "Адрес места проживания", _LEARNER_CHANGES, "student_residence_address"),
    (1, 12, "Категории социальных выплат на питание", _LEARNER_CHANGES, "student_food_benefits"),
    (1, 13, "Инвалидность", _LEARNER_CHANGES, "student_disability"),
    (1, 14, "Полнота семьи", _LEARNER_CHANGES, "student_family_completeness"),
    (1, 15, "Родители (Ф.И.О., место работы)", _LEARNER_ENTERS, "student_guardians"),
    (1, 16, "История обучения", _DATA_ARRIVE, "student_education_history"),
    (1, 17, "Освоенные программы обучения", _DATA_ARRIVE, "student_completed_programs"),
    (1, 18, "Документ об образовании", _DATA_ARRIVE, "student_education_documents"),
    (1, 19, "Успеваемость", _DATA_ARRIVE, "student_performance"),
    (1, 20, "Результаты ГИА (ЕГЭ, ОГЭ, ГВЭ)", _DATA_ARRIVE, "student_gia_results"),
    (1, 21, "Физическая подготовка", _TWICE_A_YEAR, "student_physical_fitness"),
    (1, 22, "Творческие достижения", _DATA_ARRIVE, "student_achievements"),
    (1, 23, "Внеурочная деятельность", _DATA_ARRIVE, "student_extracurricular"),
    (1, 24, "Дополнительное образование", _DATA_ARRIVE, "student_additional_education"),
    (2, 1, "Фамилия, имя, отчество", _EMPLOYEE_ENTERS, "employee_full_name"),
    (2, 2, "Дата рождения", _EMPLOYEE_ENTERS, "employee_birth_date"),
    (2, 3, "Место рождения", _EMPLOYEE_ENTERS, "employee_birth_place"),
    (2, 4, "Пол", _EMPLOYEE_ENTERS, "employee_sex"),
    (2, 5, "Электронная почта", _EMPLOYEE_CHANGES, "employee_email"),
    (2, 6, "Телефон", _EMPLOYEE_CHANGES, "employee_phone"),
    (2, 7, "Семейное положение", _EMPLOYEE_CHANGES, "employee_marital_status"),
    (2, 8, "Адрес проживания", _EMPLOYEE_CHANGES, "employee_address"),
    (2, 9, "Паспортные данные", _EMPLOYEE_CHANGES, "employee_identity_documents"),
    (2, 10, "Должность", _EMPLOYEE_CHANGES, "employee_position"),
    (2, 11, "Образование", _EMPLOYEE_CHANGES, "employee_education"),
    (2, 12, "История трудовой деятельности", _EMPLOYEE_CHANGES, "employee_work_history"),
    (2, 13, "Награды и достижения", _EMPLOYEE_CHANGES, "employee_awards"),
    (2, 14, "Научно-методическая деятельность", _EMPLOYEE_CHANGES, "employee_methodical_work"),
    (2, 15, "Обеспеченность жильем", _EMPLOYEE_CHANGES, "employee_housing"),
    (
        2,
        16,
        "Внеурочная деятельность по предмету",
        _EMPLOYEE_CHANGES,
        "employee_subject_extracurricular",
    ),
    (2, 17, "Квалификация", _EMPLOYEE_CHANGES, "employee_qualification"),
    (3, 1, "Наименование", _ON_CHANGE, "organisation_name"),
    (3, 2, "Телефон", _ON_CHANGE, "organisation_phone"),
    (3, 3, "Электронная почта", _ON_CHANGE, "organisation_email"),
    (3, 4, "Сайт", _ON_CHANGE, "organisation_site"),
    (3, 5, "Фактический адрес", _ON_CHANGE, "organisation_actual_address"),
    (3, 6, "Юридический адрес", _ON_CHANGE, "organisation_legal_address"),
    (3, 7, "Банковские реквизиты", _ON_CHANGE, "organisation_bank_details"),
    (3, 8, "Государственная аккредитация", _ON_CHANGE, "organisation_accreditation"),
    (3, 9, "Учредители", _ON_CHANGE, "organisation_founders"),
    (3, 10, "Лицензия", _ON_CHANGE, "organisation_licence"),
    (3, 11, "Договоры о сотрудничестве", _ON_CHANGE, "organisation_agreements"),
    (3, 12, "Органы управления", _ON_CHANGE, "organisation_governing_bodies"),
    (3, 13, "Нормативные правовые акты", _ON_CHANGE, "organisation_documents"),
    (3, 14, "Учебные планы", _SCHOOL_YEAR, "organisation_curricula"),
    (3, 15, "Годовой календарный учебный график", _SCHOOL_YEAR, "organisation_academic_calendar"),
    (3, 16, "Образовательные программы", _SCHOOL_YEAR, "organisation_programs"),
    (3, 17, "Язык обучения", _ON_CHANGE, "organisation_languages"),
    (3, 18, "Свободные места", _ON_CHANGE, "organisation_vacancies"),
    (
        3,
        19,
        "Информация о зачислении в образовательную организацию",
        _ON_CHANGE,
        "organisation_admission_info",
    ),
    (3, 20, "Продолжительность обучения и режим занятий", _ON_CHANGE, "organisation_study_regime"),
    (3, 21, "Порядок отчисления обучающихся", _ON_CHANGE, "organisation_expulsion_rules"),
    (3, 22, "Система оценивания", _ON_CHANGE, "organisation_grading_system"),
)

ITEMS: Mapping[str, Item] = MappingProxyType(
    {
        (code := f"{section}.{number:02}"): Item(
            code, section, number, name, text, periodicity, identifier
        )
        for section, number, name, (text, periodicity), identifier in _LINES
    }
)
