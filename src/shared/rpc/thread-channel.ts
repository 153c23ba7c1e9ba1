import type { Channel } from './channel.ts';

/**
 * Either end of a worker thread, as far as a channel needs it: Node's `Worker`, or its `parentPort`
 * inside. Written down here, since this folder knows no Node.
 */
interface ThreadPort {
	postMessage(message: unknown): void;
	on(event: 'message', listener: (message: unknown) => void): unknown;
	off(event: 'message', listener: (message: unknown) => void): unknown;
	once(event: 'exit' | 'close', listener: () => void): unknown;
	off(event: 'exit' | 'close', listener: () => void): unknown;
}

/** A channel over either end of a worker thread: the `Worker`, or `parentPort` inside it. */
export function threadChannel(port: ThreadPort): Channel {
	const closeEvent = 'threadId' in port ? 'exit' : 'close';
	return {
		send: (message) => port.postMessage(message),
		onMessage: (listener) => {
			port.on('message', listener);
			return () => port.off('message', listener);
		},
		onClose: (listener) => {
			port.once(closeEvent, listener);
			return () => port.off(closeEvent, listener);
		},
	};
}
