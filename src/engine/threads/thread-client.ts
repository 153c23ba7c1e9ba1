import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Client, Schemas } from '#shared/rpc/rpc.ts';
import { threadChannel } from '#shared/rpc/thread-channel.ts';
import { HERE, LOOK, STOP } from './serve-thread.ts';

/** A thread that dies so soon after its start is started again after a while. */
const YOUNG_MS = 50;
const RETRY_MS = 500;

/** A thread that has not ended by itself after this time is stuck, and is ended from outside. */
const PATIENCE_MS = 10_000;

/** A thread that has not answered so many looks in a row is stuck. */
const LOOKS = 10;

/** Why a thread has ended: an error that it threw, too long at one thing, or by itself. */
export type ThreadEnd = 'stuck' | 'itself' | Error;

/** Runs a thread and asks it; starts it again should it ever die. */
export class ThreadClient<Api extends object> {
	readonly #url: URL;
	readonly #data: unknown;
	readonly #schemas: Schemas<Api>;
	readonly #onRestart: (api: Client<Api>) => void;
	readonly #onEnd: ((end: ThreadEnd) => void) | undefined;
	readonly #patienceMs: number | undefined;
	#running: { readonly worker: Worker; readonly api: Client<Api> };
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;

	/**
	 * `onRestart`: the thread died and a new one has taken its place, which knows nothing yet. `onEnd`:
	 * it died; without it its errors go to stderr. `patienceMs`: it runs code of others, and is ended
	 * when it has been at one thing for so long.
	 */
	constructor(options: {
		readonly url: URL;
		readonly data: unknown;
		readonly schemas: Schemas<Api>;
		readonly onRestart?: (api: Client<Api>) => void;
		readonly onEnd?: (end: ThreadEnd) => void;
		readonly patienceMs?: number;
	}) {
		this.#url = options.url;
		this.#data = options.data;
		this.#schemas = options.schemas;
		this.#onRestart = options.onRestart ?? (() => {});
		this.#onEnd = options.onEnd;
		this.#patienceMs = options.patienceMs;
		// A thread takes longer to start than any question: begin before the first one comes.
		this.#running = this.#start();
	}

	/**
	 * The thread's methods. What is pending when it dies, and all that is asked after `close`, is
	 * rejected with the code `closed`.
	 */
	get api(): Client<Api> {
		return this.#running.api;
	}

	/** Ends the thread as soon as it has done what it is at. */
	async close(): Promise<void> {
		if (this.#isClosed) {
			return;
		}
		this.#isClosed = true;
		clearTimeout(this.#timer);
		const { worker } = this.#running;
		if (worker.threadId === -1) {
			return; // it has died, and would have been started again
		}
		const ended = once(worker, 'exit');
		worker.postMessage(STOP);
		const timer = setTimeout(() => void worker.terminate(), PATIENCE_MS);
		await ended;
		clearTimeout(timer);
	}

	#restart(): void {
		if (!this.#isClosed) {
			this.#running = this.#start();
			this.#onRestart(this.#running.api);
		}
	}

	#start(): { readonly worker: Worker; readonly api: Client<Api> } {
		const startedAt = performance.now();
		const worker = new Worker(this.#url, { workerData: this.#data });
		let end: ThreadEnd = 'itself';
		const look = this.#lookAfter(worker, () => {
			end = 'stuck';
		});
		// 'exit' follows and rejects what is pending.
		worker.on('error', (error) => {
			end = error;
			if (this.#onEnd === undefined) {
				process.stderr.write(`${this.#url.pathname}: ${error.message}\n`);
			}
		});
		worker.once('exit', () => {
			clearInterval(look);
			if (!this.#isClosed) {
				this.#onEnd?.(end);
			}
			// One that can't even start would take all of a processor, starting again and again.
			const isYoung = performance.now() - startedAt < YOUNG_MS;
			if (isYoung) {
				this.#timer = setTimeout(() => this.#restart(), RETRY_MS);
			} else {
				this.#restart();
			}
		});
		const api = openRpc<Api, object>(threadChannel(worker), {
			serve: {},
			local: {},
			call: this.#schemas,
		});
		return { worker, api };
	}

	/** Looks whether it still answers; turns are counted, so that no pause of all counts as its own. */
	#lookAfter(worker: Worker, onStuck: () => void): NodeJS.Timeout | undefined {
		if (this.#patienceMs === undefined) {
			return undefined;
		}
		let missed = 0;
		worker.on('message', (message: unknown) => {
			missed = message === HERE ? 0 : missed;
		});
		return setInterval(() => {
			if (this.#isClosed) {
				return; // whoever closes it does not wait for ever
			}
			if (missed++ < LOOKS) {
				worker.postMessage(LOOK);
			} else {
				onStuck();
				void worker.terminate();
			}
		}, this.#patienceMs / LOOKS).unref();
	}
}
