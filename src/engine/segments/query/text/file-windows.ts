import { ReadBuffers } from './read-buffers.ts';
import { readFully } from './read-fully.ts';

/** A read of so many bytes costs hardly more than one of a line, and has its neighbours as well. */
const WINDOW_BYTES = 32 * 1024;
const MAX_WINDOWS = 256;

/**
 * Parts of files that were read lately. What a log has once it has for good, so that only whole
 * windows are kept: the last one of a file may still grow.
 */
export class FileWindows {
	/** By file and place. */
	readonly #windows = new ReadBuffers<string>(WINDOW_BYTES, MAX_WINDOWS);

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
		this.#windows.forget((key) => key.startsWith(`${file}:`));
	}

	#window(file: number, fd: number, place: number): Buffer | undefined {
		const key = `${file}:${place}`;
		return (
			this.#windows.get(key) ??
			this.#windows.read(key, (into) => readFully(fd, into, place * WINDOW_BYTES))
		);
	}
}
