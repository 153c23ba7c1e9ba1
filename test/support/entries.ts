import type { EntryRow } from '#shared/model/entry.ts';
import type {
	EntryBatch,
	LogStorage,
	NewEntry,
	StorageQuery,
} from '#engine/storage/log-storage.ts';

/** A table row with the given fields, the others plain. */
export function entryRow(fields: Partial<EntryRow> = {}): EntryRow {
	return {
		seq: 1,
		ts: 1_795_342_787_283_179,
		level: 'INFO',
		severity: 20,
		logger: 'asyncz.task',
		message: 'Report built',
		source: 1,
		flags: 0,
		...fields,
	};
}

/** An entry on its way into a storage, with the given fields. */
export function newEntry(fields: Partial<NewEntry> = {}): NewEntry {
	return {
		ts: 1_795_342_787_283_179,
		level: 'INFO',
		severity: 20,
		logger: 'asyncz.task',
		message: 'Report built',
		task_id: undefined,
		flags: 0,
		raw: fields.message ?? 'Report built',
		offset: 0,
		...fields,
	};
}

/** Entries `m<from>` to `m<to - 1>`, one byte apart. */
export function numberedEntries(from: number, to: number): NewEntry[] {
	return Array.from({ length: to - from }, (_, index) =>
		newEntry({ message: `m${from + index}`, offset: index }),
	);
}

/** The messages a storage finds, newest first. */
export async function messagesOf(
	storage: LogStorage,
	query: StorageQuery = {},
): Promise<readonly string[]> {
	return (await storage.query(query)).rows.map(({ message }) => message);
}

/** A batch of new entries of source 1, with a checkpoint that says how many there were. */
export function entryBatch(
	entries: readonly NewEntry[],
	fields: Partial<EntryBatch> = {},
): EntryBatch {
	return {
		source: 1,
		entries,
		place: 'newest',
		checkpoint: (lastSeq) => ({ stored: entries.length, ...(lastSeq ? { lastSeq } : {}) }),
		...fields,
	};
}

/** Where two lists differ first, with what is around it: a diff of thousands of lines tells nobody. */
export function firstDifference(found: readonly unknown[], expected: readonly unknown[]): unknown {
	const length = Math.max(found.length, expected.length);
	for (let at = 0; at < length; at++) {
		if (found[at] !== expected[at]) {
			const around = [at, at + 5] as const;
			return {
				at,
				found: found.slice(...around),
				expected: expected.slice(...around),
				lengths: [found.length, expected.length],
			};
		}
	}
	return undefined;
}

/** Random numbers that are the same in every run with the same seed (mulberry32). */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed;
	}

	/** At least 0 and below 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	}

	/** A whole number from 0 to `below - 1`. */
	below(below: number): number {
		return Math.floor(this.next() * below);
	}

	pick<T>(choices: readonly T[]): T {
		return choices[this.below(choices.length)] as T;
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}
}

/** How often property tests are run: 1, or more for a long run. */
export const TEST_SCALE = Number(process.env['TEST_SCALE'] ?? 1);
