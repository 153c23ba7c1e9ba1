import { copyFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { until } from '../../../support/until.ts';
import { asynczLine, logText, numberedMessages } from '../../../support/write-log.ts';
import {
	databasePath,
	KEEP_ALL,
	LogInTest,
	newStorage,
	openStorage,
	sinkOf,
	untilHistory,
} from '../segments/storage-in-test.ts';
import { ADDRESS, AT_START, forwardTo, TakerInTest } from './taker-in-test.ts';

test('hands on entries as an export writes them, with what they are known by', async () => {
	const storage = newStorage();
	const taker = new TakerInTest();
	const sink = sinkOf(storage);
	const log = new LogInTest(sink);
	await log.append(
		[
			asynczLine('plain'),
			asynczLine('with "more"\nlines é', {
				level: 'warn',
				task_id: 't-1',
				extra: { run: 1 },
			}),
			`{"ts":"2026-11-22 10:19:46.278583+00:00","level":"ERROR","message":"digits","logger":"l","task_id":null,"extra":{"id":9007199254740993,"f":1.0}}`,
			'2026-11-22 10:19:47,100 ERROR jobs: it broke',
			'Traceback (most recent call last):',
			'  File "a.py", line 1, in f',
			'ValueError: no',
			'{"ts": "2026-11-22 10:20:00+00:00", "level": "INFO", "message": "torn',
			'',
		].join('\n'),
	);
	sink.gap({ generation: log.id, message: 'Some bytes were lost.' });
	forwardTo(taker, storage);
	await taker.untilTaken(6);
	const ts = Date.UTC(2026, 10, 22, 10, 19, 46) * 1_000 + 278_583;
	const [first = 0] = taker.offered.flat();
	const origin = (place: number) => ({ origin: { writer: 'w1', number: first + place } });
	expect(taker.taken).toEqual([
		{ ts, level: 'INFO', message: 'plain', logger: 'asyncz.task', ...origin(0) },
		{
			ts,
			level: 'WARN',
			message: 'with "more"\nlines é',
			logger: 'asyncz.task',
			task_id: 't-1',
			extra: '{"run": 1}',
			...origin(1),
		},
		{
			ts,
			level: 'ERROR',
			message: 'digits',
			logger: 'l',
			extra: '{"id":9007199254740993,"f":1.0}',
			...origin(2),
		},
		{
			ts: expect.any(Number),
			level: 'ERROR',
			message: '2026-11-22 10:19:47,100 ERROR jobs: it broke',
			logger: '',
			extra: expect.stringContaining('Traceback (most recent call last):\\n'),
			...origin(3),
		},
		expect.objectContaining({
			message: expect.stringContaining('"torn'),
			...origin(4),
		}),
		expect.objectContaining({ level: 'WARNING', message: 'Some bytes were lost.', ...origin(5) }),
	]);
});

test('tries again until it is taken, in order and each once', async () => {
	const storage = newStorage();
	const taker = new TakerInTest();
	taker.failure = 'The disk of all.jsonl is full: make room.';
	const log = new LogInTest(sinkOf(storage));
	const messages = numberedMessages('m', 0, 25_000);
	await log.append(logText(messages.slice(0, 100)));
	const forwarder = forwardTo(taker, storage);
	await until('three tries', () => taker.offered.length >= 3);
	expect(forwarder.message).toBe('The disk of all.jsonl is full: make room.');
	expect(forwarder.waiting).toBe(100);
	// How many are offered at once is a matter of time.
	expect(new Set(taker.offered.map(([first]) => first)).size).toBe(1);
	taker.failure = undefined;
	await log.append(logText(messages.slice(100)));
	forwarder.look();
	await taker.untilTaken(messages.length);
	expect(taker.messages).toEqual(messages);
	await until('it to be remembered', () => forwarder.waiting === 0);
	expect([forwarder.message, forwarder.forward.missed]).toEqual([undefined, 0]);
	// Each batch is one that a storage takes.
	expect(Math.max(...taker.offered.map(({ length }) => length))).toBeLessThanOrEqual(10_000);
});

test('goes on where it was, by the same numbers, after the database was opened again', async () => {
	const path = databasePath();
	const storage = openStorage(path);
	const taker = new TakerInTest();
	const sink = sinkOf(storage);
	const log = new LogInTest(sink);
	await log.append(logText(['a', 'b']));
	const forwarder = forwardTo(taker, storage);
	await taker.untilTaken(2);
	await until('it to be remembered', () => storage.spool.forward(ADDRESS) !== undefined);
	taker.failure = 'away';
	await log.append(logText(['c']));
	forwarder.look();
	await until('it to be offered', () => taker.offered.length >= 2);
	await forwarder.stop();
	await storage.close();

	const again = openStorage(path);
	const forward = again.spool.forward(ADDRESS) ?? AT_START;
	expect(forward.missed).toBe(0);
	taker.failure = undefined;
	forwardTo(taker, again, { forward });
	await log.reopened(sinkOf(again)).append(logText(['d']));
	await taker.untilTaken(4);
	expect(taker.messages).toEqual(['a', 'b', 'c', 'd']);
	const numbers = taker.taken.map(({ origin }) => origin?.number ?? 0);
	expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
	// What was offered and not acknowledged comes as what it was.
	expect(taker.offered[1]).toEqual([numbers[2]]);
	expect(taker.taken[2]?.origin?.writer).toBe(taker.writers[1]);
});

test('a copy of a database and its original lose nothing of each other', async () => {
	const [path, copy] = [databasePath(), databasePath()];
	const storage = openStorage(path);
	const taker = new TakerInTest();
	const log = new LogInTest(sinkOf(storage));
	await log.append(logText(['first']));
	const forwarder = forwardTo(taker, storage);
	await taker.untilTaken(1);
	await until('it to be remembered', () => forwarder.waiting === 0);
	taker.failure = 'away';
	await log.append(logText(['both']));
	forwarder.look();
	await until('a try', () => forwarder.isStuck);
	await forwarder.stop();
	await storage.close();
	copyFileSync(path, copy);
	taker.failure = undefined;
	// The last one is the original, put back as it was when it was copied.
	const back = databasePath();
	copyFileSync(path, back);
	for (const [own, database] of [path, copy, back].entries()) {
		const another = openStorage(database);
		const forward = another.spool.forward(ADDRESS) ?? AT_START;
		const running = forwardTo(taker, another, { forward });
		await log.reopened(sinkOf(another)).append(logText([`own ${own}`, `own ${own} too`]));
		await taker.untilTaken(2 + 2 * (own + 1));
		await until('all to be taken', () => running.waiting === 0);
		await running.stop();
		await another.close();
	}
	const own = ['own 0', 'own 0 too', 'own 1', 'own 1 too', 'own 2', 'own 2 too'];
	expect(taker.messages).toEqual(['first', 'both', ...own]);
});

test('waits for history, and hands it on before what came after it', async () => {
	const storage = newStorage();
	const taker = new TakerInTest();
	const log = new LogInTest(sinkOf(storage));
	const history = numberedMessages('old', 0, 5_000);
	let first = 0;
	const forwarder = forwardTo(taker, storage, { readBefore: () => first });
	log.leave(logText(history));
	await log.append(logText(['new']));
	await untilHistory(storage);
	first = Infinity;
	forwarder.look();
	await taker.untilTaken(5_001);
	expect(taker.messages).toEqual([...history, 'new']);
});

test('keeps what a storage still wants, whatever the bounds', async () => {
	const storage = newStorage();
	const taker = new TakerInTest();
	taker.failure = 'away';
	const forwarder = forwardTo(taker, storage);
	storage.setPolicy({ ...KEEP_ALL, retention: { rows: 5_000, bytes: 0, days: 0 } });
	const log = new LogInTest(sinkOf(storage));
	const messages = numberedMessages('m', 0, 40_000);
	for (let at = 0; at < messages.length; at += 4_000) {
		await log.append(logText(messages.slice(at, at + 4_000)));
		await storage.flush();
	}
	expect(storage.stats()).toMatchObject({ size: 40_000, dropped: 0 });
	taker.failure = undefined;
	await taker.untilTaken(40_000);
	expect(taker.messages).toEqual(messages);
	await until('rows to leave', () => storage.stats().size < 5_000 + 8_192);
	expect(forwarder.forward.missed).toBe(0);
});

test('lets what is live wait while more is kept for it than may be, and loses nothing', async () => {
	const storage = newStorage();
	const taker = new TakerInTest();
	taker.failure = 'away';
	const forwarder = forwardTo(taker, storage);
	const told: (string | undefined)[] = [];
	storage.spool.listen((address) => told.push(address));
	storage.spool.feed([forwarder], 200_000);
	const log = new LogInTest(sinkOf(storage));
	const messages = numberedMessages('m', 0, 40_000);
	let appended = 0;
	const appendUpTo = async (end: number): Promise<void> => {
		for (; appended < end; appended += 1_000) {
			await log.append(logText(messages.slice(appended, appended + 1_000)));
			await storage.flush();
		}
	};
	await appendUpTo(1_000);
	await until('a failed try', () => forwarder.isStuck);
	const appending = appendUpTo(messages.length);
	await until('it to be full', () => told.at(-1) === ADDRESS);
	expect(appended).toBeLessThan(40_000);
	taker.failure = undefined;
	await appending;
	await taker.untilTaken(40_000);
	expect(taker.messages).toEqual(messages);
	await until('there to be room', () => told.at(-1) === undefined);
	expect(forwarder.forward.missed).toBe(0);
});
