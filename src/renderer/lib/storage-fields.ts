import { SSL_MODES, STORAGE_DEFAULTS } from '#shared/model/storage-address.ts';
import type { SslMode, StorageAddress } from '#shared/model/storage-address.ts';
import type { StorageKind } from '#shared/model/storage.ts';

/** A part of an address, as it is filled in. */
export interface StorageField {
	readonly name: string;
	readonly label: string;
	readonly kind: 'text' | 'number' | 'path' | 'choice' | 'check';
	/** What it means, where its label does not say it. */
	readonly hint?: string;
	/** For a `choice`: values and what they are called. */
	readonly choices?: readonly (readonly [string, string])[];
	/** For a `number`: the largest one. */
	readonly max?: number;
}

/** What is filled in, by the names of the fields. `check`: `yes` or nothing. */
export type FieldValues = Readonly<Record<string, string>>;

const HOST: StorageField = { name: 'host', label: 'Host', kind: 'text' };
const PORT: StorageField = { name: 'port', label: 'Port', kind: 'number', max: 65_535 };
const MAXLEN: StorageField = {
	name: 'maxlen',
	label: 'Entries kept',
	kind: 'number',
	hint: 'The oldest leave when there are more.',
	max: 1e12,
};

const SSL_NAMES: Readonly<Record<SslMode, string>> = {
	disable: 'Never',
	prefer: 'Where the server has it',
	require: 'Always',
	'verify-full': 'Always, and check the certificate',
};

/** The fields of each kind, in the order they are filled in. */
export const STORAGE_FIELDS: Readonly<Record<StorageKind, readonly StorageField[]>> = {
	sqlite: [],
	memory: [MAXLEN],
	jsonl: [{ name: 'path', label: 'File', kind: 'path', hint: 'One JSON object a line.' }],
	rotating: [
		{ name: 'path', label: 'File', kind: 'path', hint: 'Older ones end with .1, .2 and so on.' },
		{ name: 'maxBytes', label: 'Bytes in a file', kind: 'number', max: 1e15 },
		{ name: 'backupCount', label: 'Older files kept', kind: 'number', max: 1e6 },
	],
	postgres: [
		HOST,
		PORT,
		{ name: 'database', label: 'Database', kind: 'text', hint: 'Empty: named like the user.' },
		{ name: 'user', label: 'User', kind: 'text' },
		{ name: 'table', label: 'Table', kind: 'text', hint: 'Made if it is not there.' },
		{
			name: 'sslmode',
			label: 'TLS',
			kind: 'choice',
			choices: SSL_MODES.map((mode) => [mode, SSL_NAMES[mode]]),
		},
	],
	redis: [
		HOST,
		PORT,
		{ name: 'db', label: 'Database', kind: 'number', max: 99_999 },
		{ name: 'user', label: 'User', kind: 'text', hint: 'Empty: the default one.' },
		{ name: 'key', label: 'Key of the stream', kind: 'text' },
		MAXLEN,
		{ name: 'tls', label: 'TLS', kind: 'check' },
	],
	custom: [
		{
			name: 'path',
			label: 'Module',
			kind: 'path',
			hint: 'A JavaScript file that exports a storage. It runs with all your rights.',
		},
	],
};

/** What each kind begins with: AsyncZ's own defaults. */
export const STORAGE_EXAMPLES: {
	readonly [K in StorageKind]: Extract<StorageAddress, { kind: K }>;
} = {
	sqlite: { kind: 'sqlite' },
	memory: { kind: 'memory', maxlen: STORAGE_DEFAULTS.maxlen },
	jsonl: { kind: 'jsonl', path: '' },
	rotating: {
		kind: 'rotating',
		path: '',
		maxBytes: STORAGE_DEFAULTS.maxBytes,
		backupCount: STORAGE_DEFAULTS.backupCount,
	},
	postgres: {
		kind: 'postgres',
		user: '',
		host: 'localhost',
		port: 5_432,
		database: '',
		table: STORAGE_DEFAULTS.table,
		sslmode: undefined,
	},
	redis: {
		kind: 'redis',
		user: '',
		host: 'localhost',
		port: 6_379,
		tls: false,
		db: 0,
		key: STORAGE_DEFAULTS.key,
		maxlen: STORAGE_DEFAULTS.maxlen,
	},
	custom: { kind: 'custom', path: '' },
};

/** An address as its fields show it. */
export function valuesOf(address: StorageAddress): FieldValues {
	const { kind: _kind, ...parts } = address;
	const values: Record<string, string> = {};
	for (const [name, value] of Object.entries(parts)) {
		values[name] = typeof value === 'boolean' ? (value ? 'yes' : '') : String(value ?? 'prefer');
	}
	return values;
}

/** The address that is filled in, or what of it would not do: a sentence for each such field. */
export function addressOf(
	kind: StorageKind,
	values: FieldValues,
): { readonly address: StorageAddress } | { readonly problems: FieldValues } {
	const problems: Record<string, string> = {};
	const text = (name: string): string => (values[name] ?? '').trim();
	for (const field of STORAGE_FIELDS[kind]) {
		const problem = problemOf(field, text(field.name));
		if (problem !== undefined) {
			problems[field.name] = problem;
		}
	}
	if (Object.keys(problems).length > 0) {
		return { problems };
	}
	const number = (name: string): number => Number(plainNumber(text(name)));
	const server = { user: text('user'), host: text('host'), port: number('port') };
	switch (kind) {
		case 'sqlite':
			return { address: { kind } };
		case 'memory':
			return { address: { kind, maxlen: number('maxlen') } };
		case 'jsonl':
		case 'custom':
			return { address: { kind, path: text('path') } };
		case 'rotating':
			return {
				address: {
					kind,
					path: text('path'),
					maxBytes: number('maxBytes'),
					backupCount: number('backupCount'),
				},
			};
		case 'postgres':
			return {
				address: {
					kind,
					...server,
					database: text('database'),
					table: text('table'),
					sslmode: SSL_MODES.find((mode) => mode !== 'prefer' && mode === text('sslmode')),
				},
			};
		case 'redis':
			return {
				address: {
					kind,
					...server,
					tls: text('tls') !== '',
					db: number('db'),
					key: text('key'),
					maxlen: number('maxlen'),
				},
			};
	}
}

/** Fields that may stay empty: the server has its own idea of them. */
const OPTIONAL: readonly string[] = ['user', 'database'];

function problemOf(
	{ name, label, kind, max = 1e15 }: StorageField,
	text: string,
): string | undefined {
	if (kind === 'number') {
		const min = name === 'db' ? 0 : 1;
		const value = /^\d{1,15}$/.test(plainNumber(text)) ? Number(plainNumber(text)) : Number.NaN;
		return value >= min && value <= max
			? undefined
			: `Type a whole number from ${min} to ${max.toLocaleString('en-US')}.`;
	}
	if (kind === 'choice' || kind === 'check' || text !== '' || OPTIONAL.includes(name)) {
		return undefined;
	}
	return kind === 'path'
		? `Type the path of the ${label.toLowerCase()}.`
		: `Type the ${label.toLowerCase()}.`;
}

/** Digits as people group them. */
function plainNumber(text: string): string {
	return text.replaceAll(/[\s,_]/g, '');
}
