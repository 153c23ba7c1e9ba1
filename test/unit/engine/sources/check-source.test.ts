import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AppError } from '#shared/errors.ts';
import { checkSource } from '#engine/sources/check-source.ts';
import { isMissing } from '#engine/sources/log-file.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';

const TEXT = '{"level": "INFO", "message": "Report built"}\n'.repeat(50);
const RANDOM = Buffer.from(
	Array.from({ length: 20_000 }, (_, n) => (n * 7_919 + (n >> 3) * 31) & 0xff),
);

/** What opening says: nothing if it works. */
async function refusal(path: string): Promise<unknown> {
	try {
		await checkSource({ type: 'file', path });
		return undefined;
	} catch (error) {
		const { code, message } = error as AppError;
		return { code, message, isMissing: isMissing(error) };
	}
}

function refused(message: string, missing = false) {
	return { code: 'source-unavailable', message, isMissing: missing };
}

describe('is refused with a sentence that names it', () => {
	const sentences: readonly (readonly [string, (path: string) => unknown, string])[] = [
		['a folder', (path) => fs.mkdirSync(path), 'is a folder. Open one of the files in it.'],
		[
			'a named pipe, without waiting for its writer',
			(path) => execFileSync('mkfifo', [path]),
			'is not a regular file but a named pipe (FIFO). Open a log file.',
		],
		[
			'a device',
			(path) => fs.symlinkSync('/dev/null', path),
			'is not a regular file but a device. Open a log file.',
		],
		[
			'UTF-16 text, the low byte first',
			(path) => fs.writeFileSync(path, Buffer.from(`\ufeff${TEXT}`, 'utf16le')),
			'is UTF-16 text. Convert it to UTF-8 first.',
		],
		[
			'UTF-16 text, the high byte first',
			(path) => fs.writeFileSync(path, Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()),
			'is UTF-16 text. Convert it to UTF-8 first.',
		],
		...(
			[
				['random bytes', RANDOM],
				['a program', fs.readFileSync('/bin/sh')],
				['a database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(84), RANDOM])],
				[
					'an image',
					Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), RANDOM]),
				],
			] as const
		).map(
			([name, bytes]) =>
				[
					name,
					(path: string) => fs.writeFileSync(path, bytes),
					'looks like a binary file, not like a text log. Open a file with one JSON object or one line of text per line.',
				] as const,
		),
	];

	test.each(sentences)('%s', async (_, make, sentence) => {
		const path = join(temporaryFolder(), 'app.log');
		make(path);
		expect(await refusal(path)).toEqual(refused(`${path} ${sentence}`));
	});

	test('a socket', async () => {
		const path = join(temporaryFolder(), 's');
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(path, resolve));
		onTestFinished(() => void server.close());
		expect(await refusal(path)).toEqual(
			refused(`${path} is not a regular file but a socket or a device. Open a log file.`),
		);
	});

	test('what is not there, or in no folder', async () => {
		const folder = temporaryFolder();
		fs.writeFileSync(join(folder, 'file'), '');
		for (const name of ['missing.log', 'missing/app.log', 'file/app.log']) {
			const path = join(folder, name);
			expect(await refusal(path)).toEqual(
				refused(`There is no file ${path}. Check the name and the folder.`, true),
			);
		}
	});

	test('a link that leads nowhere, or to itself', async () => {
		const folder = temporaryFolder();
		const [dangling, circle] = [join(folder, 'dangling'), join(folder, 'circle')];
		fs.symlinkSync('missing', dangling);
		fs.symlinkSync('circle', circle);
		expect(await refusal(dangling)).toEqual(
			refused(`There is no file ${dangling}. Check the name and the folder.`, true),
		);
		expect(await refusal(circle)).toMatchObject({
			code: 'source-unavailable',
			message: expect.stringContaining(`${circle} can't be read: `),
		});
	});

	test('a name with a NUL in it', async () => {
		expect(await refusal('/tmp/a\0b')).toMatchObject({ code: 'source-unavailable' });
	});
});

test('four pipes without a writer do not keep a file from being opened', async () => {
	const folder = temporaryFolder();
	const pipes = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => join(folder, name));
	pipes.forEach((pipe) => execFileSync('mkfifo', [pipe]));
	fs.writeFileSync(join(folder, 'app.log'), TEXT);
	const answers = Promise.all(pipes.map(refusal));
	expect(await refusal(join(folder, 'app.log'))).toBeUndefined();
	expect((await answers).every((answer) => answer !== undefined)).toBe(true);
});

describe('is opened', () => {
	test.each<[string, Buffer]>([
		['an empty file', Buffer.alloc(0)],
		['text', Buffer.from(TEXT)],
		['a gzip file', gzipSync(TEXT)],
		['a zstd file', zstdCompressSync(TEXT)],
		['text with colours', Buffer.from('\u001b[32mINFO\u001b[0m started\n'.repeat(100))],
		['text in Latin-1', Buffer.from('Größe überschritten\n'.repeat(100), 'latin1')],
		['text with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
		['text with some control characters', Buffer.from(`${TEXT}\0\u0007\b${TEXT}`)],
		['a log that begins with a hole', Buffer.concat([Buffer.alloc(100_000), Buffer.from(TEXT)])],
		['a hole that is still to be written into', Buffer.alloc(100_000)],
		['one very long line', Buffer.alloc(100_000, 'x')],
		['a short line with a NUL in it', Buffer.from('a\0b\n')],
	])('%s', async (_, bytes) => {
		const path = join(temporaryFolder(), 'app.log');
		fs.writeFileSync(path, bytes);
		expect(await refusal(path)).toBeUndefined();
	});

	test.each([
		'a b.log',
		'ünïcode 😀.log',
		'new\nline.log',
		"quote'.log",
		'-rf',
		'a.log~',
		'.hidden',
	])('whatever its name is: %j', async (name) => {
		const path = join(temporaryFolder(), name);
		fs.writeFileSync(path, TEXT);
		expect(await refusal(path)).toBeUndefined();
	});
});
