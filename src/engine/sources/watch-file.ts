import { watch } from 'chokidar';

/**
 * Wakes a reader when its file may have changed. The watcher makes it quick, the timer makes it
 * right: events can be lost (an inotify queue that overflowed, a network mount), so that the reader
 * looks by itself after a while, whatever the watcher says.
 */
export class FileWatch {
	readonly #stop: () => Promise<void>;
	readonly #signal: AbortSignal;
	#changed = false;
	#wake: (() => void) | undefined;

	/** Also wakes when `signal` is aborted, and waits no more then. */
	constructor(path: string, signal: AbortSignal) {
		this.#signal = signal;
		// `atomic` would hold back what looks like an editor's save; we look at the file ourselves.
		const watcher = watch(path, { ignoreInitial: true, atomic: false, awaitWriteFinish: false });
		const notify = () => {
			this.#changed = true;
			this.#wake?.();
		};
		watcher.on('all', notify);
		// A watch that fails (too many of them) leaves the timer, which is enough.
		watcher.on('error', notify);
		signal.addEventListener('abort', notify);
		this.#stop = async () => {
			signal.removeEventListener('abort', notify);
			await watcher.close();
		};
	}

	/** Resolves at the next change, or after `longestMs`. */
	async next(longestMs: number): Promise<void> {
		if (!this.#changed && !this.#signal.aborted) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, longestMs);
				this.#wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
		this.#changed = false;
		this.#wake = undefined;
	}

	async close(): Promise<void> {
		await this.#stop();
	}
}
