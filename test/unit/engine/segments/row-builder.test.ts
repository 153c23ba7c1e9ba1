import { describe, expect, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { createScanner } from '#engine/scan/create-scanner.ts';
import { Dictionary } from '#engine/segments/segment/dictionary.ts';
import { RowBuilder } from '#engine/segments/segment/row-builder.ts';
import type { BuiltRows } from '#engine/segments/segment/row-builder.ts';
import { firstDifference, NOW, Random, TEST_SCALE } from '../../../support/entries.ts';
import { asynczLine } from '../../../support/write-log.ts';
import { bytesOf, randomEntries } from '../../../support/random-entries.ts';
import { LogInTest, newStorage, rowsOf, sinkOf, untilHistory } from './storage-in-test.ts';

const dictionary = new Dictionary();
const builder = new RowBuilder(createScanner(), dictionary);

function build(text: string | Buffer, state: BuiltRows['state'] = 'fresh'): BuiltRows {
	const bytes = Buffer.from(text);
	builder.input(bytes.length).set(bytes);
	return builder.build(bytes.length, { arrival: NOW * 1_000, state });
}

/** A line of a program as Docker wraps it. */
function docker(log: string): string {
	return JSON.stringify({ log: `${log}\n`, stream: 'stdout', time: '2026-11-22T10:19:47Z' });
}

describe('lines', () => {
	test('are counted so that the account adds up', () => {
		const text = [
			'',
			asynczLine('a'),
			'Traceback (most recent call last):',
			'  File "x"',
			'ValueError: x',
			'',
			'{"broken',
			'plain',
			' indented',
			'   ',
			'',
		].join('\n');
		const { counts, count, before } = build(text);
		expect(counts).toEqual({ lines: 10, entries: 2, quarantined: 1, joined: 7, extra: 0, gaps: 0 });
		expect([count, before]).toEqual([3, 0]);
	});

	test('go on with the entry before them where they continue it', () => {
		const first = build('Traceback (most recent call last):\n');
		const next = build('  File "x"\nValueError: x\nnext\n', first.state);
		expect(next.before).toBe('  File "x"\nValueError: x\n'.length);
		expect([next.count, next.counts.joined]).toEqual([1, 2]);
	});

	test('that are blank make no row, and belong to what is around them', () => {
		expect(build('\n\r\n  \n')).toMatchObject({ count: 0, before: 6 });
		const rows = build(`\n\n${asynczLine('a')}\n\n${asynczLine('b')}`);
		expect(rows.count).toBe(2);
		expect([...rows.columns.end.subarray(0, 2)]).toEqual([
			asynczLine('a').length + 4,
			asynczLine('a').length * 2 + 4,
		]);
		expect([...rows.columns.flags.subarray(0, 2)]).toEqual([0, 0]);
	});

	test('that are blank stay where they are between lines that Docker has wrapped', () => {
		const text = `${docker('a')}\n\n${docker('b')}\n`;
		const rows = build(text);
		expect([rows.count, rows.counts.joined]).toEqual([2, 1]);
		expect([...rows.columns.end.subarray(0, 2)]).toEqual([docker('a').length + 2, text.length]);
	});

	test('of more than 1 MiB are quarantined, and read no further', () => {
		const long = build(`{"message":"${'x'.repeat(1024 * 1024)}"}\nnext\n`);
		expect([long.count, long.counts.quarantined]).toEqual([2, 1]);
		expect(long.columns.flags[0]).toBe(
			EntryFlag.quarantined | EntryFlag.cutLine | EntryFlag.plainText | EntryFlag.arrivalTime,
		);
		expect(build(`${'x'.repeat(1024 * 1024)}\n`).counts.quarantined).toBe(0);
	});

	test('of more than 1 MiB are cut too where they are records of AsyncZ', () => {
		const { counts } = build(`${asynczLine('x'.repeat(1024 * 1024))}\n${asynczLine('a')}\n`);
		expect(counts).toMatchObject({ lines: 2, entries: 1, quarantined: 1 });
	});

	test('that are blank do not make the entry before them too long', () => {
		const { counts } = build(`plain\n${'\n'.repeat(1024 * 1024 + 5)}`);
		expect(counts).toMatchObject({ entries: 1, quarantined: 0 });
	});
});

test('a line with more entries than a segment has rows has them all', async () => {
	const storage = newStorage();
	const log = new LogInTest(sinkOf(storage));
	await log.append(`${asynczLine('before')}\n`);
	const logRecords = Array.from({ length: 9_000 }, (_, n) => ({ body: { stringValue: `m ${n}` } }));
	const line = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
	await log.append(`${line}\n${asynczLine('after')}\n`);
	const messages = (await rowsOf(storage)).map(({ message }) => message).toReversed();
	expect(messages).toEqual(['before', ...logRecords.map((_, n) => `m ${n}`), 'after']);
	expect((await storage.query({ q: 'm 8999' })).rows).toHaveLength(1);
});

/** What a storage shows of a log: its rows, their lines, where they stand. */
async function shown(storage: SegmentStorage): Promise<readonly string[]> {
	const rows = await rowsOf(storage);
	return Promise.all(
		rows.toReversed().map(async ({ seq }) => {
			const entry = await storage.get(seq);
			return JSON.stringify({ ...entry, seq: 0, file: '' });
		}),
	);
}

test.each([11, 12, 13])(
	'the rows of some bytes are the same wherever chunks are cut (%i)',
	async (seed) => {
		const random = new Random(seed);
		const entries = randomEntries(random, 60);
		const bytes = bytesOf(entries);
		const ends = [...bytes].flatMap((byte, at) => (byte === 0x0a ? [at + 1] : []));
		const whole = newStorage();
		const wholeLog = new LogInTest(sinkOf(whole));
		await wholeLog.append(bytes);
		const expected = await shown(whole);
		expect(expected).toHaveLength(entries.flatMap(({ rows }) => rows).length);
		const counts = whole.generations.get(wholeLog.id).counts;
		for (let round = 0; round < 6 * TEST_SCALE; round++) {
			const storage = newStorage();
			const log = new LogInTest(sinkOf(storage));
			const cuts = ends.filter(() => round === 0 || random.chance(0.3));
			for (const end of new Set([...cuts, bytes.length])) {
				await log.append(bytes.subarray(log.end, end));
			}
			expect(firstDifference(await shown(storage), expected)).toBeUndefined();
			expect(storage.generations.get(log.id).counts).toEqual(counts);
			await storage.close();
		}
		// Threads read it in pieces of their own.
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage), { historyEntries: bytes.length });
		log.leave(bytes);
		await untilHistory(storage);
		expect(firstDifference(await shown(storage), expected)).toBeUndefined();
		expect(storage.generations.get(log.id).counts).toEqual(counts);
	},
	60_000 * TEST_SCALE,
);
