import { watch } from 'chokidar';
import type { FSWatcher } from 'chokidar';

/** A timer that comes so late has slept with the machine, or was held up: events may be lost. */
const LATE_MS = 1_000;

/**
 * Wakes a reader when files in some folders may have changed. The watcher makes it quick, the timer
 * makes it right: events can be lost (an inotify queue that overflowed, too many watches, a network
 * mount), so that the reader looks by itself after a while, whatever the watcher says.
 */
export class FolderWatch {
	readonly #signal: AbortSignal;
	readonly #watcher: FSWatcher | undefined;
	readonly #notify: () => void;
	readonly #folders = new Set<string>();
	#paths = new Set<string>();
	#changed = false;
	#wake: (() => void) | undefined;
	needsScan = false;

	/** Also wakes when `signal` is aborted, and waits no more then. */
	constructor(isWatching: boolean, signal: AbortSignal) {
		this.#signal = signal;
		this.#notify = () => {
			this.#changed = true;
			this.#wake?.();
		};
		signal.addEventListener('abort', this.#notify);
		if (isWatching) {
			this.#watcher = watch([], {
				ignoreInitial: true,
				depth: 0,
				// `atomic` would hold back what looks like an editor's save; we look ourselves.
				atomic: false,
				awaitWriteFinish: false,
			});
			this.#watcher.on('all', (event, path) => {
				this.#paths.add(path);
				this.needsScan ||= event !== 'change';
				this.#notify();
			});
			// A watch that fails (too many of them) leaves the timer, which is enough.
			this.#watcher.on('error', () => {
				this.needsScan = true;
				this.#notify();
			});
		}
	}

	/** Watches these folders, and no others. */
	follow(folders: readonly string[]): void {
		const wanted = new Set(folders);
		for (const folder of [...this.#folders].filter((one) => !wanted.has(one))) {
			this.#watcher?.unwatch(folder);
			this.#folders.delete(folder);
		}
		for (const folder of [...wanted].filter((one) => !this.#folders.has(one))) {
			this.#watcher?.add(folder);
			this.#folders.add(folder);
		}
	}

	/** The paths that may have changed since this was asked last. `isScan`: all are looked at. */
	takePaths(isScan: boolean): ReadonlySet<string> {
		const paths = this.#paths;
		this.#paths = new Set();
		this.#changed = false;
		if (isScan) {
			this.needsScan = false;
		}
		return paths;
	}

	/** Resolves at the next change, or after `longestMs`. */
	async next(longestMs: number): Promise<void> {
		if (this.#changed || this.#signal.aborted) {
			return;
		}
		const start = performance.now();
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, longestMs);
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		this.#wake = undefined;
		this.needsScan ||= performance.now() - start > longestMs + LATE_MS;
	}

	async close(): Promise<void> {
		this.#signal.removeEventListener('abort', this.#notify);
		await this.#watcher?.close();
	}
}
