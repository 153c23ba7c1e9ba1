import * as v from 'valibot';
import { AppError, messageOf } from '../errors.ts';

/** Where feeds meet: an address to listen on, or to connect to. */
export type FeedAddress =
	/** A unix socket; without a path the fixed place of this user (a named pipe on Windows). */
	| { readonly type: 'unix'; readonly path: string | undefined }
	/** TCP on this machine. Port 0, for listening only, takes any free one. */
	| { readonly type: 'tcp'; readonly host: string; readonly port: number }
	/** A named pipe of Windows: the name after `\\\\.\\pipe\\`. */
	| { readonly type: 'pipe'; readonly name: string };

export type EndpointKind = 'listen' | 'connect';

/** A path of so many bytes fits everywhere: systems take 103 (macOS) or 107 (Linux). */
export const MAX_SOCKET_PATH_BYTES = 100;

const LOOPBACK = '127.0.0.1';
/** 127.0.0.0/8 and ::1; a name could lead elsewhere, but for this one. */
const LOOPBACK_HOST = /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/i;

/**
 * Reads `unix:/path`, `unix:`, `tcp:PORT`, `tcp:HOST:PORT` (loopback only, IPv6 in brackets) or
 * `pipe:NAME`. Throws `invalid-options` with a sentence that begins with the text.
 */
export function parseAddress(text: string, kind: EndpointKind): FeedAddress {
	const at = text.indexOf(':');
	const scheme = text.slice(0, Math.max(at, 0));
	const rest = text.slice(at + 1);
	switch (scheme) {
		case 'unix':
			return { type: 'unix', path: rest === '' ? undefined : socketPath(text, rest) };
		case 'tcp':
			return tcpAddress(text, rest, kind);
		case 'pipe':
			if (!/^[^\\/\0]{1,200}$/.test(rest)) {
				throw invalid(text, 'expected a name without slashes, for example pipe:asyncz-feed');
			}
			return { type: 'pipe', name: rest };
		default:
			throw invalid(
				text,
				`expected ${kind === 'listen' ? 'tcp:PORT' : 'tcp:HOST:PORT'}, unix:/PATH or pipe:NAME`,
			);
	}
}

/** An address as it is written: what `parseAddress` reads as the same one. */
export function formatAddress(address: FeedAddress): string {
	switch (address.type) {
		case 'unix':
			return `unix:${address.path ?? ''}`;
		case 'tcp':
			return `tcp:${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
		case 'pipe':
			return `pipe:${address.name}`;
	}
}

/**
 * What `connect` and `listen` of `node:net` take. Of a unix socket the path has to be known: the
 * fixed place is the host's to say.
 */
export function socketOptions(
	address: FeedAddress,
): { readonly host: string; readonly port: number } | { readonly path: string } {
	switch (address.type) {
		case 'tcp':
			return { host: address.host, port: address.port };
		case 'pipe':
			return { path: `\\\\.\\pipe\\${address.name}` };
		case 'unix':
			return { path: address.path ?? '' };
	}
}

/** The text of an address to connect to. */
export const connectAddressSchema = v.pipe(
	v.string(),
	v.maxLength(300),
	v.rawCheck(({ dataset, addIssue }) => {
		if (dataset.typed) {
			try {
				parseAddress(dataset.value, 'connect');
			} catch (error) {
				addIssue({ message: messageOf(error) });
			}
		}
	}),
);

function socketPath(text: string, path: string): string {
	if (!path.startsWith('/') || path.includes('\0')) {
		throw invalid(
			text,
			'expected the whole path of a socket, for example unix:/run/user/1000/x.sock',
		);
	}
	if (utf8Length(path) > MAX_SOCKET_PATH_BYTES) {
		throw invalid(
			text,
			`the path of a socket may have ${MAX_SOCKET_PATH_BYTES} bytes. Choose a shorter one`,
		);
	}
	return path;
}

function tcpAddress(text: string, rest: string, kind: EndpointKind): FeedAddress {
	const [, bracketed, plain, digits = ''] =
		/^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(rest) ?? [];
	const port = digits === '' ? Number.NaN : Number(digits);
	const lowest = kind === 'listen' ? 0 : 1;
	if (!(port >= lowest && port <= 65_535)) {
		const example = kind === 'listen' ? 'tcp:9020' : 'tcp:127.0.0.1:9020';
		throw invalid(text, `expected a port from ${lowest} to 65535, for example ${example}`);
	}
	const host = bracketed ?? plain ?? LOOPBACK;
	if (!LOOPBACK_HOST.test(host) || host.split('.').some((part) => Number(part) > 255)) {
		throw invalid(
			text,
			`${host === '' ? 'the host' : host} is not this machine. Feeds stay on it: 127.0.0.1, localhost or [::1]`,
		);
	}
	return { type: 'tcp', host: host.toLowerCase() === 'localhost' ? LOOPBACK : host, port };
}

function utf8Length(text: string): number {
	return [...text].reduce((sum, character) => {
		const code = character.codePointAt(0) ?? 0;
		return sum + (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
	}, 0);
}

function invalid(text: string, what: string): AppError {
	return new AppError('invalid-options', `${text === '' ? 'An address' : text}: ${what}.`);
}
