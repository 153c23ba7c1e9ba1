import { LATE_MICROS } from '#shared/model/entry.ts';
import { WITHOUT_TIME } from '../../segment/columns.ts';
import type { SourceOf } from '../plan/match-rows.ts';
import { NewestOfSources } from './newest-of-sources.ts';
import type { HeldSegment, SegmentSet } from '../segment-set.ts';

/** Late rows that are remembered; in most logs there are few. */
const KEPT_ROWS = 1_000_000;

const NONE: ReadonlyMap<number, number> = new Map();

interface SourceSoFar {
	/** The newest time it has told, as far as it was looked for. */
	newest: number;
	/** It is not known whether there is a newer one in older segments, but none after this. */
	bound: number;
}

interface KeptRows {
	readonly version: number;
	readonly revision: number;
	/** How many rows were looked at: those from the first one on. */
	rows: number;
	readonly sources: Map<number, SourceSoFar>;
	/** By row, in microseconds. */
	readonly late: Map<number, number>;
}

/**
 * Which rows are late: behind the newest entry that their source had told before them, by at least
 * `LATE_MICROS`. Rows without a time of their own are never late, nor is anything behind them.
 */
export class LateRows {
	readonly #segments: SegmentSet;
	readonly #sourceOf: SourceOf;
	readonly #newest: NewestOfSources;
	/** The one used last stands last. */
	readonly #kept = new Map<number, KeptRows>();
	/** How many late rows all of these have. */
	#late = 0;

	constructor(segments: SegmentSet, sourceOf: SourceOf) {
		this.#segments = segments;
		this.#sourceOf = sourceOf;
		this.#newest = new NewestOfSources(segments, sourceOf);
	}

	/** By how many microseconds a row is late, if it is. */
	of(held: HeldSegment, row: number): number | undefined {
		return this.#rowsUpTo(held, row + 1).get(row);
	}

	/** Takes out of the mask of rows [from, to) those that are not late. */
	keep(held: HeldSegment, from: number, to: number, mask: Uint8Array): void {
		const late = this.#rowsUpTo(held, to);
		for (let row = from; row < to; row++) {
			if (mask[row - from] === 1 && !late.has(row)) {
				mask[row - from] = 0;
			}
		}
	}

	/** A segment has left. */
	forget(segment: number): void {
		this.#forgetRows(segment);
		this.#newest.forget(segment);
	}

	/** The late ones among the rows before this one, maybe others too. */
	#rowsUpTo(held: HeldSegment, to: number): ReadonlyMap<number, number> {
		const { id, version } = held.segment;
		if (this.#isInTime(held)) {
			return NONE;
		}
		const { revision } = this.#segments;
		let kept = this.#kept.get(id);
		const isSame = kept?.version === version && kept.revision === revision;
		if (kept === undefined || !isSame) {
			this.#forgetRows(id);
			kept = { version, revision, rows: 0, sources: new Map(), late: new Map() };
		}
		this.#kept.delete(id);
		this.#kept.set(id, kept);
		if (kept.rows < to) {
			const before = kept.late.size;
			this.#look(held, kept, to);
			this.#late += kept.late.size - before;
		}
		for (const oldest of this.#kept.keys()) {
			if (this.#late <= KEPT_ROWS || oldest === id) {
				break;
			}
			this.#forgetRows(oldest);
		}
		return kept.late;
	}

	/** Whether it is sure, without looking at its rows, that none of a segment is late. */
	#isInTime(held: HeldSegment): boolean {
		const { behind = Infinity, minTs } = held.segment;
		return behind < LATE_MICROS && this.#newest.boundBeforeAll(held) - minTs < LATE_MICROS;
	}

	#forgetRows(segment: number): void {
		this.#late -= this.#kept.get(segment)?.late.size ?? 0;
		this.#kept.delete(segment);
	}

	/** Looks at the rows before `to` that were not looked at yet. */
	#look(held: HeldSegment, kept: KeptRows, to: number): void {
		const { spans } = held.segment;
		const first = Math.max(
			spans.findLastIndex(({ row }) => row <= kept.rows),
			0,
		);
		for (let index = first; index < spans.length; index++) {
			const span = spans[index];
			if (span === undefined || span.row >= to) {
				break;
			}
			const source = this.#sourceOf(span.generation);
			const end = Math.min(spans[index + 1]?.row ?? to, to);
			if (source !== undefined) {
				this.#lookAt(held, kept, source, Math.max(span.row, kept.rows), end);
			}
		}
		kept.rows = to;
	}

	/** The same for the rows [from, to), which are of one source. */
	#lookAt(held: HeldSegment, kept: KeptRows, source: number, from: number, to: number): void {
		const { ts, flags } = this.#segments.resident(held).columns;
		const soFar = this.#soFar(held, kept, source);
		let { newest } = soFar;
		let most = Math.max(newest, soFar.bound);
		// Millions of rows go through this for the first page of what is seldom: nearly all are in time.
		for (let row = from; row < to; row++) {
			if (((flags[row] ?? 0) & WITHOUT_TIME) !== 0) {
				continue;
			}
			const time = ts[row] ?? 0;
			if (most - time >= LATE_MICROS && soFar.bound > newest) {
				newest = Math.max(newest, this.#newest.before(held, source));
				soFar.bound = -Infinity;
				most = newest;
			}
			if (most - time >= LATE_MICROS) {
				kept.late.set(row, newest - time);
			} else if (time > newest) {
				newest = time;
				most = time > most ? time : most;
			}
		}
		soFar.newest = newest;
	}

	#soFar(held: HeldSegment, kept: KeptRows, source: number): SourceSoFar {
		let soFar = kept.sources.get(source);
		if (soFar === undefined) {
			soFar = { newest: -Infinity, bound: this.#newest.boundBefore(held, source) };
			kept.sources.set(source, soFar);
		}
		return soFar;
	}
}
