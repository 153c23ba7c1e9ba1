import type { Channel } from '#shared/rpc/channel.ts';

/** What the preload script puts on `window`: a pipe to the host, and the path of a dropped file. */
export interface HostBridge {
	send(message: unknown): void;
	onMessage(listener: (message: unknown) => void): void;
	onClose(listener: () => void): void;
	/** The absolute path of a dropped file; empty if it has none. */
	pathOf(file: File): string;
}

declare global {
	interface Window {
		/** Present in the desktop app, absent in a browser. */
		readonly host?: HostBridge;
	}
}

/** The channel through the preload script. The pipe is listened to once, for good. */
export function createPreloadChannel(bridge: HostBridge): Channel {
	const messages = new Set<(message: unknown) => void>();
	const closings = new Set<() => void>();
	let closed = false;
	bridge.onMessage((message) => {
		for (const listener of messages) {
			listener(message);
		}
	});
	bridge.onClose(() => {
		closed = true;
		for (const listener of closings) {
			listener();
		}
	});
	return {
		send: (message) => bridge.send(message),
		onMessage: (listener) => {
			messages.add(listener);
			return () => messages.delete(listener);
		},
		onClose: (listener) => {
			if (closed) {
				listener();
			} else {
				closings.add(listener);
			}
			return () => closings.delete(listener);
		},
	};
}
