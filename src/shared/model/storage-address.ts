import type { StorageKind } from './storage.ts';

/**
 * Where a storage is, as `--storage` and the settings name it:
 *
 * - `sqlite`: the database in the data folder
 * - `memory`, `memory?maxlen=10000`
 * - `jsonl:PATH`
 * - `rotating:PATH?max_bytes=1000000&backup_count=5`
 * - `postgres://user@host:5432/database?table=asyncz_logs&sslmode=require`
 * - `redis://user@host:6379/0?key=asyncz:logs&maxlen=10000`, `rediss://` with TLS
 * - a module: `./storage.mjs`, `/path/storage.js`, `module:PATH`
 */
export type StorageAddress =
	| { readonly kind: 'sqlite' }
	| { readonly kind: 'memory'; readonly maxlen: number }
	| { readonly kind: 'jsonl'; readonly path: string }
	| {
			readonly kind: 'rotating';
			readonly path: string;
			/** A file that would grow beyond it is rotated. */
			readonly maxBytes: number;
			/** How many older files are kept beside it: `PATH.1` is the newest of them. */
			readonly backupCount: number;
	  }
	| (ServerAddress & {
			readonly kind: 'postgres';
			/** Empty: named like the user, as libpq has it. */
			readonly database: string;
			/** Perhaps with its schema: `logs.asyncz_logs`. */
			readonly table: string;
			/** `undefined`: TLS where the server has it, its certificate unchecked, as libpq's `prefer`. */
			readonly sslmode: SslMode | undefined;
	  })
	| (ServerAddress & {
			readonly kind: 'redis';
			readonly tls: boolean;
			readonly db: number;
			readonly key: string;
			/** About how many entries the stream keeps. */
			readonly maxlen: number;
	  })
	| { readonly kind: 'custom'; readonly path: string };

/** How a server is reached. The password is never part of it. */
export interface ServerAddress {
	/** Empty: none was named. */
	readonly user: string;
	/** A name or an IP address without brackets; a folder of unix sockets (Postgres) or a socket begins with `/`. */
	readonly host: string;
	readonly port: number;
}

export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** The defaults of AsyncZ's own samples. */
export const STORAGE_DEFAULTS = {
	maxlen: 10_000,
	maxBytes: 1_000_000,
	backupCount: 5,
	table: 'asyncz_logs',
	key: 'asyncz:logs',
} as const;

/** How each kind is shown where one is chosen. */
export const STORAGE_KIND_NAMES: Readonly<Record<StorageKind, string>> = {
	sqlite: 'SQLite',
	memory: 'Memory',
	jsonl: 'JSONL file',
	rotating: 'Rotating files',
	postgres: 'Postgres',
	redis: 'Redis',
	custom: 'Own module',
};

/** An address as it is written and known by: without a password, and without what is the default. */
export function formatStorageAddress(address: StorageAddress): string {
	switch (address.kind) {
		case 'sqlite':
			return 'sqlite';
		case 'memory':
			return `memory${query([['maxlen', address.maxlen, STORAGE_DEFAULTS.maxlen]])}`;
		case 'jsonl':
			return `jsonl:${address.path}`;
		case 'rotating':
			return `rotating:${address.path}${query([
				['max_bytes', address.maxBytes, STORAGE_DEFAULTS.maxBytes],
				['backup_count', address.backupCount, STORAGE_DEFAULTS.backupCount],
			])}`;
		case 'postgres':
			return `postgres://${authority(address, 5_432)}/${encode(address.database)}${query([
				['host', address.host.startsWith('/') ? address.host : '', ''],
				['table', address.table, STORAGE_DEFAULTS.table],
				['sslmode', address.sslmode ?? '', ''],
			])}`;
		case 'redis':
			return `redis${address.tls ? 's' : ''}://${authority(address, 6_379)}/${address.db}${query([
				['host', address.host.startsWith('/') ? address.host : '', ''],
				['key', address.key, STORAGE_DEFAULTS.key],
				['maxlen', address.maxlen, STORAGE_DEFAULTS.maxlen],
			])}`;
		case 'custom':
			return `module:${address.path}`;
	}
}

/** A short name for people: what is kept, and where. */
export function storageName(address: StorageAddress): string {
	switch (address.kind) {
		case 'sqlite':
			return 'SQLite';
		case 'memory':
			return 'Memory';
		case 'jsonl':
		case 'rotating':
		case 'custom':
			return address.path.split(/[\\/]/).at(-1) ?? address.path;
		case 'postgres':
			return `Postgres ${address.table} at ${address.host}`;
		case 'redis':
			return `Redis ${address.key} at ${address.host}`;
	}
}

/** What any text may have of a password in a URL, taken out: for errors and logs of others. */
export function withoutPassword(text: string): string {
	return text
		.replaceAll(/([a-z][a-z0-9+.-]*:\/\/[^\s:@/?#]*):[^\s]*@/gi, '$1:***@')
		.replaceAll(/([?&]password=)[^&\s]*/gi, '$1***');
}

function authority({ user, host, port }: ServerAddress, defaultPort: number): string {
	const name = host.startsWith('/') ? '' : host.includes(':') ? `[${host}]` : host;
	// What is behind a colon would be a password.
	return `${user === '' ? '' : `${encode(user).replaceAll(':', '%3A')}@`}${name}${port === defaultPort ? '' : `:${port}`}`;
}

function query(parts: readonly (readonly [string, string | number, string | number])[]): string {
	const given = parts.filter(([, value, usual]) => value !== usual);
	const text = given.map(([name, value]) => `${name}=${encode(String(value))}`).join('&');
	return text === '' ? '' : `?${text}`;
}

/** Only what would be read as something else is escaped, so that people can read it. */
function encode(text: string): string {
	return text.replaceAll(/[\s%&?#@+]/g, (sign) => encodeURIComponent(sign));
}
