import { formatBytes, formatCount } from './format-number.ts';

/**
 * How far the table is behind what is written: bytes that are still to be read, else the time that
 * the newest entries took. `45 ms`, `1.2 s`, `3.4 MB to read`; `–` before anything came.
 */
export function lagText(ms: number | undefined, unreadBytes: number): string {
	if (unreadBytes > 0) {
		return `${formatBytes(unreadBytes)} to read`;
	}
	if (ms === undefined) {
		return '–';
	}
	// Never rounded down: it is not to look better than it is.
	return ms < 1_000
		? `${formatCount(Math.ceil(ms))} ms`
		: `${(Math.ceil(ms / 100) / 10).toFixed(1)} s`;
}

/** Bytes of memory, as far as each part can tell. */
export interface MemoryBytes {
	/** What the engine's process has in RAM, with all its threads. */
	readonly engine: number;
	/** The objects of this page; only some browsers tell. */
	readonly page: number | undefined;
}

const MB = 1_024 ** 2;

/** Memory of the engine and of the page, which not every browser tells: `158 + 9 MB`. */
export function memoryText({ engine, page }: MemoryBytes): string {
	const parts = page === undefined ? [engine] : [engine, page];
	return `${parts.map((bytes) => formatCount(Math.ceil(bytes / MB))).join(' + ')} MB`;
}
