import type { Channel } from '#shared/rpc/channel.ts';

/** The channel over an open WebSocket: one JSON text per message. */
export function createWsChannel(socket: WebSocket): Channel {
	return {
		send: (message) => {
			if (socket.readyState === WebSocket.OPEN) {
				socket.send(JSON.stringify(message));
			}
		},
		onMessage: (listener) => {
			const read = (event: MessageEvent<unknown>): void => {
				const message = parse(event.data);
				if (message !== undefined) {
					listener(message);
				}
			};
			socket.addEventListener('message', read);
			return () => socket.removeEventListener('message', read);
		},
		onClose: (listener) => {
			if (socket.readyState >= WebSocket.CLOSING) {
				listener();
				return () => {};
			}
			socket.addEventListener('close', listener, { once: true });
			return () => socket.removeEventListener('close', listener);
		},
	};
}

function parse(data: unknown): unknown {
	try {
		return typeof data === 'string' ? JSON.parse(data) : undefined;
	} catch {
		// What is no JSON is none of our messages.
		return undefined;
	}
}
