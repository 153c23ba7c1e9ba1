import { basename } from 'node:path';
import { messageOf } from '#shared/errors.ts';
import { addLedgers, EMPTY_LEDGER } from '#shared/model/source.ts';
import type {
	FeedConfig,
	SourceConfig,
	SourceFile,
	SourceId,
	SourceState,
	SourceStatus,
} from '#shared/model/source.ts';
import { RateMeter } from './rate-meter.ts';
import { sourceFiles, withOneGone } from './source-files.ts';
import { RETRY_MS } from './sources/following.ts';
import type { FollowerProgress } from './sources/follower-progress.ts';
import { JournalFollower } from './sources/journal-follower.ts';
import { LogFollower } from './sources/log-follower.ts';
import type { SourceSink } from './segments/ingest/source-sink.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';

export interface RunningSourceOptions {
	readonly id: SourceId;
	readonly config: SourceConfig | FeedConfig;
	readonly storage: SegmentStorage;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** A last line without its end is one. */
	readonly endsLines: boolean;
	/** Its status or what it has stored has changed. */
	readonly onChange: () => void;
}

/** One source at work: follows its logs until it is stopped, and knows how it is doing. */
export class RunningSource {
	readonly id: SourceId;
	readonly config: SourceConfig | FeedConfig;
	/** Resolves when the newest entries can be queried, or when it is known why not. */
	readonly ready: Promise<void>;
	readonly #storage: SegmentStorage;
	readonly #sink: SourceSink;
	readonly #abort = new AbortController();
	readonly #rate: RateMeter;
	readonly #done: Promise<void>;
	/** Whether there is more to be read than its progress tells. */
	readonly #isBehind: () => boolean;
	/** Until it has looked, nobody knows how much there is to be read. */
	#progress: FollowerProgress = { state: 'indexing', files: [] };
	#isReady = false;
	#failure: string | undefined;

	constructor({ id, config, storage, now, endsLines, onChange }: RunningSourceOptions) {
		this.id = id;
		this.config = config;
		this.#storage = storage;
		this.#rate = new RateMeter(now);
		this.#sink = storage.sink(id, (entries) => {
			// The newest lines of a log that was there before are not new.
			if (this.#isReady) {
				this.#rate.add(entries);
				storage.wereWritten(follower.writtenAt);
			}
			onChange();
		});
		const { promise, resolve } = Promise.withResolvers<void>();
		this.ready = promise;
		const options = {
			sink: this.#sink,
			onProgress: (progress: FollowerProgress) => {
				this.#progress = progress;
				this.#isReady = true;
				resolve();
				onChange();
			},
			untilSaved: () => storage.untilSaved(),
		};
		const follower =
			config.type === 'feed'
				? new JournalFollower(config, options)
				: new LogFollower(config, { ...options, endsLines });
		// Of a log that was rotated away unseen, lines come before those of its successor.
		this.#isBehind = () => follower instanceof LogFollower && follower.isBehind;
		this.#done = follower
			.run(this.#abort.signal)
			.catch((error: unknown) => {
				// Not a failure of a file or the disk: those are retried. It stops this source alone.
				this.#failure = `${config.path} can't be read on: ${messageOf(error)}. Retry it, or close it and open it again.`;
				onChange();
			})
			.finally(resolve);
	}

	/** As it is shown, and as queries know it. */
	get name(): string {
		const { config } = this;
		return config.type === 'feed' ? config.name : basename(config.path) || config.path;
	}

	/** `blocked`: why the storage takes nothing at the moment. */
	status(blocked: string | undefined): SourceStatus {
		const files = this.files();
		const message = this.#failure ?? blocked ?? this.#progress.message;
		const isReading = this.#progress.state === 'following' && this.#storage.isReading(this.id);
		const state =
			this.#failure === undefined && blocked === undefined ? this.#progress.state : 'failed';
		const format = this.#sink.records().findLast((record) => record.format !== undefined)?.format;
		const mapping = this.#storage.mapping(this.id);
		return {
			id: this.id,
			type: this.config.type,
			name: this.name,
			path: this.config.path,
			state: isReading && state === 'following' ? 'indexing' : state,
			...(message === undefined ? {} : { message }),
			...(this.#failure === undefined && blocked === undefined && isTriedAgain(state)
				? { retry_s: RETRY_MS / 1_000 }
				: {}),
			ledger: files.length === 0 ? EMPTY_LEDGER : addLedgers(files.map(({ ledger }) => ledger)),
			files: files.length,
			...(format === undefined ? {} : { format }),
			...(mapping === undefined ? {} : { mapping }),
			rate: this.#rate.perSecond,
		};
	}

	/** Whether its logs are read as far as they go, but for what was left for later. */
	get isFollowing(): boolean {
		return this.#progress.state === 'following' && !this.#isBehind();
	}

	/** Whether there is more of its logs to be read. */
	get isReading(): boolean {
		return this.#progress.state === 'indexing' || this.#isBehind()
			? this.#failure === undefined
			: this.isFollowing && this.#storage.isReading(this.id);
	}

	/** Its logs, the one seen last first. The journals of a feed that have left are one. */
	files(): readonly SourceFile[] {
		const files = sourceFiles(this.#progress.files, this.#sink.records(), this.#storage);
		return this.config.type === 'feed' ? withOneGone(files, this.config.path) : files;
	}

	/** Why it reads nothing any more. */
	get failure(): string | undefined {
		return this.#failure;
	}

	/** Stops reading; resolves when nothing more will be stored. */
	async stop(): Promise<void> {
		this.#abort.abort();
		await this.#done;
	}
}

/** Whether a follower looks anew by itself because of a state. */
function isTriedAgain(state: SourceState): boolean {
	return state === 'failed' || state === 'missing';
}
