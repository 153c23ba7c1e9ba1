import type { EngineEvents, StorageStatus } from '#shared/api/engine.ts';
import type { SourceStatus } from '#shared/model/source.ts';
import { Throttle } from './throttle.ts';

/** Quick enough to look immediate, slow enough for one answer to come before the next question. */
const STORAGE_EVENT_MS = 40;
const SOURCES_EVENT_MS = 250;

/** Tells clients how the storage and the sources are doing: seldom enough, and only what is new. */
export class News {
	readonly #events: EngineEvents;
	readonly #storage: Throttle;
	readonly #sources: Throttle;
	readonly #rateTimer: NodeJS.Timeout;
	#lastStorage = '';
	#lastSources = '';

	constructor(
		events: EngineEvents,
		now: {
			readonly storage: () => StorageStatus;
			readonly sources: () => readonly SourceStatus[];
		},
	) {
		this.#events = events;
		this.#storage = new Throttle(STORAGE_EVENT_MS, () => this.#tellStorage(now.storage()));
		this.#sources = new Throttle(SOURCES_EVENT_MS, () => this.#tellSources(now.sources()));
		// A rate falls by itself when nothing comes.
		this.#rateTimer = setInterval(() => this.#sources.call(), 1_000);
	}

	storage(): void {
		this.#storage.call();
	}

	sources(): void {
		this.#sources.call();
	}

	both(): void {
		this.#storage.call();
		this.#sources.call();
	}

	stop(): void {
		clearInterval(this.#rateTimer);
		this.#storage.stop();
		this.#sources.stop();
	}

	#tellStorage(status: StorageStatus): void {
		const text = JSON.stringify(status);
		if (text !== this.#lastStorage) {
			this.#lastStorage = text;
			this.#events.storageChanged(status);
		}
	}

	#tellSources(sources: readonly SourceStatus[]): void {
		const text = JSON.stringify(sources);
		if (text !== this.#lastSources) {
			this.#lastSources = text;
			this.#events.sourcesChanged(sources);
		}
	}
}
