import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
	appendFileSync,
	chownSync,
	closeSync,
	existsSync,
	openSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { makeTempFolder, removeFolder } from './temp-folder.ts';
import { until } from './until.ts';

const DEBIAN = '/usr/lib/postgresql';
const SUPERUSER = 'postgres';
const PASSWORD = 'only for this test';

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
	/** Starts what was stopped or killed, on the same port with the same data. */
	start(): Promise<void>;
	/** Ends it in order; connections are closed by the server. */
	stop(): Promise<void>;
	/** Ends all of its processes at once, as a crash would. */
	kill(): Promise<void>;
	/** Stops it if it runs, and removes all it has. */
	remove(): Promise<void>;
}

/** Settings beside the usual ones, `name = value` each. */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresServer> {
	const bin = findPrograms();
	const folder = makeTempFolder();
	const user = accountOf();
	const data = join(folder, 'data');
	if (user !== undefined) {
		chownSync(folder, user.uid, user.gid);
	}
	const made = spawnSync(
		join(bin, 'initdb'),
		['-D', data, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'],
		{ encoding: 'utf8', cwd: folder, ...user },
	);
	if (made.status !== 0) {
		removeFolder(folder);
		throw new Error(`initdb failed: ${made.stderr}`);
	}
	const port = await freePort();
	appendFileSync(
		join(data, 'postgresql.conf'),
		[
			`listen_addresses = '127.0.0.1'`,
			`port = ${port}`,
			`unix_socket_directories = '${folder}'`,
			'max_connections = 60',
			'shared_buffers = 64MB',
			...settings,
			'',
		].join('\n'),
	);
	const server = new RunningServer({ bin, folder, data, port, user });
	await server.start();
	await server.run(`ALTER USER ${SUPERUSER} PASSWORD '${PASSWORD}'`);
	return server;
}

interface Account {
	readonly uid: number;
	readonly gid: number;
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

/** Where `postgres` and `initdb` are. Throws one sentence where they are not. */
function findPrograms(): string {
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
function accountOf(): Account | undefined {
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
