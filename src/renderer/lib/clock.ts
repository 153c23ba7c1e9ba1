import type { Unsubscribe } from '#shared/rpc/channel.ts';

/** Time, as state classes are given it: tests hand in their own. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Calls `callback` once, `delayMs` from now, unless it is called off. */
	after(delayMs: number, callback: () => void): Unsubscribe;
}

/** The browser's own time. */
export const browserClock: Clock = {
	now: () => Date.now(),
	after: (delayMs, callback) => {
		const timer = setTimeout(callback, delayMs);
		return () => clearTimeout(timer);
	},
};
