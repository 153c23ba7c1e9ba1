import { resolve } from 'node:path';
import type {
	EngineApi,
	EngineEvents,
	EngineState,
	MappingPreview,
	StorageChoice,
	StorageTest,
} from '#shared/api/engine.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { FeedsStatus } from '#shared/model/feed.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import type {
	FeedConfig,
	SourceConfig,
	SourceFile,
	SourceId,
	SourceStatus,
} from '#shared/model/source.ts';
import type { DataFolder } from './data-folder.ts';
import { Exports } from './exports/exports.ts';
import { Feeds } from './feeds.ts';
import { forgetSource } from './forget-source.ts';
import { previewMapping } from './mapping-preview.ts';
import type { MappingChange } from './mapping-preview.ts';
import { News } from './news.ts';
import { Problems } from './problems.ts';
import { RunningSources } from './running-sources.ts';
import { Remembered } from './remembered.ts';
import { definedOnly, withMapping } from './settings-file.ts';
import { targetOf } from './source-target.ts';
import { checkSource } from './sources/check-source.ts';
import { readingState } from './reading-state.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';
import { chosenStorages } from './storage-choice.ts';
import { StoragesInUse } from './storages-in-use.ts';
import { warmUp } from './segments/segment/warm-up.ts';

const MAX_RECENT = 20;

/** The engine: owns the storage, the running sources and the settings, and answers for them. */
export class Engine implements EngineApi {
	readonly #events: EngineEvents;
	readonly #folder: DataFolder;
	readonly #storage: SegmentStorage;
	readonly #remembered: Remembered;
	readonly #storages: StoragesInUse;
	readonly #sources: RunningSources;
	readonly #problems: Problems;
	readonly #news: News;
	readonly #feeds: Feeds;
	/** What writes entries out. */
	readonly exports: Exports;
	readonly #closing = new AbortController();
	/** Why the storage takes nothing at the moment. */
	#blocked: string | undefined;

	/** Questions about entries are the storage's to answer. */
	readonly query: EngineApi['query'] = (query) => this.#storage.query(query);
	readonly count: EngineApi['count'] = (query) => this.#storage.count(query);
	readonly shape: EngineApi['shape'] = (query) => this.#storage.shape(query);
	readonly places: EngineApi['places'] = (query) => this.#storage.places(query);
	readonly getFields: EngineApi['getFields'] = () => this.#storage.getFields();
	readonly getValues: EngineApi['getValues'] = (query) => this.#storage.getValues(query);
	readonly getEntry: EngineApi['getEntry'] = ({ seq }) => this.#storage.get(seq);

	/** Begins with the remembered sources. `endsLines`: see `EngineControl.open`. */
	constructor(
		folder: DataFolder,
		events: EngineEvents,
		{ endsLines = false }: { readonly endsLines?: boolean } = {},
	) {
		this.#events = events;
		this.#problems = new Problems((problems) => events.problemsChanged(problems));
		this.#folder = folder;
		this.#storage = folder.storage;
		this.#feeds = new Feeds(folder.feedsPath);
		this.#sources = new RunningSources({
			storage: folder.storage,
			feeds: this.#feeds,
			problems: this.#problems,
			endsLines,
			onChange: () => this.#news.both(),
		});
		this.#remembered = new Remembered(folder.settingsPath, this.#problems, (settings) =>
			events.settingsChanged(settings),
		);
		this.#storages = new StoragesInUse({
			local: this.#storage,
			onChange: (storages) => events.storagesChanged(storages),
		});
		this.#news = new News(events, {
			storage: () => this.#storage.stats(),
			sources: () => this.#sources.statuses(this.#blocked),
		});
		this.exports = new Exports(
			this.#storage,
			readingState(this.#storage, this.#sources),
			(exports) => events.exportsChanged(exports),
		);
		const { data, problem, isUnread } = this.#remembered;
		const stored = this.#storage.sources();
		const next_source = Math.max(data.next_source, ...stored.map((id) => id + 1));
		this.#remembered.correct({ next_source });
		this.#storages.use(data.settings.storage);
		for (const message of [...folder.problems, ...(problem === undefined ? [] : [problem])]) {
			this.#problems.set(message, message);
		}
		this.#storage.listen({
			onChange: () => {
				this.#news.both();
				this.#storages.changed();
			},
			onBlocked: (message) => this.#setBlocked(message),
		});
		this.#applyPolicy();
		for (const known of data.sources) {
			this.#sources.run(known);
		}
		for (const feed of this.#feeds.found()) {
			this.#openFeed(feed);
		}
		if (data.sources.length === 0) {
			setImmediate(warmUp);
		}
		if (!isUnread) {
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
			sources: this.#sources.statuses(this.#blocked),
			settings: this.#remembered.settings,
			problems: this.#problems.list,
			endpoints: this.#feeds.status.endpoints,
			storages: this.#storages.infos,
			exports: this.exports.list,
		};
	}

	async openSource(config: SourceConfig): Promise<SourceStatus> {
		const path = resolve(config.path);
		await checkSource({ ...config, path });
		// One log reached by two names is one source. The name is kept: a link may lead on elsewhere.
		const target = targetOf(config.type, path);
		const known = this.#remembered.data.sources.find(
			(source) =>
				source.config.type === config.type &&
				(source.config.path === path || targetOf(config.type, source.config.path) === target),
		);
		const { settings, next_source, sources } = this.#remembered.data;
		const recent = [path, ...settings.recent.filter((other) => other !== path)];
		const change = { settings: { ...settings, recent: recent.slice(0, MAX_RECENT) } };
		if (known !== undefined && this.#sources.get(known.id) === undefined) {
			throw new AppError('source-unavailable', `${path} is being closed. Try again in a moment.`);
		}
		const added = known ?? { id: next_source, config: { ...config, path } };
		// Its file is looked at while the change is saved, once: that waits for the disk.
		const source = this.#sources.get(added.id) ?? this.#sources.run(added);
		this.#remembered.change(
			known === undefined
				? { ...change, sources: [...sources, added], next_source: next_source + 1 }
				: change,
		);
		await source.ready;
		return this.#sources.status(source, this.#blocked);
	}

	async closeSource({ id }: { readonly id: SourceId }): Promise<void> {
		const source = this.#sources.get(id);
		if (source === undefined) {
			return;
		}
		const { config } = source;
		const freeJournal =
			config.type === 'feed' ? this.#feeds.takeAway(config.path, config.name) : undefined;
		this.#sources.takeOut(id);
		this.#remembered.change({
			sources: this.#remembered.data.sources.filter((known) => known.id !== id),
		});
		this.#news.sources();
		await source.stop();
		await freeJournal?.();
		await this.#forget(id);
	}

	async getSourceFiles({ id }: { readonly id: SourceId }): Promise<readonly SourceFile[]> {
		return this.#sources.get(id)?.files() ?? [];
	}

	async previewMapping(
		params: MappingChange & { readonly seq?: number },
	): Promise<readonly MappingPreview[]> {
		return previewMapping(this.#storage, params);
	}

	async setMapping({ id, mapping }: MappingChange): Promise<void> {
		this.#remembered.change({ sources: withMapping(this.#remembered.data.sources, id, mapping) });
		this.#storage.setMapping(id, mapping);
		this.#news.sources();
		// It goes on behind the answer, and shows as indexing.
		this.#storage.rereadSource(id).catch((error: unknown) => {
			this.#problems.set(
				`mapping-${id}`,
				`The columns could not be applied to all stored entries: ${messageOf(error)}`,
			);
		});
	}

	async updateSettings(change: SettingsChange): Promise<Settings> {
		this.#remembered.change({ settings: { ...this.#remembered.settings, ...definedOnly(change) } });
		this.#applyPolicy();
		return this.#remembered.settings;
	}

	async setStorages(choice: StorageChoice): Promise<void> {
		const { settings } = this.#remembered;
		const storage = chosenStorages(choice, settings.storage);
		this.#remembered.change({ settings: { ...settings, storage } });
		this.#storages.use(storage);
	}

	async testStorage({
		address,
		password,
	}: {
		readonly address: string;
		readonly password?: string;
	}): Promise<StorageTest> {
		return this.#storages.test(address, password);
	}

	async dismissProblem({ id }: { readonly id: number }): Promise<void> {
		this.#problems.dismiss(id);
	}

	async cancelExport({ id }: { readonly id: number }): Promise<void> {
		this.exports.cancel(id);
	}

	/** Takes over how feeds are doing; those not seen before become sources. */
	setFeeds(status: FeedsStatus): void {
		this.#feeds.status = status;
		for (const { folder } of status.feeds) {
			this.#openFeed(this.#feeds.find(folder));
		}
		this.#events.endpointsChanged(status.endpoints);
		this.#news.sources();
	}

	/** Ends exports, stops the sources, then closes the storage, then frees the data folder. */
	async close(): Promise<void> {
		this.#closing.abort();
		await this.exports.close();
		await this.#sources.stop();
		this.#news.stop();
		this.#storages.close();
		await this.#storage.close();
		this.#folder.release();
	}

	async #forget(id: SourceId): Promise<void> {
		const { signal } = this.#closing;
		await forgetSource(id, { storage: this.#storage, problems: this.#problems, signal });
		this.#news.storage();
	}

	#openFeed(config: FeedConfig | undefined): void {
		// Settings that could not be read must not be written over because a feed came.
		if (config !== undefined && !this.#remembered.isUnread && !this.#sources.hasPath(config.path)) {
			const { sources, next_source } = this.#remembered.data;
			const added = { id: next_source, config };
			this.#sources.run(added);
			this.#remembered.change({ sources: [...sources, added], next_source: next_source + 1 });
		}
	}

	#setBlocked(message: string | undefined): void {
		this.#blocked = message;
		if (message === undefined) {
			this.#problems.clear('storage');
		} else {
			this.#problems.set('storage', message);
		}
		this.#news.sources();
	}

	#applyPolicy(): void {
		const { keep_text, retention } = this.#remembered.settings;
		this.#storage.setPolicy({ keepsText: keep_text, retention });
	}
}
