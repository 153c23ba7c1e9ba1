import { basename } from 'node:path';
import { messageOf } from '#shared/errors.ts';
import type { SourceConfig, SourceId, SourceStatus } from '#shared/model/source.ts';
import { ingest } from './ingest.ts';
import { RateMeter } from './rate-meter.ts';
import { FileTail } from './sources/file-tail.ts';
import type { SourceProgress } from './sources/source.ts';
import type { LogStorage } from './storage/log-storage.ts';

export interface RunningSourceOptions {
	readonly id: SourceId;
	readonly config: SourceConfig;
	readonly storage: LogStorage;
	readonly now: () => number;
	/** Its status or what it has stored has changed. */
	readonly onChange: () => void;
}

/** One source at work: reads it into the storage until it is stopped, and knows how it is doing. */
export class RunningSource {
	readonly id: SourceId;
	readonly config: SourceConfig;
	/** Resolves when the newest entries can be queried, or when it is known why not. */
	readonly ready: Promise<void>;
	readonly #options: RunningSourceOptions;
	readonly #abort = new AbortController();
	readonly #rate: RateMeter;
	readonly #done: Promise<void>;
	#progress: SourceProgress = { state: 'following', sizeBytes: 0, readBytes: 0, heldBytes: 0 };
	#entries = 0;
	#blocked: string | undefined;

	constructor(options: RunningSourceOptions) {
		this.#options = options;
		this.id = options.id;
		this.config = options.config;
		this.#rate = new RateMeter(options.now);
		const { promise, resolve } = Promise.withResolvers<void>();
		this.ready = promise;
		this.#done = this.#run(resolve).finally(resolve);
	}

	get status(): SourceStatus {
		const { state, message, ...numbers } = this.#progress;
		const told = this.#blocked ?? message;
		return {
			id: this.id,
			type: this.config.type,
			name: basename(this.config.path),
			path: this.config.path,
			state: this.#blocked === undefined ? state : 'failed',
			...(told === undefined ? {} : { message: told }),
			...numbers,
			entries: this.#entries,
			rate: this.#rate.perSecond,
		};
	}

	/** Why the storage takes nothing at the moment. */
	get blocked(): string | undefined {
		return this.#blocked;
	}

	/** Stops reading; resolves when nothing more will be stored. */
	async stop(): Promise<void> {
		this.#abort.abort();
		await this.#done;
	}

	async #run(ready: () => void): Promise<void> {
		const { id, config, storage, now, onChange } = this.#options;
		const input = new FileTail(config.path, {
			onProgress: (progress) => {
				this.#progress = progress;
				ready();
				onChange();
			},
		});
		try {
			const saved = await storage.checkpoint(id);
			this.#entries = typeof saved?.['entries'] === 'number' ? saved['entries'] : 0;
			await ingest(
				{
					source: id,
					input,
					storage,
					now,
					onStored: ({ added, entries }) => {
						this.#rate.add(added);
						this.#entries = entries;
						onChange();
					},
					onBlocked: (message) => {
						this.#blocked = message;
						ready();
						onChange();
					},
				},
				this.#abort.signal,
			);
		} catch (error) {
			// Not a failure of the file or the disk: those are retried. It stops this source alone.
			this.#blocked = `${config.path} can't be read on: ${messageOf(error)}. Close it and open it again.`;
			onChange();
		}
	}
}
