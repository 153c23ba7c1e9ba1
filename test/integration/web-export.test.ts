import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportRequestSchema } from '#shared/model/export.ts';
import type { ExportWish } from '#shared/model/export.ts';
import { startWebProcess } from '../support/hosts/web-process.ts';
import type { WebProcess } from '../support/hosts/web-process.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { connectClient } from '../support/web-client.ts';
import type { WebClient } from '../support/web-client.ts';
import { logText, numberedMessages } from '../support/write-log.ts';

let folder = '';
let web: WebProcess;
let client: WebClient;
let log = '';

beforeAll(async () => {
	folder = makeTempFolder();
	log = join(folder, 'app.jsonl');
	writeFileSync(log, logText(numberedMessages('message', 0, 200_000)));
	web = await startWebProcess(['--data', join(folder, 'data'), '--no-open', log], { cwd: folder });
	client = await connectClient(web);
}, 60_000);
afterAll(async () => {
	await web.kill();
	removeFolder(folder);
});

async function ask(
	wish: ExportWish,
	name = 'out.jsonl',
): Promise<{ readonly id: number; readonly url: string }> {
	const request = v.parse(exportRequestSchema, wish);
	const start = await client.host.exportEntries({ request, name });
	if (start.kind !== 'download') {
		throw new Error(`A browser got ${start.kind}`);
	}
	return start;
}

async function open(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
	const [response] = (await once(
		get({ host: '127.0.0.1', port: web.port, path, headers }),
		'response',
	)) as [IncomingMessage];
	return response;
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of response) {
		parts.push(part as Buffer);
	}
	return Buffer.concat(parts);
}

/** Waits until no more of an export is written for a while; how many bytes that were. */
function standsStill(id: number): Promise<number> {
	const seen: number[] = [];
	return until(
		'it to stand still',
		async () => {
			const { exports } = await client.engine.getState({});
			seen.unshift(exports.find((each) => each.id === id)?.bytes ?? 0);
			const last = seen.slice(0, 30);
			return last.length === 30 && last.every((bytes) => bytes === seen[0]) ? seen[0] : undefined;
		},
		{ deadlineMs: 30_000 },
	);
}

async function stateOf(id: number): Promise<string | undefined> {
	const { exports } = await client.engine.getState({});
	return exports.find((each) => each.id === id)?.state;
}

test('an export is a download, once', async () => {
	const { id, url } = await ask({ format: 'original' }, '../Jöb "1"\r\n.log');
	const response = await open(url);
	expect(response.statusCode).toBe(200);
	expect(response.headers).toMatchObject({
		'content-type': 'application/octet-stream',
		'content-disposition': `attachment; filename="J_b_1_.log"; filename*=UTF-8''J%C3%B6b_1_.log`,
		'x-content-type-options': 'nosniff',
		'cache-control': 'no-store',
	});
	expect((await bodyOf(response)).equals(readFileSync(log))).toBe(true);
	await until('its end', async () => (await stateOf(id)) === 'done');
	expect((await open(url)).statusCode).toBe(404);
	expect(web.stderr()).toBe('');
});

test('nobody has it without the ticket, or from another site', async () => {
	const { url } = await ask({ format: 'csv', limit: 1 });
	const other = { Origin: 'http://evil.example' };
	expect((await open(url, other)).statusCode).toBe(403);
	expect((await open(url, { Host: 'evil.example' })).statusCode).toBe(403);
	expect((await open(`${url.slice(0, -1)}!`)).statusCode).toBe(404);
	expect((await bodyOf(await open(url))).toString()).toContain('message 199999');
});

test('a browser that goes away cancels it', async () => {
	const { id, url } = await ask({ format: 'text' });
	const response = await open(url);
	await once(response, 'data');
	response.destroy();
	const state = await until('its end', async () => {
		const found = await stateOf(id);
		return found === 'writing' ? undefined : found;
	});
	expect(state).toBe('cancelled');
});

test('a browser that takes nothing for a while has it wait, and then gets all of it', async () => {
	const { id, url } = await ask({ format: 'original' });
	const response = await open(url);
	await once(response, 'readable');
	const size = readFileSync(log).length;
	// Nothing is read here: what is on its way fills the sockets between the two, and no more is written.
	const held = await standsStill(id);
	expect(held).toBeLessThan(size / 2);
	expect(await stateOf(id)).toBe('writing');
	// Others are answered meanwhile.
	const { matched } = await client.engine.count({});
	expect(matched).toBe(200_000);
	expect((await bodyOf(response)).equals(readFileSync(log))).toBe(true);
	await until('its end', async () => (await stateOf(id)) === 'done');
	expect(web.stderr()).toBe('');
});

test('one that stands still is cancelled all the same', async () => {
	const { id, url } = await ask({ format: 'original' });
	const response = await open(url);
	await once(response, 'readable');
	await standsStill(id);
	await client.engine.cancelExport({ id });
	await expect(bodyOf(response)).rejects.toThrow('aborted');
	expect(await stateOf(id)).toBe('cancelled');
});

test('one that is cancelled in the middle is a failed download', async () => {
	const { id, url } = await ask({ format: 'original' });
	const response = await open(url);
	await once(response, 'data');
	response.pause();
	await client.engine.cancelExport({ id });
	response.resume();
	await expect(bodyOf(response)).rejects.toThrow('aborted');
	expect(await stateOf(id)).toBe('cancelled');
});
