import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { AckedSender } from '../support/acked-sender.ts';
import { firstDifference, Random, TEST_SCALE } from '../support/entries.ts';
import { FeedApp } from '../support/feed-app.ts';
import { until } from '../support/until.ts';

// The receiver alone is killed more often: see test/unit/feeds/acked-kill.test.ts.
const KILLS = 10 * TEST_SCALE;
const MINUTE = 60_000;

test(
	`the app killed ${KILLS} times, receiver and engine: senders that send again lose and double nothing`,
	async () => {
		const random = new Random(21);
		const app = await FeedApp.start();
		const senders = ['a', 'b'].map((session) => new AckedSender(app.socketPath, session));
		onTestFinished(() => senders.forEach((sender) => sender.stop()));
		const timer = setInterval(() => senders.forEach((sender) => sender.add(random.below(40))), 5);
		onTestFinished(() => clearInterval(timer));
		const stored = () => senders.reduce((sum, { created, kept }) => sum + created - kept, 0);
		for (let kill = 0; kill < KILLS; kill++) {
			const before = stored();
			const enough = random.below(2_000);
			await until('some lines', () => stored() - before >= enough, { deadlineMs: MINUTE });
			await app.kill();
			await app.start();
		}
		clearInterval(timer);
		await until('all to be acknowledged', () => senders.every(({ kept }) => kept === 0), {
			deadlineMs: MINUTE,
		});
		await app.untilCount(stored());
		for (const [at, session] of ['a', 'b'].entries()) {
			const rows = await app.rows(`source:"worker ${session}"`);
			const expected = Array.from(
				{ length: senders[at]?.created ?? 0 },
				(_, index) => `${session} record ${index + 1}`,
			);
			expect(expected.length).toBeGreaterThan(KILLS);
			const messages = rows.map(({ message }) => message);
			expect(firstDifference(messages, expected)).toBeUndefined();
		}
		await app.stop();
	},
	5 * MINUTE * TEST_SCALE,
);

test(
	'the app killed while a sender goes on that sends nothing again: each loss has its gap',
	async () => {
		const app = await FeedApp.start();
		await app.untilEndpoint(app.socketPath, 'listening');
		let number = 0;
		const over = new AbortController();
		onTestFinished(() => over.abort());
		const send = async (): Promise<void> => {
			while (!over.signal.aborted) {
				const socket = await app.connect().catch(() => undefined);
				socket?.write('{"hello":1,"source":"worker-1"}\n');
				const isGone = () => over.signal.aborted || socket?.destroyed !== false;
				while (!isGone()) {
					socket?.write(`line ${++number}\n`);
					await delay(2);
				}
				await delay(20);
			}
		};
		const sending = send();
		for (let kill = 0; kill < 2; kill++) {
			const before = number;
			await until('some lines', () => number > before + 200, { deadlineMs: MINUTE });
			await app.kill();
			await app.start();
			const after = number;
			await app.untilEndpoint(app.socketPath, 'listening');
			await until('lines after it', () => number > after + 50, { deadlineMs: MINUTE });
		}
		over.abort();
		await sending;
		await app.untilRows(1, `"line ${number}"`);
		const rows = await app.rows('source:worker-1');
		const found: number[] = [];
		/** Between which lines some are missing, and whether a gap stands there. */
		const losses: { readonly after: number; readonly hasGap: boolean }[] = [];
		let hasGap = false;
		for (const { message, flags } of rows) {
			const isGap = (flags & EntryFlag.gap) !== 0;
			if (!isGap) {
				const line = Number(/^line (\d+)$/.exec(message)?.[1]);
				const after = found.at(-1) ?? 0;
				if (line !== after + 1) {
					losses.push({ after, hasGap });
				}
				found.push(line);
			}
			hasGap = isGap;
		}
		expect(losses.length).toBeGreaterThan(0);
		expect(losses.filter((loss) => !loss.hasGap)).toEqual([]);
		const inOrder = [...new Set(found)].sort((one, other) => one - other);
		expect(firstDifference(found, inOrder)).toBeUndefined();
		await app.stop();
	},
	5 * MINUTE,
);
