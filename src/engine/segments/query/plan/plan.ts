import type { QueryEntryTest } from '../text/row-entry.ts';
import type { IdTable } from './id-table.ts';

/** What a message must contain, in all the forms the steps of a search need. */
export interface TextSearch {
	/** Lower case. */
	readonly needle: string;
	/** The needle's bytes where it is ASCII: then it can be found in plain messages as it is. */
	readonly bytes: Uint8Array | undefined;
	/** What a line must contain as bytes if its message contains the needle; `undefined`: nothing. */
	readonly run: Uint8Array | undefined;
	/** The bits that the filter of a block must have. */
	readonly grams: Uint32Array | undefined;
	/**
	 * Whether rows stay in that may contain it, where only decoding them can tell: a test of their
	 * entries comes after it, and would decode them once more.
	 */
	readonly isBound: boolean;
}

/** A text that must stand in the bytes of a line, whatever the case of its letters. */
export interface Literal {
	/** Lower-case ASCII that nobody escapes. */
	readonly bytes: Uint8Array;
	readonly grams: Uint32Array | undefined;
}

/** Which rows match, as steps over the columns and the text of a stretch of rows. */
export type Plan =
	| { readonly kind: 'constant'; readonly value: boolean }
	| { readonly kind: 'and' | 'or'; readonly parts: readonly Plan[] }
	| { readonly kind: 'not'; readonly part: Plan }
	/** By the id in a column. */
	| { readonly kind: 'ids'; readonly column: IdColumn; readonly table: IdTable }
	/** One id; -1: one that no row has yet. */
	| { readonly kind: 'id'; readonly column: IdColumn; readonly id: () => number }
	/** Microseconds since 1970, both ends inclusive. */
	| { readonly kind: 'time'; readonly from: number; readonly to: number }
	| { readonly kind: 'source'; readonly has: (source: number) => boolean }
	/** Rows that have one of these bits of `EntryFlag`. */
	| { readonly kind: 'flag'; readonly flag: number }
	/** Rows with these `seq`s, in rising order. */
	| { readonly kind: 'seqs'; readonly seqs: readonly number[] }
	/** Rows that came after this `seq`. */
	| { readonly kind: 'after'; readonly seq: number }
	/** Rows that are late. */
	| { readonly kind: 'late' }
	/** Rows that say what the one before them says. */
	| { readonly kind: 'repeat' }
	/** Messages that contain a text. */
	| { readonly kind: 'text'; readonly text: TextSearch }
	/** Rows whose text may contain one of these; only ever together with a test that says which do. */
	| { readonly kind: 'line'; readonly literals: readonly Literal[] }
	/** Anything else, asked of each entry. */
	| { readonly kind: 'entry'; readonly test: QueryEntryTest };

export type IdColumn = 'level' | 'logger' | 'task';

export const ALL: Plan = { kind: 'constant', value: true };
export const NONE: Plan = { kind: 'constant', value: false };

/** Rows that match all of these: the cheapest are asked first, the others about what is left. */
export function allOf(plans: readonly Plan[]): Plan {
	const parts = plans.flatMap((plan) => (plan.kind === 'and' ? plan.parts : [plan]));
	if (parts.some((part) => part.kind === 'constant' && !part.value)) {
		return NONE;
	}
	const [first = ALL, ...rest] = parts
		.filter((part) => part.kind !== 'constant')
		.sort((a, b) => costOf(a) - costOf(b));
	return rest.length === 0 ? first : { kind: 'and', parts: [first, ...rest] };
}

/** Rows that match any of these. */
export function anyOf(plans: readonly Plan[]): Plan {
	const parts = plans.flatMap((plan) => (plan.kind === 'or' ? plan.parts : [plan]));
	if (parts.some((part) => part.kind === 'constant' && part.value)) {
		return ALL;
	}
	const [first = NONE, ...rest] = parts
		.filter((part) => part.kind !== 'constant')
		.sort((a, b) => costOf(a) - costOf(b));
	return rest.length === 0 ? first : { kind: 'or', parts: [first, ...rest] };
}

/** Rows that do not match. */
export function noneOf(plan: Plan): Plan {
	switch (plan.kind) {
		case 'constant':
			return plan.value ? NONE : ALL;
		case 'not':
			return plan.part;
		default:
			return { kind: 'not', part: plan };
	}
}

/** What the parts of a plan cost a row, roughly: a look into a column is 1. */
const COST: Readonly<Record<Exclude<Plan['kind'], 'and' | 'or' | 'not'>, number>> = {
	constant: 0,
	after: 0.1,
	seqs: 0.1,
	source: 0.1,
	id: 0.9,
	time: 1,
	ids: 1.1,
	flag: 1.2,
	late: 2,
	line: 50,
	text: 60,
	repeat: 5_000,
	entry: 10_000,
};

function costOf(plan: Plan): number {
	switch (plan.kind) {
		case 'and':
		case 'or':
			return plan.parts.reduce((sum, part) => sum + costOf(part), 0);
		case 'not':
			return costOf(plan.part);
		default:
			return COST[plan.kind];
	}
}

/** Whether the rows' text has to be looked at: then it is worth remembering which rows match. */
export function readsText(plan: Plan): boolean {
	return costOf(plan) >= COST.line;
}

/**
 * A plan that decodes no entry and finds all rows that match, maybe others too; `undefined` if the
 * plan is one itself.
 */
export function boundOf(plan: Plan): Plan | undefined {
	return costOf(plan) < COST.entry ? undefined : withoutEntries(plan);
}

function withoutEntries(plan: Plan): Plan {
	switch (plan.kind) {
		case 'and':
			return allOf(plan.parts.map(withoutEntries));
		case 'or':
			return anyOf(plan.parts.map(withoutEntries));
		case 'not':
			return boundOf(plan.part) === undefined ? plan : ALL;
		case 'entry':
			return ALL;
		default:
			return plan;
	}
}
