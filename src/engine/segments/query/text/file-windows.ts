import { readFully } from './read-fully.ts';

/** A read of so many bytes costs hardly more than one of a line, and has its neighbours as well. */
const WINDOW_BYTES = 32 * 1024;
const MAX_WINDOWS = 256;

/**
 * Parts of files that were read lately. What a log has once it has for good, so that only whole
 * windows are kept: the last one of a file may still grow.
 */
export class FileWindows {
	/** By file and place; the one used last stands last. */
	readonly #windows = new Map<string, Buffer>();
	/**
	 * Windows to be read into again. New ones would be garbage that V8 counts as memory it was asked
	 * for: it marked its whole heap after each few dozen jumps, and the next one waited for that.
	 */
	readonly #spare: Buffer[] = [];

	/** Fills `into`, which is smaller than a window, from an offset on; false if the file has no more. */
	read(file: number, fd: number, offset: number, into: Uint8Array): boolean {
		for (let at = 0; at < into.length;) {
			const place = Math.floor((offset + at) / WINDOW_BYTES);
			const start = offset + at - place * WINDOW_BYTES;
			const window = this.#window(file, fd, place);
			if (window === undefined) {
				return readFully(fd, into.subarray(at), offset + at);
			}
			const part = window.subarray(start, start + into.length - at);
			into.set(part, at);
			at += part.length;
		}
		return true;
	}

	/** A file is another one, or was closed. */
	forget(file: number): void {
		for (const [key, window] of this.#windows) {
			if (key.startsWith(`${file}:`)) {
				this.#windows.delete(key);
				this.#spare.push(window);
			}
		}
	}

	#window(file: number, fd: number, place: number): Buffer | undefined {
		const key = `${file}:${place}`;
		const known = this.#windows.get(key);
		if (known !== undefined) {
			this.#windows.delete(key);
			this.#windows.set(key, known);
			return known;
		}
		const window = this.#emptyWindow();
		let isRead = false;
		try {
			isRead = readFully(fd, window, place * WINDOW_BYTES);
		} finally {
			if (isRead) {
				this.#windows.set(key, window);
			} else {
				this.#spare.push(window);
			}
		}
		return isRead ? window : undefined;
	}

	/** One that is in no use: new, or the one whose use is longest ago. */
	#emptyWindow(): Buffer {
		const [oldest] = this.#windows.size < MAX_WINDOWS ? [] : this.#windows;
		if (oldest !== undefined) {
			const [key, window] = oldest;
			this.#windows.delete(key);
			return window;
		}
		return this.#spare.pop() ?? Buffer.allocUnsafe(WINDOW_BYTES);
	}
}
