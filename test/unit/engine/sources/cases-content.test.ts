import * as fs from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';
import { bytesOf } from './kept-log.ts';
import { FollowedLogs, newLog, numbered, textOf, WATCHERS } from './followed-logs.ts';

const MIB = 1024 * 1024;

function heldBytes(logs: FollowedLogs): number {
	return (logs.progress?.files ?? []).reduce((sum, file) => sum + file.heldBytes, 0);
}

function bytesIn(logs: FollowedLogs): Buffer {
	return Buffer.concat(logs.sink.logs.map(bytesOf));
}

describe.each(WATCHERS)('%s', (_, watcher) => {
	test('case 8: half a line is held until its rest comes, also across a restart', async () => {
		const path = newLog();
		fs.writeFileSync(path, 'whole\n{"message": "ha');
		const logs = new FollowedLogs(path, { watcher });
		await until('half a line', () => heldBytes(logs) === 15);
		expect(logs.lines).toEqual(['whole']);
		await logs.restart();
		await until('half a line', () => heldBytes(logs) === 15);
		fs.appendFileSync(path, 'lf"}\n');
		await logs.untilLines(['whole', '{"message": "half"}']);
	});

	test('case 9: the last line without a line end is read once its log is not written to any more', async () => {
		const path = newLog(['active']);
		fs.writeFileSync(`${path}.1`, 'a\nb');
		fs.appendFileSync(path, 'held');
		// A clock on which nothing was written for a long time.
		const logs = new FollowedLogs(path, { watcher, now: () => performance.now() * 100 });
		await logs.untilLines(['a', 'b', 'active']);
		await until('the report', () => heldBytes(logs) === 4);
		expect(logs.lines).not.toContain('held');
	});

	test('case 9: the held line of a file that was deleted is read', async () => {
		const path = newLog(['a']);
		fs.appendFileSync(path, 'held');
		const logs = new FollowedLogs(path, { watcher, now: () => performance.now() * 100 });
		await until('half a line', () => heldBytes(logs) === 4);
		fs.rmSync(path);
		await logs.untilLines(['a', 'held']);
		await until('its end', () => logs.sink.logs[0]?.isClosed);
		expect(logs.sink.gaps).toEqual([]);
	});

	test('case 21: a writer whose disk was full goes on in the middle of a line', async () => {
		const path = newLog();
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilState('following');
		for (const part of ['one l', 'ine\ntw', 'o lines', '\nthree\n']) {
			fs.appendFileSync(path, part);
			await until('all of it', () => {
				const { size } = fs.statSync(path);
				return (
					logs.sink.logs.reduce((sum, { identity }) => sum + identity.end, heldBytes(logs)) === size
				);
			});
		}
		await logs.untilLines(['one line', 'two lines', 'three']);
		expect(logs.sink.logs).toHaveLength(1);
	});

	test('case 10: of a line over 1 MiB the beginning is kept, and how long it is', async () => {
		const sizes = [MIB - 1, MIB, MIB + 1, 5 * MIB];
		const path = newLog(['before']);
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(['before']);
		for (const size of sizes) {
			fs.appendFileSync(path, `${'x'.repeat(size)}\nafter ${size}\n`);
			await until('the line after it', () => logs.lines.includes(`after ${size}`));
		}
		const pieces = logs.sink.logs[0]?.pieces ?? [];
		const long = pieces.filter(({ bytes, size }) => bytes.length !== size);
		expect(long.map(({ bytes, size }) => [bytes.length, size])).toEqual([
			[MIB, MIB + 2],
			[MIB, 5 * MIB + 1],
		]);
		expect(Math.max(...logs.lines.map((line) => line.length))).toBe(MIB);
		expect(logs.sink.logs[0]?.identity.end).toBe(fs.statSync(path).size);
	});

	test('case 10: a line of 200 MiB without an end is held, and read once', async () => {
		const path = newLog(['before']);
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(['before']);
		const file = fs.openSync(path, 'a');
		const part = Buffer.alloc(8 * MIB, 'x');
		for (let n = 0; n < 25; n++) {
			fs.writeSync(file, part);
		}
		await until('the long line', () => heldBytes(logs) === 200 * MIB);
		const before = process.memoryUsage().rss;
		fs.writeSync(file, '\nafter\n');
		fs.closeSync(file);
		await until('the end', () => heldBytes(logs) === 0);
		expect(process.memoryUsage().rss - before).toBeLessThan(50 * MIB);
		const [, long, after] = logs.sink.logs[0]?.pieces ?? [];
		expect([long?.bytes.length, long?.size, after?.bytes.toString()]).toEqual([
			MIB,
			200 * MIB + 1,
			'after\n',
		]);
	});

	test('case 11, 12, 13: bytes are kept as they are, wherever a read ends', async () => {
		const bytes = Buffer.concat([
			Buffer.from('\ufeffwith a mark\r\nlone\rreturn\r\n\r\nu2028 \u2028 here\n'),
			Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0x0a, 0xe2, 0x82, 0x0a, 0xf0, 0x9f, 0x98, 0x0a]),
			Buffer.from('ünïcode 😀\n\n\nend\n'),
		]);
		for (const chunkBytes of [1, 2, 3, 5, 7, 1_000]) {
			const path = newLog();
			fs.writeFileSync(path, bytes);
			const logs = new FollowedLogs(path, { watcher, limits: { chunkBytes } });
			await until('all bytes', () => bytesIn(logs).length === bytes.length);
			expect(bytesIn(logs)).toEqual(bytes);
			await logs.stop();
		}
	});

	test('case 14: NULs are handed over with their line', async () => {
		const path = newLog();
		fs.writeFileSync(path, `${'\0'.repeat(500_000)}after\na\0b\n`);
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(['after', 'a\0b']);
		expect(bytesIn(logs)).toHaveLength(500_010);
	});

	test.each([
		['low byte first', (text: string) => Buffer.from(text, 'utf16le')],
		['high byte first', (text: string) => Buffer.from(text, 'utf16le').swap16()],
	])('case 15: UTF-16 with a mark (%s) is refused with a sentence', async (_name, encode) => {
		const path = newLog();
		fs.writeFileSync(path, encode('\ufeffa\nb\n'));
		const logs = new FollowedLogs(path, { watcher });
		expect(await logs.untilState('failed')).toMatchObject({
			message: `${path} is UTF-16 text. Convert it to UTF-8 first.`,
		});
		fs.writeFileSync(path, 'a\nb\n');
		await logs.untilLines(['a', 'b']);
	});

	test('case 16: a hole is stepped over', async () => {
		const path = newLog(['before']);
		fs.truncateSync(path, 512 * MIB);
		fs.appendFileSync(path, 'after\n');
		const logs = new FollowedLogs(path, { watcher });
		await until('the line after the hole', () => logs.lines.includes('after'));
		const pieces = logs.sink.logs[0]?.pieces ?? [];
		expect(pieces.at(-1)).toMatchObject({ offset: 512 * MIB, size: 6 });
		expect(logs.sink.logs[0]?.identity.end).toBe(512 * MIB + 6);
		await logs.restart(() => fs.appendFileSync(path, 'more\n'));
		await until('what comes after it', () => logs.lines.includes('more'));
		expect(logs.sink.logs).toHaveLength(1);
	});

	test('case 25: a gzip file that is still written is read as far as it goes, and then on', async () => {
		const lines = numbered('packed', 0, 5_000);
		const packed = gzipSync(textOf(lines));
		const path = newLog([], 'app.log.gz');
		const logs = new FollowedLogs(path, { watcher });
		for (let part = 1; part <= 5; part++) {
			fs.writeFileSync(path, packed.subarray(0, (packed.length * part) / 5));
			await until('more lines', () => logs.lines.length > ((part - 1) / 5) * 4_000 + 100);
		}
		await logs.untilLines(lines);
		await until('its end', () => logs.progress?.files[0]?.state === 'complete');
		expect(logs.sink.logs).toHaveLength(1);
		expect(logs.progress?.files[0]).toMatchObject({
			sizeBytes: textOf(lines).length,
			heldBytes: 0,
		});
	});

	test('case 25: a cut gzip file says so', async () => {
		const packed = gzipSync(textOf(numbered('packed', 0, 5_000)));
		const path = newLog([], 'app.log.gz');
		fs.writeFileSync(path, packed.subarray(0, packed.length - 20));
		const logs = new FollowedLogs(path, { watcher });
		const file = await until('a notice', () => {
			const [found] = logs.progress?.files ?? [];
			return found?.message === undefined ? false : found;
		});
		expect(file.message).toBe(
			'app.log.gz ends in the middle of its data. What it has was read; when more is written, it is read on.',
		);
		expect(logs.lines.length).toBeGreaterThan(4_000);
	});

	const one = numbered('one', 0, 3_000);
	const two = numbered('two', 0, 3_000);
	const junk = Buffer.from('this is no packed data\n'.repeat(400));
	const zeros = Buffer.alloc(2_000);
	const damage = 'is damaged, or something else follows its data. What comes before that was read.';
	test.each([
		[
			'gz',
			'two members',
			[gzipSync(textOf(one)), gzipSync(textOf(two))],
			[...one, ...two],
			undefined,
		],
		['gz', 'zeros at the end', [gzipSync(textOf(one)), zeros], one, undefined],
		['gz', 'junk at the end', [gzipSync(textOf(one)), junk], one, damage],
		[
			'zst',
			'two frames',
			[zstdCompressSync(textOf(one)), zstdCompressSync(textOf(two))],
			[...one, ...two],
			undefined,
		],
		['zst', 'zeros at the end', [zstdCompressSync(textOf(one)), zeros], one, undefined],
		['zst', 'junk at the end', [zstdCompressSync(textOf(one)), junk], one, damage],
	] as const)('case 26: %s with %s', async (end, _name, parts, lines, notice) => {
		const path = newLog([], `app.log.${end}`);
		fs.writeFileSync(path, Buffer.concat(parts));
		const logs = new FollowedLogs(path, { watcher });
		await logs.untilLines(lines);
		await until('its end', () => logs.progress?.files[0]?.state === 'complete');
		expect(logs.progress?.files[0]?.message).toBe(notice && `app.log.${end} ${notice}`);
	});

	test('copies in a folder, packed or not, are one log', async () => {
		const folder = temporaryFolder();
		const lines = numbered('a', 0, 200);
		fs.writeFileSync(join(folder, 'a.log'), textOf(lines));
		fs.writeFileSync(join(folder, 'copy.log'), textOf(lines.slice(0, 100)));
		fs.writeFileSync(join(folder, 'packed.gz'), gzipSync(textOf(lines)));
		fs.writeFileSync(join(folder, 'packed.zst'), zstdCompressSync(textOf(lines.slice(0, 150))));
		const logs = new FollowedLogs({ type: 'folder', path: folder }, { watcher });
		await logs.untilLines(lines);
		await logs.untilState('following');
		expect(logs.lines).toHaveLength(200);
	});
});
