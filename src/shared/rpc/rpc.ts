import { createBirpc } from 'birpc';
import * as v from 'valibot';
import { AppError, fromErrorData, messageOf, toErrorData } from '../errors.ts';
import type { ErrorData } from '../errors.ts';
import type { Channel, Unsubscribe } from './channel.ts';

/**
 * One schema for each method of an API: the table is both the allow-list and the validation.
 * A method without a schema does not compile, nor does a schema of another type.
 */
export type Schemas<Api> = {
	readonly [M in keyof Api]: Api[M] extends (params: infer P) => unknown
		? v.GenericSchema<unknown, P>
		: never;
};

/** An API as its other end calls it. */
export type Client<Api> = {
	readonly [M in keyof Api]: Api[M] extends (params: infer P) => infer R
		? (params: P) => R extends Promise<unknown> ? R : void
		: never;
};

// What birpc 4 sends: a request or event (q), or an answer (s).
const messageSchema = v.variant('t', [
	v.object({
		t: v.literal('q'),
		i: v.optional(v.string()),
		m: v.string(),
		a: v.array(v.unknown()),
		o: v.optional(v.boolean()),
	}),
	v.object({
		t: v.literal('s'),
		i: v.string(),
		r: v.optional(v.unknown()),
		e: v.optional(v.object({ code: v.string(), message: v.string() })),
	}),
]);

interface Wire {
	readonly e?: unknown;
}

/**
 * Serves `local` on `channel`, each method behind its schema, and returns a client of what the
 * other end serves. `call` names the other end's methods; with `callsAreEvents` they are sent without
 * waiting for an answer. A closed channel rejects what is pending and what is called later, with
 * the code `closed`.
 */
export function openRpc<Remote extends object, Local extends object>(
	channel: Channel,
	options: {
		readonly serve: Schemas<Local>;
		readonly local: Local;
		readonly call: Schemas<Remote>;
		readonly callsAreEvents?: boolean;
	},
): Client<Remote> {
	const table = options.serve as Readonly<Record<string, v.GenericSchema>>;
	const methods = options.local as Readonly<Record<string, (params: unknown) => unknown>>;
	let unsubscribe: Unsubscribe | undefined;
	let closed = false;
	const rpc = createBirpc<Record<string, (params: unknown) => unknown>, object>(options.local, {
		post: (message) => channel.send(message),
		// birpc reads `t` of whatever arrives: a `null` from a socket would end the process.
		on: (listener) => {
			unsubscribe = channel.onMessage((message) => {
				if (v.is(messageSchema, message)) {
					listener(message);
				}
			});
		},
		off: () => unsubscribe?.(),
		serialize: (message: Wire) =>
			message.e === undefined ? message : { ...message, e: toErrorData(message.e) },
		deserialize: (message: Wire) =>
			message.e === undefined ? message : { ...message, e: fromErrorData(message.e as ErrorData) },
		timeout: -1, // the default is 60 s; a closed channel already ends every call
		// Must return a function and never throw: birpc awaits the resolver outside its `try`.
		resolver: (method) => {
			const schema = Object.hasOwn(table, method) ? table[method] : undefined;
			const target = methods[method];
			return (params: unknown) => {
				if (schema === undefined || target === undefined) {
					throw new AppError('unknown-method', `Unknown method: ${method}`);
				}
				const result = v.safeParse(schema, params);
				if (!result.success) {
					throw new AppError('invalid-params', `${method}: ${v.summarize(result.issues)}`);
				}
				return target.call(options.local, result.output);
			};
		},
		// Given a method we are serving, and the error becomes the reply. Without one we are
		// calling, and `true` would turn every rejection into `undefined`.
		onGeneralError: (_error, method) => method !== undefined,
	});
	channel.onClose(() => {
		closed = true;
		rpc.$close(closedError());
	});

	const call = async (method: string, params: unknown): Promise<unknown> => {
		try {
			return await rpc.$call(method, params);
		} catch (error) {
			throw closed && !(error instanceof AppError) ? closedError() : asAppError(error);
		}
	};
	// An event to an end that has gone has nobody to miss it.
	const tell = (method: string, params: unknown): void => {
		rpc.$callEvent(method, params).catch(() => {});
	};
	const client: Record<string, (params: unknown) => unknown> = {};
	for (const method of Object.keys(options.call)) {
		const send = options.callsAreEvents === true ? tell : call;
		client[method] = (params) => send(method, params);
	}
	return client as Client<Remote>;
}

function closedError(): AppError {
	return new AppError('closed', 'The connection was closed');
}

function asAppError(error: unknown): AppError {
	return error instanceof AppError
		? error
		: new AppError('internal', messageOf(error), { cause: error });
}
