import { appendFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { exportRequestSchema } from '#shared/model/export.ts';
import type { ExportWish } from '#shared/model/export.ts';
import { EngineClient } from '../support/engine-client.ts';
import { saveExport as save } from '../support/save-export.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { asynczLine, logText, numberedMessages } from '../support/write-log.ts';

/** One source of three files, the oldest of them compressed; their text, the oldest first. */
async function openRotated(): Promise<{
	readonly engine: EngineClient;
	readonly texts: readonly string[];
}> {
	const path = join(temporaryFolder(), 'app.jsonl');
	const texts = [
		`${logText(numberedMessages('first', 0, 3_000))}plain text\n\n`,
		`${asynczLine('failed', { level: 'ERROR' })}\nTraceback (most recent call last):\r\n  File "a.py", line 1\r\nOSError: x\r\n${logText(numberedMessages('second', 0, 3_000))}`,
		`\n${logText(numberedMessages('third', 0, 3_000))}{"broken": \n${asynczLine('last ü')}\n`,
	];
	const [oldest = '', middle = '', newest = ''] = texts;
	const files: readonly (readonly [string, string | Buffer])[] = [
		[`${path}.2.gz`, gzipSync(oldest)],
		[`${path}.1`, middle],
		[path, newest],
	];
	for (const [index, [name, bytes]] of files.entries()) {
		writeFileSync(name, bytes);
		const seconds = 1_790_000_000 + index;
		utimesSync(name, seconds, seconds);
	}
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(path);
	return { engine, texts };
}

describe('a log and its rotated siblings', () => {
	test('come out as one text, byte for byte and in their order', async () => {
		const { engine, texts } = await openRotated();
		const { text, status } = await save(engine, { format: 'original' });
		expect(text).toBe(texts.join(''));
		expect(status).toMatchObject({ state: 'done', missing: 0 });
	});

	test('come out as records in the same order, from either end', async () => {
		const { engine } = await openRotated();
		const expected = [
			...numberedMessages('first', 0, 3_000),
			'plain text',
			'failed',
			...numberedMessages('second', 0, 3_000),
			...numberedMessages('third', 0, 3_000),
			'{"broken": ',
			'last ü',
		];
		expect(messagesOf((await save(engine, { format: 'jsonl' })).text)).toEqual(expected);
		const newest = await save(engine, { format: 'jsonl', first: 'newest', limit: 3_500 });
		expect(messagesOf(newest.text)).toEqual(expected.toReversed().slice(0, 3_500));
	});
});

describe('a log that grows while it is exported', () => {
	test.each(['original', 'jsonl', 'csv'] as const)('is exported as it was: %s', async (format) => {
		const path = join(temporaryFolder(), 'app.jsonl');
		const before = logText(numberedMessages('before', 0, 40_000));
		writeFileSync(path, before);
		const engine = await EngineClient.open(temporaryFolder());
		await engine.openFile(path);
		await engine.untilStored(40_000);
		await engine.untilRead();
		const wish: ExportWish = { format, columns: ['message'], order: 'time' };
		const reader = await openExport(engine, wish);
		let text = (await reader.next())?.toString() ?? '';
		expect(text.length).toBeLessThan(before.length / 2);
		appendFileSync(path, logText(numberedMessages('meanwhile', 0, 5_000)) + asynczLine('half'));
		await engine.untilStored(45_000);
		for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) {
			text += piece.toString();
			appendFileSync(path, logText(['and on']));
		}
		expect(text).toBe(
			format === 'csv'
				? ['message', ...numberedMessages('before', 0, 40_000), ''].join('\r\n')
				: before,
		);
	});
});

/** An export that is read a piece at a time, as a download is. */
async function openExport(
	engine: EngineClient,
	wish: ExportWish,
): Promise<{ next(): Promise<Buffer | undefined> }> {
	const request = v.parse(exportRequestSchema, wish);
	const { id } = await engine.control.openExport({ request });
	return {
		next: async () => {
			const { bytes } = await engine.control.readExport({ id });
			return bytes === undefined ? undefined : Buffer.from(bytes);
		},
	};
}

function messagesOf(text: string): readonly string[] {
	return text
		.trimEnd()
		.split('\n')
		.map((line) => (JSON.parse(line) as { readonly message: string }).message);
}
