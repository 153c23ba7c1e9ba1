import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EngineClient } from '../support/engine-client.ts';
import { firstDifference } from '../support/entries.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { appendLog, asynczLine, newLog, numberedMessages } from '../support/write-log.ts';

const SOON = { interval: 10, timeout: 10_000 };
const IS_ROOT = process.getuid?.() === 0;
/** Bytes of a file that hold less than the logs of these tests. */
const LIMIT = 700_000;
const NOBODY = 65_534;

describe('a disk that is full', () => {
	test('case 20: is said to be full, loses nothing, and is used again when there is room', async () => {
		const messages = noise(20_000);
		const path = newLog(messages);
		const engine = await EngineClient.open(temporaryFolder());
		limitFileSize(engine, LIMIT);
		await engine.openFile(path);
		const problem = await engine.untilProblem('is full');
		expect(problem.message).toMatch(
			/^The disk that holds .*logs\.db is full\. Free some space: reading goes on by itself, and nothing is lost meanwhile\.$/,
		);
		const { sources, storage } = await engine.state();
		expect(sources).toMatchObject([{ state: 'failed', message: problem.message }]);
		expect(storage.size).toBeGreaterThan(0);
		expect((await engine.rows({ limit: 10 })).length).toBe(storage.size);
		appendLog(path, ['meanwhile']);
		expect((await engine.rows()).length).toBeGreaterThanOrEqual(storage.size);
		limitFileSize(engine, 'unlimited');
		await engine.untilStored(messages.length + 1);
		await engine.untilRead();
		const found = await engine.messages();
		expect(firstDifference(found.toSorted(), [...messages, 'meanwhile'].sort())).toBeUndefined();
		expect((await engine.state()).problems).toEqual([]);
	}, 60_000);

	test('does not keep a source from being closed, nor the engine', async () => {
		const path = newLog(noise(20_000));
		const engine = await EngineClient.open(temporaryFolder());
		limitFileSize(engine, LIMIT);
		const { id } = await engine.openFile(path);
		await engine.untilProblem('is full');
		await engine.api.closeSource({ id });
		expect((await engine.state()).sources).toEqual([]);
		limitFileSize(engine, 'unlimited');
		await expect.poll(async () => (await engine.state()).storage.size, SOON).toBe(0);
		await expect.poll(async () => (await engine.state()).problems, SOON).toEqual([]);
		await engine.close();
		expect(engine.stderr).toBe('');
	}, 60_000);

	test.runIf(IS_ROOT && canMount())(
		'is one of the system too',
		async () => {
			const folder = temporaryFolder();
			execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', folder]);
			onTestFinished(() => void execFileSync('umount', ['-l', folder]));
			const ballast = join(folder, 'ballast');
			fs.writeFileSync(ballast, Buffer.alloc(1_500_000));
			const messages = noise(40_000);
			const engine = await EngineClient.open(folder);
			await engine.openFile(newLog(messages));
			await engine.untilProblem('is full');
			fs.rmSync(ballast);
			execFileSync('mount', ['-o', 'remount,size=64m', folder]);
			await engine.untilStored(messages.length);
			expect(firstDifference(await engine.messages(), messages.toReversed())).toBeUndefined();
			await engine.close();
		},
		60_000,
	);
});

describe('a disk under storages that is full', () => {
	test.runIf(IS_ROOT && canMount())(
		'is said, loses nothing, and both kinds of files go on when there is room',
		async () => {
			const folder = temporaryFolder();
			execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder]);
			onTestFinished(() => void execFileSync('umount', ['-l', folder]));
			const one = join(folder, 'one.jsonl');
			const several = join(folder, 'several.log');
			const mirrors = [`jsonl:${one}`, `rotating:${several}?max_bytes=400000&backup_count=99`];
			const engine = await EngineClient.open(temporaryFolder());
			await engine.api.setStorages({ active: 'sqlite', mirrors, send_stored: true });
			const messages = noise(6_000);
			await engine.openFile(newLog(messages));
			const full = async () =>
				(await engine.state()).storages
					.slice(1)
					.filter(({ message }) =>
						message?.includes(' the disk is full. Make room on it; it goes'),
					);
			await expect.poll(async () => (await full()).length, SOON).toBe(2);
			expect((await full()).every(({ waiting }) => waiting > 0)).toBe(true);
			// Reading goes on: what they have not taken waits in the database.
			await engine.untilStored(messages.length);
			execFileSync('mount', ['-o', 'remount,size=64m', folder]);
			const waiting = async () =>
				(await engine.state()).storages.slice(1).map((storage) => storage.waiting);
			await expect.poll(waiting, { interval: 50, timeout: 30_000 }).toEqual([0, 0]);
			expect((await engine.state()).storages.map(({ condition }) => condition)).toEqual(
				Array.from({ length: 3 }, () => 'ready'),
			);
			const names = fs.readdirSync(folder);
			const files = names.filter((name) => /^several\.log(?:\.\d+)?$/.test(name));
			expect(files.length).toBeGreaterThan(2);
			for (const paths of [[one], files.map((name) => join(folder, name))]) {
				const lines = paths.flatMap((path) => fs.readFileSync(path, 'utf8').trim().split('\n'));
				const found = lines.map((line) => (JSON.parse(line) as { message: string }).message);
				// Each is there; none was torn, and none is there twice: one writer goes on where it was.
				expect(firstDifference(found.toSorted(), messages.toSorted())).toBeUndefined();
			}
		},
		60_000,
	);
});

describe('opening what is no log', () => {
	test('is refused with a sentence, and leaves the engine as it was', async () => {
		const folder = temporaryFolder();
		const engine = await EngineClient.open(temporaryFolder());
		await engine.openFile(newLog(['a']));
		const binary = join(folder, 'binary');
		fs.writeFileSync(binary, fs.readFileSync('/bin/sh'));
		const pipe = join(folder, 'pipe');
		execFileSync('mkfifo', [pipe]);
		const refusals: readonly [string, string][] = [
			[folder, `${folder} is a folder.`],
			[join(folder, 'missing.log'), `There is no file ${join(folder, 'missing.log')}.`],
			[binary, `${binary} looks like a binary file`],
			[pipe, `${pipe} is not a regular file but a named pipe`],
			['/dev/zero', '/dev/zero is not a regular file but a device'],
		];
		for (const [path, sentence] of refusals) {
			await expect(engine.openFile(path)).rejects.toMatchObject({
				code: 'source-unavailable',
				message: expect.stringContaining(sentence),
			});
		}
		await expect(engine.openFile('')).rejects.toMatchObject({ code: 'invalid-params' });
		const { sources, settings, problems } = await engine.state();
		expect([sources.length, settings.recent.length, problems]).toEqual([1, 1, []]);
	});
});

describe('a file without permission', () => {
	test('is refused, and opened once it is granted', async () => {
		const folder = temporaryFolder();
		const path = join(folder, 'app.jsonl');
		const engine = await openAsUser(folder);
		fs.writeFileSync(path, `${asynczLine('a')}\n`);
		fs.chmodSync(path, 0);
		await expect(engine.openFile(path)).rejects.toMatchObject({
			code: 'source-unavailable',
			message: `${path} can't be read: this user has no permission. Grant it and it is tried again by itself.`,
		});
		fs.chmodSync(path, 0o644);
		await engine.openFile(path);
		expect(await engine.messages()).toEqual(['a']);
	});

	test('taken away while it is followed is read on, and a replaced one when it is granted', async () => {
		const folder = temporaryFolder();
		const path = join(folder, 'app.jsonl');
		const engine = await openAsUser(folder);
		fs.writeFileSync(path, `${asynczLine('a')}\n`);
		await engine.openFile(path);
		fs.chmodSync(path, 0);
		appendLog(path, ['b']);
		await expect.poll(() => engine.messages(), SOON).toEqual(['b', 'a']);
		fs.renameSync(path, `${path}.1`);
		fs.writeFileSync(path, `${asynczLine('x')}\n`, { mode: 0 });
		const failed = await engine.untilSource('failed');
		expect(failed.message).toContain("can't be read: this user has no permission");
		fs.chmodSync(path, 0o644);
		await engine.untilSource('following');
		await expect.poll(() => engine.messages(), SOON).toEqual(['x', 'b', 'a']);
	});
});

test('without a folder that can be written, entries are kept until it ends, and followed', async () => {
	const file = join(temporaryFolder(), 'file');
	fs.writeFileSync(file, '');
	const path = newLog(numberedMessages('m', 0, 12_000));
	const engine = await EngineClient.open(join(file, 'data'));
	await engine.openFile(path);
	await engine.untilRead();
	appendLog(path, ['new']);
	await expect.poll(() => engine.messages({ q: 'new' }), SOON).toEqual(['new']);
	const { storage, problems } = await engine.state();
	expect(storage).toMatchObject({ size: 12_001, appended: 12_001, dropped: 0 });
	expect(problems.map(({ message }) => message)).toEqual([
		expect.stringMatching(/^The data folder .* can't be written .*until you quit/),
		expect.stringMatching(/^The settings .* can't be read /),
		expect.stringMatching(/^The settings can't be saved /),
	]);
	expect((await engine.messages()).at(-1)).toBe('m 0');
	await engine.close();
}, 30_000);

describe('a damaged database', () => {
	test('is built anew from the files, and it is said so', async () => {
		const folder = temporaryFolder();
		const messages = numberedMessages('m', 0, 20_000);
		const first = await EngineClient.open(folder);
		await first.openFile(newLog(messages));
		await first.untilStored(messages.length);
		await first.close();
		const file = fs.openSync(join(folder, 'logs.db'), 'r+');
		fs.writeSync(file, Buffer.alloc(100_000, 0x55), 0, 100_000, 0);
		fs.closeSync(file);
		const second = await EngineClient.open(folder);
		await second.untilProblem('The log database was damaged and is kept as');
		await second.untilStored(messages.length);
		await second.untilRead();
		expect(firstDifference(await second.messages(), messages.toReversed())).toBeUndefined();
	}, 60_000);
});

/** Messages that do not compress: others take next to no room on disk. */
function noise(count: number): string[] {
	return Array.from({ length: count }, (_, n) => `m ${n} ${randomBytes(60).toString('base64')}`);
}

/** No file of the engine may become larger: to SQLite the disk is full then. */
function limitFileSize(engine: EngineClient, bytes: number | 'unlimited'): void {
	execFileSync('prlimit', [`--pid=${String(engine.child.pid)}`, `--fsize=${bytes}:`]);
}

/** An engine that is not root, to whom permissions would mean nothing. */
async function openAsUser(folder: string): Promise<EngineClient> {
	fs.chmodSync(folder, 0o777);
	return EngineClient.open(folder, IS_ROOT ? { uid: NOBODY, gid: NOBODY } : {});
}

function canMount(): boolean {
	const folder = fs.mkdtempSync('/tmp/asyncz-companion-mount-');
	try {
		execFileSync('mount', ['-t', 'tmpfs', 'none', folder], { stdio: 'ignore' });
		execFileSync('umount', [folder]);
		return true;
	} catch {
		return false;
	} finally {
		fs.rmdirSync(folder);
	}
}
