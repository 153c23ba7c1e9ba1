import { memberOf, parseJson, textOf } from '#shared/json/parse-json.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';
import { EntryFlag } from '#shared/model/entry.ts';
import { canonicalLevel, levelOfSeverity, severityOf } from '#shared/model/level.ts';
import {
	LEVEL_KEYS,
	LOGGER_KEYS,
	MESSAGE_KEYS,
	NESTED_KEYS,
	TASK_KEYS,
	TIME_KEYS,
	firstKey,
	isRecord,
	pinoLevel,
	shapeOf,
} from './field-mapping.ts';
import type { JsonRecord, RecordShape } from './field-mapping.ts';
import { parseTime } from './parse-time.ts';

/** Level, logger and task are cut here: they are a cell's text in every row that is sent. */
const MAX_CELL_LENGTH = 1_000;

/** What the table and its filters need of a line. */
export interface DecodedLine {
	/** Microseconds since 1970; `arrival` where the line names no time. */
	readonly ts: number;
	/** Upper case. */
	readonly level: string;
	readonly severity: number;
	readonly message: string;
	readonly logger: string;
	readonly task_id: string | undefined;
	/** Bits of `EntryFlag`. */
	readonly flags: number;
}

/**
 * Reads the columns out of one line. AsyncZ's record is taken exactly; other JSON objects through
 * the alias lists; what is no JSON object becomes an INFO entry with the text as its message, as
 * AsyncZ does with a record that has no level. Never throws.
 */
export function decodeLine(line: string, arrival: number): DecodedLine {
	const record = parseRecord(line);
	if (record === undefined) {
		return {
			ts: arrival,
			level: 'INFO',
			severity: 20,
			message: line.toWellFormed(),
			logger: '',
			task_id: undefined,
			flags: EntryFlag.plainText | EntryFlag.arrivalTime,
		};
	}
	const shape = shapeOf(record);
	const ts = timeOf(record, shape)?.ts;
	const [level, severity] = levelOf(record, shape);
	return {
		ts: ts ?? arrival,
		level,
		severity,
		message: cell(record, firstKey(record, MESSAGE_KEYS), line) ?? line.toWellFormed(),
		logger: shortened(cell(record, firstKey(record, LOGGER_KEYS), line)) ?? '',
		task_id: shortened(taskIdOf(record, line)),
		flags: ts === undefined ? EntryFlag.arrivalTime : 0,
	};
}

/**
 * A line as an object, `undefined` if it is none. Falls back to the tolerant reader for what
 * `JSON.parse` refuses and Python writes (`NaN`, `Infinity`).
 */
export function parseRecord(line: string): JsonRecord | undefined {
	const text = recordText(line);
	if (!/^\s*\{/.test(text)) {
		return undefined;
	}
	try {
		return JSON.parse(text) as JsonRecord;
	} catch {
		const node = parseJson(text);
		return node?.kind === 'object' ? recordOf(node, text) : undefined;
	}
}

/**
 * A line without what may stand before its object: a byte order mark, or the NULs that a log begins
 * with when it was truncated under its writer.
 */
export function recordText(line: string): string {
	return line.replace(/^[\ufeff\0]+/, '');
}

/** The object's own members; inner values as text, since only the columns are read from it. */
function recordOf(node: JsonNode & { kind: 'object' }, text: string): JsonRecord {
	const entries = node.members.map(({ key, value }) => [key, plainValue(value, text)] as const);
	return Object.fromEntries(entries);
}

function plainValue(node: JsonNode, text: string): unknown {
	switch (node.kind) {
		case 'object':
			return recordOf(node, text);
		case 'number':
			return Number(node.text);
		case 'word':
			return node.text === 'null' ? null : node.text;
		default:
			return textOf(node, text);
	}
}

/** The keys whose values the columns show; what the others have is the entry's `extra`. */
export function columnKeys(record: JsonRecord): ReadonlySet<string> {
	const keys = [
		timeOf(record, shapeOf(record))?.key,
		levelKey(record),
		firstKey(record, MESSAGE_KEYS),
		firstKey(record, LOGGER_KEYS),
		firstKey(record, TASK_KEYS),
	];
	return new Set(keys.filter((key) => key !== undefined));
}

/** The first of the keys for a time whose value is one. */
function timeOf(
	record: JsonRecord,
	shape: RecordShape,
): { readonly key: string; readonly ts: number } | undefined {
	for (const key of TIME_KEYS) {
		const ts = parseTime(record[key], shape === 'asyncz' ? 'utc' : 'local');
		if (ts !== undefined) {
			return { key, ts };
		}
	}
	return undefined;
}

/** The first of the keys for a level whose value may be one. */
function levelKey(record: JsonRecord): string | undefined {
	return LEVEL_KEYS.find((key) => {
		const value = record[key];
		return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
	});
}

function levelOf(record: JsonRecord, shape: RecordShape): readonly [string, number] {
	const key = levelKey(record);
	const value = key === undefined ? undefined : record[key];
	if (shape === 'pino' && typeof value === 'number') {
		const name = pinoLevel(value);
		return [name, severityOf(name)];
	}
	if (typeof value === 'string') {
		// AsyncZ's names stay as they are, so that its exact filter finds what it would find.
		const name = shape === 'asyncz' ? value.trim().toUpperCase() : canonicalLevel(value.trim());
		return [shortened(name) ?? '', severityOf(name)];
	}
	// Python's own LogRecord: `levelno` is the one number whose scale is known by its name.
	if (typeof record['levelno'] === 'number' && Number.isFinite(record['levelno'])) {
		return [levelOfSeverity(record['levelno']), record['levelno']];
	}
	// A bare number means something else to every logger: shown as it is, ordered as INFO.
	return typeof value === 'number' ? [String(value), 20] : ['INFO', 20];
}

function taskIdOf(record: JsonRecord, line: string): string | undefined {
	const own = firstKey(record, TASK_KEYS);
	if (own !== undefined) {
		return cell(record, own, line) || undefined;
	}
	for (const outer of NESTED_KEYS) {
		const nested = record[outer];
		const key = isRecord(nested) ? firstKey(nested, TASK_KEYS) : undefined;
		if (isRecord(nested) && key !== undefined) {
			return cell(nested, key, line, outer) || undefined;
		}
	}
	return undefined;
}

/**
 * A value as a cell's text, `undefined` where there is none or it stands in a line nested too deep. Numbers and structures are shown as they were written, which `JSON.parse` no longer knows,
 * so that rare line is read once more.
 */
function cell(
	record: JsonRecord,
	key: string | undefined,
	line: string,
	outer?: string,
): string | undefined {
	if (key === undefined) {
		return undefined;
	}
	const value = record[key];
	if (typeof value === 'string') {
		return value.toWellFormed();
	}
	const text = recordText(line);
	const root = parseJson(text);
	const node = memberOf(outer === undefined ? root : memberOf(root, outer), key);
	if (node === undefined) {
		return typeof value === 'object' ? undefined : String(value);
	}
	return textOf(node, text).toWellFormed();
}

function shortened(text: string | undefined): string | undefined {
	return text?.slice(0, MAX_CELL_LENGTH).toWellFormed();
}
