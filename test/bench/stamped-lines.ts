import { createLineSource } from './generate-log.ts';

const POOL = 1_000;

/**
 * Realistic lines that carry their number: `next(n, ms)` is line `n`, written at `ms`; its message
 * begins with `line n `.
 */
export function createStampedLines(seed = 1): (number: number, ms: number) => string {
	const source = createLineSource(seed);
	const pool = Array.from({ length: POOL }, (_, index) => {
		const [, beforeMessage = '', rest = ''] =
			/("level": .*?"message": ")(.*)$/s.exec(source(index)) ?? [];
		return { beforeMessage, rest };
	});
	let stampedMs = NaN;
	let stamp = '';
	return (number, ms) => {
		if (ms !== stampedMs) {
			stampedMs = ms;
			stamp = new Date(ms).toISOString().replace('T', ' ').replace('Z', '000+00:00');
		}
		const { beforeMessage, rest } = pool[number % POOL] as (typeof pool)[number];
		return `{"ts": "${stamp}", ${beforeMessage}line ${number} ${rest}`;
	};
}

/** The number in a message of such a line; `undefined` for any other message. */
export function numberOf(message: string): number | undefined {
	const digits = /^line (\d+) /.exec(message)?.[1];
	return digits === undefined ? undefined : Number(digits);
}
