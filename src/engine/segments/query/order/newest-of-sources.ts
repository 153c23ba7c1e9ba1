import { WITHOUT_TIME } from '../../segment/columns.ts';
import type { SourceOf } from '../plan/match-rows.ts';
import type { HeldSegment, SegmentSet } from '../segment-set.ts';

interface KeptTimes {
	readonly version: number;
	readonly rows: number;
	readonly newest: ReadonlyMap<number, number>;
}

interface KeptSources {
	/** How many spans were looked at. */
	readonly spans: number;
	readonly sources: Set<number>;
}

/** The newest times that sources have told in their segments, and so before a segment. */
export class NewestOfSources {
	readonly #segments: SegmentSet;
	readonly #sourceOf: SourceOf;
	readonly #times = new Map<number, KeptTimes>();
	readonly #sources = new Map<number, KeptSources>();
	#bounds: {
		readonly revision: number;
		readonly bySegment: ReadonlyMap<number, { readonly spans: number; readonly newest: number }>;
	} = { revision: -1, bySegment: new Map() };

	constructor(segments: SegmentSet, sourceOf: SourceOf) {
		this.#segments = segments;
		this.#sourceOf = sourceOf;
	}

	forget(segment: number): void {
		this.#times.delete(segment);
		this.#sources.delete(segment);
	}

	/** No row before a segment that is of one of its sources is newer: known without looking at rows. */
	boundBeforeAll(held: HeldSegment): number {
		const { id, spans } = held.segment;
		const { revision } = this.#segments;
		let bound = this.#bounds.bySegment.get(id);
		if (this.#bounds.revision !== revision || bound?.spans !== spans.length) {
			this.#bounds = { revision, bySegment: this.#boundsOfAll() };
			bound = this.#bounds.bySegment.get(id);
		}
		return bound?.newest ?? -Infinity;
	}

	/** No row of the source before a segment is newer: known without looking at rows. */
	boundBefore(held: HeldSegment, source: number): number {
		return this.#before(held, source).reduce(
			(most, { segment }) => Math.max(most, segment.maxTs),
			-Infinity,
		);
	}

	/** The newest time the source had told before a segment; `-Infinity` if it had told none. */
	before(held: HeldSegment, source: number): number {
		const older = this.#before(held, source).sort((a, b) => b.segment.maxTs - a.segment.maxTs);
		let newest = -Infinity;
		for (const each of older) {
			if (each.segment.maxTs <= newest) {
				break;
			}
			newest = Math.max(newest, this.#newestIn(each).get(source) ?? -Infinity);
		}
		return newest;
	}

	#boundsOfAll(): Map<number, { readonly spans: number; readonly newest: number }> {
		const bounds = new Map<number, { readonly spans: number; readonly newest: number }>();
		const soFar = new Map<number, number>();
		for (const held of this.#segments.inOrder) {
			const { id, spans, maxTs } = held.segment;
			let newest = -Infinity;
			for (const source of this.#sourcesIn(held)) {
				const before = soFar.get(source) ?? -Infinity;
				newest = Math.max(newest, before);
				soFar.set(source, Math.max(before, maxTs));
			}
			bounds.set(id, { spans: spans.length, newest });
		}
		return bounds;
	}

	/** Segments before this one that have rows of the source. */
	#before({ segment }: HeldSegment, source: number): HeldSegment[] {
		return this.#segments.inOrder.filter(
			(each) => each.segment.seq < segment.seq && this.#sourcesIn(each).has(source),
		);
	}

	#sourcesIn({ segment }: HeldSegment): ReadonlySet<number> {
		const { id, spans } = segment;
		const kept = this.#sources.get(id);
		if (kept?.spans === spans.length) {
			return kept.sources;
		}
		const sources = kept?.sources ?? new Set<number>();
		for (const { generation } of spans.slice(kept?.spans ?? 0)) {
			const source = this.#sourceOf(generation);
			if (source !== undefined) {
				sources.add(source);
			}
		}
		this.#sources.set(id, { spans: spans.length, sources });
		return sources;
	}

	#newestIn(held: HeldSegment): ReadonlyMap<number, number> {
		const { id, version, rows, spans } = held.segment;
		const kept = this.#times.get(id);
		if (kept?.version === version && kept.rows === rows) {
			return kept.newest;
		}
		const { ts, flags } = this.#segments.resident(held).columns;
		const newest = new Map<number, number>();
		for (const [index, span] of spans.entries()) {
			const source = this.#sourceOf(span.generation);
			if (source === undefined) {
				continue;
			}
			let most = newest.get(source) ?? -Infinity;
			const end = spans[index + 1]?.row ?? rows;
			for (let row = span.row; row < end; row++) {
				if (((flags[row] ?? 0) & WITHOUT_TIME) === 0) {
					most = Math.max(most, ts[row] ?? 0);
				}
			}
			newest.set(source, most);
		}
		this.#times.set(id, { version, rows, newest });
		return newest;
	}
}
