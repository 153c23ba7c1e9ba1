import { parseJson } from '#shared/json/parse-json.ts';
import { previewOf } from '#shared/model/entry.ts';
import type { EntryRow, LogEntry, Repeats } from '#shared/model/entry.ts';
import { recordJson } from '#shared/format/record-json.ts';
import type { FieldPath } from '#shared/query/ast.ts';
import { fieldTexts } from '#shared/query/entry-fields.ts';
import { TOO_DEEP } from '../../pipeline/json-problem.ts';
import type { QueryableEntry } from '../queryable-entry.ts';

/** An entry as the table shows it, with the values of these fields, if any are named. */
export function rowOf(
	entry: QueryableEntry,
	fields: readonly FieldPath[],
	sources: ReadonlyMap<number, string>,
	repeats?: Repeats,
): EntryRow {
	const { task_id, late } = entry;
	return {
		seq: entry.seq,
		ts: entry.ts,
		level: previewOf(entry.level),
		severity: entry.severity,
		logger: previewOf(entry.logger),
		...(task_id === undefined ? {} : { task_id: previewOf(task_id) }),
		message: previewOf(entry.message),
		source: entry.source,
		flags: entry.flags,
		...(fields.length === 0
			? {}
			: {
					fields: fieldTexts(entry, fields, sources).map((text) =>
						text === null ? null : previewOf(text),
					),
				}),
		...(late === undefined ? {} : { late }),
		...(repeats === undefined ? {} : { repeats }),
	};
}

/** An entry with all it has, as the details show it. `file`: the storage's name. */
export function logEntryOf(entry: QueryableEntry, file: string): LogEntry {
	const { exception, repeat, stored } = entry;
	const { problem } = stored;
	return {
		...rowOf(entry, [], new Map()),
		...(repeat === true ? { repeat } : {}),
		message: entry.message,
		...extraOf(entry.extra),
		...(exception === undefined ? {} : { exception }),
		raw: lineOf(entry),
		file,
		offset: 0,
		format: problem === undefined ? 'AsyncZ' : 'text',
		...(problem === undefined ? {} : { quarantine: problem }),
	};
}

/** The line that an entry was read from; where none is kept, its record. */
export function lineOf(entry: QueryableEntry): string {
	const { raw, problem, message } = entry.stored;
	return raw ?? (problem === undefined ? recordOf(entry) : message);
}

/** An entry as a line of AsyncZ's form, without the line end. */
export function recordOf(entry: QueryableEntry): string {
	const { ts, level, message, logger, task_id, extra } = entry;
	return recordJson({ ts, level, message, logger, task_id, extra, raw: '' });
}

/** The members of `extra`, each as it was written. */
function extraOf(text: string | undefined): Pick<LogEntry, 'extra' | 'extraProblem'> {
	if (text === undefined) {
		return {};
	}
	const root = parseJson(text);
	if (root?.kind !== 'object') {
		return { extraProblem: TOO_DEEP };
	}
	const members = root.members.map(
		({ key, value }) => `${JSON.stringify(key)}: ${text.slice(value.start, value.end)}`,
	);
	return members.length === 0 ? {} : { extra: `{${members.join(', ')}}` };
}
