import { expect, test } from 'vitest';
import { EngineClient } from '../support/engine-client.ts';
import { firstDifference, Random, TEST_SCALE } from '../support/entries.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { appendLog, newLog, numberedMessages } from '../support/write-log.ts';

const ROUNDS = 60 * TEST_SCALE;

test('files opened, closed, written to and asked about all at once leave what they should', async () => {
	const random = new Random(10);
	const engine = await EngineClient.open(temporaryFolder());
	const logs = ['a', 'b', 'c'].map((name) => {
		const messages = numberedMessages(name, 0, 5_000);
		return { name, messages, path: newLog(messages, `${name}.jsonl`) };
	});
	const calls: Promise<unknown>[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const log = random.pick(logs);
		const id = 1 + random.below(round + 1);
		const act = random.pick([
			() => engine.openFile(log.path),
			() => engine.openFile(log.path),
			() => engine.api.closeSource({ id }),
			() => engine.api.query({ limit: 100, offset: random.below(3_000), q: log.name }),
			() => engine.api.count({ q: '9', source: id }),
			async () => {
				const added = [`${log.name} ${log.messages.length}`];
				log.messages.push(...added);
				appendLog(log.path, added);
			},
		]);
		calls.push(act());
		if (random.chance(0.3)) {
			await calls.at(-1);
		}
	}
	const failed = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected');
	expect(failed).toEqual([]);
	for (const log of logs) {
		const { id } = await engine.openFile(log.path);
		await engine.untilRead();
		const found = await engine.messages({ source: id });
		expect(firstDifference(found.toSorted(), log.messages.toSorted())).toBeUndefined();
	}
	const { sources, storage, problems } = await engine.state();
	const total = logs.reduce((sum, { messages }) => sum + messages.length, 0);
	expect([sources.length, storage.size, problems]).toEqual([3, total, []]);
	expect(await engine.api.count({})).toMatchObject({ matched: total, complete: true });
	for (const { id } of sources) {
		await engine.api.closeSource({ id });
	}
	expect((await engine.state()).storage).toMatchObject({ size: 0, watermark: 0 });
	expect([await engine.messages(), engine.stderr]).toEqual([[], '']);
	await engine.close();
}, 60_000);
