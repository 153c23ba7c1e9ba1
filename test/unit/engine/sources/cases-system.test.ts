import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Random } from '../../../support/entries.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';
import { bytesOf } from './kept-log.ts';
import { FollowedLogs, newLog, numbered, textOf, WATCHERS } from './followed-logs.ts';

const MIB = 1024 * 1024;

describe.each(WATCHERS)('%s', (_, watcher) => {
	test('case 17: a large file: the newest entries first, the rest is left, also across restarts', async () => {
		const lines = numbered('a long line of a large log, number', 0, 100_000);
		const path = newLog(lines);
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilState('following');
		expect(logs.sink.calls.map((call) => call.split(' ')[0])).toEqual(['begin', 'leave', 'append']);
		const more = numbered('more', 0, 100_000);
		for (let n = 0; n < more.length; n += 20_000) {
			await logs.restart(() => fs.appendFileSync(path, textOf(more.slice(n, n + 20_000))), n % 3);
			await until('these lines', () => logs.sink.logs[0]?.identity.end === fs.statSync(path).size);
		}
		expect(logs.sink.logs.map(bytesOf)).toEqual([fs.readFileSync(path)]);
	});

	test('case 18: sizes that are too small now and then, as of a network mount, destroy nothing', async () => {
		const random = new Random(18);
		const path = newLog(numbered('a', 0, 50));
		const written = numbered('a', 0, 50);
		const logs = new FollowedLogs(path, {
			watcher,
			stat: async (name) => {
				const found = await stat(name, { bigint: true });
				found.size = random.chance(0.2) ? found.size / 2n : found.size;
				return found;
			},
		});
		for (let round = 0; round < 50; round++) {
			fs.appendFileSync(path, `round ${round}\n`);
			written.push(`round ${round}`);
			await until('this line', () => logs.lines.includes(`round ${round}`));
		}
		await logs.untilLines(written);
		expect(logs.sink.logs).toHaveLength(1);
		expect(logs.sink.gaps).toEqual([]);
	});

	test.runIf(process.getuid?.() === 0)(
		'case 19: the permission to read is lost and comes back',
		async () => {
			const path = newLog(['a']);
			fs.chmodSync(dirname(path), 0o755);
			process.seteuid?.(65_534);
			onTestFinished(() => process.seteuid?.(0));
			const logs = new FollowedLogs(path, { watcher });
			await logs.untilLines(['a']);
			const change = (mode: number, text = '') => {
				process.seteuid?.(0);
				fs.appendFileSync(path, text);
				fs.chmodSync(path, mode);
				process.seteuid?.(65_534);
			};
			await logs.restart(() => change(0o000, 'b\n'));
			expect(await logs.untilState('failed')).toMatchObject({
				message: `${path} can't be read: this user has no permission. Grant it and it is tried again by itself.`,
			});
			change(0o644);
			await logs.untilLines(['a', 'b']);
			expect(logs.sink.logs).toHaveLength(1);
			expect(logs.sink.gaps).toEqual([]);
		},
	);

	test('case 27: pipes, devices, sockets and folders are refused, and hold nobody up', async () => {
		const folder = temporaryFolder();
		const pipes = ['a', 'b', 'c', 'd', 'e'].map((name) => join(folder, name));
		pipes.forEach((pipe) => execFileSync('mkfifo', [pipe]));
		const refused = pipes.map((pipe) => new FollowedLogs(pipe, { watcher }));
		fs.writeFileSync(join(folder, 'app.log'), 'a\n');
		fs.mkdirSync(join(folder, 'folder.log'));
		const logs = new FollowedLogs({ type: 'folder', path: folder }, { watcher });
		await logs.untilLines(['a']);
		for (const [index, one] of refused.entries()) {
			expect(await one.untilState('failed')).toMatchObject({
				message: `${pipes[index]} is not a regular file but a named pipe (FIFO). Open a log file.`,
			});
		}
		const device = new FollowedLogs('/dev/null', { watcher });
		expect((await device.untilState('failed')).message).toMatch(/a device\. Open a log file\.$/);
		const inside = new FollowedLogs(join(folder, 'folder.log'), { watcher });
		expect((await inside.untilState('failed')).message).toMatch(
			/is a folder\. Open one of the files/,
		);
	});

	test('case 28: a file that grows faster than it is read leaves the others their turn', async () => {
		const folder = temporaryFolder();
		const [fast, slow] = [join(folder, 'fast.log'), join(folder, 'slow.log')];
		fs.writeFileSync(fast, 'f\n');
		fs.writeFileSync(slow, 's\n');
		const logs = new FollowedLogs({ type: 'folder', path: folder }, { watcher });
		await logs.untilLines(['f', 's']);
		const block = Buffer.from(`${'x'.repeat(99)}\n`.repeat(30_000));
		let appended = 0;
		for (let round = 0; round < 10; round++) {
			fs.appendFileSync(fast, block);
			fs.appendFileSync(slow, `slow ${round}\n`);
			if (round % 3 === 0) {
				fs.appendFileSync(fast, Buffer.concat([block, block, block]));
			}
			await until('the slow line', () => {
				appended = Math.max(appended, logs.sink.callCount);
				return logs.sink.logs.some((log) => bytesOf(log).includes(`slow ${round}\n`));
			});
		}
		await until('all of it', () =>
			logs.sink.logs.some(({ identity }) => identity.end === fs.statSync(fast).size),
		);
		expect(logs.sink.calls.some((call) => call.startsWith('leave'))).toBe(true);
		expect(
			Math.max(
				...logs.sink.logs.flatMap(({ pieces }) =>
					pieces.filter(({ place }) => place === 'live').map(({ size }) => size),
				),
			),
		).toBeLessThanOrEqual(MIB);
	});

	test('case 31: whatever a file is called', async () => {
		const folder = temporaryFolder();
		const names = [
			'new\nline.log',
			'😀.log',
			`${'n'.repeat(251)}.log`,
			"quote'.log",
			'-rf',
			'a.log~',
			'.hidden',
			'[a]*?.log',
		];
		for (const name of names) {
			const path = join(folder, name);
			fs.writeFileSync(path, 'a\n');
			const logs = new FollowedLogs(path, { watcher });
			await logs.untilLines(['a']);
			fs.appendFileSync(path, 'b\n');
			await logs.untilLines(['a', 'b']);
			await logs.stop();
		}
		const bytes = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff, 0x2e, 0x6c])]);
		fs.writeFileSync(bytes, 'not UTF-8\n');
		const logs = new FollowedLogs({ type: 'folder', path: folder }, { watcher });
		await until('the last one', () => logs.lines.includes('not UTF-8'));
		expect(logs.lines).toHaveLength(3);
	});

	test('a folder: what is no log is left out or listed with the reason', async () => {
		const folder = temporaryFolder();
		const write = (name: string, text: string | Buffer) =>
			fs.writeFileSync(join(folder, name), text);
		write('app.log', 'a\n');
		write('.hidden', 'no\n');
		write('app.log.swp', 'no\n');
		write('app.log~', 'no\n');
		write('load.part', 'no\n');
		write('x.tmp', 'no\n');
		write('binary.dat', fs.readFileSync('/bin/sh').subarray(0, 50_000));
		const logs = new FollowedLogs({ type: 'folder', path: folder }, { watcher });
		await logs.untilLines(['a']);
		await logs.untilState('following');
		const files = logs.progress?.files.map(({ path, state }) => [
			path.slice(folder.length + 1),
			state,
		]);
		expect(files?.toSorted()).toEqual([
			['app.log', 'following'],
			['binary.dat', 'failed'],
		]);
		write('later.jsonl', 'b\n');
		await logs.untilLines(['a', 'b']);
		fs.renameSync(join(folder, 'app.log'), join(folder, 'app.log.1'));
		write('app.log', 'c\n');
		await logs.untilLines(['a', 'b', 'c']);
	});

	test('a pattern: files and folders that match appear by themselves', async () => {
		const folder = temporaryFolder();
		const logs = new FollowedLogs(
			{ type: 'glob', path: join(folder, 'jobs/**/*.jsonl') },
			{ watcher },
		);
		expect((await logs.untilState('missing')).message).toMatch(/^No file matches .* What appears/);
		fs.mkdirSync(join(folder, 'jobs/a/b'), { recursive: true });
		fs.writeFileSync(join(folder, 'jobs/a/b/one.jsonl'), 'one\n');
		fs.writeFileSync(join(folder, 'jobs/a/other.txt'), 'no\n');
		await logs.untilLines(['one']);
		fs.writeFileSync(join(folder, 'jobs/two.jsonl'), 'two\n');
		await logs.untilLines(['one', 'two']);
		fs.renameSync(join(folder, 'jobs/two.jsonl'), join(folder, 'jobs/two.jsonl.1'));
		fs.appendFileSync(join(folder, 'jobs/two.jsonl.1'), 'late\n');
		fs.writeFileSync(join(folder, 'jobs/two.jsonl'), 'three\n');
		await logs.untilLines(['one', 'two', 'late', 'three']);
		expect(logs.progress?.state).toBe('following');
	});

	test('where a known part was destroyed, the gap says how much', async () => {
		const path = newLog(['a']);
		const logs = new FollowedLogs(path, {
			watcher,
			limits: { chunkBytes: 1_000, turnBytes: 1_000 },
		});
		await logs.untilLines(['a']);
		const lines = numbered('b', 0, 20_000);
		logs.sink.onAppend = () => {
			// As soon as the first part of it is read.
			logs.sink.onAppend = undefined;
			fs.writeFileSync(path, 'c\n');
		};
		fs.appendFileSync(path, textOf(lines));
		const size = fs.statSync(path).size;
		await until('a gap', () => logs.sink.gaps.length > 0);
		const [gap] = logs.sink.gaps;
		const taken = logs.sink.logs[0]?.identity.end ?? 0;
		expect(gap?.bytes).toBe(size - taken);
		expect(gap?.message).toBe(
			`At least ${(size - taken).toLocaleString('en')} bytes of app.log were overwritten before they could be read.`,
		);
		await until('the new line', () => logs.lines.includes('c'));
	});
});

test('the watcher wakes it, long before the clock would', async () => {
	const path = newLog(['a']);
	const logs = new FollowedLogs(path, { watcher: true, pollMs: 600_000, scanMs: 600_000 });
	await logs.untilLines(['a']);
	// It takes a moment until the watcher is at work.
	await until('a woken reader', () => {
		fs.appendFileSync(path, 'b\n');
		return logs.lines.includes('b');
	});
	fs.renameSync(path, `${path}.1`);
	fs.writeFileSync(path, 'c\n');
	await until('the new file', () => logs.lines.includes('c'));
	expect(logs.sink.logs).toHaveLength(2);
});

test('a sink that takes nothing does not keep it from being stopped', async () => {
	const path = newLog(['a']);
	const logs = new FollowedLogs(path, { watcher: false });
	await logs.untilLines(['a']);
	const { promise, resolve } = Promise.withResolvers<void>();
	logs.sink.onAppend = () => promise;
	fs.appendFileSync(path, 'b\n');
	await until('the append', () => logs.lines.includes('b'));
	await logs.stop();
	resolve();
	logs.sink.onAppend = undefined;
	await logs.restart(() => fs.appendFileSync(path, 'c\n'));
	await logs.untilLines(['a', 'b', 'c']);
	expect(logs.sink.logs).toHaveLength(1);
});

test('case 30: 2,000 files in a process that may have 512 open', () => {
	const script = join(import.meta.dirname, 'many-files.ts');
	const output = execFileSync(
		'sh',
		['-c', `ulimit -n 512; exec "${process.execPath}" "${script}"`],
		{
			timeout: 120_000,
		},
	);
	expect(JSON.parse(output.toString())).toEqual({ lines: 4_000, failed: 0 });
}, 120_000);
