import { watch } from 'chokidar';

/**
 * Wakes a reader when its file may have changed. The watcher makes it quick, the timer makes it
 * right: events can be lost (an inotify queue that overflowed, a network mount), so that the reader
 * looks by itself `pollMs` after the last look, whatever the watcher says.
 */
export class FileWatch {
	readonly #pollMs: number;
	readonly #stop: () => Promise<void>;
	#changed = false;
	#wake: (() => void) | undefined;

	constructor(path: string, pollMs: number) {
		this.#pollMs = pollMs;
		// `atomic` would hold back what looks like an editor's save; we look at the file ourselves.
		const watcher = watch(path, { ignoreInitial: true, atomic: false, awaitWriteFinish: false });
		watcher.on('all', () => this.#notify());
		// A watch that fails (too many of them) leaves the timer, which is enough.
		watcher.on('error', () => this.#notify());
		this.#stop = () => watcher.close();
	}

	/** Resolves at the next change, after `pollMs`, or when `signal` is aborted. */
	async next(signal: AbortSignal): Promise<void> {
		if (!this.#changed && !signal.aborted) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, this.#pollMs);
				const done = () => {
					clearTimeout(timer);
					resolve();
				};
				this.#wake = done;
				signal.addEventListener('abort', done, { once: true });
			});
		}
		this.#changed = false;
		this.#wake = undefined;
	}

	async close(): Promise<void> {
		await this.#stop();
	}

	#notify(): void {
		this.#changed = true;
		this.#wake?.();
	}
}
