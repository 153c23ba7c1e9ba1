import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 5;

/**
 * Resolves with the first value of `look` that is neither `undefined` nor `false`. Rejects after
 * `deadlineMs`, saying what was waited for and what was there instead.
 */
export async function until<T>(
	what: string,
	look: () => T | undefined | false | Promise<T | undefined | false>,
	options: { readonly deadlineMs?: number; readonly instead?: () => unknown } = {},
): Promise<T> {
	const deadlineMs = options.deadlineMs ?? 10_000;
	const end = performance.now() + deadlineMs;
	for (;;) {
		const found = await look();
		if (found !== undefined && found !== false) {
			return found;
		}
		if (performance.now() > end) {
			const instead = JSON.stringify(await options.instead?.(), undefined, 2) ?? 'nothing more';
			throw new Error(`Waited ${deadlineMs} ms for ${what}. There is: ${instead}`);
		}
		await delay(POLL_MS);
	}
}
