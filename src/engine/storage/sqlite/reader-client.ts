import { Worker } from 'node:worker_threads';
import type { LogEntry } from '#shared/model/entry.ts';
import type { Count, CountQuery, Page } from '#shared/model/query.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import { threadChannel } from '../../thread-channel.ts';
import type { StorageQuery } from '../log-storage.ts';
import { readerSchemas } from './reader-api.ts';
import type { ReaderApi } from './reader-api.ts';

/** Runs the reader thread and asks it; starts it again should it ever die. */
export class ReaderClient {
	readonly #path: string;
	readonly #url: URL;
	#running: { readonly worker: Worker; readonly api: Client<ReaderApi> } | undefined;

	constructor(path: string, url: URL) {
		this.#path = path;
		this.#url = url;
		// A thread takes longer to start than any query: begin before the first one comes.
		this.#running = this.#start();
	}

	query(query: StorageQuery): Promise<Page> {
		return this.#api().query(query);
	}

	count(query: CountQuery): Promise<Count> {
		return this.#api().count(query);
	}

	get(seq: number): Promise<LogEntry | undefined> {
		return this.#api().get({ seq });
	}

	async close(): Promise<void> {
		const worker = this.#running?.worker;
		this.#running = undefined;
		await worker?.terminate();
	}

	#api(): Client<ReaderApi> {
		return (this.#running ??= this.#start()).api;
	}

	#start(): { readonly worker: Worker; readonly api: Client<ReaderApi> } {
		const worker = new Worker(this.#url, { workerData: { path: this.#path } });
		// 'exit' follows and rejects what is pending.
		worker.on('error', (error) => process.stderr.write(`reader thread: ${error.message}\n`));
		worker.once('exit', () => {
			if (this.#running?.worker === worker) {
				this.#running = undefined;
			}
		});
		const api = openRpc<ReaderApi, object>(threadChannel(worker), {
			serve: {},
			local: {},
			call: readerSchemas,
		});
		return { worker, api };
	}
}
