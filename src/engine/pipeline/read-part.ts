import { readColumns, readMapped } from './columns.ts';
import type { Columns } from './columns.ts';
import type { DecodeContext } from './entry-decoder.ts';
import type { EntryPart } from './entry-parts.ts';
import { docker } from './formats/docker.ts';
import type { Format, FoundLevel } from './formats/format.ts';
import { TOO_DEEP, jsonProblem } from './json-problem.ts';
import { isTooDeep, recordText } from './json-record.ts';
import type { ParsedRecord } from './json-record.ts';
import { readText } from './plain-text.ts';
import { rescueRecord, rescued } from './rescue.ts';

/** A record that says something about an entry. */
export interface Scope {
	readonly record: ParsedRecord;
	readonly format: Format;
	/** What was found in it, by the user's mapping or by its format. */
	readonly found: readonly Columns[];
	/** Its message was taken apart: it is the record before this one, or a line of text. */
	readonly isOpened: boolean;
}

/** An entry's columns, and the records that they were found in. */
export interface PartReading {
	/** Microseconds since 1970; `undefined` if nothing says when. */
	readonly ts: number | undefined;
	readonly level: FoundLevel;
	readonly message: string;
	readonly logger: string;
	/** Empty for none. */
	readonly task: string;
	readonly format: string;
	/** The first line is no object: the message is its text. */
	readonly isText: boolean;
	readonly quarantine?: string | undefined;
	/** Innermost first: a record in the message, the line's own, Docker's around it. */
	readonly scopes: readonly Scope[];
}

const INFO: FoundLevel = { level: 'INFO', severity: 20 };

/** Reads one part of an entry's text. */
export function readPart(part: EntryPart, context: DecodeContext): PartReading {
	const { record, format, wrapper } = part;
	return record === undefined || format === undefined
		? readTextPart(part, context)
		: readRecordPart(part.head, record, format, wrapper, context);
}

function readRecordPart(
	head: string,
	record: ParsedRecord,
	format: Format,
	wrapper: ParsedRecord | undefined,
	{ mapping }: DecodeContext,
): PartReading {
	const own = readColumns(record, format);
	const outer = wrapper && readColumns(wrapper, docker);
	const mapped = mapping && readMapped(record, mapping, format);
	const outerMapped = mapping && wrapper && readMapped(wrapper, mapping, docker);
	const message = mapped?.message ?? outerMapped?.message;
	// The mapping has the last word: what it names is not looked into.
	const innerRecord = message ? undefined : rescueRecord(own.message?.value ?? '');
	const inner = innerRecord && readColumns(innerRecord, rescued);
	return {
		ts: (mapped?.time ?? outerMapped?.time ?? own.time ?? inner?.time ?? outer?.time)?.value,
		level: mapped?.level ?? outerMapped?.level ?? inner?.level ?? own.level ?? INFO,
		message: (message ?? inner?.message ?? own.message)?.value ?? head.toWellFormed(),
		logger:
			(mapped?.logger ?? outerMapped?.logger)?.value ??
			(own.logger?.value || (inner?.logger?.value ?? '')),
		task:
			(mapped?.task ?? outerMapped?.task)?.value ?? (own.task?.value || (inner?.task?.value ?? '')),
		format: isFound(mapped) || isFound(outerMapped) ? MAPPED : nameOf(format.name, wrapper),
		isText: false,
		quarantine: isTooDeep(record) ? TOO_DEEP : format.problem?.(record.value),
		scopes: [
			...scopeOf(innerRecord, rescued, [inner]),
			...scopeOf(record, format, [mapped, own], innerRecord !== undefined),
			...scopeOf(wrapper, docker, [outerMapped, outer], true),
		],
	};
}

function readTextPart(
	{ head, wrapper }: EntryPart,
	{ arrival, mapping }: DecodeContext,
): PartReading {
	const innerRecord = rescueRecord(head);
	const inner = innerRecord && readColumns(innerRecord, rescued);
	const outer = wrapper && readColumns(wrapper, docker);
	const mapped = mapping && wrapper && readMapped(wrapper, mapping, docker);
	const text = readText(head, arrival);
	const name = inner === undefined ? text.format : rescued.name;
	return {
		// Docker's time has a zone, that of the text may lack it.
		ts: (mapped?.time ?? inner?.time ?? outer?.time)?.value ?? text.ts,
		level: mapped?.level ?? inner?.level ?? text,
		message: (mapped?.message ?? inner?.message)?.value ?? head.toWellFormed(),
		logger: mapped?.logger?.value ?? inner?.logger?.value ?? text.logger,
		task: mapped?.task?.value ?? inner?.task?.value ?? '',
		format: isFound(mapped) ? MAPPED : nameOf(name, wrapper),
		isText: inner === undefined && wrapper === undefined,
		quarantine: inner === undefined ? problemOf(head) : undefined,
		scopes: [
			...scopeOf(innerRecord, rescued, [inner]),
			...scopeOf(wrapper, docker, [mapped, outer], true),
		],
	};
}

const MAPPED = 'mapped';

function nameOf(name: string, wrapper: ParsedRecord | undefined): string {
	if (wrapper === undefined) {
		return name;
	}
	return name === 'text' ? docker.name : `${docker.name} › ${name}`;
}

function scopeOf(
	record: ParsedRecord | undefined,
	format: Format,
	found: readonly (Columns | undefined)[],
	isOpened = false,
): readonly Scope[] {
	return record === undefined
		? []
		: [{ record, format, found: found.filter((columns) => columns !== undefined), isOpened }];
}

function isFound(columns: Columns | undefined): boolean {
	return columns !== undefined && Object.values(columns).some((found) => found !== undefined);
}

/** Lists too begin with a bracket, but so do times and levels. */
const JSON_LIKE = /^\s*(?:\{|\[\s*(?:[{"]|\[\s*[\]{["\d]))/;

/** Why a text that begins like JSON is none. */
function problemOf(head: string): string | undefined {
	const text = recordText(head);
	return JSON_LIKE.test(text) ? jsonProblem(text) : undefined;
}
