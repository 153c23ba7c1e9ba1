import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWebProcess } from '../support/hosts/web-process.ts';
import type { WebProcess } from '../support/hosts/web-process.ts';
import { request, sendRaw, upgradeRequest } from '../support/raw-http.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';

let folder = '';
let web: WebProcess;
let host = '';
let origin = '';
let protocols = '';

beforeAll(async () => {
	folder = makeTempFolder();
	web = await startWebProcess(['--data', `${folder}/data`, '--no-open'], { cwd: folder });
	host = `127.0.0.1:${web.port}`;
	origin = `http://${host}`;
	protocols = `asyncz-companion, token.${web.token}`;
});
afterAll(async () => {
	await web.kill();
	removeFolder(folder);
});

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
	sendRaw(web.port, request(`GET ${path}`, { Host: host, ...headers }));
const upgrade = (headers: Readonly<Record<string, string>> = {}, path = '/socket') =>
	sendRaw(
		web.port,
		upgradeRequest(path, {
			Host: host,
			Origin: origin,
			'Sec-WebSocket-Protocol': protocols,
			...headers,
		}),
	);

const post = (headers: Readonly<Record<string, string>>) =>
	sendRaw(web.port, request('POST /', { Host: host, 'Content-Length': '0', ...headers }));

describe('the address', () => {
	it('carries 256 bits of token in its fragment', () => {
		expect(Buffer.from(web.token, 'base64url')).toHaveLength(32);
		expect(web.stdout()).toBe(`AsyncZ Companion: ${origin}/#token=${web.token}\n`);
	});
});

describe('the host', () => {
	it.each(['127.0.0.1', 'localhost', '[::1]'])('%s is let in', async (name) => {
		expect((await get('/', { Host: `${name}:${web.port}` })).status).toBe(200);
	});

	it.each([
		'evil.example',
		'127.0.0.1',
		'localhost',
		'[::1]',
		'127.0.0.1:1',
		'localhost:80',
		'localhost:PORT.evil.example',
		'evil.example:PORT',
		'127.0.0.1.evil.example:PORT',
		'localhost.evil.example:PORT',
		'127.0.0.1:PORT@evil.example',
		'user@localhost:PORT',
		'127.1:PORT',
		'2130706433:PORT',
		'0x7f000001:PORT',
		'0.0.0.0:PORT',
		'127.0.0.2:PORT',
		'[::]:PORT',
		'[::ffff:127.0.0.1]:PORT',
		'::1:PORT',
		'localhost.:PORT',
		'LOCALHOST:PORT',
		'localhost:0PORT',
		'localhost:PORT,localhost:PORT',
		'http://localhost:PORT',
		'null',
	])('%s is refused, for pages and sockets alike', async (form) => {
		const Host = form.replaceAll('PORT', String(web.port));
		expect([(await get('/', { Host })).status, (await upgrade({ Host })).status]).toEqual([
			403, 403,
		]);
	});

	it.each([
		['none', 'GET / HTTP/1.1\r\n\r\n', 400],
		['none in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', 403],
		['an empty one', 'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n', 403],
		['two', 'GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\nConnection: close\r\n\r\n', 403],
		['two alike', 'GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\nConnection: close\r\n\r\n', 403],
	])('%s is refused', async (_which, text, status) => {
		expect((await sendRaw(web.port, text.replaceAll('HOST', host))).status).toBe(status);
	});
});

describe('the origin', () => {
	it.each([
		'null',
		'http://evil.example',
		'https://127.0.0.1:PORT',
		'http://127.0.0.1',
		'http://127.0.0.1:1',
		'http://localhost:PORT', // another one than the host it talks to
		'http://127.0.0.1:PORT.evil.example',
		'http://127.0.0.1:PORT/',
		'file://',
		'',
	])('%j is refused', async (form) => {
		const Origin = form.replaceAll('PORT', String(web.port));
		expect([(await get('/', { Origin })).status, (await upgrade({ Origin })).status]).toEqual([
			403, 403,
		]);
	});

	it('is needed for a socket', async () => {
		const headers = { Host: host, 'Sec-WebSocket-Protocol': protocols };
		expect((await sendRaw(web.port, upgradeRequest('/socket', headers))).status).toBe(403);
	});

	it('is needed for anything but reading, which is not allowed even then', async () => {
		expect([(await post({})).status, (await post({ Origin: origin })).status]).toEqual([403, 405]);
	});

	it('gets no permission to read across origins', async () => {
		const preflight = request('OPTIONS /', {
			Host: host,
			Origin: 'http://evil.example',
			'Access-Control-Request-Method': 'GET',
		});
		const answer = await sendRaw(web.port, preflight);
		expect([
			answer.status,
			[...answer.headers.keys()].filter((name) => name.startsWith('access-control')),
		]).toEqual([403, []]);
	});
});

describe('the token', () => {
	it('opens the socket, and is not sent back', async () => {
		const answer = await upgrade();
		expect([answer.status, answer.headers.get('sec-websocket-protocol')]).toEqual([
			101,
			'asyncz-companion',
		]);
	});

	it.each([
		['none', 'asyncz-companion'],
		['an empty one', 'asyncz-companion, token.'],
		['another one', `asyncz-companion, token.${randomBytes(32).toString('base64url')}`],
		['a part of it', 'asyncz-companion, token.PART'],
		['more than it', 'asyncz-companion, token.TOKENx'],
		['it without the protocol', 'token.TOKEN'],
		['it under another name', 'asyncz-companion, TOKEN'],
		['nothing at all', ''],
	])('%s does not', async (_which, form) => {
		const offered = form.replace('PART', web.token.slice(0, -1)).replace('TOKEN', web.token);
		expect((await upgrade({ 'Sec-WebSocket-Protocol': offered })).status).toBe(401);
	});

	it('opens nothing but the socket', async () => {
		expect((await upgrade({}, '/')).status).toBe(404);
	});
});
