import type {
	Count,
	CountQuery,
	Filter,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { fieldName, fieldPath } from '#shared/query/field-name.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import type { OwnAnswers, StoredEntry, StretchQuery } from '../log-storage.ts';
import { QueryableEntry } from '../queryable-entry.ts';
import type { Patience, PostgresConnection } from './connection.ts';
import { countFacet, countValues } from './facets.ts';
import { countByTime } from './histogram.ts';
import { readDoubtful, readStretch } from './pages.ts';
import { isTooSlow } from './postgres-errors.ts';
import { doubtOf } from './sql/condition.ts';
import { SlowQuestions } from './slow-questions.ts';
import { compileFilterSql } from './sql/compile-filter.ts';
import { severity } from './sql/log-table.ts';
import type { LogTable } from './sql/log-table.ts';
import { Parameters } from './sql/parameters.ts';
import { entryColumns, entryOf } from './stored-rows.ts';
import { timeOf } from './sql/times.ts';

/** Answers over all of a table are given up after this: the newest entries are looked at instead. */
const ANSWER_MS = 8_000;

/** How long a page waits for what SQL can't decide, before it is told from the newest entries. */
const DOUBT_MS = 2_000;

/** So many rows that SQL can't decide are looked at one by one. */
const MAX_DOUBTFUL = 10_000;

/** A filter, and the rows that SQL finds for it. */
export interface FoundRows {
	readonly connection: PostgresConnection;
	readonly table: LogTable;
	readonly parameters: Parameters;
	/** A condition on `t` that is true of rows that surely match. */
	readonly sql: string;
	/** The other ones that match. */
	readonly others: readonly QueryableEntry[];
	readonly patience: Patience;
}

/**
 * What PostgreSQL answers over all of a table. Each is exact; `undefined` where the query asks what
 * SQL can't decide of too many rows, where a source's name or an entry's neighbours are asked for,
 * and where it took too long.
 */
export class PostgresAnswers implements OwnAnswers {
	/** Pages, which are waited for, and everything that may take long. */
	readonly #pages: PostgresConnection;
	readonly #tallies: PostgresConnection;
	readonly #table: LogTable;
	readonly #answerMs: number;
	readonly #slow = new SlowQuestions();

	/** `answerMs`: how long histogram and facets may take together. */
	constructor(
		pages: PostgresConnection,
		tallies: PostgresConnection,
		table: LogTable,
		answerMs = ANSWER_MS,
	) {
		this.#answerMs = answerMs;
		this.#pages = pages;
		this.#tallies = tallies;
		this.#table = table;
	}

	stretch(
		{ order, offset, limit, ...filter }: StretchQuery,
		signal?: AbortSignal,
	): Promise<readonly StoredEntry[] | undefined> {
		return inTime(async () => {
			const found = await this.#find(filter, { ms: DOUBT_MS, signal }, this.#pages);
			if (found === undefined || (found.others.length > 0 && !this.#table.hasId)) {
				return undefined;
			}
			const { parameters, others, sql } = found;
			const ids = others.map(({ stored }) => stored.id);
			const where = ids.length === 0 ? sql : `((${sql}) OR t.id = ANY(${parameters.numbers(ids)}))`;
			return readStretch(found, filter, where, { order, offset, limit });
		});
	}

	count({ after, above, ...filter }: CountQuery, signal?: AbortSignal): Promise<Count | undefined> {
		return inTime(async () => {
			const since =
				after === undefined
					? {}
					: { arrived_after: Math.max(after, filter.arrived_after ?? after) };
			const found = await this.#find({ ...filter, ...since }, { ms: ANSWER_MS, signal });
			if (found === undefined || (above !== undefined && !this.#table.numbers.areKnown)) {
				return undefined;
			}
			const { parameters, others } = found;
			let { sql } = found;
			let rest = others;
			if (above !== undefined) {
				const ts = timeOf(this.#table, parameters, above.ts);
				sql += ` AND (t.ts, t.id) > (${ts}, ${parameters.add(above.seq, 'bigint')})`;
				rest = others.filter(
					({ ts: own, seq }) => own > above.ts || (own === above.ts && seq > above.seq),
				);
			}
			const [matched, errors] = [
				await countRows(found, sql),
				await countRows(found, `${sql} AND ${severity(this.#table)} >= 40`),
			];
			return {
				matched: matched + rest.length,
				errors: errors + rest.filter((entry) => entry.severity >= 40).length,
				searched: 1,
				complete: true,
			};
		});
	}

	shape(
		{ buckets, facets = [], ...filter }: ShapeQuery,
		signal?: AbortSignal,
	): Promise<Shape | undefined> {
		if (this.#slow.has(filter)) {
			return Promise.resolve(undefined);
		}
		const answerMs = this.#answerMs;
		let end: number | undefined;
		const patience: Patience = {
			// All of it has so long from its first turn on, and not each of its statements.
			get ms() {
				end ??= performance.now() + answerMs;
				return Math.max(end - performance.now(), 1);
			},
			signal,
		};
		const onSlow = (): void => {
			if (signal?.aborted !== true) {
				this.#slow.add(filter);
			}
		};
		return inTime(async () => {
			const found = await this.#find(filter, patience);
			if (found === undefined) {
				return undefined;
			}
			const matched = (await countRows(found, found.sql)) + found.others.length;
			const histogram =
				buckets === undefined || matched === 0
					? undefined
					: await countByTime(found, { ...filter, buckets, matched });
			const told: Shape['facets'][number][] = [];
			for (const facet of facets) {
				const query = facet.query ?? filter.query;
				const of =
					query === filter.query ? found : await this.#find({ ...filter, query }, patience);
				const counted = of && (await countFacet(of, facet));
				if (counted === undefined) {
					return undefined;
				}
				told.push(counted);
			}
			return {
				matched,
				searched: 1,
				complete: true,
				...(histogram === undefined ? {} : { histogram }),
				facets: told,
			};
		}, onSlow);
	}

	values(
		{ field, search, limit }: ValuesQuery,
		signal?: AbortSignal,
	): Promise<ValueList | undefined> {
		return inTime(async () => {
			const name = fieldName(fieldPath(field));
			const found = await this.#find({}, { ms: ANSWER_MS, signal });
			return found && countValues(found, name, search, limit);
		});
	}

	async get(seq: number): Promise<StoredEntry | undefined> {
		if (!this.#table.numbers.areKnown) {
			return undefined;
		}
		const sql = `SELECT ${entryColumns(this.#table)} FROM ${this.#table.sql} t WHERE t.id = $1::bigint`;
		const [row] = await this.#pages.query(sql, [String(seq)]);
		return row && entryOf(this.#table, row);
	}

	async #find(
		filter: Filter,
		patience: Patience,
		connection: PostgresConnection = this.#tallies,
	): Promise<FoundRows | undefined> {
		if (!isDecidable(filter, this.#table)) {
			return undefined;
		}
		const table = this.#table;
		const parameters = new Parameters();
		const condition = compileFilterSql(filter, table, parameters);
		const rows = await readDoubtful(
			connection,
			table,
			parameters,
			condition,
			MAX_DOUBTFUL,
			patience,
		);
		if (rows === undefined) {
			return undefined;
		}
		const matches = compileFilter(filter);
		const others = rows.map((row) => new QueryableEntry(row)).filter(matches);
		const isSure = condition.doubts.length === 0;
		const sql = isSure ? condition.sql : `${condition.sql} AND (${doubtOf(condition)}) IS NOT TRUE`;
		return { connection, table, parameters, sql, others, patience };
	}
}

/** How many rows a condition is true of. */
async function countRows(
	{ connection, table, parameters, patience }: FoundRows,
	sql: string,
): Promise<number> {
	const statement = `SELECT count(*) FROM ${table.sql} t WHERE ${sql}`;
	const [row] = await connection.query(...parameters.bind(statement), patience);
	return Number(row?.[0] ?? 0);
}

/** Whether a filter asks only what a row alone can say; numbers of arrival only where rows have them. */
function isDecidable(filter: Filter, { numbers: { areKnown } }: LogTable): boolean {
	const needs = [filter.query, filter.also].map((text) => needsOf(parseQuery(text ?? '').root));
	const ofArrival = [filter.up_to, filter.arrived_after].some((seq) => seq !== undefined);
	return (
		needs.every(
			({ late, repeat, sources, marked, notes, seenTo }) =>
				!late && !repeat && !sources && (areKnown || !(marked || notes || seenTo)),
		) &&
		(areKnown || !ofArrival)
	);
}

async function inTime<T>(
	answer: () => Promise<T | undefined>,
	onSlow?: () => void,
): Promise<T | undefined> {
	try {
		return await answer();
	} catch (error) {
		if (isTooSlow(error)) {
			onSlow?.();
			return undefined;
		}
		throw error;
	}
}
