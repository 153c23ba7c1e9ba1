import { docker } from './formats/docker.ts';
import type { Format } from './formats/format.ts';
import { otlp, otlpRecord } from './formats/opentelemetry.ts';
import { recogniseFormat } from './formats/table.ts';
import type { FormatGuess } from './formats/table.ts';
import { follow, stateAfter } from './join-lines.ts';
import type { JoinState } from './join-lines.ts';
import { readRecord } from './json-record.ts';
import type { ParsedRecord } from './json-record.ts';
import { otlpRecords } from './otlp-records.ts';

/** One of the entries in a text, before its columns are read. */
export interface EntryPart {
	/** The first line. */
	readonly head: string;
	/** The lines after it, without the space at their end. */
	readonly followed: string;
	/** What the first line is, if it is an object. */
	readonly record?: ParsedRecord;
	readonly format?: Format;
	/** Docker's record around it. */
	readonly wrapper?: ParsedRecord;
}

/** Takes apart all text of an entry; at least one part, in the order of the text. */
export function entryParts(raw: string, guess?: FormatGuess): readonly EntryPart[] {
	return partsOf(raw, undefined, guess);
}

function partsOf(
	raw: string,
	wrapper: ParsedRecord | undefined,
	guess: FormatGuess | undefined,
): readonly EntryPart[] {
	const lineEnd = raw.indexOf('\n');
	const head = withoutReturn(lineEnd === -1 ? raw : raw.slice(0, lineEnd));
	const followed = lineEnd === -1 ? '' : textOf(raw.slice(lineEnd + 1));
	const base = wrapper === undefined ? { head, followed } : { head, followed, wrapper };
	const record = readRecord(head);
	if (record === undefined) {
		return [base];
	}
	const format = guess?.recognise(record.value) ?? recogniseFormat(record.value);
	// Docker in Docker is a program's own affair.
	if (format === docker && wrapper === undefined) {
		return dockerParts(record, lineEnd === -1 ? '' : raw.slice(lineEnd + 1), guess);
	}
	if (format === otlp) {
		const records = otlpRecords(record);
		if (records.length > 0) {
			return records.map((item, i) => ({
				...base,
				followed: i === records.length - 1 ? followed : '',
				record: item,
				format: otlpRecord,
			}));
		}
	}
	return [{ ...base, record, format }];
}

/**
 * The lines of a program, put together out of Docker's records. Lines of its other stream that came
 * between are entries of their own.
 */
function dockerParts(
	first: ParsedRecord,
	rest: string,
	guess: FormatGuess | undefined,
): readonly EntryPart[] {
	const pieces = [String(first.value['log'])];
	const others: string[] = [];
	for (const line of rest === '' ? [] : rest.split('\n')) {
		const record = readRecord(line);
		if (record === undefined || !docker.matches(record.value)) {
			pieces.push(`${line}\n`);
		} else if (record.value['stream'] === first.value['stream']) {
			pieces.push(String(record.value['log']));
		} else {
			others.push(withoutReturn(line));
		}
	}
	const text = pieces.join('');
	return [
		...partsOf(text.endsWith('\n') ? text.slice(0, -1) : text, first, undefined),
		...entriesOf(others).flatMap((entry) => partsOf(entry, undefined, guess)),
	];
}

function entriesOf(lines: readonly string[]): readonly string[] {
	const entries: string[][] = [];
	let state: JoinState = 'fresh';
	for (const line of lines) {
		const next: JoinState | undefined = follow(line, state);
		if (next === undefined) {
			entries.push([line]);
		} else {
			entries.at(-1)?.push(line);
		}
		state = next ?? stateAfter(line);
	}
	return entries.map((entry) => entry.join('\n'));
}

function withoutReturn(line: string): string {
	return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function textOf(lines: string): string {
	return (lines.includes('\r') ? lines.replaceAll('\r\n', '\n') : lines).trimEnd();
}
