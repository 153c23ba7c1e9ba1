import { describe, expect, test } from 'vitest';
import type { FieldList, ValueList, ValuesQuery } from '#shared/model/query.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { asynczLine } from '../../../support/write-log.ts';
import { shapeOf } from './plain-shape.ts';
import { databasePath, LogInTest, newStorage, openStorage, sinkOf } from './storage-in-test.ts';

/** Asked again until it tells no more. */
async function fieldsOf(storage: SegmentStorage): Promise<FieldList> {
	let list = await storage.getFields();
	for (;;) {
		const next = await storage.getFields();
		if (next.rows === list.rows) {
			return next;
		}
		list = next;
	}
}

function valuesOf(storage: SegmentStorage, query: Partial<ValuesQuery>): Promise<ValueList> {
	return storage.getValues({ field: 'level', search: '', limit: 20, ...query });
}

function line(extra: unknown, fields: Readonly<Record<string, unknown>> = {}): string {
	return `${asynczLine('m', { ...fields, extra })}\n`;
}

describe('fields', () => {
	test('are told by their names in a query, with their counts and kinds', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		await log.append(line({ user: { id: 7, 'odd key': true }, tags: ['a', 'b'], at: null }));
		await log.append(line({ user: { id: 8 }, tags: [], started: '2026-11-20T10:00:00Z' }));
		await log.append(line({ list: [{ name: 'x' }, { name: 'y' }], level: 'own', empty: {} }));
		const { fields, rows } = await fieldsOf(storage);
		expect(rows).toBe(3);
		const told = Object.fromEntries(fields.map(({ name, count, kind }) => [name, [count, kind]]));
		expect(told).toMatchObject({
			ts: [3, 'time'],
			level: [3, 'text'],
			message: [3, 'text'],
			'user.id': [2, 'number'],
			'user."odd key"': [1, 'boolean'],
			tags: [2, 'text'],
			at: [1, 'text'],
			started: [1, 'time'],
			'list.name': [1, 'text'],
			'extra.level': [1, 'text'],
			empty: [1, 'object'],
		});
		expect(fields.map(({ count }) => count)).toEqual(
			fields.map(({ count }) => count).toSorted((a, b) => b - a),
		);
	});

	test('of entries that came since are told as well, and those of removed ones no more', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		await log.append(line({ first: 1 }));
		await fieldsOf(storage);
		const other = new LogInTest(sinkOf(storage, 2));
		await other.append(line({ second: 1 }));
		const names = async () => (await fieldsOf(storage)).fields.map(({ name }) => name);
		expect(await names()).toEqual(expect.arrayContaining(['first', 'second']));
		await storage.remove(1);
		expect(await names()).not.toContain('first');
		expect(await names()).toContain('second');
	});

	test('that only old entries have are found among many', async () => {
		const path = databasePath();
		const storage = openStorage(path);
		const log = new LogInTest(sinkOf(storage));
		await log.append(line({ old: 'x' }).repeat(3_000));
		await log.append(line({ fresh: 'x' }).repeat(9_000));
		const { fields, rows } = await fieldsOf(storage);
		expect(rows).toBeLessThanOrEqual(3_000);
		expect(fields.find(({ name }) => name === 'old')?.count).toBeGreaterThan(200);
		expect(fields.find(({ name }) => name === 'fresh')?.count).toBeGreaterThan(2_000);
		await storage.close();
		expect(await fieldsOf(openStorage(path))).toEqual({ fields, rows });
	});
});

describe('values', () => {
	test('of columns are counted over all entries, those that begin with a text first', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		const tasks = ['nightly', 'nightly', 'Night-shift', 'midnight', 'midnight', 'midnight', 'day'];
		await log.append(tasks.map((task_id) => line({}, { task_id })).join(''));
		expect(await valuesOf(storage, { field: 'task', search: 'NIGHT' })).toEqual({
			values: [
				{ value: 'nightly', count: 2 },
				{ value: 'Night-shift', count: 1 },
				{ value: 'midnight', count: 3 },
			],
		});
		expect(await valuesOf(storage, { field: 'task_id', limit: 1 })).toEqual({
			values: [{ value: 'midnight', count: 3 }],
		});
		expect(await valuesOf(storage, { field: 'level', search: 'zz' })).toEqual({ values: [] });
		await log.append(line({}, { level: 'CRITICAL' }).repeat(2));
		expect(await valuesOf(storage, { field: 'level', search: 'crit' })).toEqual({
			values: [{ value: 'CRITICAL', count: 2 }],
		});
	});

	test('of sources are their names, in facets as well', async () => {
		const storage = newStorage();
		storage.setSourceNames(
			new Map([
				[1, 'api.jsonl'],
				[2, 'worker.jsonl'],
			]),
		);
		await new LogInTest(sinkOf(storage, 1)).append(line({}).repeat(2));
		await new LogInTest(sinkOf(storage, 2)).append(line({}));
		const values = [
			{ value: 'api.jsonl', count: 2 },
			{ value: 'worker.jsonl', count: 1 },
		];
		expect(await valuesOf(storage, { field: 'source' })).toEqual({ values });
		const query = { query: 'source:api.jsonl', facets: [{ field: 'source', query: '', limit: 5 }] };
		expect(await shapeOf(storage, query)).toMatchObject({ matched: 2, facets: [{ values }] });
	});

	test('of other fields are those of the newest entries, and it is said of how many', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		await log.append(line({ user: { name: 'Ada' }, tags: ['x', 'y', 'x'] }));
		await log.append(line({ user: { name: 'Bob' }, tags: [['z']] }).repeat(2));
		expect(await valuesOf(storage, { field: 'user.name' })).toEqual({
			values: [
				{ value: 'Bob', count: 2 },
				{ value: 'Ada', count: 1 },
			],
			rows: 3,
		});
		expect(await valuesOf(storage, { field: 'tags', search: 'x' })).toEqual({
			values: [{ value: 'x', count: 1 }],
			rows: 3,
		});
		expect(await valuesOf(storage, { field: 'absent' })).toEqual({ values: [], rows: 3 });
		await log.append(line({ user: { name: 'Cleo' } }).repeat(3));
		expect((await valuesOf(storage, { field: 'extra.user.name', limit: 1 })).values).toEqual([
			{ value: 'Cleo', count: 3 },
		]);
	});
});
