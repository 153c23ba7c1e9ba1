import { describe, expect, test } from 'vitest';
import { addLedgers } from '#shared/model/source.ts';
import type { Ledger } from '#shared/model/source.ts';
import { formatLostRecords } from '#shared/model/feed-lines.ts';
import { sourceFiles } from '#engine/source-files.ts';
import type { FileProgress } from '#engine/sources/follower-progress.ts';
import { logText } from '../../support/write-log.ts';
import { LogInTest, newStorage, sinkOf, untilHistory } from './segments/storage-in-test.ts';

function progress(log: LogInTest, fields: Partial<FileProgress> = {}): FileProgress {
	return {
		generation: log.id,
		path: log.path,
		kind: 'plain',
		state: 'following',
		sizeBytes: log.end,
		heldBytes: 0,
		...fields,
	};
}

function expectToAddUp(ledger: Ledger): void {
	expect(ledger.size_bytes).toBe(ledger.read_bytes + ledger.held_bytes + ledger.unread_bytes);
	expect(ledger.lines + ledger.extra_entries).toBe(
		ledger.entries + ledger.quarantined + ledger.joined_lines,
	);
	expect(Math.min(...Object.values(ledger))).toBeGreaterThanOrEqual(0);
}

describe('the account of a log', () => {
	test('says what is read, held and still to be read', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage), { historyEntries: 1_000 });
		log.leave(logText(['history']));
		const left = log.end;
		const ledgerOf = (fields: Partial<FileProgress>) => {
			const [file] = sourceFiles(
				[progress(log, fields)],
				storage.sink(1, () => {}).records(),
				storage,
			);
			return file?.ledger ?? addLedgers([]);
		};
		expect(ledgerOf({})).toMatchObject({ size_bytes: left, read_bytes: 0, unread_bytes: left });
		await untilHistory(storage);
		await log.append(`${logText(['live'])}{"broken\n`);
		const ledger = ledgerOf({ sizeBytes: log.end + 30, heldBytes: 10 });
		expect(ledger).toMatchObject({
			size_bytes: log.end + 30,
			read_bytes: log.end,
			held_bytes: 10,
			unread_bytes: 20,
			lines: 3,
			entries: 2,
			quarantined: 1,
		});
		expectToAddUp(ledger);
	});

	test.each([
		['smaller than what was read of it', { sizeBytes: 5 }],
		['smaller than what was read and held of it', { sizeBytes: 5, heldBytes: 100 }],
		['as large as what is held', { heldBytes: 7 }],
	])('adds up while the file is said to be %s', async (_, fields) => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		await log.append(logText(['a', 'b']));
		const records = storage.sink(1, () => {}).records();
		for (const { ledger } of sourceFiles([progress(log, fields)], records, storage)) {
			expectToAddUp(ledger);
			expect(ledger.read_bytes).toBe(log.end);
		}
	});

	test('of one without a file, or whose content was destroyed, is what was read of it', async () => {
		const storage = newStorage();
		const sink = sinkOf(storage);
		const gone = new LogInTest(sink);
		const destroyed = new LogInTest(sink);
		await gone.append(logText(['a']));
		await destroyed.append(logText(['b']));
		sink.destroy(destroyed.id, 'It was overwritten.');
		const records = storage.sink(1, () => {}).records();
		const files = sourceFiles([progress(destroyed, { sizeBytes: 9_999 })], records, storage);
		expect(files.map(({ id, state }) => [id, state])).toEqual([
			[destroyed.id, 'following'],
			[gone.id, 'gone'],
		]);
		for (const { ledger } of files) {
			expect(ledger).toMatchObject({ entries: 1, unread_bytes: 0, gaps: 0 });
			expectToAddUp(ledger);
		}
	});

	test('has what was lost before it could be read, and shows it as an entry', async () => {
		const storage = newStorage();
		const sink = sinkOf(storage);
		const log = new LogInTest(sink);
		await log.append(logText(['a']));
		sink.gap({ generation: log.id, bytes: 500, message: '500 bytes were lost.' });
		const records = storage.sink(1, () => {}).records();
		const [file] = sourceFiles([progress(log)], records, storage);
		expect(file?.ledger).toMatchObject({ gaps: 1, lost_bytes: 500, entries: 1, lines: 1 });
		const { rows } = await storage.query({ q: 'WERE lost' });
		expect(rows).toMatchObject([{ message: '500 bytes were lost.', level: 'WARNING', flags: 16 }]);
		expect((await storage.query({ q: 'not lost' })).rows).toEqual([]);
		await storage.remove(1);
		sink.gap({ generation: new LogInTest(sink).id, message: 'Nothing but this.' });
		expect((await storage.query({ q: 'BUT' })).rows).toMatchObject([
			{ message: 'Nothing but this.' },
		]);
		expect((await storage.query({ q: 'more' })).rows).toEqual([]);
	});

	test('has the gaps that its own lines tell of', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		const gap = formatLostRecords({ records: 7, reason: 'The queue was full' });
		await log.append(`${logText(['a'])}${gap}\n${logText(['b'])}`);
		const records = storage.sink(1, () => {}).records();
		const [file] = sourceFiles([progress(log)], records, storage);
		expect(file?.ledger).toMatchObject({ gaps: 1, lost_bytes: 0, entries: 3, lines: 3 });
		expectToAddUp(file?.ledger ?? addLedgers([]));
		const message = '7 records are missing here: The queue was full';
		for (const filter of [{ query: 'is:gap' }, { q: 'ARE missing' }]) {
			const { rows } = await storage.query(filter);
			expect(rows).toMatchObject([{ message, level: 'WARNING', flags: 17 }]);
			expect(await storage.get(rows[0]?.seq ?? 0)).toMatchObject({ message, raw: gap });
		}
	});
});

test('a file that is no log yet stands before the logs, with its reason', () => {
	const storage = newStorage();
	const files = sourceFiles(
		[
			{
				path: '/x',
				kind: 'plain',
				state: 'failed',
				message: 'no',
				sizeBytes: 10,
				heldBytes: 4,
			},
		],
		[],
		storage,
	);
	expect(files).toMatchObject([
		{ id: -1, path: '/x', state: 'failed', message: 'no', ledger: { size_bytes: 10 } },
	]);
	expectToAddUp(files[0]?.ledger ?? addLedgers([]));
});
