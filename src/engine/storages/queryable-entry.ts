import { parseJson } from '#shared/json/parse-json.ts';
import { EntryFlag } from '#shared/model/entry.ts';
import { severityOf } from '#shared/model/level.ts';
import type { Filter, Order } from '#shared/model/query.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import { anyTraceback } from '../pipeline/formats/exceptions.ts';
import { readRecord } from '../pipeline/json-record.ts';
import type { StorageQuery, StoredEntry } from './log-storage.ts';

/** The source that all entries of a storage have; its name is the storage's. */
export const STORAGE_SOURCE = 0;

/** What stands in every `extra` with a traceback: parts of the keys that these are read from. */
const EXCEPTION_WORDS = /exc|trace|stack|err/;

const UNREADABLE = EntryFlag.plainText | EntryFlag.arrivalTime | EntryFlag.quarantined;

/**
 * A stored entry as queries see it, which is what `matchFilter` is asked about: each column is the
 * field of the same name, and nothing is looked for elsewhere.
 *
 * - `level`: trimmed and in upper case, `INFO` where that is empty; its severity is that of the name.
 * - `task_id`: an empty one is none.
 * - `extra`: as it is where that is an object, anything else is the member `extra` of one.
 * - `exception`: the first text with the lines of a traceback in `extra` (`anyTraceback`).
 * - an entry with a `problem` is quarantined text without a time of its own.
 *
 * What is known only from the entries before it (`late`, `repeat`) is left out unless it is given.
 */
export class QueryableEntry implements QueryEntry {
	readonly stored: StoredEntry;
	readonly seq: number;
	readonly source = STORAGE_SOURCE;
	readonly late: number | undefined;
	readonly repeat: boolean | undefined;
	#extra: { readonly text: string | undefined } | undefined;
	#exception: { readonly text: string | undefined } | undefined;

	constructor(stored: StoredEntry, seq = stored.seq ?? -1, late?: number, repeat?: boolean) {
		this.stored = stored;
		this.seq = seq;
		this.late = late;
		this.repeat = repeat;
	}

	get ts(): number {
		return this.stored.ts;
	}

	get level(): string {
		return levelOf(this.stored);
	}

	get severity(): number {
		return severityOfLevel(this.stored.level);
	}

	get logger(): string {
		return this.stored.logger.toWellFormed();
	}

	get task_id(): string | undefined {
		return this.stored.task_id?.toWellFormed() || undefined;
	}

	get message(): string {
		return this.stored.message.toWellFormed();
	}

	get flags(): number {
		return flagsOf(this.stored);
	}

	get extra(): string | undefined {
		return (this.#extra ??= { text: objectText(this.stored.extra) }).text;
	}

	get exception(): string | undefined {
		return (this.#exception ??= { text: exceptionIn(this.extra) }).text;
	}
}

/** The level of a stored entry as it is shown. */
export function levelOf({ level }: Pick<StoredEntry, 'level'>): string {
	return level.toWellFormed().trim().toUpperCase() || 'INFO';
}

/** Bits of `EntryFlag`. */
export function flagsOf({ problem }: StoredEntry): number {
	return problem === undefined ? 0 : UNREADABLE;
}

/** Few levels are asked about again and again. */
const SEVERITIES = new Map<string, number>();
const MAX_SEVERITIES = 1_000;

/** The order of a stored entry's level. */
export function severityOfLevel(level: string): number {
	let severity = SEVERITIES.get(level);
	if (severity === undefined) {
		severity = severityOf(levelOf({ level }));
		if (SEVERITIES.size < MAX_SEVERITIES) {
			SEVERITIES.set(level, severity);
		}
	}
	return severity;
}

function objectText(text: string | undefined): string | undefined {
	if (text === undefined || text === 'null' || text === '') {
		return undefined;
	}
	if (/^\s*\{/.test(text)) {
		return text.toWellFormed();
	}
	return `{"extra": ${parseJson(text) === undefined ? JSON.stringify(text) : text}}`;
}

function exceptionIn(extra: string | undefined): string | undefined {
	if (extra === undefined || !EXCEPTION_WORDS.test(extra)) {
		return undefined;
	}
	const text = anyTraceback({ extra: readRecord(extra)?.value })?.toWellFormed();
	return text?.trimEnd() || undefined;
}

/** Which entries of a storage a filter means, ready to be asked of it. */
export function storageQuery(
	filter: Filter,
	sources: ReadonlyMap<number, string>,
	wish: { readonly order: Order; readonly limit: number; readonly before?: StoredEntry },
): StorageQuery {
	const matches = compileFilter(filter, sources);
	return { filter, matches: (entry) => matches(new QueryableEntry(entry)), ...wish };
}
