import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import type { EngineProcess } from '../engine-host.ts';
import { keepTail } from '../keep-tail.ts';

/** Starts the engine at `url` as a utility process. Once the app is ready. */
export function startUtilityEngine(url: URL): EngineProcess {
	const child = utilityProcess.fork(fileURLToPath(url), [], {
		serviceName: 'AsyncZ Companion engine',
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let hasEnded = false;
	child.once('exit', () => {
		hasEnded = true;
	});
	return {
		channel: {
			send: (message) => {
				if (!hasEnded) {
					child.postMessage(message);
				}
			},
			onMessage: (listener) => {
				child.on('message', listener);
				return () => child.off('message', listener);
			},
			onClose: (listener) => {
				if (hasEnded) {
					listener();
					return () => {};
				}
				child.once('exit', listener);
				return () => child.off('exit', listener);
			},
		},
		kill: () => child.kill(),
		lastWords: keepTail(child.stderr),
	};
}
