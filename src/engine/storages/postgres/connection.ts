import { userInfo } from 'node:os';
import { Client } from 'pg';
import type { ClientConfig, Notification } from 'pg';
import type { StorageAddress } from '#shared/model/storage-address.ts';
import { closedError } from '../closed-error.ts';
import type { StorageUse } from '../storage-use.ts';
import { cancelStatement } from './cancel-statement.ts';
import { cancelledError, isConnectionLost, noTls, postgresError } from './postgres-errors.ts';

export type PostgresAddress = StorageAddress & { readonly kind: 'postgres' };

/** What a query gave: each row its values as PostgreSQL writes them. */
export type Row = readonly (string | null)[];

export interface PostgresAccess {
	readonly address: PostgresAddress;
	readonly password: string | undefined;
	/** `keep` if it is not said. */
	readonly use?: StorageUse;
}

const CONNECT_MS = 10_000;

/** So long a statement may take, if it says nothing else. */
const STATEMENT_MS = 30_000;

/** A server that does not even say that it was too long is away. */
const GRACE_MS = 10_000;

/** How long a statement may take, and who may end it before. */
export interface Patience {
	/** `STATEMENT_MS` if it is not said. */
	readonly ms?: number;
	/** Aborted: nobody waits for it any more. */
	readonly signal?: AbortSignal | undefined;
}

/** Values are read by us: a double would lose digits, a `Date` microseconds. */
const AS_WRITTEN = { getTypeParser: () => (text: string | Buffer) => String(text) };

/**
 * One connection, made when it is first used and made anew after it was lost. Its queries run one
 * after the other. They reject with a sentence, `storage-failed`.
 */
export class PostgresConnection {
	readonly #access: PostgresAccess;
	readonly #purpose: string;
	#client: Client | undefined;
	#opening: Promise<Client> | undefined;
	#turn: Promise<unknown> = Promise.resolve();
	#isClosed = false;
	/** What the server was told of `statement_timeout`. */
	#allowed = STATEMENT_MS;
	#onNotice: ((notice: Notification) => void) | undefined;
	#onLost: (() => void) | undefined;

	/** `purpose` is what the server's administrator sees it by. */
	constructor(access: PostgresAccess, purpose: string) {
		this.#access = access;
		this.#purpose = purpose;
	}

	/** Who is told what was notified, and that the connection was lost. */
	listen(onNotice: (notice: Notification) => void, onLost: () => void): void {
		this.#onNotice = onNotice;
		this.#onLost = onLost;
	}

	/** Runs one statement, or does not begin with it once its signal is aborted: see `isTooSlow`. */
	query(
		sql: string,
		values: readonly (string | null)[] = [],
		patience?: Patience,
	): Promise<readonly Row[]> {
		return this.run((send) => send(sql, values), patience);
	}

	/** Runs statements that belong together: no other comes between. */
	run<T>(work: (send: Send) => Promise<T>, patience: Patience = {}): Promise<T> {
		const done = this.#turn.then(() => this.#run(work, patience));
		this.#turn = done.catch(() => undefined);
		return done;
	}

	/**
	 * Runs statements in one transaction, which is taken back if they fail; `begin` may set more. With
	 * `end: 'ROLLBACK'` it is taken back however they go: to see whether they would.
	 */
	transaction<T>(
		work: (send: Send) => Promise<T>,
		{ begin = 'BEGIN', end = 'COMMIT' }: { begin?: string; end?: 'COMMIT' | 'ROLLBACK' } = {},
	): Promise<T> {
		return this.run(async (send) => {
			await send(begin);
			try {
				const result = await work(send);
				await send(end);
				return result;
			} catch (error) {
				await send('ROLLBACK').catch(() => undefined);
				throw error;
			}
		});
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		const client = this.#client ?? (await this.#opening?.catch(() => undefined));
		this.#client = undefined;
		await client?.end().catch(() => undefined);
	}

	async #run<T>(
		work: (send: Send) => Promise<T>,
		{ ms = STATEMENT_MS, signal }: Patience,
	): Promise<T> {
		let client: Client | undefined;
		let cancelling: Promise<void> | undefined;
		const onAbort = (): void => {
			cancelling = client && cancelStatement(client, this.#access.address);
		};
		try {
			client = await this.#open();
			const opened = client;
			if (ms !== this.#allowed) {
				await opened.query(`SET statement_timeout = ${Math.ceil(ms)}`);
				this.#allowed = ms;
			}
			signal?.addEventListener('abort', onAbort);
			return await work(async (sql, values = []) => {
				if (signal?.aborted) {
					throw cancelledError();
				}
				const { rows } = await opened.query<string[]>({
					text: sql,
					values: [...values],
					rowMode: 'array',
				});
				return rows;
			});
		} catch (error) {
			if (client !== undefined && isConnectionLost(error)) {
				this.#lose(client);
			}
			throw postgresError(error, this.#access.address);
		} finally {
			signal?.removeEventListener('abort', onAbort);
			// It must not reach the statement that is next.
			await cancelling;
		}
	}

	#open(): Promise<Client> {
		if (this.#isClosed) {
			return Promise.reject(closedError('PostgreSQL'));
		}
		if (this.#client !== undefined) {
			return Promise.resolve(this.#client);
		}
		this.#opening ??= this.#connect().finally(() => {
			this.#opening = undefined;
		});
		return this.#opening;
	}

	async #connect(): Promise<Client> {
		const { sslmode, host } = this.#access.address;
		const isLocal = host.startsWith('/');
		const wantsTls = sslmode !== 'disable' && !isLocal;
		try {
			return await this.#connectOnce(wantsTls);
		} catch (error) {
			const mayDoWithout = sslmode === undefined || sslmode === 'prefer';
			if (wantsTls && mayDoWithout && noTls(error)) {
				return this.#connectOnce(false);
			}
			throw error;
		}
	}

	async #connectOnce(tls: boolean): Promise<Client> {
		const client = new Client(this.#config(tls));
		client.on('error', () => this.#lose(client));
		client.on('end', () => this.#lose(client));
		client.on('notification', (notice) => this.#onNotice?.(notice));
		try {
			await client.connect();
			await client.query(SESSION);
		} catch (error) {
			void client.end().catch(() => undefined);
			throw error;
		}
		if (this.#isClosed) {
			await client.end();
			throw closedError('PostgreSQL');
		}
		this.#client = client;
		this.#allowed = STATEMENT_MS;
		return client;
	}

	#config(tls: boolean): ClientConfig {
		const { address, password } = this.#access;
		const isChecked = address.sslmode === 'verify-full';
		const user =
			address.user === '' ? (process.env['PGUSER'] ?? userInfo().username) : address.user;
		return {
			host: address.host,
			port: address.port,
			user,
			database: address.database === '' ? user : address.database,
			...(password === undefined ? {} : { password }),
			// Whose certificate it has to be; an address of numbers is told to Node by nobody else.
			ssl: tls && { rejectUnauthorized: isChecked, host: address.host },
			application_name: `asyncz-companion ${this.#purpose}`,
			connectionTimeoutMillis: CONNECT_MS,
			query_timeout: STATEMENT_MS + GRACE_MS,
			keepAlive: true,
			keepAliveInitialDelayMillis: 10_000,
			types: AS_WRITTEN,
		};
	}

	#lose(client: Client): void {
		if (this.#client === client) {
			this.#client = undefined;
			void client.end().catch(() => undefined);
			this.#onLost?.();
		}
	}
}

/** Sends one statement. */
export type Send = (sql: string, values?: readonly (string | null)[]) => Promise<readonly Row[]>;

/** The same text for the same value on every server; compiling what runs for milliseconds costs more. */
const SESSION = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET standard_conforming_strings = on; SET statement_timeout = ${STATEMENT_MS}; SET lock_timeout = 10000; SET jit = off`;
