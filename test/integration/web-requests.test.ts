import { readFileSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/hosts/test-host.ts';
import { startWebProcess } from '../support/hosts/web-process.ts';
import type { WebProcess } from '../support/hosts/web-process.ts';
import { request, sendRaw } from '../support/raw-http.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';
import { connectClient } from '../support/web-client.ts';

let folder = '';
let web: WebProcess;
let host = '';

beforeAll(async () => {
	folder = makeTempFolder();
	web = await startWebProcess(['--data', join(folder, 'data'), '--no-open'], { cwd: folder });
	host = `127.0.0.1:${web.port}`;
});
afterAll(async () => {
	await web.kill();
	removeFolder(folder);
});

const get = (path: string) => sendRaw(web.port, request(`GET ${path}`, { Host: host }));

it('serves the page with these headers and no others', async () => {
	const { status, headers, body } = await get('/');
	expect({ status, headers: Object.fromEntries(headers), body }).toEqual({
		status: 200,
		headers: {
			'content-security-policy':
				"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
				`font-src 'self'; connect-src 'self' ws://${host}; base-uri 'none'; form-action 'none'; ` +
				"frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; " +
				'trusted-types svelte-trusted-html',
			'x-content-type-options': 'nosniff',
			'referrer-policy': 'no-referrer',
			'cache-control': 'no-store',
			'cross-origin-opener-policy': 'same-origin',
			'cross-origin-resource-policy': 'same-origin',
			'content-type': 'text/html; charset=utf-8',
			'content-length': String(body.length),
			date: expect.any(String),
			connection: 'close',
		},
		body: readFileSync(join(root, 'out', 'renderer', 'index.html'), 'latin1'),
	});
});

it('serves the files of the page, each with its type', async () => {
	const names = readdirSync(join(root, 'out', 'renderer', 'assets'));
	const script = names.find((name) => name.endsWith('.js'));
	const style = names.find((name) => name.endsWith('.css'));
	const types = await Promise.all(
		[script, style].map(async (name) => (await get(`/assets/${name}`)).headers.get('content-type')),
	);
	expect(types).toEqual(['text/javascript; charset=utf-8', 'text/css; charset=utf-8']);
});

it('answers HEAD without a body', async () => {
	const { status, body } = await sendRaw(web.port, request('HEAD /', { Host: host }));
	expect([status, body]).toEqual([200, '']);
});

describe('a path out of the page', () => {
	const ups = [
		'..',
		'%2e%2e',
		'.%2e',
		'%252e%252e',
		'..;',
		'..%00',
		'%c0%ae%c0%ae',
		'....',
		'．．',
	];
	const slashes = ['/', '%2f', '\\', '%5c', '//', '%252f', '%c0%af'];
	const paths = ups.flatMap((up) =>
		slashes.flatMap((slash) => [
			`/${up}${slash}main${slash}index.js`,
			`/assets${slash}${up}${slash}${up}${slash}main${slash}index.js`,
			`/${`${up}${slash}`.repeat(8)}etc${slash}passwd`,
		]),
	);
	const others = ['/index.html%00.js', '/./index.html', '//index.html', '/INDEX.HTML', '/assets'];
	const absolute = ['http://evil.example/', '/file:///etc/passwd', '/C:/windows/win.ini', '*'];

	it.each([...paths, ...others, ...absolute])('%s is not found', async (path) => {
		const { status, body } = await sendRaw(
			web.port,
			Buffer.from(request(`GET ${path}`, { Host: host }), 'utf8'),
		);
		expect(status === 404 || status === 400, `status ${status}`).toBe(true);
		expect(body).toMatch(/^(404 Not Found\n)?$/);
	});
});

it('survives a thousand malformed requests', async () => {
	const random = mulberry32(20_261_123);
	const statuses = new Set<number | undefined>();
	for (let round = 0; round < 50; round++) {
		const batch = Array.from({ length: 20 }, () => malformedRequest(random, host));
		for (const { status } of await Promise.all(batch.map((bytes) => sendRaw(web.port, bytes)))) {
			statuses.add(status);
		}
	}
	const known = [200, 400, 403, 404, 405, 408, 417, 431, 501, undefined];
	expect([...statuses].filter((status) => !known.includes(status))).toEqual([]);
	expect([web.isRunning(), (await get('/')).status]).toEqual([true, 200]);
});

it('survives what clients say on an open socket', async () => {
	const says: readonly (string | Buffer)[] = [
		'',
		'null',
		'{',
		'[]',
		'{"service":"engine"}',
		'{"service":"engine","body":null}',
		'{"service":"control","body":{"t":"q","i":"1","m":"close","a":[{}]}}',
		'{"service":"engine","body":{"t":"q","i":"1","m":"__proto__","a":[]}}',
		'{"service":"engine","body":{"t":"q","i":"1","m":"toString","a":[]}}',
		Buffer.from([0, 1, 2]),
		'x'.repeat(1024 * 1024 + 1),
	];
	for (const message of says) {
		const client = await connectClient(web);
		client.socket.on('error', () => {});
		client.socket.send(message);
		client.socket.close();
		await client.closed;
	}
	const client = await connectClient(web);
	expect(await client.engine.getState({})).toMatchObject({ sources: [], problems: [] });
	client.socket.close();
});

it('listens on the loopback address only', async () => {
	const addresses = Object.values(networkInterfaces())
		.flatMap((list) => list ?? [])
		.filter(({ address, family }) => family === 'IPv4' && address !== '127.0.0.1')
		.map(({ address }) => address);
	const refusals = await Promise.all(
		[...addresses, '127.0.0.2', '::1'].map(
			(address) =>
				new Promise((resolve) => {
					const socket = connect(web.port, address, () => resolve(`${address} accepts`));
					socket.on('error', () => resolve('refused'));
				}),
		),
	);
	expect(new Set(refusals)).toEqual(new Set(['refused']));
});

/** A small generator of numbers, so that a failure can be repeated. */
function mulberry32(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

function malformedRequest(random: () => number, ownHost: string): Buffer {
	const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
	const noise = (length: number): string =>
		Array.from({ length }, () => String.fromCharCode(Math.floor(random() * 256))).join('');
	const names = ['Host', 'Origin', 'Upgrade', 'Connection', 'Content-Length', 'Expect', 'Referer'];
	const values = [ownHost, 'null', 'http://[', 'http://%', 'websocket', '-1', '9'.repeat(400), ''];
	const headers = Array.from({ length: Math.floor(random() * 12) }, () => {
		const name =
			random() < 0.8 ? pick([...names, 'Sec-WebSocket-Protocol', 'Transfer-Encoding']) : noise(6);
		return `${name}:${random() < 0.6 ? pick(values) : noise(40)}\r\n`;
	});
	const method = pick(['GET', 'POST', 'OPTIONS', 'CONNECT', 'G\0T', '', 'PRI']);
	const path = pick([
		'/',
		'/socket',
		'//',
		'/%',
		'/\u0000',
		`/${'a'.repeat(20_000)}`,
		'*',
		noise(9),
	]);
	const end = `Host: ${ownHost}\r\nConnection: close\r\n\r\n`;
	return Buffer.from(
		`${method} ${path} HTTP/${pick(['1.1', '1.0', '2', 'x'])}\r\n${headers.join('')}${end}`,
		'latin1',
	);
}
