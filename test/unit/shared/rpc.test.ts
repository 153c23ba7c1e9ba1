import { MessageChannel } from 'node:worker_threads';
import * as v from 'valibot';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { subChannel } from '#shared/rpc/channel.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Client, Schemas } from '#shared/rpc/rpc.ts';
import { threadChannel } from '#shared/rpc/thread-channel.ts';

interface Api {
	double(params: { readonly n: number }): Promise<number>;
	fail(params: { readonly how: 'app' | 'bug' | 'text' }): Promise<void>;
	uncloneable(params: Record<string, never>): Promise<unknown>;
	never(params: Record<string, never>): Promise<never>;
	nothing(params: Record<string, never>): Promise<undefined>;
}

interface Events {
	changed(params: { readonly n: number }): void;
}

const schemas: Schemas<Api> = {
	double: v.strictObject({ n: v.number() }),
	fail: v.strictObject({ how: v.picklist(['app', 'bug', 'text']) }),
	uncloneable: v.strictObject({}),
	never: v.strictObject({}),
	nothing: v.strictObject({}),
};
const eventSchemas: Schemas<Events> = { changed: v.strictObject({ n: v.number() }) };

class Service implements Api {
	readonly factor = 2;
	async double({ n }: { readonly n: number }): Promise<number> {
		return n * this.factor;
	}
	async fail({ how }: { readonly how: string }): Promise<void> {
		const cause = {
			app: new AppError('storage-failed', 'The disk is full.'),
			bug: new TypeError('x'),
		};
		throw how === 'app' ? cause.app : how === 'bug' ? cause.bug : 'a text';
	}
	async uncloneable(): Promise<unknown> {
		return { f: () => 1 };
	}
	never(): Promise<never> {
		return new Promise(() => {});
	}
	async nothing(): Promise<undefined> {
		return undefined;
	}
	/** Not in the table: nobody may call it. */
	async secret(): Promise<string> {
		return 'secret';
	}
}

interface Wire {
	readonly server: Channel;
	readonly client: Channel;
	close(): void;
}

/** Two ends joined by JSON text, as over a WebSocket. */
function jsonWire(): Wire {
	const ends = [new JsonEnd(), new JsonEnd()] as const;
	ends[0].other = ends[1];
	ends[1].other = ends[0];
	return {
		server: ends[0],
		client: ends[1],
		close: () => ends.forEach((end) => end.close()),
	};
}

class JsonEnd implements Channel {
	other: JsonEnd | undefined;
	readonly #listeners = new Set<(message: unknown) => void>();
	readonly #closers = new Set<() => void>();
	#isClosed = false;

	send(message: unknown): void {
		if (!this.#isClosed) {
			const text = JSON.stringify(message);
			queueMicrotask(() => this.other?.deliver(JSON.parse(text)));
		}
	}
	deliver(message: unknown): void {
		this.#listeners.forEach((listener) => listener(message));
	}
	onMessage(listener: (message: unknown) => void) {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
	onClose(listener: () => void) {
		this.#closers.add(listener);
		return () => this.#closers.delete(listener);
	}
	close(): void {
		this.#isClosed = true;
		this.#closers.forEach((closer) => closer());
	}
}

function portWire(): Wire {
	const { port1, port2 } = new MessageChannel();
	onTestFinished(() => port1.close());
	return {
		server: threadChannel(port1),
		client: threadChannel(port2),
		close: () => port1.close(),
	};
}

function serve(wire: Wire): Client<Api> {
	openRpc<object, Api>(wire.server, { serve: schemas, local: new Service(), call: {} });
	return openRpc<Api, object>(wire.client, { serve: {}, local: {}, call: schemas });
}

const rejection = (promise: Promise<unknown>) =>
	promise.then(
		(value) => ({ resolved: value }),
		(error: unknown) => ({
			isAppError: error instanceof AppError,
			code: (error as AppError).code,
			message: (error as AppError).message,
		}),
	);

describe.each([
	['JSON text', jsonWire],
	['a MessagePort', portWire],
])('over %s', (_, createWire) => {
	test('answers with what the method returns, called on its object', async () => {
		const client = serve(createWire());
		expect(await Promise.all([client.double({ n: 4 }), client.double({ n: 5 })])).toEqual([8, 10]);
		expect(await client.nothing({})).toBeUndefined();
	});

	test('an error crosses with its code and its sentence; another one as internal', async () => {
		const client = serve(createWire());
		const hows = ['app', 'bug', 'text'] as const;
		expect(await Promise.all(hows.map((how) => rejection(client.fail({ how }))))).toEqual([
			{ isAppError: true, code: 'storage-failed', message: 'The disk is full.' },
			{ isAppError: true, code: 'internal', message: 'x' },
			{ isAppError: true, code: 'internal', message: 'a text' },
		]);
	});

	test.each([[{ n: 'four' }], [{}], [{ n: 1, m: 2 }], [null], [undefined], [[]], ['n'], [4]])(
		'refuses the parameters %j before the method sees them',
		async (params) => {
			const client = serve(createWire());
			const answer = await rejection(client.double(params as { n: number }));
			expect(answer).toMatchObject({ code: 'invalid-params' });
			expect(answer).toMatchObject({ message: expect.stringMatching(/^double: /) });
		},
	);

	test.each([
		['secret'],
		['factor'],
		['constructor'],
		['__proto__'],
		['toString'],
		['hasOwnProperty'],
		['then'],
		['$call'],
		['$close'],
		[''],
	])('does not know the method %j', async (method) => {
		const wire = createWire();
		serve(wire);
		const { promise, resolve } = Promise.withResolvers<unknown>();
		wire.client.onMessage(resolve);
		wire.client.send({ t: 'q', i: 'question', m: method, a: [{}] });
		const e = { code: 'unknown-method', message: `Unknown method: ${method}` };
		expect(await promise).toEqual({ t: 's', i: 'question', e });
	});

	test('a client is no promise: it can be returned from an async function', async () => {
		const wire = createWire();
		const client = await (async () => serve(wire))();
		expect(await client.double({ n: 2 })).toBe(4);
	});

	test('ignores messages that are none of ours, and goes on', async () => {
		const wire = createWire();
		const client = serve(wire);
		const junk = [
			null,
			5,
			'text',
			[],
			{},
			{ t: 'q' },
			{ t: 'q', m: 5, a: [] },
			{ t: 'q', m: 'double', a: 'x' },
			{ t: 's' },
			{ t: 's', i: 'nobody asked', r: 1 },
			{ t: 's', i: 'x', e: 'text' },
			{ t: 'x' },
			{ t: 'q', m: 'double', a: [] },
			{ t: 'q', m: 'double', a: [{ n: 'no' }], i: 'id' },
			{ t: 'q', m: 'toString', a: [{}], i: 'id' },
			{ t: 'q', m: 'missing', a: [], o: true, i: 'id' },
		];
		for (const message of junk) {
			wire.client.send(message);
			wire.server.send(message);
		}
		expect(await client.double({ n: 3 })).toBe(6);
	});

	test('closing rejects what is pending and what is called later', async () => {
		const wire = createWire();
		const client = serve(wire);
		const pending = [client.never({}), client.never({})].map(rejection);
		await client.double({ n: 1 });
		wire.close();
		const closed = { isAppError: true, code: 'closed', message: 'The connection was closed' };
		expect(await Promise.all(pending)).toEqual([closed, closed]);
		expect(await rejection(client.double({ n: 1 }))).toEqual(closed);
	});

	test('events arrive in order and wait for no answer', async () => {
		const wire = createWire();
		const seen: number[] = [];
		const { promise, resolve } = Promise.withResolvers<void>();
		const changed = ({ n }: { readonly n: number }) => {
			seen.push(n);
			if (n === 3) {
				resolve();
			}
			throw new Error('a listener that fails is nobody’s concern');
		};
		openRpc<object, Events>(wire.client, { serve: eventSchemas, local: { changed }, call: {} });
		const events = openRpc<Events, object>(wire.server, {
			serve: {},
			local: {},
			call: eventSchemas,
			callsAreEvents: true,
		});
		expect([1, 2, 3].map((n) => events.changed({ n }))).toEqual([undefined, undefined, undefined]);
		await promise;
		expect(seen).toEqual([1, 2, 3]);
		wire.close();
		expect(events.changed({ n: 4 })).toBeUndefined();
	});

	test('services share a channel without seeing each other', async () => {
		const wire = createWire();
		const a = serve({
			...wire,
			server: subChannel(wire.server, 'a'),
			client: subChannel(wire.client, 'a'),
		});
		const other = openRpc<Api, object>(subChannel(wire.client, 'b'), {
			serve: {},
			local: {},
			call: schemas,
		});
		const unanswered = rejection(other.double({ n: 1 }));
		expect(await a.double({ n: 1 })).toBe(2);
		wire.close();
		expect(await unanswered).toMatchObject({ code: 'closed' });
	});
});

test('a reply that cannot be cloned becomes an error, and so does such a parameter', async () => {
	const client = serve(portWire());
	expect(await rejection(client.uncloneable({}))).toMatchObject({ code: 'internal' });
	const params = { n: 1, f: () => 1 } as unknown as { n: number };
	expect(await rejection(client.double(params))).toMatchObject({ code: 'internal' });
	expect(await client.double({ n: 2 })).toBe(4);
});

test('an event that cannot be cloned disturbs nobody', async () => {
	const wire = portWire();
	const { promise, resolve } = Promise.withResolvers<number>();
	const local = { changed: ({ n }: { readonly n: number }) => resolve(n) };
	openRpc<object, Events>(wire.client, { serve: eventSchemas, local, call: {} });
	const events = openRpc<Events, object>(wire.server, {
		serve: {},
		local: {},
		call: eventSchemas,
		callsAreEvents: true,
	});
	events.changed({ n: 1, f: () => 1 } as unknown as { n: number });
	events.changed({ n: 2 });
	expect(await promise).toBe(2);
});
