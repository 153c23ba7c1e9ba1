import { beforeEach, describe, expect, test } from 'vitest';
import type { EndpointTest } from '#shared/api/host.ts';
import type { EndpointStatus } from '#shared/model/feed.ts';
import { parseSettings } from '#shared/model/settings.ts';
import type { SettingsChange } from '#shared/model/settings.ts';
import { ConnectForm } from '../../../src/renderer/state/sources/connect-form.svelte.ts';
import { ListenForm } from '../../../src/renderer/state/sources/listen-form.svelte.ts';

const FIXED = 'unix:/run/user/1/asyncz-companion/feed.sock';

/** What the forms read and change, as the workspace has it. */
class FormHost {
	settings = parseSettings({});
	engine = { endpoints: [] as readonly EndpointStatus[] };
	readonly files = { info: { feedAddress: FIXED } };
	readonly tested: { readonly address: string; readonly answer: (test: EndpointTest) => void }[] =
		[];
	readonly services = {
		host: {
			testEndpoint: ({ address }: { readonly address: string }) =>
				new Promise<EndpointTest>((answer) => this.tested.push({ address, answer })),
		},
	};

	changeSettings(change: SettingsChange): void {
		this.settings = parseSettings({ ...this.settings, ...change });
	}

	listens(...addresses: readonly string[]): void {
		const endpoints = addresses.map((address) => status(address, 'listen', 'listening'));
		this.engine = { endpoints: [...this.engine.endpoints, ...endpoints] };
	}
}

function status(
	address: string,
	kind: EndpointStatus['kind'],
	state: EndpointStatus['state'],
): EndpointStatus {
	return { address, kind, state, clients: 0 };
}

let host: FormHost;

beforeEach(() => {
	host = new FormHost();
});

describe('where the app listens', () => {
	test('is switched on and off without touching the rest', () => {
		host.changeSettings({ feeds: { unix: true, tcp: 0, connect: ['tcp:127.0.0.1:1'] } });
		const form = new ListenForm(host);
		form.setUnix(false);
		expect(form.setTcp(true)).toBe(true);
		expect(host.settings.feeds).toEqual({ unix: false, tcp: 9020, connect: ['tcp:127.0.0.1:1'] });
		form.setTcp(false);
		form.setUnix(true);
		expect(host.settings.feeds).toEqual({ unix: true, tcp: 0, connect: ['tcp:127.0.0.1:1'] });
	});

	test.each(['', '0', '65536', '1e3', '-1', 'port'])('is no port %o', (port) => {
		const form = new ListenForm(host);
		form.port = port;
		expect(form.setTcp(true)).toBe(false);
		expect([form.problem, host.settings.feeds.tcp]).toEqual(['Type a port from 1 to 65535.', 0]);
		form.port = ' 4000 ';
		expect(form.setTcp(true)).toBe(true);
		expect([form.problem, form.tcp]).toEqual([undefined, 'tcp:127.0.0.1:4000']);
	});

	test('is another port once another one is typed, if there is one', () => {
		const form = new ListenForm(host);
		form.port = '4000';
		form.portChanged();
		expect(form.tcp).toBeUndefined();
		form.setTcp(true);
		form.port = '4001';
		form.portChanged();
		expect(form.tcp).toBe('tcp:127.0.0.1:4001');
		form.port = 'x';
		form.portChanged();
		expect([form.tcp, form.problem]).toEqual([
			'tcp:127.0.0.1:4001',
			expect.stringContaining('port'),
		]);
	});

	test('is offered only where somebody could send to', () => {
		const form = new ListenForm(host);
		expect(form.open).toEqual([]);
		host.listens('tcp:127.0.0.1:7777', FIXED);
		expect(form.open).toEqual([FIXED, 'tcp:127.0.0.1:7777']);
		expect(form.others.map(({ address }) => address)).toEqual(['tcp:127.0.0.1:7777']);
		host.engine = { endpoints: [status(FIXED, 'listen', 'failed')] };
		expect(form.open).toEqual([]);
	});
});

describe('an address to connect to', () => {
	test('is kept as the app writes it, and once', () => {
		const form = new ConnectForm(host);
		form.text = ' tcp:localhost:9020 ';
		expect(form.connect()).toBe(true);
		expect([host.settings.feeds.connect, form.text]).toEqual([['tcp:127.0.0.1:9020'], '']);
		form.text = 'tcp:9020';
		expect(form.connect()).toBe(false);
		expect(form.problem).toBe('tcp:127.0.0.1:9020 is among the connections already.');
		form.remove('tcp:127.0.0.1:9020');
		expect(form.connections).toEqual([]);
	});

	test.each([
		['', 'Type the address'],
		['9020', '9020: expected tcp:HOST:PORT'],
		['tcp:example.com:9020', 'example.com is not this machine'],
		['unix:here.sock', 'expected the whole path'],
		[FIXED, 'where this app itself listens'],
		['unix:', 'where this app itself listens'],
		['tcp:7777', 'where this app itself listens'],
	])('%o is refused with a sentence', async (text, sentence) => {
		host.listens('tcp:127.0.0.1:7777');
		const form = new ConnectForm(host);
		form.text = text;
		expect(form.connect()).toBe(false);
		expect(form.problem).toContain(sentence);
		await form.tryOut();
		expect([form.problem, host.tested]).toEqual([expect.stringContaining(sentence), []]);
		form.typed();
		expect([form.problem, form.address]).toEqual([undefined, undefined]);
	});

	test('is tested, and what is said of it goes when another one is typed', async () => {
		const form = new ConnectForm(host);
		form.text = 'tcp:localhost:9020';
		const first = form.tryOut();
		expect([form.isTesting, host.tested[0]?.address]).toEqual([true, 'tcp:127.0.0.1:9020']);
		form.text = 'tcp:9021';
		form.typed();
		host.tested[0]?.answer({ ok: true, message: 'late' });
		await first;
		expect([form.isTesting, form.test]).toEqual([false, undefined]);
		const second = form.tryOut();
		host.tested[1]?.answer({ ok: false, message: 'Nobody listens there.' });
		await second;
		expect(form.test).toEqual({ ok: false, message: 'Nobody listens there.' });
		form.typed();
		expect(form.test).toBeUndefined();
	});

	test('is listed with how it is doing, those of this run, too', () => {
		host.changeSettings({ feeds: { unix: true, tcp: 0, connect: ['tcp:localhost:1', 'tcp:2'] } });
		const first = status('tcp:127.0.0.1:1', 'connect', 'connected');
		const given = status('unix:/run/x.sock', 'connect', 'retrying');
		host.engine = { endpoints: [given, first, status(FIXED, 'listen', 'listening')] };
		expect(new ConnectForm(host).connections).toEqual([
			{ address: 'tcp:localhost:1', status: first, isKept: true },
			{ address: 'tcp:2', status: undefined, isKept: true },
			{ address: 'unix:/run/x.sock', status: given, isKept: false },
		]);
	});

	test('is one too many where the settings hold no more', () => {
		const connect = Array.from({ length: 50 }, (_, index) => `tcp:127.0.0.1:${index + 1}`);
		host.changeSettings({ feeds: { unix: true, tcp: 0, connect } });
		const form = new ConnectForm(host);
		form.text = 'tcp:51';
		expect(form.connect()).toBe(false);
		expect(form.problem).toContain('50 connections');
		expect(host.settings.feeds.connect).toHaveLength(50);
	});
});
