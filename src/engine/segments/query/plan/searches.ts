import { EntryFlag } from '#shared/model/entry.ts';
import { severityOf } from '#shared/model/level.ts';
import { normalizeFilter } from '#shared/model/normalize-filter.ts';
import type { Filter } from '#shared/model/query.ts';
import { queryContextOf } from '#shared/query/match-filter.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import type { Dictionary } from '../../segment/dictionary.ts';
import { ColumnTables } from './column-tables.ts';
import { allOf, boundOf, noneOf, readsText } from './plan.ts';
import type { Plan } from './plan.ts';
import { QueryPlanner } from './plan-query.ts';
import { RecentKeys } from './recent-keys.ts';
import { textSearch } from '../text/text-search.ts';

/** A filter in terms of columns and text. */
export interface Search {
	/** Without its `up_to` and `arrived_after`: those cut rows out of the order of arrival. */
	readonly filter: Filter;
	/** Which filter this is, with all that its answer depends on. */
	readonly key: string;
	readonly plan: Plan;
	/** A quicker plan that finds some rows too many, where entries have to be decoded. */
	readonly bound: Plan | undefined;
	/** Whether every row matches that is not hidden. */
	readonly isEverything: boolean;
	/** Whether it is slow to ask, so that it is remembered which rows match. */
	readonly isSlow: boolean;
	/** Whether it is about repeats, so that they are counted of each row. */
	readonly asksRepeats: boolean;
}

/** What the meaning of a filter depends on besides itself. */
export interface SearchContext {
	readonly dictionary: Dictionary;
	/** The names of sources by their ids. */
	readonly sources: () => ReadonlyMap<number, string>;
	/** Rises when rows come before others, so that others may be late. */
	readonly revision: () => number;
}

/** Says how to find what filters mean: `matchFilter` says which entries those are. */
export class Searches {
	readonly #context: SearchContext;
	readonly #tables: ColumnTables;
	readonly #kept = new RecentKeys<{ search?: Search }>(() => ({}));

	constructor(context: SearchContext) {
		this.#context = context;
		this.#tables = new ColumnTables(context.dictionary);
	}

	/** A filter's search; its `up_to` and `arrived_after` are left to the caller. */
	of(given: Filter): Search {
		const { up_to: _, arrived_after: __, ...filter } = normalizeFilter(given);
		const roots = [filter.query, filter.also]
			.filter((text) => text !== undefined)
			.map((text) => parseQuery(text).root);
		const needs = roots.map(needsOf);
		const sources = this.#context.sources();
		const key = JSON.stringify([
			filter,
			needs.some((need) => need.sources) && [...sources],
			needs.some(({ late, repeat }) => late || repeat) && this.#context.revision(),
		]);
		const kept = this.#kept.use(key);
		if (kept.search === undefined) {
			const planner = new QueryPlanner(this.#tables, queryContextOf(filter, sources));
			const plan = allOf([...this.#plansOf(filter), ...roots.map((root) => planner.plan(root))]);
			kept.search = {
				filter,
				key,
				plan,
				bound: boundOf(plan),
				isEverything: plan.kind === 'constant' && plan.value,
				isSlow: readsText(plan),
				asksRepeats: needs.some(({ repeat }) => repeat),
			};
		}
		return kept.search;
	}

	#plansOf({ task_id, level, min_level, q, since, until, ...filter }: Filter): Plan[] {
		const { source, quarantined } = filter;
		const plans: Plan[] = [];
		if (task_id !== undefined) {
			plans.push(this.#tables.one('task', task_id));
		}
		if (level !== undefined || min_level !== undefined) {
			const minimum = min_level === undefined ? -Infinity : severityOf(min_level);
			const plan = this.#tables.levels(
				JSON.stringify({ level, min_level }),
				(known) =>
					(level === undefined || known.level.toUpperCase() === level) && known.severity >= minimum,
			);
			plans.push(plan);
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
}
