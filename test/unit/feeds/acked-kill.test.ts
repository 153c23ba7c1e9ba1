import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AckedSender } from '../../support/acked-sender.ts';
import { firstDifference, Random, TEST_SCALE } from '../../support/entries.ts';
import { startFeedsThread } from '../../support/feeds-thread.ts';
import { temporaryFolder } from '../../support/temp-folder-of-test.ts';
import { until } from '../../support/until.ts';
import { readFeeds } from './feed-rig.ts';

const KILLS = 60 * TEST_SCALE;

test(
	'killed at any moment, it stores each acknowledged line once and in order',
	async () => {
		const random = new Random(7);
		const base = temporaryFolder();
		const folder = join(base, 'feeds');
		const path = join(base, 'feed.sock');
		const config = { folder, listen: [`unix:${path}`], connect: [] };
		const senders = ['a', 'b', 'c'].map((session) => new AckedSender(path, session));
		onTestFinished(() => senders.forEach((sender) => sender.stop()));
		const ticker = setInterval(() => senders.forEach((sender) => sender.add(random.below(40))), 1);
		let next = startFeedsThread();
		for (let kill = 0; kill < KILLS; kill++) {
			const { worker, api } = next;
			next = startFeedsThread(); // it takes a while
			await api.configure(config);
			const before = senders.map(({ created, kept }) => created - kept);
			// At a moment when lines come in, sometimes at once and sometimes later.
			const enough = random.below(400);
			await until('some lines', () =>
				senders.some(({ created, kept }, at) => created - kept - (before[at] ?? 0) >= enough),
			);
			await worker.terminate();
		}
		clearInterval(ticker);
		const { worker, api } = next;
		onTestFinished(() => void worker.terminate());
		await api.configure(config);
		await until('all to be acknowledged', () => senders.every(({ kept }) => kept === 0));
		await api.close({});
		const feeds = readFeeds(folder);
		for (const [at, session] of ['a', 'b', 'c'].entries()) {
			const expected = Array.from(
				{ length: senders[at]?.created ?? 0 },
				(_, index) => `${session} record ${index + 1}`,
			);
			expect(expected.length).toBeGreaterThan(KILLS);
			expect(firstDifference(feeds[`worker ${session}`] ?? [], expected)).toBeUndefined();
		}
	},
	120_000 * TEST_SCALE,
);
