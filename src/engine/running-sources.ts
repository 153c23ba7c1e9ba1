import type { SourceId, SourceStatus } from '#shared/model/source.ts';
import type { Feeds } from './feeds.ts';
import type { Problems } from './problems.ts';
import { RunningSource } from './running-source.ts';
import type { KnownSource } from './settings-file.ts';
import { sourceNames } from './source-names.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';

/** What sources need of the engine they run in. */
export interface RunningSourcesOptions {
	readonly storage: SegmentStorage;
	readonly feeds: Feeds;
	readonly problems: Problems;
	/** Nothing more will come of logs: a last line without its end is one. */
	readonly endsLines: boolean;
	/** The status of one or what it has stored has changed. */
	readonly onChange: () => void;
}

/** All sources at work, by their ids. */
export class RunningSources {
	readonly #options: RunningSourcesOptions;
	readonly #sources = new Map<SourceId, RunningSource>();
	/** What they are called beside each other. */
	#names: ReadonlyMap<SourceId, string> = new Map();

	constructor(options: RunningSourcesOptions) {
		this.#options = options;
	}

	get(id: SourceId): RunningSource | undefined {
		return this.#sources.get(id);
	}

	/** In the order they were begun. */
	get all(): readonly RunningSource[] {
		return [...this.#sources.values()];
	}

	/** Whether one of them reads what is at a path. */
	hasPath(path: string): boolean {
		return [...this.#sources.values()].some(({ config }) => config.path === path);
	}

	/** Begins to follow a source, and goes on until it is taken out. */
	run({ id, config: known }: KnownSource): RunningSource {
		const { storage, feeds, problems, endsLines, onChange } = this.#options;
		const config = known.type === 'feed' ? { ...known, path: feeds.pathOf(known.path) } : known;
		storage.setMapping(id, config.mapping);
		const source: RunningSource = new RunningSource({
			id,
			config,
			storage,
			now: Date.now,
			endsLines,
			onChange: () => {
				onChange();
				if (source.failure !== undefined) {
					problems.set(`source-${id}`, source.failure);
				}
			},
		});
		this.#sources.set(id, source);
		this.#tellNames();
		return source;
	}

	/**
	 * Stops a source and follows it anew, as it is remembered once it has stopped; what is stored of
	 * its logs stays. `undefined` if it was taken out meanwhile.
	 */
	async rerun(
		id: SourceId,
		known: () => KnownSource | undefined,
	): Promise<RunningSource | undefined> {
		const before = this.#sources.get(id);
		await before?.stop();
		const config = known();
		// Asked for twice at once, it is followed anew once.
		if (before === undefined || config === undefined || this.#sources.get(id) !== before) {
			return this.#sources.get(id);
		}
		this.#options.problems.clear(`source-${id}`);
		return this.run(config);
	}

	/** Takes a source out; it is to be stopped then. */
	takeOut(id: SourceId): void {
		this.#sources.delete(id);
		this.#tellNames();
		this.#options.problems.clear(`source-${id}`);
	}

	/** `blocked`: why the storage takes nothing at the moment. */
	statuses(blocked: string | undefined): readonly SourceStatus[] {
		return [...this.#sources.values()].map((source) => this.status(source, blocked));
	}

	/** The status of one, with what its receiver says if it is a feed. */
	status(source: RunningSource, blocked: string | undefined): SourceStatus {
		const feed = this.#options.feeds.of(source.config.path);
		const name = this.#names.get(source.id) ?? source.name;
		return { ...source.status(blocked), name, ...(feed === undefined ? {} : { feed }) };
	}

	/** Stops all of them; resolves when nothing more will be stored. */
	async stop(): Promise<void> {
		await Promise.all([...this.#sources.values()].map((source) => source.stop()));
	}

	#tellNames(): void {
		const all = this.all.map(({ id, name, config: { path } }) => ({ id, name, path }));
		this.#names = sourceNames(all);
		this.#options.storage.setSourceNames(this.#names);
	}
}
