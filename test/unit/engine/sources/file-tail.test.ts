import * as fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../../../support/until.ts';
import { FollowedFile, newFile, SOON } from './followed-file.ts';

describe('a file that grows', () => {
	test('is read from its beginning, and on as it grows', async () => {
		const path = newFile('a\nb\n');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b']]);
		fs.appendFileSync(path, 'c\n\nd\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b', 'c', '', 'd']]);
		expect(followed.progress).toEqual({
			state: 'following',
			sizeBytes: 9,
			readBytes: 9,
			heldBytes: 0,
		});
	});

	test('keeps a partial line until its newline arrives', async () => {
		const path = newFile('a\n{"half": ');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.appendFileSync(path, '"of ü');
		await until('the held bytes', () => followed.progress?.heldBytes === 15);
		expect(followed.logs).toEqual([['a']]);
		fs.appendFileSync(path, '"}\nb\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', '{"half": "of ü"}', 'b']]);
	});

	test('byte by byte gives whole lines', async () => {
		const path = newFile();
		const followed = new FollowedFile(path);
		for (const byte of Buffer.from('a😀\r\nß\n')) {
			fs.appendFileSync(path, Buffer.from([byte]));
			const size = fs.statSync(path).size;
			await until('the byte', () => followed.progress?.readBytes === size);
		}
		await expect.poll(() => followed.logs, SOON).toEqual([['a😀', 'ß']]);
	});

	test('may be empty, and stay so', async () => {
		const followed = new FollowedFile(newFile());
		await until('a look at it', () => followed.progress);
		expect([followed.progress, followed.logs]).toEqual([
			{ state: 'following', sizeBytes: 0, readBytes: 0, heldBytes: 0 },
			[],
		]);
	});

	test('is read on where it was left', async () => {
		const path = newFile('a\nb\nhalf');
		const first = new FollowedFile(path);
		await expect.poll(() => first.logs, SOON).toEqual([['a', 'b']]);
		await first.stop();
		fs.appendFileSync(path, ' c\nd\n');
		const second = new FollowedFile(path, {}, first);
		await expect.poll(() => second.logs, SOON).toEqual([['a', 'b', 'half c', 'd']]);
	});
});

describe('a file that is written anew', () => {
	const OLD = 'one\ntwo\nthree\n';

	test.each<[string, (path: string) => void, readonly string[]]>([
		['truncated, then written to', (path) => fs.writeFileSync(path, 'x\n'), ['x']],
		[
			'larger at once',
			(path) => fs.writeFileSync(path, `${'y'.repeat(50)}\nz\n`),
			['y'.repeat(50), 'z'],
		],
		[
			'of the same size',
			(path) => fs.writeFileSync(path, OLD.toUpperCase()),
			['ONE', 'TWO', 'THREE'],
		],
	])('%s, is a new log', async (_, rewrite, lines) => {
		const path = newFile(OLD);
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['one', 'two', 'three']]);
		rewrite(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['one', 'two', 'three'], lines]);
	});

	test.each<[string, string, readonly string[]]>([
		['shorter', 'x\n', ['x']],
		['larger', `${'y'.repeat(50)}\nz\n`, ['y'.repeat(50), 'z']],
		['of the same size', OLD.toUpperCase(), ['ONE', 'TWO', 'THREE']],
	])('%s while it was not followed, is a new log', async (_, text, lines) => {
		const path = newFile(OLD);
		const first = new FollowedFile(path);
		await expect.poll(() => first.logs, SOON).toEqual([['one', 'two', 'three']]);
		await first.stop();
		fs.writeFileSync(path, text);
		const second = new FollowedFile(path, {}, first);
		await expect.poll(() => second.logs, SOON).toEqual([['one', 'two', 'three'], lines]);
	});

	test('emptied, waits for its lines', async () => {
		const path = newFile(OLD);
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['one', 'two', 'three']]);
		fs.truncateSync(path);
		await until('the new size', () => followed.progress?.sizeBytes === 0);
		fs.appendFileSync(path, 'x\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['one', 'two', 'three'], ['x']]);
	});

	test('under a writer that goes on at its old place, has a hole and no lost line', async () => {
		const path = newFile('a line\n'.repeat(2_000));
		const writer = fs.openSync(path, 'r+');
		onTestFinished(() => fs.closeSync(writer));
		const followed = new FollowedFile(path);
		await until('all of it', () => followed.lines.length === 2_000);
		fs.truncateSync(path);
		await until('the new size', () => followed.progress?.sizeBytes === 0);
		fs.writeSync(writer, 'after the hole\n', 14_000);
		await until('the line', () => followed.logs.length === 2);
		expect(followed.lines).toEqual(['after the hole']);
	});

	test('in the middle of a line, keeps what was read of it', async () => {
		const path = newFile('a\nhalf');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		await until('the half line', () => followed.progress?.heldBytes === 4);
		fs.writeFileSync(path, 'x\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'half'], ['x']]);
	});
});
