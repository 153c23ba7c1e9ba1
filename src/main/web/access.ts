import { createHash, timingSafeEqual } from 'node:crypto';

/** The subprotocol of the WebSocket; the token travels beside it as `token.…`. */
export const SUBPROTOCOL = 'asyncz-companion';

/**
 * Whether a request was meant for this host: a page of another site that had its name resolve to
 * 127.0.0.1 sends its own name here. Has to be asked before anything else.
 */
export function isAllowedHost(host: string | undefined, port: number): boolean {
	return host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === `[::1]:${port}`;
}

/** Whether a request comes from a page this host served. `host` has been checked before. */
export function isAllowedOrigin(origin: string | undefined, host: string): boolean {
	return origin === `http://${host}`;
}

/** The token among the offered subprotocols, as in `asyncz-companion, token.abc`. */
export function readToken(subprotocols: string | undefined): string | undefined {
	const offered = (subprotocols ?? '').split(',').map((name) => name.trim());
	return offered.includes(SUBPROTOCOL)
		? offered.find((name) => name.startsWith('token.'))?.slice('token.'.length)
		: undefined;
}

/** Compares two tokens in a time that says nothing about where they differ. */
export function isSameToken(given: string | undefined, expected: string): boolean {
	return given !== undefined && timingSafeEqual(digest(given), digest(expected));
}

// Equal lengths, which the comparison wants, whatever was given.
function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
