import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { takeToken } from '../../../src/renderer/connection/access-token.ts';
import { connectHost } from '../../../src/renderer/connection/connect-host.ts';
import { createPreloadChannel } from '../../../src/renderer/connection/preload-channel.ts';
import { ManualClock, settle } from './support/manual-clock.ts';

/** A WebSocket that does what the test says. */
class SocketInTest extends EventTarget {
	static readonly all: SocketInTest[] = [];
	static readonly OPEN = 1;
	static readonly CLOSING = 2;
	readyState = 0;
	readonly sent: string[] = [];
	readonly url: string;
	readonly protocols: readonly string[];

	constructor(url: string, protocols: readonly string[]) {
		super();
		this.url = url;
		this.protocols = protocols;
		SocketInTest.all.push(this);
	}

	send(text: string): void {
		this.sent.push(text);
	}

	open(): void {
		this.readyState = 1;
		this.dispatchEvent(new Event('open'));
	}

	close(code = 1006): void {
		this.readyState = 3;
		this.dispatchEvent(Object.assign(new Event('close'), { code }));
	}
}

describe('over a WebSocket', () => {
	let clock: ManualClock;
	let told: string[];
	let isUp: boolean;
	let stop: () => void;
	let message: unknown;

	beforeEach(() => {
		clock = new ManualClock();
		told = [];
		isUp = true;
		SocketInTest.all.length = 0;
		vi.stubGlobal('WebSocket', SocketInTest);
		vi.stubGlobal('fetch', async () => {
			if (!isUp) {
				throw new TypeError('fetch failed');
			}
			return new Response();
		});
	});

	afterEach(() => {
		stop();
		vi.unstubAllGlobals();
	});

	function connect(token: string | undefined): void {
		stop = connectHost(
			{ origin: 'http://127.0.0.1:1234', token },
			{
				opened: (channel) => {
					told.push('opened');
					channel.onMessage((received) => (message = received));
					channel.send({ hello: 1 });
				},
				lost: (reason) => told.push(reason ?? 'lost'),
				refused: () => told.push('refused'),
			},
			clock,
		);
	}

	test('shows the token as a subprotocol, and speaks JSON', () => {
		connect('secret');
		const socket = SocketInTest.all[0];
		socket?.open();
		socket?.dispatchEvent(new MessageEvent('message', { data: '{"a":1}' }));
		expect([socket?.url, socket?.protocols, socket?.sent]).toEqual([
			'ws://127.0.0.1:1234/socket',
			['asyncz-companion', 'token.secret'],
			['{"hello":1}'],
		]);
		expect([message, told]).toEqual([{ a: 1 }, ['opened']]);
	});

	test('does not even try without a token', () => {
		connect(undefined);
		expect([told, SocketInTest.all]).toEqual([['refused'], []]);
	});

	test('is refused when the host answers but lets no socket in', async () => {
		connect('wrong');
		SocketInTest.all[0]?.close();
		await settle();
		await clock.pass(60_000);
		expect([told, SocketInTest.all.length]).toEqual([['refused'], 1]);
	});

	test('tries again, less and less often, while the host is away', async () => {
		connect('secret');
		SocketInTest.all[0]?.open();
		isUp = false;
		SocketInTest.all[0]?.close();
		await settle();
		for (let index = 1; index < 8; index++) {
			await clock.pass(5_000);
			SocketInTest.all.at(-1)?.close();
			await settle();
		}
		isUp = true;
		await clock.pass(5_000);
		SocketInTest.all.at(-1)?.open();
		expect(SocketInTest.all.length).toBeLessThan(10);
		expect([told[0], told[1], told.at(-1)]).toEqual(['opened', 'lost', 'opened']);
	});

	test('says that there are too many tabs, and does not hurry then', async () => {
		connect('secret');
		for (let index = 0; index < 6; index++) {
			SocketInTest.all.at(-1)?.open();
			SocketInTest.all.at(-1)?.close(1013);
			await settle();
			await clock.pass(1_000);
		}
		expect(told[1]).toBe('The app is open in too many browser tabs: close one of them.');
		expect(SocketInTest.all.length).toBeLessThan(6);
	});

	test('makes no more sockets once it is stopped', async () => {
		connect('secret');
		SocketInTest.all[0]?.open();
		stop();
		await settle();
		await clock.pass(60_000);
		expect(SocketInTest.all).toHaveLength(1);
	});
});

test('over the preload script, every part of the page hears the same pipe', () => {
	const pipe: { receive?: (message: unknown) => void; close?: () => void } = {};
	const channel = createPreloadChannel({
		send: () => {},
		onMessage: (listener) => (pipe.receive = listener),
		onClose: (listener) => (pipe.close = listener),
		pathOf: () => '',
	});
	const heard: unknown[] = [];
	const unsubscribe = channel.onMessage((message) => heard.push(['a', message]));
	channel.onMessage((message) => heard.push(['b', message]));
	pipe.receive?.(1);
	unsubscribe();
	pipe.receive?.(2);
	channel.onClose(() => heard.push('closed'));
	pipe.close?.();
	channel.onClose(() => heard.push('closed before'));
	expect(heard).toEqual([['a', 1], ['b', 1], ['b', 2], 'closed', 'closed before']);
});

test('the token leaves the address bar and stays for a reload', () => {
	const kept = new Map<string, string>();
	const replaced: unknown[] = [];
	const page = (hash: string) => ({
		location: { hash, pathname: '/', search: '?x' },
		history: {
			replaceState: (_state: unknown, _title: string, url?: unknown) => replaced.push(url),
		},
		sessionStorage: {
			getItem: (key: string) => kept.get(key) ?? null,
			setItem: (key: string, value: string) => void kept.set(key, value),
		},
	});
	expect(takeToken(page(''))).toBeUndefined();
	expect(takeToken(page('#token=a%2Bb'))).toBe('a+b');
	expect(takeToken(page(''))).toBe('a+b');
	expect(replaced).toEqual(['/?x']);
});
