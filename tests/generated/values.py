"""Values that stand in the rows of the matrix instead of the samples of their kinds."""

from __future__ import annotations

VALUES = {  # where a sample would meet a row of the demo data
    ("municipality", "oktmo"): "66999000",
    ("school_year", "code"): "2098/99",
    ("classifier_item", "classifier"): "TEST",
    ("grading_system", "applies_grades"): "12",
    ("calendar_day", "kind"): "H",
    ("deadline_rule", "unit"): "wd",
    ("school_class", "letter"): "Ж",
    ("student_enrolment", "admitted_on"): "01.09.2021",
    ("student_enrolment", "left_on"): "31.08.2031",
    ("class_membership", "from_date"): "02.11.2030",  # of the last school year that is seeded
    ("class_membership", "to_date"): "31.05.2031",
    ("weekly_load", "grade"): "12",
    ("weekly_load", "week_days"): "6",
}

# Planted rows stand beside the ones that are added with the samples: where a list takes a value
# once, they have another one.
PLANTED = {
    ("guardian_identity_document", "doc_type_code"): "91",
    ("student_identity_document", "doc_type_code"): "91",
    ("student_address", "address_kind"): "T",
    ("student_family_status", "valid_to"): "31.12.2020",
    ("student_guardian", "valid_to"): "31.12.2020",
    ("student_food_benefit", "category_code"): "OTHER",
    ("calendar_period", "ordinal"): "9",
    ("calendar_period", "start_date"): "01.10.2026",
    ("calendar_period", "end_date"): "20.10.2026",
    ("curriculum_line", "grade"): "9",
    ("mark_weight", "work_kind"): "PLANTED",
    ("organisation_absence", "item_code"): "9.99",
    ("organisation_admission_info", "grade"): "9",
    ("organisation_language", "language_code"): "zzz",
    ("organisation_vacancy", "grade"): "9",
    ("school_class", "letter"): "Я",
    ("student_enrolment", "admitted_on"): "01.09.2020",
    ("student_enrolment", "is_main"): "no",
    ("student_enrolment", "study_form"): "2",
    ("class_membership", "from_date"): "02.09.2030",
    ("class_membership", "to_date"): "01.10.2030",
    ("class_membership", "end_reason"): "MV",
    ("student_completed_program", "level_code"): "12",
    ("subject", "code"): "PLANTED",
}

# Planted rows point to a row of the demo where a list takes each row once.
DEMO_ROWS = {("enrolment_order_line", "enrolment_id"), ("transfer_request", "student_id")}
