import type { WebSocket } from 'ws';
import type { Channel, Unsubscribe } from '#shared/rpc/channel.ts';

/** A client that leaves this much unread is taken for dead: it can come back and ask again. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

// Of RFC 6455: data that is not of the right kind, or not what it says it is.
const UNSUPPORTED_DATA = 1003;
const INVALID_PAYLOAD = 1007;

/** A channel over one open WebSocket: one JSON text per message. */
export function createWsChannel(socket: WebSocket): Channel {
	return {
		send: (message) => {
			if (socket.readyState !== socket.OPEN) {
				return;
			}
			if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
				socket.terminate();
				return;
			}
			socket.send(JSON.stringify(message));
		},
		onMessage: (listener) => {
			const read = (data: Buffer, isBinary: boolean): void => {
				if (isBinary) {
					socket.close(UNSUPPORTED_DATA);
					return;
				}
				const message = parse(data.toString());
				if (message === undefined) {
					socket.close(INVALID_PAYLOAD);
				} else {
					listener(message);
				}
			};
			socket.on('message', read);
			return () => socket.off('message', read);
		},
		onClose: (listener) => onClose(socket, listener),
	};
}

function onClose(socket: WebSocket, listener: () => void): Unsubscribe {
	if (socket.readyState === socket.CLOSED) {
		listener();
		return () => {};
	}
	socket.once('close', listener);
	return () => socket.off('close', listener);
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
