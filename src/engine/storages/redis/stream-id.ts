/**
 * Ids of a stream's entries, `1792000000000-5`: the milliseconds of the server's clock, or of the
 * entry before where that was later, and a number within them. Each half is a whole number below
 * 2^64; ids only rise. https://redis.io/docs/latest/develop/data-types/streams/#entry-ids
 */

/** So many numbers of a `seq` belong to one millisecond. */
const NUMBERS_PER_MS = 4_096;

/** The first millisecond whose numbers are beyond 2^53: in the year 2039. */
const FIRST_UNFIT_MS = 2 ** 41;

const MAX_HALF = 2n ** 64n - 1n;

/** Before every id there can be. */
export const FIRST_ID = '0-0';

/**
 * The `seq` of an id: ms · 4096 + n. `undefined` where that has no room: for n from 4,096 on, as
 * where the server's clock was set back and the number had to go on counting, and for milliseconds
 * from 2^41 on, as where ids were given by hand.
 */
export function seqOf(id: string): number | undefined {
	const dash = id.indexOf('-');
	const ms = Number(id.slice(0, dash));
	const number = Number(id.slice(dash + 1));
	return ms < FIRST_UNFIT_MS && number < NUMBERS_PER_MS ? ms * NUMBERS_PER_MS + number : undefined;
}

/** The id with a `seq`. */
export function idOfSeq(seq: number): string {
	return `${Math.floor(seq / NUMBERS_PER_MS)}-${seq % NUMBERS_PER_MS}`;
}

/** The id right before another one; `undefined` if there is none. */
export function idBefore(id: string): string | undefined {
	const [ms, number] = halvesOf(id);
	if (number > 0n) {
		return `${ms}-${number - 1n}`;
	}
	return ms > 0n ? `${ms - 1n}-${MAX_HALF}` : undefined;
}

/** Below 0 if the first one is older, above 0 if it is newer. */
export function compareIds(first: string, second: string): number {
	if (first === second) {
		return 0;
	}
	const [ms, number] = halvesOf(first);
	const [otherMs, otherNumber] = halvesOf(second);
	if (ms !== otherMs) {
		return ms < otherMs ? -1 : 1;
	}
	return number < otherNumber ? -1 : number > otherNumber ? 1 : 0;
}

/** When it was given out, in microseconds since 1970; the latest time there is for a wild one. */
export function timeOfId(id: string): number {
	return Math.min(Number(id.slice(0, id.indexOf('-'))) * 1_000, Number.MAX_SAFE_INTEGER);
}

function halvesOf(id: string): readonly [bigint, bigint] {
	const dash = id.indexOf('-');
	return [BigInt(id.slice(0, dash)), BigInt(id.slice(dash + 1))];
}
