import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineClient } from '../support/engine-client.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { appendLog, logText, newLog, numberedMessages } from '../support/write-log.ts';

const SOON = { interval: 10, timeout: 10_000 };

/** The last event of a kind. */
function lastOf(engine: EngineClient, name: string): unknown {
	return engine.events.findLast((event) => event.name === name)?.value;
}

function countOf(engine: EngineClient, name: string): number {
	return engine.events.filter((event) => event.name === name).length;
}

test('events come seldom while much happens, and the last of them is never lost', async () => {
	const path = newLog();
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	const begin = performance.now();
	for (let round = 0; round < 80; round++) {
		appendLog(path, numberedMessages('m', round * 10, round * 10 + 10));
		await until('the round', async () => (await engine.state()).storage.size >= round * 10);
	}
	await engine.untilStored(800);
	await until('all to be saved', async () => (await engine.state()).storage.unsaved === 0);
	const { storage } = await engine.state();
	await expect.poll(() => lastOf(engine, 'storageChanged'), SOON).toEqual(storage);
	await expect
		.poll(() => lastOf(engine, 'sourcesChanged'), SOON)
		.toMatchObject([
			{ ledger: { entries: 800, read_bytes: fs.statSync(path).size, unread_bytes: 0 } },
		]);
	const elapsed = performance.now() - begin;
	expect(countOf(engine, 'storageChanged')).toBeLessThan(elapsed / 40 + 3);
	expect(countOf(engine, 'sourcesChanged')).toBeLessThan(elapsed / 250 + 3);
	expect(countOf(engine, 'storageChanged')).toBeGreaterThan(2);
});

test('a rate rises while lines come and falls when they end', async () => {
	const path = newLog(['old']);
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	fs.renameSync(path, `${path}.1`);
	fs.writeFileSync(path, logText(numberedMessages('rotated', 0, 150)));
	appendLog(path, numberedMessages('m', 0, 150));
	await engine.untilStored(301);
	const rates = () =>
		engine.events
			.filter(({ name }) => name === 'sourcesChanged')
			.map(({ value }) => (value as { rate: number }[])[0]?.rate);
	await expect.poll(rates, SOON).toContain(100);
	await expect.poll(() => rates().at(-1), SOON).toBe(0);
});

test('what was there before a source was opened is no rate', async () => {
	const engine = await EngineClient.open(temporaryFolder());
	expect((await engine.openFile(newLog(numberedMessages('m', 0, 30_000)))).rate).toBe(0);
	await engine.untilStored(30_000);
	expect((await engine.state()).sources).toMatchObject([{ rate: 0, ledger: { entries: 30_000 } }]);
});

test('a problem is told, and gone when it is dismissed', async () => {
	const folder = temporaryFolder();
	fs.writeFileSync(join(folder, 'settings.json'), 'broken');
	const engine = await EngineClient.open(folder);
	const { id } = await engine.untilProblem('could not be understood');
	await engine.api.dismissProblem({ id: id + 1 });
	expect((await engine.state()).problems).toHaveLength(1);
	await engine.api.dismissProblem({ id });
	expect((await engine.state()).problems).toEqual([]);
	expect(lastOf(engine, 'problemsChanged')).toEqual([]);
});

test('counts of what is new go on from the watermark that was told', async () => {
	const path = newLog(numberedMessages('m', 0, 500));
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	const { watermark, revision } = (await engine.state()).storage;
	appendLog(path, ['new 1', 'new 2']);
	await engine.untilStored(502);
	const counts = [{ after: watermark }, { up_to: watermark }, {}];
	const found = await Promise.all(counts.map((query) => engine.api.count(query)));
	expect(found.map(({ matched }) => matched)).toEqual([2, 500, 502]);
	expect((await engine.state()).storage.revision).toBe(revision);
	expect(await engine.messages({ up_to: watermark, q: 'new' })).toEqual([]);
});

test('calls with wrong parameters are refused, and none but ours exist', async () => {
	const engine = await EngineClient.open(temporaryFolder());
	const wrong = [
		engine.api.query({ limit: 100_000, offset: 0 }),
		engine.api.query({ limit: 1, offset: -1 }),
		engine.api.getEntry({ seq: -1 }),
		engine.api.getEntry({} as never),
		engine.api.openSource({ type: 'tcp' } as never),
		engine.api.closeSource({ id: 'x' } as never),
	];
	const codes = await Promise.all(
		wrong.map((call) => call.catch((error: { code: string }) => error.code)),
	);
	expect(codes).toEqual(wrong.map(() => 'invalid-params'));
	expect(await engine.api.getEntry({ seq: 12_345 })).toBeUndefined();
	expect(await engine.api.getEntry({ seq: 1e300 })).toBeUndefined();
	expect(
		await engine.api.count({ since: -1e300, until: 1e300, up_to: 1e300, source: 1e300 }),
	).toMatchObject({
		matched: 0,
	});
	expect(await engine.api.query({ limit: 1, offset: 1e300, q: '%_\\\0'.repeat(2_500) })).toEqual({
		rows: [],
		complete: true,
	});
});
