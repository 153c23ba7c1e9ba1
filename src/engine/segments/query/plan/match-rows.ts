import { RowFlag } from '../../segment/columns.ts';
import type { Segment } from '../../segment/segment.ts';
import type { Plan } from './plan.ts';
import type { HeldSegment, Resident } from '../segment-set.ts';

/** Which source a log belongs to. */
export type SourceOf = (generation: number) => number | undefined;

/** Rows [from, to) of a segment. */
export interface SegmentRows {
	readonly held: HeldSegment;
	readonly resident: Resident;
	readonly from: number;
	readonly to: number;
}

/** Rows, and which of them are asked for: `mask[row - from]` is 1, else 0. */
export interface AskedRows extends SegmentRows {
	readonly mask: Uint8Array;
}

/** A step of a plan that the columns alone can answer. */
export type ColumnPlan = Extract<
	Plan,
	{ kind: 'id' | 'ids' | 'time' | 'source' | 'flag' | 'seqs' | 'after' }
>;

/**
 * Takes the rows out of the mask that do not match. Column by column, because a loop over one array
 * is what a processor does best.
 */
export function keepByColumn(plan: ColumnPlan, rows: AskedRows, sourceOf: SourceOf): void {
	const { resident, from, to, mask } = rows;
	const { columns } = resident;
	const { segment } = rows.held;
	switch (plan.kind) {
		case 'id':
			return keepId(columns[plan.column], plan.id(), from, to, mask);
		case 'ids':
			return keepIds(columns[plan.column], plan.table.ids, from, to, mask);
		case 'time':
			return keepTimes(columns.ts, plan.from, plan.to, from, to, mask);
		case 'flag':
			return keepFlagged(columns.flags, plan.flag, from, to, mask);
		case 'source':
			return keepSources(segment, plan.has, sourceOf, from, to, mask);
		case 'seqs':
			return keepSeqs(plan.seqs, segment.seq, from, to, mask);
		case 'after': {
			const first = Math.min(Math.max(plan.seq + 1 - segment.seq, from), to);
			mask.fill(0, 0, first - from);
		}
	}
}

/** Takes the rows of removed sources out of a mask. */
export function dropHidden({ held, resident, from, to, mask }: AskedRows): void {
	const { flags } = resident.columns;
	for (let row = from; held.segment.hidden > 0 && row < to; row++) {
		if (((flags[row] ?? 0) & RowFlag.hidden) !== 0) {
			mask[row - from] = 0;
		}
	}
}

type Ids = Uint16Array | Uint32Array;

function keepId(column: Ids, id: number, from: number, to: number, mask: Uint8Array): void {
	for (let row = from; row < to; row++) {
		if (column[row] !== id) {
			mask[row - from] = 0;
		}
	}
}

function keepIds(column: Ids, ids: Uint8Array, from: number, to: number, mask: Uint8Array): void {
	for (let row = from; row < to; row++) {
		mask[row - from] = (mask[row - from] ?? 0) & (ids[column[row] ?? 0] ?? 0);
	}
}

function keepTimes(
	ts: Float64Array,
	since: number,
	until: number,
	from: number,
	to: number,
	mask: Uint8Array,
): void {
	for (let row = from; row < to; row++) {
		const time = ts[row] ?? 0;
		if (time < since || time > until) {
			mask[row - from] = 0;
		}
	}
}

function keepFlagged(
	flags: Uint16Array,
	flag: number,
	from: number,
	to: number,
	mask: Uint8Array,
): void {
	for (let row = from; row < to; row++) {
		if (((flags[row] ?? 0) & flag) === 0) {
			mask[row - from] = 0;
		}
	}
}

function keepSources(
	{ spans, rows }: Segment,
	has: (source: number) => boolean,
	sourceOf: SourceOf,
	from: number,
	to: number,
	mask: Uint8Array,
): void {
	for (const [index, span] of spans.entries()) {
		const end = Math.min(spans[index + 1]?.row ?? rows, to);
		const start = Math.max(span.row, from);
		if (start < end && !has(sourceOf(span.generation) ?? 0)) {
			mask.fill(0, start - from, end - from);
		}
	}
}

function keepSeqs(
	seqs: readonly number[],
	first: number,
	from: number,
	to: number,
	mask: Uint8Array,
): void {
	const asked = mask.slice(0, to - from);
	mask.fill(0, 0, to - from);
	for (const seq of seqs) {
		const at = seq - first - from;
		if (at >= 0 && at < to - from) {
			mask[at] = asked[at] ?? 0;
		}
	}
}
