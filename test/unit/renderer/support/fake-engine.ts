import type { StorageStatus } from '#shared/api/engine.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import { severityOf } from '#shared/model/level.ts';
import type { Count, CountQuery, Page, Query } from '#shared/model/query.ts';
import { matchFilter } from '#shared/query/match-filter.ts';
import type { QueryApi } from '../../../../src/renderer/state/result/result-questions.ts';

/** What was asked. */
export type Asked =
	| { readonly method: 'query'; readonly query: Query }
	| { readonly method: 'count'; readonly query: CountQuery };

/** An engine of a few lines: entries in an array, answers at once or in slices. */
export class FakeEngine implements QueryApi {
	entries: EntryRow[] = [];
	revision = 0;
	readonly asked: Asked[] = [];
	/** Each question is answered in so many slices. */
	slices = 1;
	/** When set, a question waits for it, and rejects if it does. */
	gate: (() => Promise<void>) | undefined;
	/** Questions that are waited for now, and the most there ever were. */
	inFlight = 0;
	mostInFlight = 0;
	readonly #sliced = new Map<string, number>();
	#nextSeq = 1;

	get status(): StorageStatus {
		return {
			kind: 'memory',
			size: this.entries.length,
			appended: this.entries.length,
			dropped: 0,
			bytes: 0,
			unsaved: 0,
			watermark: this.entries.at(-1)?.seq ?? 0,
			revision: this.revision,
		};
	}

	/** Appends so many entries; `level` of all of them. */
	append(count: number, level = 'INFO', message = 'message'): void {
		for (let index = 0; index < count; index++) {
			const seq = this.#nextSeq++;
			this.entries.push(makeRow(seq, { level, message: `${message} ${seq}` }));
		}
	}

	/** Appends one entry of this time, in seconds; its `seq`. */
	appendAt(seconds: number, given: Partial<EntryRow> = {}): number {
		const seq = this.#nextSeq++;
		this.entries.push(makeRow(seq, { ...given, ts: seconds * 1_000_000 }));
		return seq;
	}

	/** Leaves room before what is appended next, for history that is filled in later. */
	reserve(count: number): number {
		const first = this.#nextSeq;
		this.#nextSeq += count;
		return first;
	}

	/** Puts entries into reserved room. */
	insert(rows: readonly EntryRow[]): void {
		this.entries = [...this.entries, ...rows].sort((a, b) => a.seq - b.seq);
		this.revision++;
	}

	/** Takes entries away, as when a source is closed. */
	remove(which: (row: EntryRow) => boolean): void {
		this.entries = this.entries.filter((row) => !which(row));
		this.revision++;
	}

	async query(query: Query): Promise<Page> {
		this.asked.push({ method: 'query', query });
		const share = await this.#share(query);
		const { limit, offset, order, arrived_after = -1, fields: _, ...filter } = query;
		const found = this.#newestFirst((row) => row.seq > arrived_after && matchFilter(filter, row));
		const matching = order === 'time' ? found.sort((a, b) => b.ts - a.ts || b.seq - a.seq) : found;
		const rows = matching.slice(offset, offset + limit);
		return { rows: rows.slice(0, Math.ceil(rows.length * share)), complete: share === 1 };
	}

	async count(query: CountQuery): Promise<Count> {
		this.asked.push({ method: 'count', query });
		const share = await this.#share(query);
		const { after = -1, above, ...filter } = query;
		const isAbove = ({ ts, seq }: EntryRow) =>
			above === undefined || ts > above.ts || (ts === above.ts && seq > above.seq);
		const found = this.#newestFirst(
			(row) => row.seq > after && isAbove(row) && matchFilter(filter, row),
		);
		const counted = found.slice(0, Math.floor(found.length * share));
		return {
			matched: counted.length,
			errors: counted.filter((row) => row.severity >= 40).length,
			searched: share,
			complete: share === 1,
		};
	}

	#newestFirst(matches: (row: EntryRow) => boolean): EntryRow[] {
		return this.entries.filter(matches).toReversed();
	}

	/** How much of the answer is known by now. */
	async #share(query: Query | CountQuery): Promise<number> {
		this.inFlight++;
		this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
		try {
			await this.gate?.();
			await new Promise((resolve) => setImmediate(resolve));
		} finally {
			this.inFlight--;
		}
		const key = JSON.stringify(query);
		const slice = Math.min((this.#sliced.get(key) ?? 0) + 1, this.slices);
		this.#sliced.set(key, slice);
		return slice / this.slices;
	}
}

/** A row; what is not given is made up from its `seq`. */
export function makeRow(seq: number, given: Partial<EntryRow> = {}): EntryRow {
	const level = given.level ?? 'INFO';
	return {
		seq,
		ts: 1_700_000_000_000_000 + seq,
		level,
		severity: severityOf(level),
		logger: 'asyncz',
		message: `message ${seq}`,
		source: 1,
		flags: 0,
		...given,
	};
}
