"""Rows into files: a description of the sheet and an iterable in, csv or xlsx out, row by row."""

from app.exports.delimited import csv_chunks
from app.exports.sheet import ExportColumn, Sheet, Shown
from app.exports.workbook import write_book, write_xlsx

__all__ = ["ExportColumn", "Sheet", "Shown", "csv_chunks", "write_book", "write_xlsx"]
