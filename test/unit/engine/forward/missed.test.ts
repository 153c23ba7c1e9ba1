import { expect, test } from 'vitest';
import { wantedBetween } from '#engine/segments/sqlite/forwards.ts';
import { until } from '../../../support/until.ts';
import { logText, numberedMessages } from '../../../support/write-log.ts';
import { LogInTest, newStorage, sinkOf, untilHistory } from '../segments/storage-in-test.ts';
import { AT_START, forwardTo, TakerInTest } from './taker-in-test.ts';

test('counts what left before it was taken, and nothing that was taken', async () => {
	const storage = newStorage();
	const taker = new TakerInTest();
	const kept = new LogInTest(sinkOf(storage, 1));
	await kept.append(logText(numberedMessages('kept', 0, 10)));
	// It tries again when it is told to.
	const forwarder = forwardTo(taker, storage, { retryMs: 60_000 });
	await until('all to be taken', () => forwarder.waiting === 0);
	const offer = async (source: number, entries: number): Promise<void> => {
		const { length } = taker.offered;
		const messages = numberedMessages(`source ${source}`, 0, entries);
		await new LogInTest(sinkOf(storage, source)).append(logText(messages));
		forwarder.look();
		await until('it to be offered', () => taker.offered.length > length);
	};

	// Of a segment of which others were taken, while nothing is on its way.
	taker.failure = 'away';
	await offer(2, 7);
	await until('it to be refused', () => forwarder.isStuck);
	await storage.remove(2);
	expect(forwarder.forward.missed).toBe(7);

	// While it is on its way, and is taken.
	let answer = Promise.withResolvers<void>();
	taker.failure = undefined;
	taker.held = answer.promise;
	forwarder.tryAgain();
	await offer(3, 5);
	await storage.remove(3);
	answer.resolve();
	await taker.untilTaken(15);
	await until('it to be remembered', () => !forwarder.isStuck);
	expect(forwarder.forward.missed).toBe(7);

	// While it is on its way, and is refused.
	answer = Promise.withResolvers();
	taker.failure = 'away';
	taker.held = answer.promise;
	await offer(4, 4);
	await storage.remove(4);
	answer.resolve();
	await until('it to be refused', () => forwarder.isStuck);
	expect(forwarder.forward.missed).toBe(11);
	taker.failure = undefined;
	await kept.append(logText(['last']));
	forwarder.tryAgain();
	await taker.untilTaken(16);
	expect(taker.messages).toEqual([
		...numberedMessages('kept', 0, 10),
		...numberedMessages('source 3', 0, 5),
		'last',
	]);
	expect(forwarder.forward.missed).toBe(11);
});

test('counts what came too late to be handed on', async () => {
	const storage = newStorage();
	const taker = new TakerInTest();
	const log = new LogInTest(sinkOf(storage));
	// As if nobody could read the history when what came after it was handed on.
	const forwarder = forwardTo(taker, storage, {
		forward: { ...AT_START, after: 1_000_000 },
	});
	log.leave(logText(['old 1', 'old 2']));
	await untilHistory(storage);
	await until('it to be counted', () => forwarder.forward.missed === 2);
	expect(taker.offered).toEqual([]);
});

test('what leaves is missed where it is meant for a storage that has not taken it', () => {
	const inTurn = { ...AT_START, after: 10, begun: 5 };
	expect(wantedBetween(inTurn, 1, 20)).toBe(10);
	expect(wantedBetween(inTurn, 8, 10)).toBe(0);
	expect(wantedBetween(inTurn, 11, 11)).toBe(1);
	const after = { ...AT_START, after: 3, had_after: 5, had_to: 10 };
	expect(wantedBetween(after, 1, 20)).toBe(12);
	expect(wantedBetween(after, 6, 10)).toBe(0);
	expect(wantedBetween(after, 5, 11)).toBe(2);
	expect(wantedBetween(after, 1, 4)).toBe(1);
});
