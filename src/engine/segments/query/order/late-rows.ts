import { LATE_MICROS } from '#shared/model/entry.ts';
import type { SourceOf } from '../plan/match-rows.ts';
import { NewestOfSources, WITHOUT_TIME } from './newest-of-sources.ts';
import type { HeldSegment, SegmentSet } from '../segment-set.ts';

/** Segments whose late rows are remembered. */
const KEPT_SEGMENTS = 256;

interface SourceSoFar {
	/** The newest time it has told, as far as it was looked for. */
	newest: number;
	/** It is not known whether there is a newer one in older segments, but none after this. */
	bound: number;
}

interface KeptRows {
	readonly version: number;
	readonly revision: number;
	/** How many rows were looked at. */
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

	constructor(segments: SegmentSet, sourceOf: SourceOf) {
		this.#segments = segments;
		this.#sourceOf = sourceOf;
		this.#newest = new NewestOfSources(segments, sourceOf);
	}

	/** By how many microseconds a row is late, if it is. */
	of(held: HeldSegment, row: number): number | undefined {
		return this.#rowsOf(held).get(row);
	}

	/** Takes out of the mask of rows [from, to) those that are not late. */
	keep(held: HeldSegment, from: number, to: number, mask: Uint8Array): void {
		const late = this.#rowsOf(held);
		for (let row = from; row < to; row++) {
			if (mask[row - from] === 1 && !late.has(row)) {
				mask[row - from] = 0;
			}
		}
	}

	/** A segment has left. */
	forget(segment: number): void {
		this.#kept.delete(segment);
		this.#newest.forget(segment);
	}

	#rowsOf(held: HeldSegment): ReadonlyMap<number, number> {
		const { id, version, rows } = held.segment;
		const { revision } = this.#segments;
		let kept = this.#kept.get(id);
		if (kept?.version !== version || kept.revision !== revision) {
			kept = { version, revision, rows: 0, sources: new Map(), late: new Map() };
		}
		this.#kept.delete(id);
		this.#kept.set(id, kept);
		for (const oldest of this.#kept.keys()) {
			if (this.#kept.size <= KEPT_SEGMENTS) {
				break;
			}
			this.#kept.delete(oldest);
		}
		if (kept.rows < rows) {
			this.#look(held, kept);
		}
		return kept.late;
	}

	/** Looks at the rows that have come since. */
	#look(held: HeldSegment, kept: KeptRows): void {
		const { segment } = held;
		const { ts, flags } = this.#segments.resident(held).columns;
		for (const [index, span] of segment.spans.entries()) {
			const end = segment.spans[index + 1]?.row ?? segment.rows;
			const source = end <= kept.rows ? undefined : this.#sourceOf(span.generation);
			if (source === undefined) {
				continue;
			}
			const soFar = this.#soFar(held, kept, source);
			for (let row = Math.max(span.row, kept.rows); row < end; row++) {
				if (((flags[row] ?? 0) & WITHOUT_TIME) !== 0) {
					continue;
				}
				const time = ts[row] ?? 0;
				if (soFar.bound > soFar.newest && soFar.bound - time >= LATE_MICROS) {
					soFar.newest = Math.max(soFar.newest, this.#newest.before(held, source));
					soFar.bound = -Infinity;
				}
				if (soFar.newest - time >= LATE_MICROS) {
					kept.late.set(row, soFar.newest - time);
				} else if (time > soFar.newest) {
					soFar.newest = time;
				}
			}
		}
		kept.rows = segment.rows;
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
