import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
	appendFileSync,
	chownSync,
	closeSync,
	openSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { accountOf, findPrograms } from './postgres-programs.ts';
import type { Account } from './postgres-programs.ts';
import { makeTempFolder, removeFolder } from './temp-folder.ts';
import { until } from './until.ts';

const SUPERUSER = 'postgres';
const PASSWORD = 'only for this test';

/** A certificate that nobody trusts. */
const TLS = join(import.meta.dirname, '..', 'fixtures', 'tls');

/** How long a server may take to start or to end, on a machine with much else to do. */
const DEADLINE_MS = 60_000;

/** A real PostgreSQL of this test's own: its data in a folder of its own, on a port of loopback. */
export interface PostgresServer {
	readonly port: number;
	readonly password: string;
	/** An address of a database, without the password: `postgres://postgres@127.0.0.1:…/name`. */
	address(database?: string, options?: { user?: string; query?: string }): string;
	/** A connection of its own; whoever asks for it ends it. */
	connect(database?: string, user?: string): Promise<Client>;
	/** Runs statements one after the other as the superuser. */
	run(sql: string, database?: string): Promise<void>;
	/** A new, empty database; its name. */
	createDatabase(): Promise<string>;
	/** What the server has written about itself since it was started. */
	log(): string;
	/** Starts what was stopped or killed, on the same port with the same data. */
	start(): Promise<void>;
	/** Ends it in order; connections are closed by the server. */
	stop(): Promise<void>;
	/** Ends all of its processes at once, as a crash would. */
	kill(): Promise<void>;
	/** Stops it if it runs, and removes all it has. */
	remove(): Promise<void>;
}

/** Who may come in how: the first line that fits counts, then anybody may. */
const ACCESS = [
	'host all needs_password 127.0.0.1/32 scram-sha-256',
	'hostnossl all needs_tls 127.0.0.1/32 reject',
	'host forbidden all 127.0.0.1/32 reject',
	'',
].join('\n');

/**
 * `settings` beside the usual ones: `name = value` each. Its log of changes is in files of `walMegabytes`:
 * small ones take little room, large ones are what servers usually have.
 */
export async function startPostgres(
	settings: readonly string[] = [],
	{
		tls = false,
		walMegabytes = 1,
	}: { readonly tls?: boolean; readonly walMegabytes?: number } = {},
): Promise<PostgresServer> {
	const server = await makeServer(
		'initdb',
		[
			'-N',
			...`-U ${SUPERUSER} -A trust -E UTF8 --locale=C.UTF-8`.split(' '),
			`--wal-segsize=${walMegabytes}`,
		],
		[...settings, ...(tls ? ['ssl = on'] : [])],
		(data, user) => {
			const access = join(data, 'pg_hba.conf');
			writeFileSync(access, `${ACCESS}${readFileSync(access, 'utf8')}`);
			for (const name of tls ? ['server.crt', 'server.key'] : []) {
				const path = join(data, name);
				writeFileSync(path, readFileSync(join(TLS, name)), { mode: 0o600 });
				if (user !== undefined) {
					chownSync(path, user.uid, user.gid);
				}
			}
		},
	);
	await server.run(`ALTER USER ${SUPERUSER} PASSWORD '${PASSWORD}'`);
	return server;
}

/** A server that repeats what another one does, and only reads. */
export function startStandby(primary: PostgresServer): Promise<PostgresServer> {
	return makeServer(
		'pg_basebackup',
		['-h', '127.0.0.1', '-p', String(primary.port), '-U', SUPERUSER, '-R', '-c', 'fast'],
		[],
		() => undefined,
	);
}

/** Makes the data of a server with one of PostgreSQL's programs, and starts it. */
async function makeServer(
	program: string,
	args: readonly string[],
	settings: readonly string[],
	prepare: (data: string, user: Account | undefined) => void,
): Promise<PostgresServer> {
	const bin = findPrograms();
	const folder = makeTempFolder();
	const user = accountOf();
	const data = join(folder, 'data');
	if (user !== undefined) {
		chownSync(folder, user.uid, user.gid);
	}
	const made = spawnSync(join(bin, program), ['-D', data, ...args], {
		encoding: 'utf8',
		cwd: folder,
		...user,
	});
	if (made.status !== 0) {
		removeFolder(folder);
		throw new Error(`${program} failed: ${made.stderr}`);
	}
	prepare(data, user);
	const port = await freePort();
	appendFileSync(
		join(data, 'postgresql.conf'),
		[
			`listen_addresses = '127.0.0.1'`,
			`port = ${port}`,
			`unix_socket_directories = '${folder}'`,
			'max_connections = 60',
			'shared_buffers = 64MB',
			// What is killed is the server, not the machine: what it has written, it finds again.
			'fsync = off',
			...settings,
			'',
		].join('\n'),
	);
	const server = new RunningServer({ bin, folder, data, port, user });
	await server.start();
	return server;
}

interface Place {
	readonly bin: string;
	readonly folder: string;
	readonly data: string;
	readonly port: number;
	readonly user: Account | undefined;
}

class RunningServer implements PostgresServer {
	readonly password = PASSWORD;
	readonly port: number;
	readonly #place: Place;
	#process: ChildProcess | undefined;
	#databases = 0;

	constructor(place: Place) {
		this.#place = place;
		this.port = place.port;
	}

	address(database = 'postgres', { user = SUPERUSER, query = '' } = {}): string {
		return `postgres://${user}@127.0.0.1:${this.port}/${database}${query}`;
	}

	async connect(database = 'postgres', user = SUPERUSER): Promise<Client> {
		const client = new Client({
			host: '127.0.0.1',
			port: this.port,
			user,
			database,
			password: PASSWORD,
			ssl: false,
		});
		// A server that is killed ends its connections: whoever uses them is told by their queries.
		client.on('error', () => undefined);
		await client.connect();
		return client;
	}

	async run(sql: string, database?: string): Promise<void> {
		const client = await this.connect(database);
		try {
			await client.query(sql);
		} finally {
			await client.end();
		}
	}

	async createDatabase(): Promise<string> {
		const name = `logs_${++this.#databases}`;
		await this.run(`CREATE DATABASE ${name}`);
		return name;
	}

	log(): string {
		return readFileSync(join(this.#place.folder, 'server.log'), 'utf8');
	}

	async start(): Promise<void> {
		// The backends of a server that was killed hold its memory until they have seen it.
		await until('PostgreSQL to answer', () => this.#tryToStart(), { deadlineMs: DEADLINE_MS });
	}

	stop(): Promise<void> {
		return this.#end('SIGINT');
	}

	kill(): Promise<void> {
		return this.#end('SIGKILL');
	}

	async remove(): Promise<void> {
		await this.#end('SIGQUIT');
		removeFolder(this.#place.folder);
	}

	async #end(signal: NodeJS.Signals): Promise<void> {
		const child = this.#process;
		this.#process = undefined;
		if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
			return;
		}
		const ended = new Promise((resolve) => {
			child.once('exit', resolve);
		});
		child.kill(signal);
		await ended;
	}

	/** Whether it answers now; throws if it ended for a reason of its own. */
	async #tryToStart(): Promise<boolean> {
		const { bin, data, folder, user } = this.#place;
		const path = join(folder, 'server.log');
		writeFileSync(path, '');
		const log = openSync(path, 'a');
		const child = spawn(join(bin, 'postgres'), ['-D', data], {
			cwd: folder,
			stdio: ['ignore', log, log],
			...user,
		});
		closeSync(log);
		this.#process = child;
		return until(
			'PostgreSQL to answer or to end',
			async () => {
				if (child.exitCode === null) {
					return (await this.#answers()) ? 'running' : undefined;
				}
				const said = readFileSync(path, 'utf8');
				if (!said.includes('shared memory block')) {
					throw new Error(`PostgreSQL ended:\n${said}`);
				}
				return 'ended';
			},
			{ deadlineMs: DEADLINE_MS },
		).then((state) => state === 'running');
	}

	#answers(): Promise<boolean> {
		return this.run('SELECT 1').then(
			() => true,
			() => false,
		);
	}
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	await new Promise((resolve) => {
		server.close(resolve);
	});
	return typeof address === 'object' && address !== null ? address.port : 0;
}
