import { EntryFlag } from '#shared/model/entry.ts';
import { severityOf } from '#shared/model/level.ts';
import { normalizeFilter } from '#shared/model/query.ts';
import type { Filter } from '#shared/model/query.ts';
import { gramBits, longestSafeRun } from '../../scan/grams.ts';
import type { Dictionary } from '../segment/dictionary.ts';
import { levelOfText } from '../segment/dictionary.ts';
import { IdTable } from './id-table.ts';
import { UNIT_ROWS } from './kept-counts.ts';
import { allOf, noneOf, readsEntries, readsText } from './plan.ts';
import type { Plan, TextSearch } from './plan.ts';

/** So many entries are asked at once whose text has to be decoded: at worst that takes some ms. */
const DECODED_ROWS = 256;

/** A filter in terms of columns. */
export interface Search {
	readonly filter: Filter;
	/** Which filter this is, whatever its `up_to`. */
	readonly key: string;
	readonly plan: Plan;
	/** Whether every row matches that is not hidden. */
	readonly isEverything: boolean;
	/** Whether it is slow to ask, so that masks are kept. */
	readonly isSlow: boolean;
	/** So many rows are asked at once. */
	readonly pieceRows: number;
}

/** Says what a filter means for the columns: `matchFilter` says which entries those are. */
export function compileSearch(given: Filter, dictionary: Dictionary): Search {
	const filter = normalizeFilter(given);
	const { up_to: _, ...rest } = filter;
	const plan = allOf(plansOf(filter, dictionary));
	return {
		filter,
		key: JSON.stringify(rest),
		plan,
		isEverything: plan.kind === 'constant' && plan.value,
		isSlow: readsText(plan),
		pieceRows: readsEntries(plan) ? DECODED_ROWS : UNIT_ROWS,
	};
}

function plansOf(filter: Filter, dictionary: Dictionary): Plan[] {
	const { task_id, level, min_level, q, since, until, source, quarantined } = filter;
	const plans: Plan[] = [];
	if (task_id !== undefined) {
		plans.push({
			kind: 'id',
			column: 'task',
			id: () => dictionary.find('task', task_id) ?? -1,
		});
	}
	if (level !== undefined || min_level !== undefined) {
		const minimum = min_level === undefined ? -Infinity : severityOf(min_level);
		const table = new IdTable(
			(id) => {
				const known = levelOfText(dictionary.text('level', id));
				return (
					(level === undefined || known.level.toUpperCase() === level) && known.severity >= minimum
				);
			},
			() => dictionary.count('level'),
		);
		plans.push({ kind: 'ids', column: 'level', table });
	}
	if (since !== undefined || until !== undefined) {
		plans.push({ kind: 'time', from: since ?? -Infinity, to: until ?? Infinity });
	}
	if (source !== undefined) {
		plans.push({ kind: 'source', has: (other) => other === source });
	}
	if (quarantined !== undefined) {
		const plan: Plan = { kind: 'flag', flag: EntryFlag.quarantined };
		plans.push(quarantined ? plan : noneOf(plan));
	}
	if (q !== undefined) {
		plans.push({ kind: 'text', text: textSearch(q) });
	}
	return plans;
}

/** A search for messages that contain a text, in any case. */
export function textSearch(text: string): TextSearch {
	const needle = text.toLowerCase();
	const bytes = Buffer.from(needle);
	const run = longestSafeRun(needle);
	return {
		needle,
		bytes: bytes.length === needle.length && !needle.includes('\0') ? bytes : undefined,
		run: run === '' ? undefined : Buffer.from(run),
		grams: gramBits(bytes),
	};
}
