import type { Client } from '#shared/rpc/rpc.ts';
import type { Dictionary } from '../segment/dictionary.ts';
import { ThreadClient } from '../../threads/thread-client.ts';
import { scanSchemas } from './scan-api.ts';
import type { ScanApi } from './scan-api.ts';
import { ThreadIds } from './thread-ids.ts';

/** Two threads read a file faster than one; more of them would have the queries wait. */
const THREADS = 2;

/** A thread that reads history, with the ids it gives to texts. */
export interface ScanThread {
	readonly api: () => Client<ScanApi>;
	ids: ThreadIds;
}

/** The threads that read history, and which of them have nothing to do. */
export class ScanPool {
	readonly #url: URL;
	readonly #dictionary: Dictionary;
	readonly #idle: ScanThread[] = [];
	readonly #clients: ThreadClient<ScanApi>[] = [];

	constructor(url: URL, dictionary: Dictionary) {
		this.#url = url;
		this.#dictionary = dictionary;
	}

	/** A thread for one job, if there is one free; it is to be given back. */
	take(): ScanThread | undefined {
		if (this.#idle.length === 0 && this.#clients.length < THREADS) {
			this.#idle.push(this.#start());
		}
		return this.#idle.pop();
	}

	giveBack(thread: ScanThread): void {
		this.#idle.push(thread);
	}

	async close(): Promise<void> {
		await Promise.all(this.#clients.map((client) => client.close()));
	}

	#start(): ScanThread {
		const client = new ThreadClient<ScanApi>({
			url: this.#url,
			data: {},
			schemas: scanSchemas,
			onRestart: () => {
				thread.ids = new ThreadIds(this.#dictionary);
			},
		});
		const thread: ScanThread = { api: () => client.api, ids: new ThreadIds(this.#dictionary) };
		this.#clients.push(client);
		return thread;
	}
}
