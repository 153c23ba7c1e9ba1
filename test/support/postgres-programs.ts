import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';

/** Whom a server runs as. */
export interface Account {
	readonly uid: number;
	readonly gid: number;
}

/** Where `postgres` and `initdb` are. Throws one sentence where they are not. */
export function findPrograms(): string {
	const versions = existsSync(DEBIAN)
		? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
		: [];
	const folders = [
		...versions.map((version) => join(DEBIAN, version, 'bin')),
		...(process.env['PATH'] ?? '').split(delimiter),
	];
	const found = folders.find((folder) => existsSync(join(folder, 'initdb')));
	if (found === undefined) {
		throw new Error(
			'These tests need PostgreSQL, and there is none: install Debian’s package postgresql, or put the folder of initdb into PATH.',
		);
	}
	return found;
}

/** PostgreSQL refuses to run as root: it runs as `postgres` then. */
export function accountOf(): Account | undefined {
	if (process.getuid?.() !== 0) {
		return undefined;
	}
	const line = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.find((text) => text.startsWith('postgres:'));
	const [, , uid, gid] = line?.split(':') ?? [];
	if (uid === undefined || gid === undefined) {
		throw new Error('PostgreSQL does not run as root, and there is no user postgres for it.');
	}
	return { uid: Number(uid), gid: Number(gid) };
}
