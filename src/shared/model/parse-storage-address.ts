import { AppError } from '../errors.ts';
import { SSL_MODES, STORAGE_DEFAULTS, withoutPassword } from './storage-address.ts';
import type { ServerAddress, SslMode, StorageAddress } from './storage-address.ts';

/** An address, and what is hidden of it before anybody sees it. */
export interface StoragePassword {
	readonly address: StorageAddress;
	/** `undefined`: the text has none; an empty one is one. */
	readonly password: string | undefined;
}

/**
 * Reads an address. Paths stay as they are: the host makes them absolute. Throws `invalid-options`
 * with a sentence that never has the password.
 */
export function parseStorageAddress(text: string): StoragePassword {
	const trimmed = text.trim();
	const end = endOfHead(trimmed);
	const head = trimmed.slice(0, end);
	const params = paramsOf(trimmed.slice(end + 1));
	const scheme = /^([a-z]+):/i.exec(head)?.[1]?.toLowerCase();
	if (head === 'sqlite') {
		return plain({ kind: 'sqlite' }, params);
	}
	if (head === 'memory') {
		return plain({ kind: 'memory', maxlen: takeNumber(params, 'maxlen', 'maxlen') }, params);
	}
	switch (scheme) {
		case 'jsonl':
			return plain({ kind: 'jsonl', path: pathOf(trimmed, head, 'jsonl') }, params);
		case 'rotating':
			return plain(
				{
					kind: 'rotating',
					path: pathOf(trimmed, head, 'rotating'),
					maxBytes: takeNumber(params, 'max_bytes', 'maxBytes'),
					backupCount: takeNumber(params, 'backup_count', 'backupCount'),
				},
				params,
			);
		case 'postgres':
		case 'postgresql':
			return postgresAddress(head, params);
		case 'redis':
		case 'rediss':
			return redisAddress(head, params, scheme === 'rediss');
		case 'module':
			return plain({ kind: 'custom', path: pathOf(trimmed, head, 'module') }, new Map());
		default:
			if (/^(?:\.{0,2}[\\/]|[a-z]:[\\/](?!\/))|^[^:]*\.[cm]?[jt]s$/i.test(trimmed)) {
				return plain({ kind: 'custom', path: trimmed }, new Map());
			}
			throw invalid(
				`${hidden(trimmed)}: expected sqlite, memory, jsonl:PATH, rotating:PATH, postgres://…, redis://… or the path of a module`,
			);
	}
}

type Params = Map<string, string>;

/**
 * Where options begin. A password may have question marks of its own: then what stands before the
 * first one, behind an @ that it may have as well, is no host and port, or nothing like an option
 * stands behind it.
 */
function endOfHead(text: string): number {
	const first = text.indexOf('?');
	const at = text.lastIndexOf('@');
	if (first === -1 || at < first || !/^(?:postgres(?:ql)?|rediss?):/i.test(text)) {
		return first === -1 ? text.length : first;
	}
	const isAddress = /^[a-z]+:\/\/(?:.*@)?(?:\[[^\]]*\]|[^:/]*)(?::\d{1,5})?(?:\/.*)?$/i.test(
		text.slice(0, first),
	);
	const end = isAddress && text.slice(first, at).includes('=') ? first : text.indexOf('?', at);
	return end === -1 ? text.length : end;
}

function postgresAddress(head: string, params: Params): StoragePassword {
	const { server, path, password } = serverOf(head, params, 5_432);
	const sslmode = take(params, 'sslmode');
	if (sslmode !== undefined && !isSslMode(sslmode)) {
		throw invalid(`sslmode: expected one of ${SSL_MODES.join(', ')}, got ${sslmode}`);
	}
	const table = take(params, 'table') ?? STORAGE_DEFAULTS.table;
	checkRest(params);
	return { address: { kind: 'postgres', ...server, database: path, table, sslmode }, password };
}

function redisAddress(head: string, params: Params, tls: boolean): StoragePassword {
	const { server, path, password } = serverOf(head, params, 6_379);
	if (!/^\d{0,5}$/.test(path)) {
		throw invalid(`The database of Redis is a number (redis://host:6379/0), not ${path}`);
	}
	const key = take(params, 'key') ?? STORAGE_DEFAULTS.key;
	const maxlen = takeNumber(params, 'maxlen', 'maxlen');
	checkRest(params);
	return { address: { kind: 'redis', ...server, tls, db: Number(path), key, maxlen }, password };
}

/** `scheme://user:password@host:port/path`: a password may hold what a URL would have escaped. */
function serverOf(
	head: string,
	params: Params,
	defaultPort: number,
): {
	readonly server: ServerAddress;
	readonly path: string;
	readonly password: string | undefined;
} {
	const rest = head.replace(/^[a-z]+:(?:\/\/)?/i, '');
	const at = rest.lastIndexOf('@');
	const [user = '', ...secret] = at === -1 ? [] : rest.slice(0, at).split(':');
	const password = secret.length === 0 ? take(params, 'password') : decode(secret.join(':'));
	const [, host = '', port, path = ''] =
		/^(\[[^\]]*\]|[^:/]*)(?::(\d{1,5}))?(?:\/(.*))?$/.exec(rest.slice(at + 1)) ?? [];
	const wanted = port === undefined ? defaultPort : Number(port);
	if (!/^(\[[^\]]*\]|[^:/]*)(?::\d{1,5})?(?:\/.*)?$/.test(rest.slice(at + 1)) || wanted > 65_535) {
		// Without an @ it may be a password that is still being typed.
		const shown = at === -1 ? head.replace(/\/\/.*/, '//…') : hidden(head);
		throw invalid(`${shown}: expected host or host:port after //`);
	}
	const named = take(params, 'host') ?? decode(host).replace(/^\[(.*)\]$/, '$1');
	return {
		server: { user: decode(user), host: named === '' ? 'localhost' : named, port: wanted },
		path: decode(path),
		password,
	};
}

function plain(address: StorageAddress, rest: Params): StoragePassword {
	checkRest(rest);
	return { address, password: undefined };
}

function pathOf(text: string, head: string, scheme: string): string {
	const path = (scheme === 'module' ? text : head).slice(scheme.length + 1);
	if (path === '') {
		throw invalid(`${text}: expected a path behind it, for example ${scheme}:./logs`);
	}
	return path;
}

function paramsOf(text: string): Params {
	return new Map(
		text
			.split('&')
			.filter((part) => part !== '')
			.map((part) => {
				const at = part.indexOf('=');
				return at === -1
					? [decode(part), '']
					: [decode(part.slice(0, at)), decode(part.slice(at + 1))];
			}),
	);
}

function take(params: Params, name: string): string | undefined {
	const value = params.get(name);
	params.delete(name);
	return value;
}

function takeNumber(
	params: Params,
	name: string,
	key: 'maxlen' | 'maxBytes' | 'backupCount',
): number {
	const text = take(params, name);
	if (text === undefined) {
		return STORAGE_DEFAULTS[key];
	}
	if (!/^[1-9]\d{0,14}$/.test(text)) {
		throw invalid(`${name}: expected a whole number from 1 on, got ${text}`);
	}
	return Number(text);
}

function checkRest(params: Params): void {
	const [option] = params;
	if (option !== undefined) {
		// What is no name, or has an @ behind it, may be a piece of a password.
		const isName = /^\w+$/.test(option[0]) && !option[1].includes('@');
		throw invalid(
			`A storage of this kind has no option ${isName ? option[0] : 'like one in this address'}`,
		);
	}
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function isSslMode(text: string): text is SslMode {
	return SSL_MODES.some((mode) => mode === text);
}

/** An address to be shown: a password may have spaces, which end one in a text. */
function hidden(address: string): string {
	return withoutPassword(address.replace(/(:\/\/[^:@]*):.*@/s, '$1:***@'));
}

function invalid(message: string): AppError {
	return new AppError('invalid-options', message);
}
