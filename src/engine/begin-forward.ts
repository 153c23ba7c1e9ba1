import { randomUUID } from 'node:crypto';
import type { Forward } from './segments/sqlite/forwards.ts';

/**
 * Where a storage that was not in use begins:
 * - `before`: it was in use when the app ended; one that nobody knows gets all that is stored
 * - `stored`: with all that is stored and that it does not have
 * - `new`: where it was if it was used before, and else with what comes from now on
 * - `rest`: the same, but a ring in memory has what it would still have
 */
export type BeginWith = 'before' | 'stored' | 'new' | 'rest';

/** Where a storage begins that was not in use before, or not lately. */
export function beginning(
	address: string,
	known: Forward | undefined,
	{ beginWith, watermark }: { readonly beginWith: BeginWith; readonly watermark: number },
): Forward {
	const forward = known ?? newForward(address);
	if (known === undefined && (beginWith === 'new' || beginWith === 'rest')) {
		return { ...forward, after: watermark, begun: watermark, had_after: 0, had_to: 0 };
	}
	if (beginWith === 'stored' && forward.begun > 0) {
		// It lacks what was there before it began. Another writer: numbers of one rise.
		const had = { had_after: forward.begun, had_to: forward.after };
		return { ...newForward(address), ...had };
	}
	return forward;
}

/** Of a storage that was given nothing yet, and is meant to have all. */
export function newForward(address: string): Forward {
	const nothing = { after: 0, begun: 0, had_after: 0, had_to: 0, since: 0, missed: 0 };
	return { address, writer: randomUUID(), ...nothing, before: '', before_to: 0 };
}
