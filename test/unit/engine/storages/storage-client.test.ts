import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NewEntry } from '#engine/storages/log-storage.ts';
import { crashingThread } from '../../../support/crashing-thread.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';
import { appendAll, countOf, openClient, pageOf, STORAGE_THREAD } from './client-in-test.ts';

function entries(...messages: readonly string[]): NewEntry[] {
	return messages.map((message, index) => ({
		ts: 1_795_342_787_000_000 + index,
		level: 'INFO',
		message,
		logger: 'app',
	}));
}

async function messagesOf(client: ReturnType<typeof openClient>): Promise<readonly string[]> {
	return (await pageOf(client, {})).map(({ message }) => message);
}

describe('a storage in its thread', () => {
	test('is opened, tells what it has, and answers', async () => {
		const client = openClient('memory?maxlen=3');
		const found = await client.whenOpen();
		expect(found.abilities.durability).toBe('memory');
		expect(found.numbers).toEqual({ size: 0, appended: 0, dropped: 0 });
		expect(client.condition).toBe('ready');
		await appendAll(client, entries('a', 'b', 'c', 'd'));
		expect(client.stats()).toMatchObject({
			kind: 'memory',
			size: 3,
			appended: 4,
			dropped: 1,
			bytes: 0,
			watermark: 4,
		});
		expect(await messagesOf(client)).toEqual(['d', 'c', 'b']);
		expect(await countOf(client, { query: 'c' })).toEqual({
			matched: 1,
			errors: 0,
			searched: 1,
			complete: true,
		});
		const { revision } = client.stats();
		await appendAll(client, entries('e'));
		expect(client.stats().revision).toBeGreaterThan(revision);
	});

	test('tells an entry with all it has', async () => {
		const client = openClient('memory');
		const [entry] = entries('m');
		const extra =
			'{"n": 9007199254740993,  "exception": "Traceback (most recent call last):\\n  File \\"a.py\\", line 1, in f\\nValueError: x"}';
		await appendAll(client, [
			{ ...entry, ts: 1_795_342_787_283_179, level: 'warn', extra } as NewEntry,
		]);
		const shown = await client.get(1);
		expect(shown).toEqual({
			seq: 1,
			ts: 1_795_342_787_283_179,
			level: 'WARN',
			severity: 30,
			message: 'm',
			logger: 'app',
			source: 0,
			flags: 0,
			extra: extra.replace(',  ', ', '),
			exception: 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nValueError: x',
			raw: `{"ts": "2026-11-22 10:19:47.283179+00:00", "level": "WARN", "message": "m", "logger": "app", "task_id": null, "extra": ${extra}}`,
			file: 'Memory',
			offset: 0,
			format: 'AsyncZ',
		});
		expect(await client.get(2)).toBeUndefined();
	});

	test('that can\u2019t be opened says why, and is tried again', async () => {
		const path = join(temporaryFolder(), 'none.mjs');
		const client = openClient(`module:${path}`);
		await expect(client.whenOpen()).rejects.toMatchObject({ code: 'storage-failed' });
		expect(client.condition).toBe('failed');
		expect(client.message).not.toBe('');
		await expect(client.query({})).rejects.toMatchObject({ code: 'storage-failed' });
		client.retry();
		expect(client.condition).toBe('connecting');
		await expect(client.whenOpen()).rejects.toMatchObject({ code: 'storage-failed' });
	});

	test.each(['before', 'after'] as const)(
		'is opened anew when the thread dies (%s), and it is told',
		async (moment) => {
			const folder = temporaryFolder();
			let reopened = 0;
			const client = openClient('memory', {
				thread: crashingThread(folder, 'storage', STORAGE_THREAD),
				onReopened: () => {
					reopened++;
				},
			});
			await appendAll(client, entries('a', 'b'));
			const order = join(folder, `storage-${moment}`);
			writeFileSync(order, '');
			await expect(client.append(entries('c'))).rejects.toMatchObject({
				code: 'storage-failed',
				message: 'Memory has ended its thread: see why it does that. It is opened again.',
			});
			await until('it to die', () => !existsSync(order));
			await until('it to be opened again', () => reopened === 1);
			expect(client.condition).toBe('ready');
			expect(await messagesOf(client)).toEqual([]);
			await appendAll(client, entries('d'));
			expect(await messagesOf(client)).toEqual(['d']);
		},
	);

	test.each([
		[
			'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
			/own\.mjs has been at one thing/,
		],
		["setImmediate(() => { throw new Error('I am hunter22'); })", /nobody caught: I am \*\*\*\./],
	])('is ended with %s, and what it was asked is told why', async (work, sentence) => {
		const path = join(temporaryFolder(), 'own.mjs');
		writeFileSync(path, `export const openStorage = () => new Promise(() => { ${work}; });`);
		const client = openClient(`module:${path}`, { password: 'hunter22', patienceMs: 1_000 });
		await expect(client.query({})).rejects.toMatchObject({
			code: 'storage-failed',
			message: expect.stringMatching(sentence),
		});
		writeFileSync(path, 'export const other = 1;');
		await until('it to be opened again', () => client.message?.includes('exports no') === true);
	});

	test('that is closed answers no more', async () => {
		const client = openClient('memory');
		await client.whenOpen();
		await client.close();
		await expect(client.query({})).rejects.toMatchObject({ code: 'closed' });
	});
});
