import { countedTexts, toldFacet } from '#engine/shapes/facet.ts';
import type { FacetQuery } from '#engine/shapes/facet.ts';
import type { Facet, FacetValue, ValueList } from '#shared/model/query.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import type { FieldPath } from '#shared/query/ast.ts';
import { levelOf, QueryableEntry } from '../queryable-entry.ts';
import { readDoubtful } from './pages.ts';
import type { FoundRows } from './own-answers.ts';
import { messageColumn, textColumn } from './sql/log-table.ts';
import type { LogTable } from './sql/log-table.ts';
import type { Parameters } from './sql/parameters.ts';

/** Values that are told apart; of a field with more nobody picks one out of a list. */
const MAX_VALUES = 10_000;
const MAX_DOUBTFUL = 10_000;

/** The source's only name here is its number: whoever knows it puts it there. */
const SOURCE = '0';
const NO_SOURCES: ReadonlyMap<number, string> = new Map();

/** What each row has at a field, as SQL. */
interface FieldSql {
	/** A text, or null. */
	readonly value: string;
	/** Rows for which it may have more than that. */
	readonly doubt: string;
}

/** How many rows have which value of a field; `undefined` where SQL can't tell. */
export async function countFacet(found: FoundRows, facet: FacetQuery): Promise<Facet | undefined> {
	const counted = await countField(found, facet.field);
	return counted && toldFacet(facet, counted, 1);
}

/** Values of a field of all rows: those that begin with `search` first, then the most frequent. */
export async function countValues(
	found: FoundRows,
	field: string,
	search: string,
	limit: number,
): Promise<ValueList | undefined> {
	const counted = await countField(found, field);
	if (counted === undefined || counted.untold > 0) {
		return undefined;
	}
	const needle = search.toLowerCase();
	const values: FacetValue[] = [...counted.values]
		.filter(([value]) => value.toLowerCase().includes(needle))
		.map(([value, count]) => ({ value, count }));
	const isFirst = ({ value }: FacetValue) => (value.toLowerCase().startsWith(needle) ? 0 : 1);
	values.sort(
		(a, b) =>
			isFirst(a) - isFirst(b) ||
			b.count - a.count ||
			(a.value < b.value ? -1 : Number(a.value > b.value)),
	);
	return { values: values.slice(0, limit) };
}

async function countField(
	found: FoundRows,
	field: string,
): Promise<{ values: Map<string, number>; missing: number; untold: number } | undefined> {
	const path = fieldPath(field);
	const { connection, table, parameters, sql, patience } = found;
	const own = fieldSql(path, table, parameters);
	if (own === undefined) {
		return undefined;
	}
	const doubtful = await readDoubtful(
		connection,
		table,
		parameters,
		{ sql: `${sql} AND (${own.doubt})`, doubts: own.doubt === 'false' ? [] : ['true'] },
		MAX_DOUBTFUL,
		patience,
	);
	if (doubtful === undefined) {
		return undefined;
	}
	const statement = `SELECT value, count(*), count(*) OVER () FROM (SELECT ${own.value} AS value FROM ${table.sql} t WHERE ${sql} AND (${own.doubt}) IS NOT TRUE) AS found GROUP BY value ORDER BY 2 DESC LIMIT ${MAX_VALUES + 1}`;
	const rows = await connection.query(...parameters.bind(statement), patience);
	const values = new Map<string, number>();
	let missing = 0;
	const add = (value: string | null, count: number) => {
		if (value === null) {
			missing += count;
		} else {
			values.set(value, (values.get(value) ?? 0) + count);
		}
	};
	const isLevel = 'column' in path && path.column === 'level';
	for (const [value, count] of rows) {
		add(isLevel ? levelOf({ level: value ?? '' }) : (value ?? null), Number(count));
	}
	for (const entry of [...doubtful.map((row) => new QueryableEntry(row)), ...found.others]) {
		const texts = isSource(path) ? [SOURCE] : [...countedTexts(entry, path, NO_SOURCES)];
		for (const text of texts) {
			add(text, 1);
		}
		missing += texts.length === 0 ? 1 : 0;
	}
	const told = rows.reduce((sum, [, count]) => sum + Number(count), 0);
	return { values, missing, untold: await untoldOf(found, own, told, rows.length) };
}

/** Rows with values that were too many to be told apart. */
async function untoldOf(
	{ connection, table, parameters, sql, patience }: FoundRows,
	{ doubt }: FieldSql,
	told: number,
	groups: number,
): Promise<number> {
	if (groups <= MAX_VALUES) {
		return 0;
	}
	const statement = `SELECT count(*) FROM ${table.sql} t WHERE ${sql} AND (${doubt}) IS NOT TRUE`;
	const [row] = await connection.query(...parameters.bind(statement), patience);
	return Number(row?.[0] ?? 0) - told;
}

function isSource(path: FieldPath): boolean {
	return 'column' in path && path.column === 'source';
}

function fieldSql(path: FieldPath, table: LogTable, parameters: Parameters): FieldSql | undefined {
	if ('path' in path) {
		return extraSql(path.path, table, parameters);
	}
	const { column } = path;
	switch (column) {
		case 'level':
			return { value: textColumn(table, column), doubt: 'false' };
		case 'logger':
		case 'task_id':
			return { value: `nullif(${textColumn(table, column)}, '')`, doubt: 'false' };
		case 'message':
			return { value: messageColumn(table), doubt: 'false' };
		case 'source':
			return { value: `'${SOURCE}'`, doubt: 'false' };
		default:
			return undefined;
	}
}

/** A plain value below plain keys; arrays, and keys with dots in them, are looked at one by one. */
function extraSql(
	path: readonly string[],
	table: LogTable,
	parameters: Parameters,
): FieldSql | undefined {
	const isPlain = path.every((key) => !/^(?:\d+|\*)$/.test(key) && !key.includes('\0'));
	if (table.columns.extra.type !== 'jsonb' || !isPlain || path.length > 4) {
		return undefined;
	}
	const doubts = [`coalesce(jsonb_typeof(t.extra), 'null') NOT IN ('object', 'null')`];
	let value = 't.extra';
	for (const [at, key] of path.entries()) {
		for (let end = at + 2; end <= path.length; end++) {
			doubts.push(`${value} ? ${parameters.text(path.slice(at, end).join('.'))}`);
		}
		value = `(${value} -> ${parameters.text(key)})`;
		doubts.push(`jsonb_typeof(${value}) = 'array'`);
	}
	return {
		value: `CASE WHEN jsonb_typeof(${value}) = 'object' THEN NULL ELSE ${value} #>> '{}' END`,
		doubt: doubts.join(' OR '),
	};
}
