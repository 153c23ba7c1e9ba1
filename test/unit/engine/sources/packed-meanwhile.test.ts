import { unlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { LogFollower } from '#engine/sources/log-follower.ts';
import { FakeSink } from './fake-sink.ts';
import { newLog, numbered, textOf } from './followed-logs.ts';

/** Longer than a file without a name is held. */
const LONG_MS = 6_000;

/** Reading takes far more turns than unpacking. */
const LIMITS = {
	turnBytes: 16 * 1024,
	chunkBytes: 16 * 1024,
	tailBytes: 2 ** 30,
	backlogBytes: 2 ** 30,
};

test('a log whose file is given up while its compressed copy is unpacked is read once', async () => {
	const path = newLog(['newest']);
	const lines = numbered('a line that makes the log long enough for several turns', 0, 60_000);
	const sink = new FakeSink();
	let now = 0;
	const follower = new LogFollower(
		{ type: 'file', path },
		{ sink, onProgress: () => {}, now: () => now, limits: LIMITS },
	);
	onTestFinished(() => follower.close());
	const step = () => follower.step({ scan: true });
	await step();
	writeFileSync(`${path}.2`, textOf(lines));
	await step();
	await step();

	writeFileSync(`${path}.2.gz`, gzipSync(textOf(lines)));
	await step(); // the first part of it is unpacked, past what was read of the plain one
	expect(sink.lines.length).toBeGreaterThan(1);
	expect(sink.lines.length).toBeLessThan(lines.length / 10);
	unlinkSync(`${path}.2`);
	await step();
	now += LONG_MS;
	while (await step()) {
		now += 1;
	}
	now += LONG_MS;
	await step();
	const read = sink.lines.filter((line) => line !== 'newest');
	expect(read.length).toBe(lines.length);
	expect(new Set(read).size).toBe(lines.length);
}, 30_000);
