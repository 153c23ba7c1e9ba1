import * as fs from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FileTail } from '#engine/sources/file-tail.ts';
import type { LineBatch, SourcePosition } from '#engine/sources/source.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import { until } from '../../../support/until.ts';
import { FollowedFile, newFile, SOON } from './followed-file.ts';

/** So small that a file of some kilobytes has many chunks. */
const SMALL = { tailBytes: 300, chunkBytes: 500, pollMs: 5 };

const numbered = (count: number) =>
	Array.from({ length: count }, (_, n) => `{"level": "INFO", "message": "line ${n}"}`);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** All a log can have in it. */
function randomLines(random: Random): string[] {
	const makers = [
		(n: number) => [`{"message": "record ${n}"}`],
		(n: number) => [`plain ${n}`],
		() => [''],
		(n: number) => [`{"message": "${'long '.repeat(random.below(400))}${n}"}`],
		(n: number) => [`${n} boom`, 'Traceback (most recent call last):', '  File "a"', '', 'E: x'],
		(n: number) => [`  indented ${n}`, '\tindented'],
		(n: number) => Array.from({ length: random.below(60) }, (_, i) => `  many ${n}.${i}`),
		() => ['x'.repeat(random.below(3_000)), '\r', 'ß😀'],
		() => Array.from({ length: random.below(900) }, () => ''),
	];
	const blocks = Array.from({ length: random.below(40) }, (_, n) => random.pick(makers)(n));
	return blocks.flat();
}

/** The first `count` batches from a position on, and nothing after them. */
async function take(path: string, from: SourcePosition | undefined, count: number) {
	const abort = new AbortController();
	const tail = new FileTail(path, { ...SMALL, onProgress: () => {} });
	const batches: LineBatch[] = [];
	for await (const batch of tail.read(from, abort.signal)) {
		batches.push(batch);
		if (batches.length >= count) {
			break;
		}
	}
	return batches;
}

describe('a file larger than its tail', () => {
	test('gives its newest lines first', async () => {
		const lines = numbered(1_000);
		const [first] = await take(newFile(textOf(lines)), undefined, 1);
		expect(first?.place).toBe('first');
		expect(first?.lines.map(({ text }) => text)).toEqual(lines.slice(-(first?.lines.length ?? 0)));
		expect(first?.lines.length).toBeLessThan(20);
		expect(first?.lines[0]?.offset).toBe(first?.historyBytes);
	});

	test('is read wholly, each line once and in its order, whatever the lines', async () => {
		const random = new Random(7);
		for (let round = 0; round < 40 * TEST_SCALE; round++) {
			const lines = randomLines(random);
			const text = textOf(lines) + random.pick(['', 'no newline yet']);
			const followed = new FollowedFile(newFile(text), SMALL);
			await until('all of it', () => followed.progress?.readBytes === Buffer.byteLength(text), {
				instead: () => followed.progress,
			});
			await followed.stop();
			const expected = lines.map((line) => line.replace(/\r$/, ''));
			expect({ round, lines: [...followed.lines] }).toEqual({ round, lines: expected });
			const offsets = followed.batches.flatMap((batch) => batch.lines.map(({ offset }) => offset));
			expect(new Set(offsets).size).toBe(lines.length);
		}
	});

	test('that grows meanwhile has what was added after it', async () => {
		const lines = numbered(2_000);
		const path = newFile(textOf(lines));
		const followed = new FollowedFile(path, SMALL);
		for (let n = 0; n < 50; n++) {
			lines.push(`{"added": ${n}}`);
			fs.appendFileSync(path, `{"added": ${n}}\n`);
			await until('another batch', () => followed.batches.length > n);
		}
		await expect.poll(() => followed.logs, SOON).toEqual([lines]);
		expect(followed.states).toEqual(['indexing', 'following']);
	});

	test('left at any place, is read on without a gap or a double', async () => {
		const lines = numbered(100);
		const path = newFile(textOf(lines));
		for (let count = 1; count <= 8; count++) {
			const before = await take(path, undefined, count);
			const followed = new FollowedFile(path, SMALL, {
				logs: [before.toReversed().flatMap((batch) => batch.lines.map(({ text }) => text))],
				position: before.at(-1)?.position,
			});
			await until('all of it', () => followed.progress?.state === 'following');
			expect({ count, logs: followed.logs }).toEqual({ count, logs: [lines] });
			await followed.stop();
		}
	});

	test('deleted meanwhile, is read to its beginning all the same', async () => {
		const lines = numbered(2_000);
		const path = newFile(textOf(lines));
		const followed = new FollowedFile(path, SMALL);
		await until('the first lines', () => followed.batches.length > 0);
		fs.rmSync(path);
		await expect.poll(() => followed.logs, SOON).toEqual([lines]);
		await followed.untilState('missing');
	});

	test('replaced meanwhile, is read to its beginning before the new one', async () => {
		const lines = numbered(2_000);
		const path = newFile(textOf(lines));
		const followed = new FollowedFile(path, SMALL);
		await until('the first lines', () => followed.batches.length > 0);
		fs.renameSync(path, `${path}.1`);
		fs.writeFileSync(path, 'x\n');
		await expect.poll(() => followed.logs, SOON).toEqual([lines, ['x']]);
	});

	test.each<[string, (path: string) => void, readonly string[]]>([
		['truncated', (path) => fs.writeFileSync(path, 'x\n'), ['x']],
		[
			'written anew and larger',
			(path) => fs.writeFileSync(path, textOf(numbered(1_200).map((line) => `new ${line}`))),
			numbered(1_200).map((line) => `new ${line}`),
		],
	])('%s meanwhile, is a new log, and has no line of both', async (_, rewrite, expected) => {
		const lines = numbered(1_000);
		const path = newFile(textOf(lines));
		const followed = new FollowedFile(path, SMALL);
		await until('the first lines', () => followed.batches.length > 3);
		rewrite(path);
		await until(
			'the new log',
			() => followed.logs.length === 2 && followed.progress?.state === 'following',
			{ instead: () => [followed.logs.map(({ length }) => length), followed.progress] },
		);
		const [old = [], fresh] = followed.logs;
		expect(fresh).toEqual(expected);
		expect(old).toEqual(lines.slice(-old.length));
	});
});

describe('stopping', () => {
	test('does not wait for the rest of a large file', async () => {
		const path = newFile();
		// Without a newline near its end, such a file is read forwards from its beginning.
		const file = fs.openSync(path, 'w');
		onTestFinished(() => fs.closeSync(file));
		fs.writeSync(file, 'first line\n');
		for (let megabyte = 0; megabyte < 200; megabyte++) {
			fs.writeSync(file, Buffer.alloc(1_000_000, 'x'));
		}
		const followed = new FollowedFile(path, { chunkBytes: 64 * 1024 });
		await until('a beginning', () => (followed.progress?.readBytes ?? 0) > 0);
		const begin = performance.now();
		await followed.stop();
		expect(performance.now() - begin).toBeLessThan(500);
		expect(followed.progress?.readBytes).toBeLessThan(200_000_000);
	});
});

test('a line without end takes no more memory than the limit', async () => {
	const path = newFile('first\n');
	const followed = new FollowedFile(path);
	await expect.poll(() => followed.logs, SOON).toEqual([['first']]);
	const file = fs.openSync(path, 'a');
	onTestFinished(() => fs.closeSync(file));
	const before = bytesInUse();
	for (let megabyte = 0; megabyte < 100; megabyte++) {
		fs.writeSync(file, Buffer.alloc(1_000_000, 'x'));
	}
	await until('all of it', () => followed.progress?.heldBytes === 100_000_000);
	expect(bytesInUse() - before).toBeLessThan(30_000_000);
	fs.writeSync(file, '\nlast\n');
	await until('the lines', () => followed.lines.length === 3);
	const [, cut] = followed.batches.flatMap((batch) => batch.lines);
	expect([cut?.text.length, cut?.cutFrom, followed.lines[2]]).toEqual([
		16 * 1024 * 1024,
		100_000_000,
		'last',
	]);
});

/** Bytes of buffers that something still refers to. */
function bytesInUse(): number {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	collect();
	return process.memoryUsage().arrayBuffers;
}
