import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineProcess } from './engine-host.ts';
import { keepTail } from './keep-tail.ts';

/** Starts the engine at `url` as a child of this Node process. */
export function forkEngine(url: URL): EngineProcess {
	const child = fork(fileURLToPath(url), [], {
		// 'json' would turn what cannot be sent into `null` without a word.
		serialization: 'advanced',
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
	});
	const lastWords = keepTail(child.stderr);
	let hasEnded = false;
	const end = (): void => {
		hasEnded = true;
	};
	child.once('close', end); // after 'exit', when its last words have been read too
	child.once('error', end);
	return {
		channel: {
			send: (message) => {
				// The callback takes the error of a pipe that broke; the exit is told by `onClose`.
				if (child.connected && isSendable(message)) {
					child.send(message, () => {});
				}
			},
			onMessage: (listener) => {
				// What Node reads in one go it hands out before any promise goes on: an event would
				// overtake the answer sent before it, which has more promises to pass.
				const deliver = (message: unknown): void => void setImmediate(listener, message);
				child.on('message', deliver);
				return () => child.off('message', deliver);
			},
			onClose: (listener) => {
				if (hasEnded) {
					listener();
					return () => {};
				}
				const once = onlyOnce(listener);
				child.once('close', once);
				child.once('error', once); // it could not be started: there may be no 'close'
				return () => child.off('close', once).off('error', once);
			},
		},
		kill: () => child.kill('SIGKILL'),
		lastWords,
	};
}

function isSendable(message: unknown): message is object {
	return typeof message === 'object' && message !== null;
}

function onlyOnce(listener: () => void): () => void {
	let called = false;
	return () => {
		if (!called) {
			called = true;
			listener();
		}
	};
}
