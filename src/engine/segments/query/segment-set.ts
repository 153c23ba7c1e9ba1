import { FILTER_BYTES } from '../../scan/scanner.ts';
import { unpackColumns, viewColumns } from '../segment/columns.ts';
import type { Columns } from '../segment/columns.ts';
import { filterCount } from '../segment/segment.ts';
import type { Segment, SegmentMemory } from '../segment/segment.ts';
import { unpack } from '../segment/unpack.ts';
import type { ReadonlyDatabase } from '../sqlite/schema.ts';
import type { SegmentUpdate } from './query-api.ts';

/** Columns and filters of segments that are not asked for may leave memory beyond this. */
const MEMORY_BUDGET = 1024 * 1024 * 1024;

/** The parts of a segment that a search looks at. */
export interface Resident {
	readonly columns: Columns;
	/** Of a segment that was saved it is read when it is first asked for: only searches of text do. */
	readonly filter: Uint8Array;
	readonly odd: Uint8Array;
	/** The whole text, while it is in memory. */
	readonly text?: SharedArrayBuffer;
}

/** A segment with its memory, as far as that is here. */
export interface HeldSegment {
	segment: Segment;
	resident: Resident | undefined;
	/** Its memory is in no database yet: it must not be dropped. */
	isPinned: boolean;
}

/** All segments in order of `seq`; their columns come from the database when they are needed. */
export class SegmentSet {
	readonly #db: ReadonlyDatabase;
	readonly #budget: number;
	readonly #byId = new Map<number, HeldSegment>();
	/** Segments whose memory can be loaded again, the one used longest ago first. */
	readonly #loaded = new Map<HeldSegment, number>();
	/** Rises when rows come before others that are there, change or leave. */
	revision = 0;
	#loadedBytes = 0;
	#sorted: readonly HeldSegment[] | undefined;

	constructor(db: ReadonlyDatabase, segments: readonly Segment[], budget = MEMORY_BUDGET) {
		this.#db = db;
		this.#budget = budget;
		for (const segment of segments) {
			this.#byId.set(segment.id, { segment, resident: undefined, isPinned: false });
		}
	}

	/** Newest last. */
	get inOrder(): readonly HeldSegment[] {
		return (this.#sorted ??= [...this.#byId.values()].sort(
			(a, b) => a.segment.seq - b.segment.seq,
		));
	}

	byId(id: number): HeldSegment | undefined {
		return this.#byId.get(id);
	}

	/** The segment that has a row with this `seq`, and which row that is. */
	find(seq: number): { readonly held: HeldSegment; readonly row: number } | undefined {
		const all = this.inOrder;
		let low = 0;
		let high = all.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((all[middle]?.segment.seq ?? 0) <= seq) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		const held = all[low - 1];
		const row = seq - (held?.segment.seq ?? 0);
		return held !== undefined && row < held.segment.rows ? { held, row } : undefined;
	}

	update({ segment, spansFrom, memory }: SegmentUpdate): void {
		let held = this.#byId.get(segment.id);
		const spans =
			spansFrom === 0 || held === undefined
				? segment.spans
				: [...held.segment.spans.slice(0, spansFrom), ...segment.spans];
		if (held === undefined) {
			held = { segment, resident: undefined, isPinned: false };
			this.#byId.set(segment.id, held);
			this.#sorted = undefined;
			this.revision += this.inOrder.at(-1) === held ? 0 : 1;
		}
		const isChanged = held.segment.version !== segment.version;
		if (isChanged || (held.segment.rows !== segment.rows && this.inOrder.at(-1) !== held)) {
			this.revision++;
		}
		held.segment = { ...segment, spans };
		if (memory === 'saved') {
			this.#release(held);
		} else if (memory !== undefined) {
			this.#drop(held);
			held.isPinned = true;
			held.resident = residentOf(memory);
		} else if (isChanged && !held.isPinned) {
			this.#drop(held);
		}
	}

	remove(id: number): void {
		const held = this.#byId.get(id);
		if (held !== undefined) {
			this.#drop(held);
			this.#byId.delete(id);
			this.#sorted = undefined;
			this.revision++;
		}
	}

	/** Its columns and filters. Throws if the database does not have them. */
	resident(held: HeldSegment): Resident {
		if (held.resident === undefined) {
			held.resident = this.#load(held.segment);
			this.#account(held);
		}
		return held.resident;
	}

	/** It can be loaded again: it may leave memory, and its text does at once. */
	#release(held: HeldSegment): void {
		held.isPinned = false;
		const { resident, segment } = held;
		if (resident !== undefined && resident.columns.capacity > segment.rows * 2) {
			// Most of its memory was never used.
			this.#drop(held);
		} else if (resident !== undefined && !this.#loaded.has(held)) {
			const { text: _, ...rest } = resident;
			held.resident = rest;
			this.#account(held);
		}
	}

	#account(held: HeldSegment): void {
		const { columns } = this.resident(held);
		const bytes = columns.buffer.byteLength + filterBytes(held.segment);
		this.#loaded.set(held, bytes);
		this.#loadedBytes += bytes;
		for (const oldest of this.#loaded.keys()) {
			if (this.#loadedBytes <= this.#budget || oldest === held) {
				break;
			}
			this.#drop(oldest);
		}
	}

	#drop(held: HeldSegment): void {
		held.resident = undefined;
		this.#loadedBytes -= this.#loaded.get(held) ?? 0;
		this.#loaded.delete(held);
	}

	#load(segment: Segment): Resident {
		const row = this.#db
			.prepare('SELECT odd, columns FROM segment WHERE id = ?')
			.get(segment.id) as { odd: Buffer; columns: Buffer } | undefined;
		if (row === undefined) {
			throw new Error(`segment ${segment.id} is not in the database`);
		}
		const readFilter = () => this.#readFilter(segment);
		let filter: Uint8Array | undefined;
		return {
			columns: unpackColumns(row.columns, segment.rows),
			odd: row.odd,
			get filter() {
				return (filter ??= readFilter());
			},
		};
	}

	#readFilter(segment: Segment): Uint8Array {
		const filter = this.#db
			.prepare('SELECT filter FROM segment WHERE id = ?')
			.pluck()
			.get(segment.id);
		const bytes = filterBytes(segment);
		return filter instanceof Uint8Array
			? unpack(filter, bytes)
			: // It has just left the database, what is known of it has not yet: nothing is ruled out.
				new Uint8Array(bytes).fill(0xff);
	}
}

function filterBytes({ rows }: Segment): number {
	return filterCount(rows) * FILTER_BYTES;
}

function residentOf({ columns, capacity, filter, odd, text }: SegmentMemory): Resident {
	return {
		columns: viewColumns(columns, capacity),
		filter: new Uint8Array(filter),
		odd: new Uint8Array(odd),
		...(text === undefined ? {} : { text }),
	};
}

/** The filter of a block of rows. */
export function filterOf({ filter }: Resident, block: number): Uint8Array {
	return filter.subarray(block * FILTER_BYTES, (block + 1) * FILTER_BYTES);
}
