import { expect, test } from 'vitest';
import { LogInTest, newStorage, rowsOf, sinkOf } from './storage-in-test.ts';

const PLAIN = { ts: '2026-11-20T10:00:00Z', level: 'INFO', logger: 'app', task_id: null };
const LINES = [
	{ ...PLAIN, message: 'one', extra: { user: { id: 42 } } },
	{ ...PLAIN, level: 'ERROR', message: 'two', task_id: 'nightly', ms: 1.5, extra: null },
	{ ...PLAIN, message: 'three', extra: { user: null, tags: ['a'] } },
];

test.each(['arrival', 'time'] as const)(
	'rows tell the values of the fields that were asked for, in that order (%s)',
	async (order) => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		await log.append(LINES.map((line) => `${JSON.stringify(line)}\n`).join(''));
		const fieldsOf = async (fields: readonly string[]) =>
			(await rowsOf(storage, { order, fields })).map((row) => row.fields);
		expect(await fieldsOf(['user.id', 'level', 'ms', 'tags'])).toEqual([
			[null, 'INFO', null, '["a"]'],
			[null, 'ERROR', '1.5', null],
			['42', 'INFO', null, null],
		]);
		expect(await fieldsOf(['task', 'message'])).toEqual([
			[null, 'three'],
			['nightly', 'two'],
			[null, 'one'],
		]);
		expect(await fieldsOf([])).toEqual([undefined, undefined, undefined]);
	},
);

test('a long value is cut as a message is', async () => {
	const storage = newStorage();
	const log = new LogInTest(sinkOf(storage));
	await log.append(`${JSON.stringify({ message: 'x', level: 'INFO', body: 'ä'.repeat(2_000) })}\n`);
	const [row] = await rowsOf(storage, { fields: ['body'] });
	expect(row?.fields).toEqual(['ä'.repeat(1_000)]);
});
