import type { EngineApi, EngineEvents, EngineState, StorageChoice } from '#shared/api/engine.ts';
import { messageOf } from '#shared/errors.ts';
import type { FeedsStatus } from '#shared/model/feed.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import type {
	FeedConfig,
	SourceConfig,
	SourceFile,
	SourceId,
	SourceStatus,
} from '#shared/model/source.ts';
import { Blockage } from './blockage.ts';
import type { DataFolder } from './data-folder.ts';
import { Exports } from './exports/exports.ts';
import { Feeds } from './feeds.ts';
import { forgetSource } from './forget-source.ts';
import { previewMapping } from './mapping-preview.ts';
import type { MappingChange } from './mapping-preview.ts';
import { News } from './news.ts';
import { Problems } from './problems.ts';
import { openSource, reopenSource } from './open-source.ts';
import { RunningSources } from './running-sources.ts';
import { Remembered } from './remembered.ts';
import { definedOnly, withMapping } from './settings-file.ts';
import type { EngineOptions } from './engine-options.ts';
import { readBefore, readingState } from './reading-state.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';
import { chosenStorages, storagesOfRun } from './storage-choice.ts';
import { withMarksOf } from './storage-marks.ts';
import { StoragesInUse } from './storages-in-use.ts';
import { warmUp } from './segments/segment/warm-up.ts';

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
	readonly #blockage: Blockage;

	/** Questions about entries are for the storage that is shown to answer. */
	readonly query: EngineApi['query'] = (query) => this.#storages.active.query(query);
	readonly count: EngineApi['count'] = (query) => this.#storages.active.count(query);
	readonly shape: EngineApi['shape'] = (query) => this.#storages.active.shape(query);
	readonly places: EngineApi['places'] = (query) => this.#storages.active.places(query);
	readonly getFields: EngineApi['getFields'] = () => this.#storages.active.getFields();
	readonly getValues: EngineApi['getValues'] = (query) => this.#storages.active.getValues(query);
	readonly getEntry: EngineApi['getEntry'] = ({ seq }) => this.#storages.active.get(seq);
	readonly testStorage: EngineApi['testStorage'] = ({ address, password }) =>
		this.#storages.test(address, password);
	readonly previewMapping: EngineApi['previewMapping'] = (params) =>
		previewMapping(this.#storage, params);
	readonly reopenSource: EngineApi['reopenSource'] = (params) =>
		reopenSource(params, this.#sources, this.#remembered);
	readonly getUsage: EngineApi['getUsage'] = async () => ({
		memory_bytes: process.memoryUsage.rss(),
	});

	/** Begins with the remembered sources. */
	constructor(
		folder: DataFolder,
		events: EngineEvents,
		{ storageThread, endsLines = false, ...options }: EngineOptions,
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
			onChange: () => {
				this.#news.both();
				this.#storages.look();
			},
		});
		this.#blockage = new Blockage(this.#problems, () => this.#news.sources());
		this.#remembered = new Remembered(folder.settingsPath, this.#problems, (settings) =>
			events.settingsChanged(settings),
		);
		this.#storages = new StoragesInUse({
			local: this.#storage,
			thread: storageThread,
			handedOnPath: folder.handedOnPath,
			source: (id) => this.#sources.get(id),
			readBefore: () => readBefore(this.#storage, this.#sources),
			onChange: (storages) => events.storagesChanged(storages),
			onActive: () => this.#news.storage(),
			onBlocked: (message) => this.#blockage.set('storage', message),
			onlyReads: options.onlyReads === true,
		});
		this.#storages.setPasswords(options.passwords ?? {});
		this.#news = new News(events, {
			storage: () => this.#storages.status,
			sources: () => this.#sources.statuses(this.#blockage.message),
		});
		this.exports = new Exports(
			() => this.#storages.active,
			readingState(this.#storage, this.#sources, this.#storages),
			(exports) => events.exportsChanged(exports),
		);
		const { data, problem, isUnread } = this.#remembered;
		const stored = this.#storage.sources();
		const next_source = Math.max(data.next_source, ...stored.map((id) => id + 1));
		const choice = storagesOfRun(data.settings.storage, options);
		this.#remembered.correct(withMarksOf({ ...data, next_source }, choice.active));
		const isUsual = choice.active === data.settings.storage.active;
		this.#storages.use(choice, isUsual ? 'before' : 'rest');
		for (const message of [...folder.problems, ...(problem === undefined ? [] : [problem])]) {
			this.#problems.set(message, message);
		}
		this.#storage.listen({
			onChange: () => {
				this.#news.both();
				this.#storages.look();
			},
			onBlocked: (message) => this.#blockage.set('disk', message),
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
			storage: this.#storages.status,
			sources: this.#sources.statuses(this.#blockage.message),
			settings: this.#remembered.settings,
			problems: this.#problems.list,
			endpoints: this.#feeds.status.endpoints,
			storages: this.#storages.infos,
			exports: this.exports.list,
		};
	}

	async openSource(config: SourceConfig): Promise<SourceStatus> {
		const source = await openSource(config, this.#sources, this.#remembered);
		return this.#sources.status(source, this.#blockage.message);
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
		const { data, settings } = this.#remembered;
		const storage = chosenStorages(choice, settings.storage);
		const changed = { ...data, settings: { ...settings, storage } };
		this.#remembered.change(withMarksOf(changed, storage.active));
		this.#storages.use(storage, choice.send_stored ? 'stored' : 'new');
	}

	async setSpoolBytes({ bytes }: { readonly bytes: number }): Promise<void> {
		const { settings } = this.#remembered;
		const storage = { ...settings.storage, spool_bytes: bytes };
		this.#remembered.change({ settings: { ...settings, storage } });
		this.#storages.setSpoolBytes(bytes);
	}

	async dismissProblem({ id }: { readonly id: number }): Promise<void> {
		this.#problems.dismiss(id);
	}

	async cancelExport({ id }: { readonly id: number }): Promise<void> {
		this.exports.cancel(id);
	}

	/** Takes over all passwords of storages that are known. */
	setPasswords(passwords: Readonly<Record<string, string>>): void {
		this.#storages.setPasswords(passwords);
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
		await this.#storages.stop();
		await this.#storage.close();
		await this.#storages.close();
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

	#applyPolicy(): void {
		const { keep_text, retention } = this.#remembered.settings;
		this.#storage.setPolicy({ keepsText: keep_text, retention });
	}
}
