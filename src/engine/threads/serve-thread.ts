import type { MessagePort } from 'node:worker_threads';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Schemas } from '#shared/rpc/rpc.ts';
import { threadChannel } from '#shared/rpc/thread-channel.ts';

/** What a thread is sent to end it: no message of the RPC is a plain text like this one. */
export const STOP = 'stop';

/** What a thread is sent to see whether it still answers, and what it sends back: plain texts, too. */
export const LOOK = 'look';
export const HERE = 'here';

/**
 * Serves a thread's methods over its port until it is told to stop. It ends itself, between two
 * answers: Node aborts the whole process when a thread is terminated in the moment in which it
 * creates a zstd context ("close before init", node_zlib.cc).
 */
export function serveThread<Api extends object>(
	port: MessagePort | null,
	schemas: Schemas<Api>,
	local: Api,
): void {
	if (port === null) {
		throw new Error('It runs as a worker thread');
	}
	openRpc<object, Api>(threadChannel(port), { serve: schemas, local, call: {} });
	port.on('message', (message: unknown) => {
		if (message === STOP) {
			process.exit();
		}
		if (message === LOOK) {
			port.postMessage(HERE);
		}
	});
}
