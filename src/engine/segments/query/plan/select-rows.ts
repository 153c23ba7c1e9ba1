import type { Columns } from '../../segment/columns.ts';
import type { Segment } from '../../segment/segment.ts';
import type { SegmentRows } from './match-rows.ts';
import type { Plan } from './plan.ts';

/** A step that picks rows one by one, looking at one column. */
type Step = Extract<Plan, { kind: 'id' | 'ids' | 'time' | 'flag' }>;

/**
 * Puts the rows [from, to) that match a plan into `into`, rising; how many these are. `undefined`: it
 * has other steps than those that pick rows by a column, or rows are hidden.
 *
 * The first step looks at all rows, the others only at those that are left. Where few are, as with
 * most tasks, that is much less than a mask of all rows for each step.
 */
export function selectRows(
	plan: Plan,
	{ held, resident, from, to }: SegmentRows,
	into: Uint32Array,
): number | undefined {
	const steps = plan.kind === 'and' ? plan.parts : [plan];
	if (held.segment.hidden > 0 || !steps.every(isStep)) {
		return undefined;
	}
	const { columns } = resident;
	let count: number | undefined;
	for (const step of steps) {
		if (!isTrueOfAll(step, held.segment)) {
			count =
				count === undefined
					? selectBy(step, columns, from, to, into)
					: narrowBy(step, columns, into, count);
			if (count === 0) {
				break;
			}
		}
	}
	return count ?? fillWithRows(from, to, into);
}

/** Puts the rows of a mask of ones and zeros, which begins at `start`, into `into`; how many these are. */
export function rowsOfMask(mask: Uint8Array, start: number, into: Uint32Array): number {
	let count = 0;
	const first = mask.indexOf(1);
	for (let at = first === -1 ? mask.length : first; at < mask.length; at++) {
		into[count] = start + at;
		count += mask[at] ?? 0;
	}
	return count;
}

/** Puts all rows [from, to) into `into`; how many these are. */
export function fillWithRows(from: number, to: number, into: Uint32Array): number {
	for (let row = from; row < to; row++) {
		into[row - from] = row;
	}
	return to - from;
}

function isStep(plan: Plan): plan is Step {
	return plan.kind === 'id' || plan.kind === 'ids' || plan.kind === 'time' || plan.kind === 'flag';
}

function isTrueOfAll(step: Step, { minTs, maxTs }: Segment): boolean {
	return step.kind === 'time' && minTs >= step.from && maxTs <= step.to;
}

function selectBy(
	step: Step,
	columns: Columns,
	from: number,
	to: number,
	into: Uint32Array,
): number {
	switch (step.kind) {
		case 'id':
			return selectId(columns[step.column], step.id(), from, to, into);
		case 'ids':
			return selectIds(columns[step.column], step.table.ids, from, to, into);
		default:
			return narrowBy(step, columns, into, fillWithRows(from, to, into));
	}
}

/** Of the first `count` rows of `into` those stay that match; how many these are. */
function narrowBy(step: Step, columns: Columns, into: Uint32Array, count: number): number {
	switch (step.kind) {
		case 'id':
			return narrowToId(columns[step.column], step.id(), into, count);
		case 'ids':
			return narrowToIds(columns[step.column], step.table.ids, into, count);
		case 'time':
			return narrowToTimes(columns.ts, step.from, step.to, into, count);
		case 'flag':
			return narrowToFlag(columns.flags, step.flag, into, count);
	}
}

type Ids = Uint16Array | Uint32Array;

// Plain loops: millions of rows go through these for each question. Of levels many rows match, in no
// order that a processor could foresee: each row is put into the list, and the next one on top of it.

function selectId(column: Ids, id: number, from: number, to: number, into: Uint32Array): number {
	let count = 0;
	for (let row = from; row < to; row++) {
		if (column[row] === id) {
			into[count++] = row;
		}
	}
	return count;
}

function selectIds(
	column: Ids,
	ids: Uint8Array,
	from: number,
	to: number,
	into: Uint32Array,
): number {
	let count = 0;
	for (let row = from; row < to; row++) {
		into[count] = row;
		count += ids[column[row] ?? 0] ?? 0;
	}
	return count;
}

function narrowToId(column: Ids, id: number, rows: Uint32Array, count: number): number {
	let left = 0;
	for (let index = 0; index < count; index++) {
		const row = rows[index] ?? 0;
		if (column[row] === id) {
			rows[left++] = row;
		}
	}
	return left;
}

function narrowToIds(column: Ids, ids: Uint8Array, rows: Uint32Array, count: number): number {
	let left = 0;
	for (let index = 0; index < count; index++) {
		const row = rows[index] ?? 0;
		rows[left] = row;
		left += ids[column[row] ?? 0] ?? 0;
	}
	return left;
}

function narrowToTimes(
	ts: Float64Array,
	since: number,
	until: number,
	rows: Uint32Array,
	count: number,
): number {
	let left = 0;
	for (let index = 0; index < count; index++) {
		const row = rows[index] ?? 0;
		const time = ts[row] ?? 0;
		if (!(time < since || time > until)) {
			rows[left++] = row;
		}
	}
	return left;
}

function narrowToFlag(flags: Uint16Array, flag: number, rows: Uint32Array, count: number): number {
	let left = 0;
	for (let index = 0; index < count; index++) {
		const row = rows[index] ?? 0;
		if (((flags[row] ?? 0) & flag) !== 0) {
			rows[left++] = row;
		}
	}
	return left;
}
