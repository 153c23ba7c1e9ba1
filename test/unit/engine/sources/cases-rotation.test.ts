import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';
import { FollowedLogs, newLog, numbered, textOf, WATCHERS } from './followed-logs.ts';

describe.each(WATCHERS)('%s', (_, watcher) => {
	test('case 1: a rename, with late writes to the old file and a crash in between', async () => {
		const path = newLog(numbered('old', 0, 5));
		const late = fs.openSync(path, 'a');
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(numbered('old', 0, 5));
		fs.renameSync(path, `${path}.1`);
		fs.writeFileSync(path, textOf(numbered('new', 0, 5)));
		fs.writeSync(late, textOf(numbered('old', 5, 8)));
		await logs.untilLines([...numbered('old', 0, 8), ...numbered('new', 0, 5)]);
		await logs.restart(() => {
			fs.writeSync(late, textOf(numbered('old', 8, 12)));
			fs.appendFileSync(path, textOf(numbered('new', 5, 9)));
		}, 3);
		await logs.untilLines([...numbered('old', 0, 12), ...numbered('new', 0, 9)]);
		expect(logs.sink.texts).toEqual([
			textOf(numbered('old', 0, 12)),
			textOf(numbered('new', 0, 9)),
		]);
		fs.closeSync(late);
	});

	test('case 1: a file moved out of the folder is read on while it is written to', async () => {
		const path = newLog(numbered('old', 0, 2));
		const late = fs.openSync(path, 'a');
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(numbered('old', 0, 2));
		fs.renameSync(path, join(temporaryFolder(), 'moved'));
		fs.writeSync(late, textOf(numbered('old', 2, 5)));
		await logs.untilLines(numbered('old', 0, 5));
		expect(await logs.untilState('missing')).toMatchObject({
			message: `${path} is gone. Its entries stay; when it comes back, it is read on.`,
		});
		fs.closeSync(late);
	});

	test('case 2: copytruncate again and again, while it is written to', async () => {
		const path = newLog();
		const writer = fs.openSync(path, 'a');
		const logs = new FollowedLogs(path, { watcher });
		const written: string[] = [];
		for (let round = 0; round < 40; round++) {
			const lines = numbered(`round ${round}`, 0, 25);
			fs.writeSync(writer, textOf(lines));
			written.push(...lines);
			if (round % 2 === 1) {
				await until('the last line', () => logs.lines.includes(written.at(-1) ?? ''));
			}
			fs.copyFileSync(path, `${path}.1`);
			fs.truncateSync(path);
			await until('the copy', () => logs.lines.length === written.length);
		}
		await logs.untilLines(written);
		expect(logs.sink.gaps).toEqual([]);
		fs.closeSync(writer);
	});

	test('case 2: copytruncate while the app is down', async () => {
		const path = newLog(numbered('a', 0, 5));
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(numbered('a', 0, 5));
		await logs.restart(() => {
			fs.appendFileSync(path, textOf(numbered('a', 5, 9)));
			fs.copyFileSync(path, `${path}.1`);
			fs.writeFileSync(path, textOf(numbered('b', 0, 30)));
		});
		await logs.untilLines([...numbered('a', 0, 9), ...numbered('b', 0, 30)]);
		expect(logs.sink.gaps).toEqual([]);
	});

	test('case 2: a truncation without a copy says what was lost', async () => {
		const path = newLog(numbered('a', 0, 5));
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(numbered('a', 0, 5));
		await logs.restart(() => {
			fs.appendFileSync(path, 'never read\n');
			fs.writeFileSync(path, 'b\n');
		});
		await logs.untilLines([...numbered('a', 0, 5), 'b']);
		await until('a gap', () => logs.sink.gaps.length > 0);
		expect(logs.sink.gaps).toEqual([
			{
				generation: 1,
				message:
					'app.log was overwritten while it was not followed. What was written to it in between may be lost.',
			},
		]);
	});

	test('case 3: truncated and written anew, larger than before', async () => {
		const path = newLog(numbered('a', 0, 100));
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(numbered('a', 0, 100));
		fs.writeFileSync(path, textOf(numbered('b', 0, 200)));
		await logs.untilLines([...numbered('a', 0, 100), ...numbered('b', 0, 200)]);
		expect(logs.sink.texts).toHaveLength(2);
	});

	test('case 4: written anew with the same size and time, seen when it is opened again', async () => {
		const path = newLog(numbered('a', 0, 10));
		const time = new Date('2026-11-01T10:00:00Z');
		fs.utimesSync(path, time, time);
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(numbered('a', 0, 10));
		await logs.restart(() => {
			fs.writeFileSync(path, textOf(numbered('b', 0, 10)));
			fs.utimesSync(path, time, time);
		});
		await logs.untilLines([...numbered('a', 0, 10), ...numbered('b', 0, 10)]);
		expect(logs.sink.logs).toHaveLength(2);
	});

	test('case 5: inode reuse: file after file with the same name, while nobody looks', async () => {
		const path = newLog();
		const logs = new FollowedLogs(path, { watcher });
		const inodes: number[] = [];
		const written: string[] = [];
		for (let round = 0; round < 30; round++) {
			await logs.restart(() => {
				fs.rmSync(path);
				fs.writeFileSync(path, textOf(numbered(`file ${round}`, 0, 1 + (round % 7))));
				inodes.push(fs.statSync(path).ino);
			});
			written.push(...numbered(`file ${round}`, 0, 1 + (round % 7)));
			await logs.untilLines(written);
		}
		expect(new Set(inodes).size).toBeLessThan(inodes.length);
		expect(logs.sink.logs).toHaveLength(30);
	});

	test('case 5: inode reuse while the app is down, by a file that is longer', async () => {
		const path = newLog(numbered('old', 0, 5));
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(numbered('old', 0, 5));
		await logs.restart(() => {
			fs.rmSync(path);
			fs.writeFileSync(path, textOf(numbered('new', 0, 50)));
		});
		await logs.untilLines([...numbered('old', 0, 5), ...numbered('new', 0, 50)]);
		expect(logs.sink.logs).toHaveLength(2);
	});

	test('case 6: a link that leads to another file, while the old one is written to', async () => {
		const folder = temporaryFolder();
		const [one, two, link] = ['one', 'two', 'current'].map((name) => join(folder, name));
		if (one === undefined || two === undefined || link === undefined) {
			throw new Error('No paths.');
		}
		fs.writeFileSync(one, 'one 0\n');
		fs.writeFileSync(two, 'two 0\n');
		fs.symlinkSync('one', link);
		const logs = new FollowedLogs(link, { watcher });
		await logs.untilLines(['one 0']);
		fs.symlinkSync('two', `${link}.tmp`);
		fs.renameSync(`${link}.tmp`, link);
		fs.appendFileSync(one, 'one 1\n');
		await logs.untilLines(['one 0', 'one 1', 'two 0']);
		fs.appendFileSync(one, 'one 2\n');
		fs.appendFileSync(two, 'two 1\n');
		await logs.untilLines(['one 0', 'one 1', 'one 2', 'two 0', 'two 1']);
		expect(logs.sink.gaps).toEqual([]);
	});

	test('case 7: deleted with lines still to be read, and created again', async () => {
		const path = newLog(['first']);
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(['first']);
		const written = ['first'];
		for (const round of [0, 1, 2]) {
			const lines = numbered(`round ${round}`, 0, 1_000);
			fs.appendFileSync(path, textOf(lines));
			fs.rmSync(path);
			written.push(...lines);
			if (round > 0) {
				await logs.untilState('missing');
			}
			fs.writeFileSync(path, `anew ${round}\n`);
			written.push(`anew ${round}`);
			await logs.untilLines(written);
		}
		expect(logs.sink.gaps).toEqual([]);
	});

	test.each([
		['gzip', gzipSync, '.gz'],
		['zstd', zstdCompressSync, '.zst'],
	])('case 24: rotated and compressed by %s while the app is down', async (_name, pack, end) => {
		const path = newLog(numbered('a', 0, 50));
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(numbered('a', 0, 50));
		await logs.restart(() => {
			const all = [...numbered('a', 0, 80)];
			fs.writeFileSync(`${path}.1${end}`, pack(textOf(all)));
			fs.rmSync(path);
			fs.writeFileSync(path, textOf(numbered('b', 0, 5)));
		});
		await logs.untilLines([...numbered('a', 0, 80), ...numbered('b', 0, 5)]);
		expect(logs.sink.gaps).toEqual([]);
		await until('its end', () => logs.sink.logs[0]?.isClosed);
		await logs.restart();
		await logs.untilState('following');
		await logs.untilLines([...numbered('a', 0, 80), ...numbered('b', 0, 5)]);
	});

	test('case 24: all siblings that are there are read, the oldest first, the newest entries at once', async () => {
		const path = newLog(numbered('e', 0, 3));
		fs.writeFileSync(`${path}.1`, textOf(numbered('d', 0, 3)));
		fs.writeFileSync(`${path}.2.gz`, gzipSync(textOf(numbered('c', 0, 3))));
		fs.writeFileSync(`${path}.3.zst`, zstdCompressSync(textOf(numbered('b', 0, 3))));
		fs.writeFileSync(`${path}.10.gz`, gzipSync(textOf(numbered('a', 0, 3))));
		const logs = new FollowedLogs(path, { watcher });
		const inOrder = ['a', 'b', 'c', 'd', 'e'].flatMap((name) => numbered(name, 0, 3));
		await logs.untilLines(inOrder);
		expect(logs.sink.arrivals).toEqual(inOrder);
		expect(logs.sink.calls.find((call) => call.startsWith('append'))).toBe('append 5 live 0-12');
		await until('all to be complete', () =>
			logs.progress?.files.every(
				({ state, kind }) => (state === 'complete') === (kind !== 'plain'),
			),
		);
	});

	test('case 32: the folder is removed and made again, or is not there yet', async () => {
		const folder = join(temporaryFolder(), 'logs');
		const path = join(folder, 'app.log');
		const logs = new FollowedLogs(path, { watcher });
		expect(await logs.untilState('missing')).toMatchObject({
			message: `There is no file ${path}. Check the name and the folder; if it appears, it is read by itself.`,
		});
		fs.mkdirSync(folder);
		fs.writeFileSync(path, 'a\n');
		await logs.untilLines(['a']);
		fs.rmSync(folder, { recursive: true });
		await logs.untilState('missing');
		fs.mkdirSync(folder);
		fs.writeFileSync(path, 'b\n');
		await logs.untilLines(['a', 'b']);
		expect(logs.sink.logs).toHaveLength(2);
	});

	test('case 33: one file by a link, a hard link and its own name is one log', async () => {
		const path = newLog(numbered('a', 0, 3), 'real.log');
		fs.symlinkSync('real.log', join(dirname(path), 'soft.log'));
		fs.linkSync(path, join(dirname(path), 'hard.log'));
		const logs = new FollowedLogs({ type: 'folder', path: dirname(path) }, { watcher });
		await logs.untilLines(numbered('a', 0, 3));
		fs.appendFileSync(path, 'a 3\n');
		await logs.untilLines(numbered('a', 0, 4));
		expect(logs.progress?.files).toHaveLength(1);
	});
});
