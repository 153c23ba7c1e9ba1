import { rmSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import type { Mapping } from '#shared/model/mapping.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { previewMapping } from '#engine/mapping-preview.ts';
import { firstDifference, Random } from '../../../support/entries.ts';
import { asynczLine } from '../../../support/write-log.ts';
import { checkDatabase } from './database-in-test.ts';
import { bytesOf, givenEntry, randomEntries } from '../../../support/random-entries.ts';
import type { GivenEntry } from '../../../support/random-entries.ts';
import {
	countOf,
	databasePath,
	KEEP_ALL,
	LogInTest,
	messagesOf,
	newStorage,
	openStorage,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

const MAPPING: Mapping = {
	message: ['what', 'said'],
	level: ['how'],
	task: ['job'],
	logger: ['who'],
	time: ['when'],
};

function line(said: string, fields: object = {}): string {
	return `${JSON.stringify({ when: '2026-11-20T10:00:00Z', how: 'ERROR', job: 'j1', who: 'w', what: { said }, ...fields })}\n`;
}

async function remap(storage: SegmentStorage, source: number, mapping: Mapping): Promise<void> {
	storage.setMapping(source, mapping);
	await storage.rereadSource(source);
}

/** All rows as text, without `seq` and `late`. */
async function texts(storage: SegmentStorage): Promise<string[]> {
	const rows = await rowsOf(storage, { source: 1 });
	return rows
		.toReversed()
		.map((row) => JSON.stringify(Object.entries({ ...row, seq: 0, late: 0 }).sort()));
}

/** Rows as text without their times. */
function untimed(rows: readonly string[]): string[] {
	return rows.map((row) => row.replace(/"ts",\d+/, ''));
}

function expectedTexts(entries: readonly GivenEntry[], mapping?: Mapping): string[] {
	return entries
		.flatMap(({ bytes }) => givenEntry(bytes, mapping).rows)
		.map((row) => JSON.stringify(Object.entries({ ...row, seq: 0, source: 1, late: 0 }).sort()));
}

describe('a mapping', () => {
	test('changes rows that are live, saved and read as history, is kept, and can be taken back', async () => {
		const random = new Random(21);
		const path = databasePath();
		const storage = openStorage(path);
		const mapped = (count: number): GivenEntry[] =>
			Array.from({ length: count }, (_, n) => givenEntry(Buffer.from(line(`said ${n} Ünïcode`))));
		const history = [...randomEntries(random, 30), ...mapped(30)];
		const live = [...mapped(20), ...randomEntries(random, 30)];
		const log = new LogInTest(sinkOf(storage), { historyEntries: bytesOf(history).length });
		const other = new LogInTest(sinkOf(storage, 2));
		log.leave(bytesOf(history));
		await untilHistory(storage);
		await log.append(bytesOf(live.slice(0, 25)));
		await other.append(line('of another'));
		await storage.flush();
		await log.append(bytesOf(live.slice(25)));
		const entries = [...history, ...live];
		const others = await rowsOf(storage, { source: 2 });
		const plain = await texts(storage);
		expect(firstDifference(plain, expectedTexts(entries))).toBeUndefined();
		expect(await messagesOf(storage, { q: 'SAID 7 ünï', task_id: 'j1' })).toEqual([]);
		await remap(storage, 1, MAPPING);
		expect(firstDifference(await texts(storage), expectedTexts(entries, MAPPING))).toBeUndefined();
		expect(await messagesOf(storage, { q: 'SAID 7 ünï' })).toEqual([
			'said 7 Ünïcode',
			'said 7 Ünïcode',
		]);
		expect(await countOf(storage, { task_id: 'j1', source: 1 })).toMatchObject({
			matched: 50,
			errors: 50,
		});
		expect(await rowsOf(storage, { source: 2 })).toEqual(others);
		await log.append(line('said last'));
		expect(await messagesOf(storage, { q: 'said last' })).toEqual(['said last']);
		await storage.close();
		checkDatabase(path);

		const again = openStorage(path);
		again.setMapping(1, MAPPING);
		const all = [...entries, givenEntry(Buffer.from(line('said last')))];
		expect(firstDifference(await texts(again), expectedTexts(all, MAPPING))).toBeUndefined();
		await remap(again, 1, {});
		// When they came is no longer known of those that name no time.
		const taken = untimed(await texts(again));
		expect(firstDifference(taken, untimed(expectedTexts(all)))).toBeUndefined();
		await again.close();
		checkDatabase(path);
	}, 30_000);

	test('leaves the account of lines right', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		await log.append(`${line('a')}{"broken\n${asynczLine('b')}\n`);
		await log.appendCut(line('x'.repeat(2_000_000)), 1024 * 1024);
		await remap(storage, 1, MAPPING);
		const { counts } = storage.generations.get(log.id);
		const matched = async (quarantined: boolean) =>
			(await countOf(storage, { source: 1, quarantined })).matched;
		expect(counts.quarantined).toBe(await matched(true));
		expect(counts.entries).toBe(await matched(false));
		expect(counts.lines + counts.extra).toBe(counts.entries + counts.quarantined + counts.joined);
	});

	test('set while history is being read holds for all of it', async () => {
		const storage = newStorage();
		const count = 60_000;
		const text = Array.from({ length: count }, (_, n) => line(`said ${n}`)).join('');
		const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
		log.leave(text);
		// Some of it is being read at this moment.
		for (let turn = 0; turn < 20; turn++) {
			await new Promise((resolve) => setImmediate(resolve));
		}
		await remap(storage, 1, MAPPING);
		await untilHistory(storage);
		expect(await countOf(storage, { task_id: 'j1' })).toMatchObject({ matched: count });
		expect(await countOf(storage, { q: 'said 5' })).toMatchObject({ matched: 11_111 });
	}, 30_000);

	test('holds while the text of history is being kept, for its times too', async () => {
		const path = databasePath();
		const storage = openStorage(path);
		const count = 40_000;
		const text = Array.from({ length: count }, (_, n) => line(`said ${n}`)).join('');
		const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
		log.leave(text);
		await untilHistory(storage);
		const since = 1_700_000_000_000_000;
		const steps: readonly [Mapping, number][] = [
			[{ ...MAPPING, time: ['no'] }, 0],
			[MAPPING, count],
		];
		for (const [mapping, matched] of steps) {
			storage.setMapping(1, mapping);
			await Promise.all([storage.rereadSource(1), storage.flush()]);
			await storage.flush();
			const until = 1_795_300_000_000_000;
			expect(await countOf(storage, { since, until })).toMatchObject({ matched });
		}
		await storage.close();
		checkDatabase(path);
	}, 30_000);

	test('is not undone by more lines of an entry', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		await log.append(`${line('a')}Traceback (most recent call last):\n`);
		await remap(storage, 1, MAPPING);
		await log.append(`  File "x"\nValueError: x\n${line('b')}`);
		await storage.flush();
		const found = await messagesOf(storage);
		expect([found[0], found.at(-1)]).toEqual(['a', 'b']);
		expect(await messagesOf(storage, { task_id: 'j1' })).toEqual(['a', 'b']);
	});

	test('given twice at once ends with the last one', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		await log.append(line('a').repeat(3_000));
		storage.setMapping(1, { message: ['who'] });
		const first = storage.rereadSource(1);
		storage.setMapping(1, MAPPING);
		await Promise.all([first, storage.rereadSource(1)]);
		expect(storage.isReading(1)).toBe(false);
		expect(await countOf(storage, { q: 'a', task_id: 'j1' })).toMatchObject({ matched: 3_000 });
		expect(new Set(await messagesOf(storage))).toEqual(new Set(['a']));
	});

	test('changes nothing of what has no text any more', async () => {
		const storage = newStorage();
		storage.setPolicy({ ...KEEP_ALL, keepsText: false });
		const log = new LogInTest(sinkOf(storage), { historyEntries: 1_000 });
		log.leave(line('a'));
		await untilHistory(storage);
		await storage.flush();
		log.write(Buffer.from('another file by now\n'));
		rmSync(log.path);
		await until(() => messagesOf(storage), ['']);
		await remap(storage, 1, MAPPING);
		expect(storage.isReading(1)).toBe(false);
		expect((await rowsOf(storage))[0]).toMatchObject({ level: 'INFO' });
	});
});

async function until<T>(look: () => Promise<T>, expected: T): Promise<void> {
	await expect.poll(look, { timeout: 5_000 }).toEqual(expected);
}

describe('a preview of a mapping', () => {
	test('shows the newest JSON lines as they are and as they would be, the chosen one first', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		for (let n = 0; n < 30; n++) {
			await log.append(`${line(`said ${n}`)}plain text ${n}\n`);
		}
		const rows = await rowsOf(storage);
		const chosen = rows.at(-1)?.seq ?? 0;
		const previews = await previewMapping(storage, { id: 1, mapping: MAPPING, seq: chosen });
		expect(previews.map(({ after }) => after.message)).toEqual([
			'said 0',
			...Array.from({ length: 19 }, (_, n) => `said ${29 - n}`),
		]);
		expect(previews[0]).toMatchObject({
			raw: line('said 0').trimEnd(),
			before: { seq: chosen, level: 'INFO' },
			after: { seq: chosen, level: 'ERROR', task_id: 'j1', logger: 'w', source: 1 },
		});
		expect(await rowsOf(storage)).toEqual(rows);
	});

	test('says nothing of other sources, of what is gone, and of a source of plain text', async () => {
		const storage = newStorage();
		await new LogInTest(sinkOf(storage)).append('plain\n');
		await new LogInTest(sinkOf(storage, 2)).append(line('other'));
		const seq = (await rowsOf(storage, { source: 2 }))[0]?.seq ?? 0;
		expect(await previewMapping(storage, { id: 1, mapping: MAPPING, seq })).toEqual([]);
		expect(await previewMapping(storage, { id: 1, mapping: MAPPING, seq: 9_999 })).toEqual([]);
		expect(await previewMapping(storage, { id: 9, mapping: MAPPING })).toEqual([]);
	});

	test('waits for lines that take more than one answer', async () => {
		const storage = newStorage();
		await new LogInTest(sinkOf(storage)).append(`${line('one')}${line('two')}`);
		vi.spyOn(storage, 'query').mockResolvedValueOnce({ rows: [], complete: false });
		const previews = await previewMapping(storage, { id: 1, mapping: MAPPING });
		expect(previews.map(({ after }) => after.message)).toEqual(['two', 'one']);
	});

	test('compares each entry of a line that holds several with itself', async () => {
		const storage = newStorage();
		const logRecords = ['one', 'two', 'three'].map((stringValue) => ({ body: { stringValue } }));
		const otlp = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
		await new LogInTest(sinkOf(storage)).append(`${otlp}\n`);
		const previews = await previewMapping(storage, { id: 1, mapping: {} });
		expect(previews.map(({ before, after }) => [before.message, after.message])).toEqual([
			['three', 'three'],
			['two', 'two'],
			['one', 'one'],
		]);
	});
});
