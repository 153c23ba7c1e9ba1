import { histogramOf, severityClass } from '#engine/shapes/histogram.ts';
import type { TimeWish } from '#engine/shapes/histogram.ts';
import type { Buckets } from '#engine/shapes/time-buckets.ts';
import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { Histogram } from '#shared/model/query.ts';
import { severityOfLevel } from '../queryable-entry.ts';
import type { FoundRows } from './own-answers.ts';
import { microsColumn, textColumn } from './sql/log-table.ts';

const CLASSES = SEVERITY_CLASSES.length;

/** Asked for while a histogram is made: its counts are not there yet. */
class Uncounted extends Error {
	readonly buckets: Buckets;

	constructor(buckets: Buckets) {
		super();
		this.buckets = buckets;
	}
}

/** Rows by time and severity. Which stretches it has is decided as everywhere, step by step. */
export async function countByTime(found: FoundRows, wish: TimeWish): Promise<Histogram> {
	const times = await timesOf(found);
	const counted = new Map<string, Uint32Array>();
	for (;;) {
		try {
			const { histogram } = histogramOf(
				{
					times: () => ({ ...times, isAll: true }),
					countIn: (buckets) => {
						const counts = counted.get(keyOf(buckets));
						if (counts === undefined) {
							throw new Uncounted(buckets);
						}
						return { counts, complete: true };
					},
				},
				wish,
			);
			return histogram;
		} catch (error) {
			if (!(error instanceof Uncounted)) {
				throw error;
			}
			counted.set(keyOf(error.buckets), await countIn(found, error.buckets));
		}
	}
}

function keyOf({ from, width, count }: Buckets): string {
	return `${from} ${width} ${count}`;
}

async function timesOf({
	connection,
	table,
	parameters,
	sql,
	others,
	patience,
}: FoundRows): Promise<{ first: number; last: number }> {
	const end = (order: string) =>
		`(SELECT ${microsColumn()} FROM ${table.sql} t WHERE ${sql} ORDER BY t.ts ${order} LIMIT 1)`;
	const [row] = await connection.query(
		...parameters.bind(
			table.columns.ts.isNullable
				? `SELECT min(micros), max(micros) FROM (SELECT ${microsColumn()} AS micros FROM ${table.sql} t WHERE ${sql}) AS all_times`
				: `SELECT ${end('ASC')}, ${end('DESC')}`,
		),
		patience,
	);
	const known = (row ?? []).filter((text) => text !== null).map(Number);
	const all = [...known, ...others.map(({ ts }) => ts)];
	return {
		first: all.reduce((a, b) => Math.min(a, b), Infinity),
		last: all.reduce((a, b) => Math.max(a, b), -Infinity),
	};
}

async function countIn(
	{ connection, table, parameters, sql, others, patience }: FoundRows,
	{ from, width, count }: Buckets,
): Promise<Uint32Array> {
	const counts = new Uint32Array(count * CLASSES);
	const add = (bucket: number, severity: number, more: number) => {
		if (bucket >= 0 && bucket < count) {
			const place = bucket * CLASSES + severityClass(severity);
			counts[place] = (counts[place] ?? 0) + more;
		}
	};
	const micros = microsColumn();
	const bucket = `floor((${micros} - ${parameters.add(from, 'numeric')}) / ${parameters.add(width, 'numeric')})`;
	const level = textColumn(table, 'level');
	const statement = `SELECT bucket, level, count(*) FROM (SELECT ${bucket} AS bucket, ${level} AS level FROM ${table.sql} t WHERE ${sql}) AS placed GROUP BY bucket, level`;
	for (const [at, name, rows] of await connection.query(...parameters.bind(statement), patience)) {
		add(Number(at), severityOfLevel(name ?? ''), Number(rows));
	}
	for (const { ts, severity } of others) {
		add(Math.floor((ts - from) / width), severity, 1);
	}
	return counts;
}
