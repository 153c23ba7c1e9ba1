import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineApi, EngineEvents, EngineState, Problem } from '#shared/api/engine.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { LogEntry } from '#shared/model/entry.ts';
import type { Count, CountQuery, Page, Query } from '#shared/model/query.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import type { SourceConfig, SourceId, SourceStatus } from '#shared/model/source.ts';
import type { DataFolder } from './data-folder.ts';
import { RunningSource } from './running-source.ts';
import { SettingsFile } from './settings-file.ts';
import type { KnownSource, UserData } from './settings-file.ts';
import { openLogFile } from './sources/log-file.ts';
import type { LogStorage } from './storage/log-storage.ts';
import { Throttle } from './throttle.ts';

const MAX_RECENT = 20;
/** Quick enough to look immediate, slow enough for one answer to come before the next question. */
const STORAGE_EVENT_MS = 40;
const SOURCES_EVENT_MS = 250;
const RETRY_FORGETTING_MS = 2_000;

/** The engine: owns the storage, the running sources and the settings, and answers for them. */
export class Engine implements EngineApi {
	readonly #events: EngineEvents;
	readonly #folder: DataFolder;
	readonly #storage: LogStorage;
	readonly #file: SettingsFile;
	readonly #now: () => number;
	readonly #sources = new Map<SourceId, RunningSource>();
	readonly #problems = new Map<string, Problem>();
	readonly #storageEvent: Throttle;
	readonly #sourcesEvent: Throttle;
	readonly #rateTimer: NodeJS.Timeout;
	readonly #closing = new AbortController();
	#data: UserData;
	#nextProblem = 1;
	#lastStorage = '';
	#lastSources = '';

	/** Begins with the remembered sources. `now`: milliseconds since 1970. */
	constructor(folder: DataFolder, events: EngineEvents, now: () => number = Date.now) {
		this.#events = events;
		this.#folder = folder;
		this.#storage = folder.storage;
		this.#now = now;
		this.#file = new SettingsFile(folder.settingsPath);
		this.#storageEvent = new Throttle(STORAGE_EVENT_MS, () => this.#tellStorage());
		this.#sourcesEvent = new Throttle(SOURCES_EVENT_MS, () => this.#tellSources());
		// A rate falls by itself when nothing comes.
		this.#rateTimer = setInterval(() => this.#sourcesEvent.call(), 1_000);
		const { data, problem, isUnread } = this.#file.load();
		const stored = this.#storage.sources();
		const next_source = Math.max(data.next_source, ...stored.map((id) => id + 1));
		this.#data = { ...data, next_source };
		for (const message of [...folder.problems, ...(problem === undefined ? [] : [problem])]) {
			this.#setProblem(message, message);
		}
		for (const known of data.sources) {
			this.#run(known);
		}
		if (isUnread !== true) {
			const known = new Set(data.sources.map(({ id }) => id));
			// Their removal was broken off, or the settings that named them are lost.
			for (const id of stored.filter((other) => !known.has(other))) {
				void this.#forget(id);
			}
		}
	}

	async getState(): Promise<EngineState> {
		return {
			storage: this.#storage.stats(),
			sources: this.#statuses(),
			settings: this.#data.settings,
			problems: [...this.#problems.values()],
		};
	}

	query(query: Query): Promise<Page> {
		return this.#storage.query(query);
	}

	count(query: CountQuery): Promise<Count> {
		return this.#storage.count(query);
	}

	getEntry({ seq }: { readonly seq: number }): Promise<LogEntry | undefined> {
		return this.#storage.get(seq);
	}

	async openSource(config: SourceConfig): Promise<SourceStatus> {
		const path = resolve(config.path);
		const file = await openLogFile(path);
		await file.handle.close();
		// One log reached by two names is one source. The name is kept: a link may lead on elsewhere.
		const target = targetOf(path);
		const known = this.#data.sources.find(
			(source) => source.config.path === path || targetOf(source.config.path) === target,
		);
		const source =
			known === undefined ? this.#add({ ...config, path }) : this.#sources.get(known.id);
		if (source === undefined) {
			throw new AppError('source-unavailable', `${path} is being closed. Try again in a moment.`);
		}
		this.#remember({
			settings: {
				...this.#data.settings,
				recent: [path, ...this.#data.settings.recent.filter((other) => other !== path)].slice(
					0,
					MAX_RECENT,
				),
			},
		});
		await source.ready;
		return source.status;
	}

	async closeSource({ id }: { readonly id: SourceId }): Promise<void> {
		const source = this.#sources.get(id);
		if (source === undefined) {
			return;
		}
		this.#sources.delete(id);
		this.#remember({ sources: this.#data.sources.filter((known) => known.id !== id) });
		this.#clearProblem(`source-${id}`);
		this.#sourcesEvent.call();
		await source.stop();
		await this.#forget(id);
	}

	async updateSettings(change: SettingsChange): Promise<Settings> {
		this.#remember({ settings: { ...this.#data.settings, ...definedOnly(change) } });
		return this.#data.settings;
	}

	async dismissProblem({ id }: { readonly id: number }): Promise<void> {
		for (const [key, problem] of this.#problems) {
			if (problem.id === id) {
				this.#clearProblem(key);
			}
		}
	}

	/** Stops the sources, then closes the storage, then frees the data folder. */
	async close(): Promise<void> {
		this.#closing.abort();
		clearInterval(this.#rateTimer);
		await Promise.all([...this.#sources.values()].map((source) => source.stop()));
		this.#storageEvent.stop();
		this.#sourcesEvent.stop();
		await this.#storage.close();
		this.#folder.release();
	}

	#add(config: SourceConfig): RunningSource {
		const known: KnownSource = { id: this.#data.next_source, config };
		this.#remember({ sources: [...this.#data.sources, known], next_source: known.id + 1 });
		return this.#run(known);
	}

	/** Removes the entries of a source that is no more; tries again for as long as that fails. */
	async #forget(id: SourceId): Promise<void> {
		const { signal } = this.#closing;
		const key = `forget-${id}`;
		try {
			await this.#storage.remove(id);
			this.#clearProblem(key);
		} catch (error) {
			if (!signal.aborted) {
				this.#setProblem(key, messageOf(error));
				delay(RETRY_FORGETTING_MS, undefined, { signal }).then(
					() => this.#forget(id),
					() => {}, // closing: the next engine goes on with it
				);
			}
		}
		this.#storageEvent.call();
	}

	#run({ id, config }: KnownSource): RunningSource {
		const source = new RunningSource({
			id,
			config,
			storage: this.#storage,
			now: this.#now,
			onChange: () => {
				this.#storageEvent.call();
				this.#sourcesEvent.call();
				if (source.blocked === undefined) {
					this.#clearProblem(`source-${id}`);
				} else {
					this.#setProblem(`source-${id}`, source.blocked);
				}
			},
		});
		this.#sources.set(id, source);
		return source;
	}

	#statuses(): readonly SourceStatus[] {
		return [...this.#sources.values()].map((source) => source.status);
	}

	#tellStorage(): void {
		const status = this.#storage.stats();
		const text = JSON.stringify(status);
		if (text !== this.#lastStorage) {
			this.#lastStorage = text;
			this.#events.storageChanged(status);
		}
	}

	#tellSources(): void {
		const sources = this.#statuses();
		const text = JSON.stringify(sources);
		if (text !== this.#lastSources) {
			this.#lastSources = text;
			this.#events.sourcesChanged(sources);
		}
	}

	/** Takes over a change of what is the user's own, and saves it. */
	#remember(change: Partial<UserData>): void {
		this.#data = { ...this.#data, ...change };
		try {
			this.#file.save(this.#data);
			this.#clearProblem('settings');
		} catch (error) {
			this.#setProblem(
				'settings',
				`The settings can't be saved (${messageOf(error)}): changes last until you quit.`,
			);
		}
		if (change.settings !== undefined) {
			this.#events.settingsChanged(this.#data.settings);
		}
	}

	#setProblem(key: string, message: string): void {
		if (this.#problems.get(key)?.message !== message) {
			this.#problems.set(key, { id: this.#nextProblem++, message });
			this.#events.problemsChanged([...this.#problems.values()]);
		}
	}

	#clearProblem(key: string): void {
		if (this.#problems.delete(key)) {
			this.#events.problemsChanged([...this.#problems.values()]);
		}
	}
}

/** A change without the settings it leaves out, which valibot may hand over as `undefined`. */
function definedOnly(change: SettingsChange): Partial<Settings> {
	return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** What tells the file that a path leads to; the path itself where there is none. */
function targetOf(path: string): string {
	try {
		const { dev, ino } = statSync(path, { bigint: true });
		return `${dev}:${ino}`;
	} catch {
		return path;
	}
}
