import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Channel } from '#shared/rpc/channel.ts';
import { SUBPROTOCOL } from './access.ts';
import { createWsChannel } from './ws-channel.ts';

const MAX_CLIENTS = 8;
const MAX_MESSAGE_BYTES = 1024 * 1024;
const PING_EVERY_MS = 15_000;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

/** The WebSocket side of the web host. */
export interface WsServer {
	/** Makes a WebSocket of a connection that has passed every check. */
	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** Says goodbye to every client. */
	close(): void;
}

/**
 * Hands each client that connects to `serve`, as a channel. Clients that no longer answer a ping
 * are dropped; those beyond the eighth are sent away.
 */
export function createWsServer(serve: (channel: Channel) => void): WsServer {
	const server = new WebSocketServer({
		noServer: true,
		maxPayload: MAX_MESSAGE_BYTES,
		perMessageDeflate: false,
		// Never the token: the answer would carry it back.
		handleProtocols: () => SUBPROTOCOL,
	});
	const silent = new WeakSet<WebSocket>();
	const pinging = setInterval(() => {
		for (const socket of server.clients) {
			if (silent.has(socket)) {
				socket.terminate();
			} else {
				silent.add(socket);
				socket.ping();
			}
		}
	}, PING_EVERY_MS);
	pinging.unref();
	return {
		upgrade: (request, socket, head) => {
			server.handleUpgrade(request, socket, head, (client) => {
				client.on('pong', () => silent.delete(client));
				// A message too long, say. `ws` closes the connection by itself after this.
				client.on('error', () => client.terminate());
				if (server.clients.size > MAX_CLIENTS) {
					client.close(TRY_AGAIN_LATER);
				} else {
					serve(createWsChannel(client));
				}
			});
		},
		close: () => {
			clearInterval(pinging);
			for (const socket of server.clients) {
				socket.close(GOING_AWAY);
			}
		},
	};
}
