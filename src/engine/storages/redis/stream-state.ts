import type { Reply } from './redis-connection.ts';

/** What `XINFO STREAM` says. */
export interface StreamState {
	readonly length: number;
	/** The newest id that was ever given out. */
	readonly lastId: string;
	/** The id of the oldest entry; `undefined`: there is none. */
	readonly firstId: string | undefined;
	/** Entries that were ever added; known from Redis 7 on. */
	readonly added: number | undefined;
}

/** Reads the answer to `XINFO STREAM`, which is names and values in turn. */
export function streamState(reply: Reply): StreamState | undefined {
	if (!Array.isArray(reply)) {
		return undefined;
	}
	const list = reply as readonly Reply[];
	const valueOf = (name: string): Reply | undefined => {
		const at = list.findIndex((item, index) => index % 2 === 0 && item === name);
		return at === -1 ? undefined : list[at + 1];
	};
	const first = valueOf('first-entry');
	const firstId: unknown = Array.isArray(first) ? first[0] : undefined;
	const added = valueOf('entries-added');
	return {
		length: Number(valueOf('length') ?? 0),
		lastId: String(valueOf('last-generated-id') ?? '0-0'),
		firstId: typeof firstId === 'string' ? firstId : undefined,
		added: typeof added === 'number' ? added : undefined,
	};
}
