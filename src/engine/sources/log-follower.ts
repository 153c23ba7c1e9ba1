import type { SourceConfig } from '#shared/model/source.ts';
import type { LogSink } from '../log-sink.ts';
import { tryWith } from './check-file.ts';
import { FileTable, statPath } from './file-table.ts';
import type { StatPath } from './file-table.ts';
import { FollowedLog } from './followed-log.ts';
import { progressOf, stateOf } from './follower-progress.ts';
import type { FollowerProgress } from './follower-progress.ts';
import { FOLLOW_LIMITS, RETRY_MS } from './following.ts';
import type { Following, FollowLimits } from './following.ts';
import { PackedFiles } from './follow-packed.ts';
import { placesFor } from './packed-files.ts';
import { beginLog, beginPlain, isHistory, readOn } from './follow-plain.ts';
import { endIdleLines, endLines, settleLogs } from './lost-logs.ts';
import { isUnmatched, matchLogs } from './match-logs.ts';
import { OpenFiles } from './open-files.ts';
import type { SeenFile } from './seen-file.ts';
import { compareFiles } from './sibling-names.ts';
import { Stop, Stopped } from './stop.ts';
import { FolderWatch } from './watch-folders.ts';

export interface FollowerOptions {
	readonly sink: LogSink;
	/** The first report comes when the newest entries were appended, or when it is known why not. */
	readonly onProgress: (progress: FollowerProgress) => void;
	/** Whether changes of files wake it; without that it looks by the clock only. */
	readonly watcher?: boolean;
	/** How often a file is looked at that was written to lately. */
	readonly pollMs?: number;
	/** How often it is looked for new files. */
	readonly scanMs?: number;
	readonly limits?: Partial<FollowLimits>;
	/** Nothing more will come: a last line without its end is one. */
	readonly endsLines?: boolean;
	/** A clock in ms that never goes back. */
	readonly now?: () => number;
	readonly stat?: StatPath;
	readonly open?: OpenFiles;
}

/** Files that were written to within this time are looked at every `pollMs` … */
const LATELY_MS = 10_000;
/** … all others so often, … */
const IDLE_MS = 1_000;
/** … and rarer if there are many: no more than so many looks in a second. */
const LOOKS_PER_SECOND = 250;
/** While lines keep coming. */
const BUSY_MS = 20;
const BUSY_FOR_MS = 500;

/** Numbers alone are told no more often than this. */
const REPORT_MS = 100;

/** The descriptors of all sources together. */
const SHARED_FILES = new OpenFiles();

/**
 * Follows the logs of a source: finds out which file is which log, reads what is new in them and
 * hands it to a sink, once each. Nothing is taken for granted that the file system says: sizes,
 * inodes and names are hints, a log is known by its content.
 */
export class LogFollower {
	readonly #config: SourceConfig;
	readonly #options: FollowerOptions;
	readonly #following: Following;
	readonly #packed: PackedFiles;
	readonly #stop = new Stop();
	readonly #pollMs: number;
	readonly #scanMs: number;
	#reported: FollowerProgress | undefined;
	#reportedAt = -Infinity;
	#readAt = -Infinity;
	/** When the file that was read last had been written to last; milliseconds since 1970. */
	writtenAt: number | undefined;

	constructor(config: SourceConfig, options: FollowerOptions) {
		const open = options.open ?? SHARED_FILES;
		this.#config = config;
		this.#options = options;
		this.#pollMs = options.pollMs ?? 250;
		this.#scanMs = options.scanMs ?? RETRY_MS;
		const limits = { ...FOLLOW_LIMITS, ...options.limits };
		this.#following = {
			sink: options.sink,
			open,
			table: new FileTable(config, open, options.stat ?? statPath),
			logs: options.sink.generations().map((generation) => new FollowedLog(generation)),
			limits,
			overwritten: new Set(),
			buffer: Buffer.allocUnsafe(limits.chunkBytes),
			now: options.now ?? (() => performance.now()),
			untilStopped: (work) => this.#stop.orUntil(work),
		};
		this.#following.table.wasThere = this.#following.logs.length > 0;
		this.#packed = new PackedFiles(this.#following);
	}

	/** Whether there is more to be read than was: right now, and not when it was told last. */
	get isBehind(): boolean {
		return stateOf(this.#following, this.#config).state === 'indexing';
	}

	/** How it stands now. */
	get progress(): FollowerProgress {
		return progressOf(this.#following, this.#config);
	}

	/**
	 * Follows until `signal` is aborted. No error of a file ends it: each is shown and tried again.
	 * Rejects only with an error of the sink.
	 */
	async run(signal: AbortSignal): Promise<void> {
		const stop = () => this.#stop.stop();
		signal.addEventListener('abort', stop);
		const isWatching = this.#options.watcher ?? process.env['ASYNCZ_COMPANION_WATCHER'] !== 'off';
		const watch = new FolderWatch(isWatching, signal);
		try {
			if (!signal.aborted) {
				await this.#follow(watch, signal);
			}
		} catch (error) {
			if (!(error instanceof Stopped)) {
				throw error;
			}
		} finally {
			signal.removeEventListener('abort', stop);
			await watch.close();
			await this.close();
		}
	}

	/**
	 * One look at the files, and one turn of reading for each: all of them with `scan`, otherwise
	 * those that are due. True if there is more to be done at once.
	 */
	async step(options: {
		readonly scan: boolean;
		readonly paths?: ReadonlySet<string>;
	}): Promise<boolean> {
		const { table, now } = this.#following;
		if (options.scan) {
			await table.scan(now());
		} else if (!(await table.look(this.#dueFiles(options.paths ?? new Set()), now()))) {
			await table.scan(now());
		}
		await matchLogs(this.#following);
		this.#packed.match();
		this.#begin();
		const isReading = await this.#readTurn();
		await this.#packed.turn();
		this.#begin();
		const isBehind = isReading || this.#packed.hasWork;
		await endIdleLines(this.#following);
		await settleLogs(this.#following);
		if (this.#options.endsLines === true && !isBehind) {
			await endLines(this.#following);
		}
		this.#report();
		return isBehind || table.all().some(({ isLost, isTorn }) => isLost || isTorn);
	}

	/** Closes all files. */
	async close(): Promise<void> {
		this.#packed.close();
		for (const file of this.#following.table.all()) {
			await this.#following.table.drop(file);
		}
	}

	/** What no log we know is in holds a new one. */
	#begin(): void {
		for (const file of this.#inOrder(isNew)) {
			if (file.kind === 'plain') {
				beginPlain(this.#following, file);
			} else {
				beginLog(this.#following, file, placesFor(file));
				file.packed = 'open';
			}
		}
	}

	async #follow(watch: FolderWatch, signal: AbortSignal): Promise<void> {
		let nextScan = -Infinity;
		let isBehind = false;
		while (!signal.aborted) {
			const start = performance.now();
			const scan = (start >= nextScan || watch.needsScan) && !(isBehind && start < nextScan);
			isBehind = await this.step({ scan, paths: watch.takePaths(scan) });
			const end = performance.now();
			if (scan) {
				// However many files there are, looking for them takes no more than a small share of the time.
				nextScan = end + Math.max(this.#scanMs, (end - start) * 20);
				watch.follow(this.#following.table.listing.folders);
			}
			if (isBehind) {
				// The loop's turn: others want to be served too.
				await new Promise((resolve) => setImmediate(resolve));
			} else {
				const isBusy = this.#following.now() - this.#readAt < BUSY_FOR_MS;
				await watch.next(isBusy ? Math.min(BUSY_MS, this.#pollMs) : this.#pollMs);
			}
		}
	}

	/** Files that may have changed, as the watcher or the clock says. */
	#dueFiles(paths: ReadonlySet<string>): SeenFile[] {
		const { table, now } = this.#following;
		const files = table.all();
		const idleMs = Math.max(IDLE_MS, (files.length / LOOKS_PER_SECOND) * 1_000);
		const isBusy = now() - this.#readAt < BUSY_FOR_MS;
		return files.filter((file) => {
			const isLate = now() - file.changedAt < LATELY_MS;
			const pause = isBusy && now() - file.changedAt < BUSY_FOR_MS ? BUSY_MS : this.#pollMs;
			return paths.has(file.path) || now() - file.lookedAt >= (isLate ? pause : idleMs) - 1;
		});
	}

	/** One turn for each file: what is new first, then what was rotated away before we came. */
	async #readTurn(): Promise<boolean> {
		const { now } = this.#following;
		let isBehind = false;
		for (const isPast of [false, true]) {
			for (const file of this.#inOrder((one) => hasMore(one, isPast))) {
				const { log } = file;
				if (log !== undefined) {
					const before = log.readEnd;
					this.writtenAt = file.modifiedAt;
					const more = await tryWith(file, now(), () => readOn(this.#following, file, log));
					isBehind ||= more === true;
					if (log.readEnd > before) {
						this.#readAt = now();
					}
				}
			}
			if (this.#reported === undefined) {
				// The newest entries are there.
				this.#report();
			}
		}
		return isBehind;
	}

	/** Some of the files, the oldest first. */
	#inOrder(isWanted: (file: SeenFile) => boolean): SeenFile[] {
		const files = this.#following.table.all();
		const wanted = files.filter(isWanted);
		if (wanted.length < 2) {
			return wanted;
		}
		const newest = new Map<string, number>();
		for (const { name, modifiedAt } of files) {
			newest.set(name.family, Math.max(newest.get(name.family) ?? 0, modifiedAt));
		}
		const familyAge = (file: SeenFile) => newest.get(file.name.family) ?? 0;
		return wanted.toSorted((one, other) =>
			one.name.family === other.name.family
				? Number(one.isListed) - Number(other.isListed) || compareFiles(one, other)
				: familyAge(one) - familyAge(other) || (one.name.family < other.name.family ? -1 : 1),
		);
	}

	/** Tells how it stands: at once if the state is another one, otherwise now and then. */
	#report(): void {
		const at = performance.now();
		const { state, message } = stateOf(this.#following, this.#config);
		const isSame = state === this.#reported?.state && message === this.#reported.message;
		if (isSame && at - this.#reportedAt < REPORT_MS) {
			return;
		}
		this.#reportedAt = at;
		const progress = this.progress;
		if (JSON.stringify(progress) !== JSON.stringify(this.#reported)) {
			this.#reported = progress;
			this.#options.onProgress(progress);
		}
	}
}

/** Whether a file holds something that belongs to no log we know. */
function isNew(file: SeenFile): boolean {
	return isUnmatched(file) || (file.packed === 'new' && file.log === undefined && file.isListed);
}

/** Whether there may be something to read in a plain file, of what is new or of what is past. */
function hasMore({ log, kind, problem, size, isDirty }: SeenFile, isPast: boolean): boolean {
	return (
		log !== undefined &&
		kind === 'plain' &&
		!log.isCut &&
		problem === undefined &&
		isHistory(log) === isPast &&
		(size > log.readEnd || isDirty)
	);
}
