import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** A log record as a Python sent it. */
export interface PickledRecord {
	readonly kind: string;
	/** Without the length before it. */
	readonly frame: Buffer;
	/** What the app has to make of it; ASCII. */
	readonly line: string;
	/** The Pythons that send exactly this. */
	readonly versions: readonly string[];
}

const SCRIPT = fileURLToPath(new URL('python/pickle_records.py', import.meta.url));
const RECORDED = new URL('../fixtures/pickle-records.jsonl.gz', import.meta.url);

/**
 * What Python 3.6 to 3.13 sent, recorded with `pickle_records.py --merge` and gzip.
 */
export function recordedFrames(): readonly PickledRecord[] {
	return recordsOf(gunzipSync(readFileSync(RECORDED)).toString('utf8'));
}

/** What this machine's `python3` sends, in a protocol; SocketHandler's own is 1. */
export function framesOfPython(protocol: number): readonly PickledRecord[] {
	return recordsOf(
		execFileSync('python3', [SCRIPT, String(protocol)], {
			encoding: 'utf8',
			maxBuffer: 2 ** 26,
		}),
	);
}

/** A text with all that is not ASCII escaped, as Python's `json.dumps` writes it. */
export function asciiJson(text: string): string {
	return text.replace(
		/[^ -~]/g,
		(char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

function recordsOf(text: string): readonly PickledRecord[] {
	return text
		.trimEnd()
		.split('\n')
		.map((line) => {
			const record = JSON.parse(line) as Omit<PickledRecord, 'frame'> & { frame: string };
			const { versions = ['this'] } = record;
			return { ...record, versions, frame: Buffer.from(record.frame, 'base64').subarray(4) };
		});
}
