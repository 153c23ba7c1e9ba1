import { createClient } from '@redis/client';
import { AppError } from '#shared/errors.ts';
import { storageName } from '#shared/model/storage-address.ts';
import type { StorageAddress } from '#shared/model/storage-address.ts';
import { closedError } from '../closed-error.ts';
import { redisProblem } from './redis-problem.ts';
import type { RedisPlace } from './redis-problem.ts';

export type RedisAddress = Extract<StorageAddress, { kind: 'redis' }>;

/** A command with its arguments. */
export type Command = readonly string[];

/** What a server answers: texts as UTF-8, what is none of it as U+FFFD. */
export type Reply = string | number | null | readonly Reply[];

const CONNECT_MS = 5_000;

/** No answer may take longer; commands that wait by themselves wait less. */
const ANSWER_MS = 20_000;

/**
 * A connection to a server, made when it is needed and once more after it was lost. Nothing is sent
 * a second time by it: whether that may be is for those to say who know what they send. All it
 * rejects with are sentences, `storage-failed`.
 */
export class RedisConnection {
	readonly place: RedisPlace;
	readonly #address: RedisAddress;
	readonly #password: string | undefined;
	readonly #answerMs: number;
	#client: Client | undefined;
	#connecting: Promise<Client> | undefined;
	#isClosed = false;

	/** `answerMs`: how long an answer may take. */
	constructor(address: RedisAddress, password?: string, answerMs = ANSWER_MS) {
		this.#answerMs = answerMs;
		this.#address = address;
		this.#password = password;
		this.place = {
			server: `Redis at ${placeOf(address)}`,
			user: address.user,
			db: address.db,
			key: address.key,
			tls: address.tls,
			hasPassword: password !== undefined,
		};
	}

	/** One command and its answer. */
	async send(command: Command): Promise<Reply> {
		const [first] = await this.sendAll([command]);
		if (first === undefined) {
			throw new AppError('storage-failed', `${this.place.server} gave no answer.`);
		}
		if (first instanceof Error) {
			throw first;
		}
		return first;
	}

	/**
	 * Sends commands at once; their answers in the same order. A refused one is an error in its
	 * place. Rejects where the connection was lost: then nobody knows which were done.
	 */
	async sendAll(commands: readonly Command[]): Promise<readonly (Reply | AppError)[]> {
		const client = await this.#connected();
		try {
			const answers = commands.map((command) => client.sendCommand<Reply>(command));
			const settled = await this.#inTime(Promise.allSettled(answers));
			return settled.map((answer) => {
				if (answer.status === 'fulfilled') {
					return answer.value;
				}
				const problem = redisProblem(answer.reason, this.place);
				if (!client.isReady) {
					throw problem;
				}
				return problem;
			});
		} catch (error) {
			this.#drop(client);
			throw error;
		}
	}

	/** Ends it at once; what is on the way is rejected. It is not connected again. */
	close(): void {
		this.#isClosed = true;
		this.#client?.destroy();
		this.#client = undefined;
	}

	async #connected(): Promise<Client> {
		if (this.#isClosed) {
			throw closedError(storageName(this.#address));
		}
		if (this.#client?.isReady === true) {
			return this.#client;
		}
		// Several may ask at once.
		this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
		return this.#connecting;
	}

	async #connect(): Promise<Client> {
		const client = createRedisClient(this.#address, this.#password);
		// What it says is what its commands reject with; unheard it would end the process.
		client.on('error', () => undefined);
		this.#client = client;
		try {
			await this.#inTime(client.connect());
			return client;
		} catch (error) {
			this.#drop(client);
			throw redisProblem(error, this.place);
		}
	}

	/** A server that is stopped takes connections and commands all the same. */
	async #inTime<T>(answer: Promise<T>): Promise<T> {
		let timer: NodeJS.Timeout | undefined;
		const isLate = new Promise<never>((_, reject) => {
			timer = setTimeout(() => {
				const message = `${this.place.server} gave no answer for ${this.#answerMs / 1_000} s: it is stopped or busy, or the network lost it. This is tried again.`;
				reject(new AppError('storage-failed', message));
			}, this.#answerMs);
		});
		try {
			return await Promise.race([answer, isLate]);
		} finally {
			clearTimeout(timer);
		}
	}

	#drop(client: Client): void {
		client.destroy();
		if (this.#client === client) {
			this.#client = undefined;
		}
	}
}

type Client = ReturnType<typeof createRedisClient>;

function createRedisClient({ host, port, user, db, tls }: RedisAddress, password?: string) {
	const times = { connectTimeout: CONNECT_MS, reconnectStrategy: false } as const;
	return createClient({
		socket: host.startsWith('/')
			? { path: host, ...times }
			: tls
				? { host, port, tls: true, ...times }
				: { host, port, ...times },
		...(user === '' ? {} : { username: user }),
		...(password === undefined ? {} : { password }),
		database: db,
		// As all servers speak it that have streams.
		RESP: 2,
		maintNotifications: 'disabled',
		disableClientInfo: true,
		disableOfflineQueue: true,
		// Its own time limit costs more than all else that is done for a command.
		commandOptions: { timeout: 0 },
	});
}

function placeOf({ host, port }: RedisAddress): string {
	return host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
