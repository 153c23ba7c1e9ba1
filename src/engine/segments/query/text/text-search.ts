import { gramBits, longestSafeRun } from '../../../scan/grams.ts';
import type { TextSearch } from '../plan/plan.ts';

/**
 * A search for messages that contain a text, in any case; with `isBound` one that only says which
 * messages may.
 */
export function textSearch(text: string, isBound = false): TextSearch {
	const needle = text.toLowerCase();
	const bytes = Buffer.from(needle);
	const run = longestSafeRun(needle);
	return {
		needle,
		bytes: bytes.length === needle.length && !needle.includes('\0') ? bytes : undefined,
		run: run === '' ? undefined : Buffer.from(run),
		grams: gramBits(bytes),
		isBound,
	};
}
