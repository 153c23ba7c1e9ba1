import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { makeTempFolder, removeFolder } from './temp-folder.ts';
import { until } from './until.ts';

/** How a server is started. */
export interface RedisServerOptions {
	readonly password?: string;
	/** Everything is on the disk before it is acknowledged; without it nothing is kept there. */
	readonly appendonly?: boolean;
	/** Settings as of its command line: `['--maxmemory', '2mb']`. */
	readonly settings?: readonly string[];
}

/** What a server answers. */
export type RedisReply = string | number | null | readonly RedisReply[];

/**
 * A real Redis with a data folder and a free port of 127.0.0.1 of its own, which both stay the same
 * when it is started again.
 */
export class RedisServer {
	readonly folder: string;
	readonly port: number;
	readonly #options: RedisServerOptions;
	#process: ChildProcess | undefined;

	/** Resolves once it answers. */
	static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
		const server = new RedisServer(await freePort(), options);
		await server.start();
		return server;
	}

	private constructor(port: number, options: RedisServerOptions) {
		this.folder = makeTempFolder();
		this.port = port;
		this.#options = options;
	}

	/** As it is given to `--storage`, without its password. */
	address(options = ''): string {
		return `redis://127.0.0.1:${this.port}/0${options}`;
	}

	get pid(): number {
		return this.#process?.pid ?? 0;
	}

	/** Again, with what it has on its disk. `isReady: false`: does not wait until it answers. */
	async start({ isReady = true } = {}): Promise<void> {
		const { password, appendonly = false, settings = [] } = this.#options;
		const folder = join(this.folder, 'data');
		mkdirSync(folder, { recursive: true });
		const own = [
			['--port', String(this.port), '--bind', '127.0.0.1', '--dir', folder],
			['--save', '', '--appendonly', appendonly ? 'yes' : 'no', '--appendfsync', 'always'],
			password === undefined ? [] : ['--requirepass', password],
		];
		const child = spawn('redis-server', [...own.flat(), ...settings], { stdio: 'ignore' });
		this.#process = child;
		const failed = once(child, 'error').then(([error]) => {
			throw new Error(`The tests need redis-server: ${String(error)}`);
		});
		const ended = once(child, 'exit').then(() => false);
		if (isReady) {
			const answers = until('an answer of Redis', () => this.#answers(), { deadlineMs: 30_000 });
			if (!(await Promise.race([answers, ended, failed]))) {
				throw new Error(`redis-server ended at once: ${settings.join(' ')}`);
			}
		}
		failed.catch(() => undefined);
	}

	/** Without asking it, as a power cut would. */
	async kill(): Promise<void> {
		const child = this.#process;
		this.#process = undefined;
		if (child?.exitCode === null && child.signalCode === null) {
			const ended = once(child, 'exit');
			child.kill('SIGKILL');
			await ended;
		}
	}

	/** Stops its processor time, or gives it back. */
	pause(isPaused: boolean): void {
		this.#process?.kill(isPaused ? 'SIGSTOP' : 'SIGCONT');
	}

	/** Ends it and removes all it has. */
	async remove(): Promise<void> {
		await this.kill();
		removeFolder(this.folder);
	}

	/** Does a command as a client of its own. */
	async do(...command: readonly string[]): Promise<RedisReply> {
		const [reply = null] = await this.doAll([command]);
		return reply;
	}

	/** Does commands in turn as a client of its own. Rejects with the first error. */
	async doAll(commands: readonly (readonly string[])[]): Promise<readonly RedisReply[]> {
		const { password } = this.#options;
		const client = createClient({
			socket: { host: '127.0.0.1', port: this.port, reconnectStrategy: false },
			...(password === undefined ? {} : { password }),
			RESP: 2,
			maintNotifications: 'disabled',
			disableClientInfo: true,
			commandOptions: { timeout: 0 },
		});
		client.on('error', () => undefined);
		try {
			await client.connect();
			return await Promise.all(
				commands.map((command) => client.sendCommand<RedisReply>([...command])),
			);
		} finally {
			client.destroy();
		}
	}

	async #answers(): Promise<boolean> {
		try {
			return (await this.do('PING')) === 'PONG';
		} catch {
			return false;
		}
	}
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
