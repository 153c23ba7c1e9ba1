/**
 * Cells of CSV as RFC 4180 has them. Logs are written by strangers, and a spreadsheet takes a cell
 * that begins with certain characters for a formula, which can run programs and send data away:
 * CWE-1236. Such a cell gets an apostrophe before it, which spreadsheets show as text.
 */

/** What begins a formula, full-width forms and characters that some programs skip among them. */
const MAY_BE_FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/;

/** What begins with a sign and is a number all the same. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

const NEEDS_QUOTES = /[",;\t\r\n\0]|^\s|\s$/;

/** A value as a cell: defused, and in quotes where it needs them. */
export function csvCell(value: string): string {
	const text = MAY_BE_FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
	return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The end of each line. */
export const CSV_LINE_END = '\r\n';
