import * as fs from 'node:fs';
import { getEventListeners } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';
import { FollowedFile, newFile, SOON } from './followed-file.ts';

/** A descriptor that stays with its file wherever that is moved; closed after the test. */
function openToAppend(path: string): number {
	const file = fs.openSync(path, 'a');
	onTestFinished(() => fs.closeSync(file));
	return file;
}

describe('a file that is replaced', () => {
	test('by one of other lines is a new log', async () => {
		const path = newFile('a\n');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.writeFileSync(`${path}.new`, 'x\ny\n');
		fs.renameSync(`${path}.new`, path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a'], ['x', 'y']]);
	});

	test('by its own lines and more, as an editor saves it, has grown', async () => {
		const path = newFile('a\nb\nhalf');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b']]);
		fs.writeFileSync(`${path}.new`, 'a\nb\nhalf and more\nc\n');
		fs.renameSync(`${path}.new`, path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b', 'half and more', 'c']]);
		fs.appendFileSync(path, 'd\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b', 'half and more', 'c', 'd']]);
	});

	test('by another link target is a new log', async () => {
		const path = newFile('a\n', 'first.log');
		const link = join(path, '..', 'current.log');
		fs.symlinkSync('first.log', link);
		const followed = new FollowedFile(link);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.writeFileSync(join(path, '..', 'second.log'), 'x\n');
		fs.symlinkSync('second.log', `${link}.new`);
		fs.renameSync(`${link}.new`, link);
		await expect.poll(() => followed.logs, SOON).toEqual([['a'], ['x']]);
	});

	test('after it was deleted is missing in between, and stays followed', async () => {
		const path = newFile('a\n');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.rmSync(path);
		await followed.untilState('missing');
		expect(followed.progress?.message).toBe(
			`${path} is gone. Its entries stay; when it comes back, it is read on.`,
		);
		fs.writeFileSync(path, 'x\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a'], ['x']]);
		expect(followed.states).toEqual(['following', 'missing', 'following']);
	});

	test('with its folder is read on when that comes back', async () => {
		const folder = join(temporaryFolder(), 'logs');
		const path = join(folder, 'app.log');
		fs.mkdirSync(folder);
		fs.writeFileSync(path, 'a\n');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.renameSync(folder, `${folder}.away`);
		await followed.untilState('missing');
		fs.renameSync(`${folder}.away`, folder);
		fs.appendFileSync(path, 'b\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'b']]);
	});

	test('by a folder fails with a sentence, and is read on afterwards', async () => {
		const path = newFile('a\n');
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.rmSync(path);
		fs.mkdirSync(path);
		await followed.untilState('failed');
		expect(followed.progress?.message).toBe(`${path} is a folder. Open one of the files in it.`);
		fs.rmdirSync(path);
		fs.writeFileSync(path, 'x\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a'], ['x']]);
	});
});

describe('a file that is rotated away', () => {
	test('is read to its end, however late that is written', async () => {
		const path = newFile('a\n');
		const writer = openToAppend(path);
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.renameSync(path, `${path}.1`);
		fs.writeSync(writer, 'late\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'late']]);
		fs.writeFileSync(path, 'x\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'late'], ['x']]);
		fs.writeSync(writer, 'later\n');
		await expect
			.poll(() => followed.logs, SOON)
			.toEqual([
				['a', 'late'],
				['x', 'later'],
			]);
		fs.appendFileSync(path, 'y\n');
		await expect
			.poll(() => followed.logs, SOON)
			.toEqual([
				['a', 'late'],
				['x', 'later', 'y'],
			]);
	});

	test('loses no line that was written just before', async () => {
		const path = newFile();
		const followed = new FollowedFile(path, { pollMs: 1 });
		await until('a first look', () => followed.progress);
		const written: string[] = [];
		for (let round = 0; round < 100; round++) {
			written.push(`${round} old`, `${round} new`);
			fs.appendFileSync(path, `${round} old\n`);
			fs.renameSync(path, `${path}.1`);
			fs.writeFileSync(path, `${round} new\n`);
			await until(`round ${round}`, () => followed.logs.flat().includes(`${round} new`));
		}
		await until('all lines', () => followed.logs.flat().length >= written.length, {
			instead: () => written.filter((line) => !followed.logs.flat().includes(line)),
		});
		expect(followed.logs.flat().sort()).toEqual(written.toSorted());
	});

	test('a thousand times, faster than anyone can look, is followed and doubles nothing', async () => {
		const path = newFile();
		const followed = new FollowedFile(path, { pollMs: 1 });
		await until('a first look', () => followed.progress);
		for (let round = 0; round < 1_000; round++) {
			fs.renameSync(path, `${path}.1`);
			fs.writeFileSync(path, `${round} a\n${round} b\n`);
			if (round % 20 === 0) {
				await until('a batch', () => followed.batches.length > round / 20);
			}
		}
		await until('the last lines', () => followed.lines.includes('999 b'));
		const seen = followed.logs.flat();
		expect(seen.length).toBe(new Set(seen).size);
	});

	test('keeps its last line though no newline ever came', async () => {
		const path = newFile('a\nno newline');
		const followed = new FollowedFile(path, { lingerMs: 50 });
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.renameSync(path, `${path}.1`);
		fs.writeFileSync(path, 'x\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a'], ['x', 'no newline']]);
	});

	test('before the new file has a line: what is late is stored all the same', async () => {
		const path = newFile('a\n');
		const writer = openToAppend(path);
		const followed = new FollowedFile(path);
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		fs.renameSync(path, `${path}.1`);
		fs.writeFileSync(path, '');
		await until('the new file', () => followed.progress?.sizeBytes === 0);
		fs.writeSync(writer, 'late\n');
		await expect.poll(() => followed.logs, SOON).toEqual([['a', 'late']]);
		await followed.stop();
		fs.appendFileSync(path, 'x\n');
		const again = new FollowedFile(path, {}, followed);
		await expect.poll(() => again.logs, SOON).toEqual([['a', 'late'], ['x']]);
	});

	test('is let go of in the end', async () => {
		const path = newFile('a\n');
		const followed = new FollowedFile(path, { lingerMs: 30 });
		await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
		for (let round = 0; round < 5; round++) {
			fs.renameSync(path, `${path}.${round}`);
			fs.writeFileSync(path, `${round}\n`);
			await until('the new file', () => followed.lines.includes(String(round)));
		}
		const open = () =>
			fs.readdirSync('/proc/self/fd').filter((fd) => {
				const target = fs.existsSync(`/proc/self/fd/${fd}`)
					? fs.readlinkSync(`/proc/self/fd/${fd}`)
					: '';
				return target.startsWith(path);
			});
		await until('one open file', () => open().length === 1, { instead: open });
	});
});

test('waiting leaves nothing behind, however long it lasts', async () => {
	const path = newFile('a\n');
	const followed = new FollowedFile(path, { pollMs: 1 });
	await expect.poll(() => followed.logs, SOON).toEqual([['a']]);
	for (let round = 0; round < 30; round++) {
		fs.appendFileSync(path, 'b\n');
		await until('the line', () => followed.lines.length === round + 2);
	}
	expect(getEventListeners(followed.signal, 'abort').length).toBeLessThan(3);
});
