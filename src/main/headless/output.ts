import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { displayText } from '#shared/format/display-text.ts';

const LF = 0x0a;

/** Bytes as a pipe or a terminal takes them. */
export interface OutputSink {
	/** False: nobody reads any more. */
	write(bytes: Uint8Array): Promise<boolean>;
	end(): Promise<boolean>;
	/** Aborted when nobody reads any more, which is found out by writing. */
	readonly gone: AbortSignal;
}

/**
 * Writes to a pipe as fast as it is read. With `isShown` on a terminal: then what it would act on is
 * made visible, whole lines at a time.
 */
export function createOutput(stream: Writable, isShown: boolean): OutputSink {
	const gone = new AbortController();
	// `| head` has what it wanted: that is no error.
	stream.on('error', () => {
		gone.abort();
	});
	let held = Buffer.alloc(0);
	const put = async (bytes: Uint8Array | string): Promise<boolean> => {
		if (!gone.signal.aborted && bytes.length > 0 && !stream.write(bytes)) {
			await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => {});
		}
		return !gone.signal.aborted;
	};
	return {
		gone: gone.signal,
		write: (bytes) => {
			if (!isShown) {
				return put(bytes);
			}
			const all = Buffer.concat([held, bytes]);
			const end = all.lastIndexOf(LF) + 1;
			held = Buffer.from(all.subarray(end));
			return put(displayText(all.toString('utf8', 0, end)));
		},
		end: () => put(displayText(held.toString())),
	};
}
