import { decodeEntry } from './decode-entry.ts';
import type { DecodedEntry } from './entry-decoder.ts';

/** What the table and its filters need of a line. */
export type DecodedLine = Omit<DecodedEntry, 'format' | 'quarantine'>;

/** The columns of one line, read as `decodeEntry` does. */
export function decodeLine(line: string, arrival: number): DecodedLine {
	const first = decodeEntry(line, { arrival })[0];
	if (first === undefined) {
		throw new Error('Every line is an entry.');
	}
	const { ts, level, severity, message, logger, task_id, flags } = first;
	return { ts, level, severity, message, logger, task_id, flags };
}
