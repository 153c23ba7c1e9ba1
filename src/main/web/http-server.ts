import { createServer, STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError, messageOf } from '#shared/errors.ts';
import { securityHeaders } from '../security-headers.ts';
import type { StaticFile } from '../static-files.ts';
import { DOWNLOAD_PATH } from './downloads.ts';
import type { Downloads } from './downloads.ts';
import { isAllowedHost, isAllowedOrigin, isSameToken, readToken } from './access.ts';

/** The only address this host listens on. */
export const LOOPBACK = '127.0.0.1';

const SOCKET_PATH = '/socket';

/** What the server serves, and to whom. */
export interface HttpServerOptions {
	readonly files: ReadonlyMap<string, StaticFile>;
	readonly token: string;
	readonly downloads: Pick<Downloads, 'send'>;
	/** Takes over a connection that asks for a WebSocket and may have one. */
	readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** A server that listens; `port` is the real one. */
export interface HttpServer {
	readonly port: number;
	/** Stops listening and ends what is connected. */
	close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1. Every request is first checked for the host and the origin it names, a
 * WebSocket also for the token. Rejects with a sentence when the port cannot be had.
 */
export async function listen(port: number, options: HttpServerOptions): Promise<HttpServer> {
	const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 30_000 });
	server.headersTimeout = 10_000;
	const bound = (): number => portOf(server);
	server.on('request', (request, response) => {
		answer(request, response, bound(), options).catch(() => response.destroy());
	});
	server.on('upgrade', (request, socket, head) => {
		socket.on('error', () => socket.destroy());
		const status = refusalOfUpgrade(request, bound(), options.token);
		if (status === undefined) {
			options.upgrade(request, socket, head);
		} else {
			refuse(socket, status);
		}
	});
	// Without a listener Node would answer too, but without closing sockets that are half gone.
	server.on('clientError', (_error, socket) => refuse(socket, 400));
	await new Promise<void>((resolve, reject) => {
		server.once('error', (error) => reject(portError(error, port)));
		server.listen(port, LOOPBACK, resolve);
	});
	return {
		port: portOf(server),
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** Ends a connection with a bare status. */
function refuse(socket: Duplex, status: number): void {
	if (socket.writable) {
		socket.end(
			`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
		);
	} else {
		socket.destroy();
	}
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	port: number,
	{ files, downloads }: Pick<HttpServerOptions, 'files' | 'downloads'>,
): Promise<void> {
	const host = singleHost(request);
	const status = host === undefined ? 403 : refusalOf(request, host, port);
	// The address of the WebSocket is spelled out: not every browser counts it as 'self'.
	const headers = securityHeaders(host === undefined ? "'self'" : `'self' ws://${host}`);
	const path = (request.url ?? '').split('?', 1)[0] ?? '';
	if (status === undefined && request.method === 'GET' && path.startsWith(DOWNLOAD_PATH)) {
		if (await downloads.send(path.slice(DOWNLOAD_PATH.length), response, headers)) {
			return;
		}
	}
	const file = status === undefined ? files.get(path) : undefined;
	if (file === undefined) {
		const code = status ?? 404;
		const text = `${code} ${STATUS_CODES[code] ?? ''}\n`;
		response.writeHead(code, {
			...(status === 403 ? securityHeaders("'none'") : headers),
			'Content-Type': 'text/plain; charset=utf-8',
			'Content-Length': text.length,
			...(code === 405 ? { Allow: 'GET, HEAD' } : {}),
		});
		response.end(request.method === 'HEAD' ? undefined : text);
	} else {
		response.writeHead(200, {
			...headers,
			'Content-Type': file.type,
			'Content-Length': file.body.byteLength,
		});
		response.end(request.method === 'HEAD' ? undefined : file.body);
	}
}

function refusalOf(request: IncomingMessage, host: string, port: number): number | undefined {
	const { origin } = request.headers;
	const isRead = request.method === 'GET' || request.method === 'HEAD';
	if (
		!isAllowedHost(host, port) ||
		((origin !== undefined || !isRead) && !isAllowedOrigin(origin, host))
	) {
		return 403;
	}
	return isRead ? undefined : 405;
}

function refusalOfUpgrade(
	request: IncomingMessage,
	port: number,
	token: string,
): number | undefined {
	const host = singleHost(request);
	if (
		host === undefined ||
		!isAllowedHost(host, port) ||
		!isAllowedOrigin(request.headers.origin, host)
	) {
		return 403;
	}
	if (request.url !== SOCKET_PATH) {
		return 404;
	}
	return isSameToken(readToken(request.headers['sec-websocket-protocol']), token) ? undefined : 401;
}

/** The Host header if there is exactly one: of several, Node would show the first. */
function singleHost(request: IncomingMessage): string | undefined {
	const hosts = request.headersDistinct['host'];
	return hosts?.length === 1 ? hosts[0] : undefined;
}

function portOf(server: Server): number {
	const address = server.address();
	return typeof address === 'object' && address !== null ? address.port : 0;
}

function portError(error: NodeJS.ErrnoException, port: number): AppError {
	const reasons: Readonly<Record<string, string>> = {
		EADDRINUSE: 'another program uses it; choose another one, or --port 0 for any free one',
		EACCES: 'this user may not use it; choose one above 1023, or --port 0 for any free one',
	};
	const reason = reasons[error.code ?? ''] ?? messageOf(error);
	return new AppError('invalid-options', `Cannot listen on port ${port}: ${reason}`);
}
