import type { Channel } from '#shared/rpc/channel.ts';

/** Electron's end of a utility process; a property of `process`, so that nothing is imported. */
interface ParentPort {
	postMessage(message: unknown): void;
	on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
	off(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/**
 * The channel to the host that started this process, whichever way: as Electron's utility process,
 * or by `child_process.fork` in plain Node. Throws when it was started by neither.
 */
export function processChannel(): Channel {
	const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };
	if (parentPort !== undefined) {
		return {
			send: (message) => parentPort.postMessage(message),
			onMessage: (listener) => {
				const unpack = (event: { readonly data: unknown }) => listener(event.data);
				parentPort.on('message', unpack);
				return () => parentPort.off('message', unpack);
			},
			// Electron ends a utility process together with its host.
			onClose: () => () => {},
		};
	}
	if (process.send === undefined) {
		throw new Error('The engine is started by a host, not by hand');
	}
	return {
		send: (message) => {
			// The host may just be going: 'disconnect' follows, and ends this process.
			process.send?.(message, undefined, undefined, () => {});
		},
		onMessage: (listener) => {
			process.on('message', listener);
			return () => process.off('message', listener);
		},
		onClose: (listener) => {
			process.on('disconnect', listener);
			return () => process.off('disconnect', listener);
		},
	};
}
