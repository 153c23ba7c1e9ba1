import type { MessagePort, Worker } from 'node:worker_threads';
import type { Channel } from '#shared/rpc/channel.ts';

/** A channel over either end of a worker thread: the `Worker`, or `parentPort` inside it. */
export function threadChannel(port: Worker | MessagePort): Channel {
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
