import type { EntryOrigin } from '../log-storage.ts';

/**
 * Where an entry comes from is written into its `extra`, as the last member: a field of its own
 * would break the seed's way of reading, `LogEntry(**fields)`, which takes AsyncZ's six alone.
 *
 * - no `extra`: `{"asyncz_companion": "writer:17"}`
 * - an empty one, `{}`: `{ "asyncz_companion": "writer:17"}`
 * - any other: `{"rows": 1520, "asyncz_companion": "writer:17"}`
 *
 * so that taking it out again gives the text that there was, to the letter. What is no object becomes
 * the member `extra` of one first.
 */
export function withOrigin(extra: string | undefined, origin: EntryOrigin): string {
	const member = `"asyncz_companion": "${originText(origin)}"}`;
	const object = objectOf(extra);
	if (object === undefined) {
		return `{${member}`;
	}
	const inner = object.slice(0, -1);
	return `${inner}${inner.slice(1).trim() === '' ? ' ' : ', '}${member}`;
}

/** `writer:number`: what an entry is recognised by. */
export function originText({ writer, number }: EntryOrigin): string {
	return `${writer}:${number}`;
}

/** What `withOrigin` was given. */
export interface ExtraWithOrigin {
	readonly extra: string | undefined;
	/** As `originText` has it. */
	readonly origin: string;
}

const MEMBER = /"asyncz_companion": "([a-zA-Z0-9-]{1,64}:\d{1,16})"\}$/;

/** Takes an origin out of an `extra`; `undefined` where none is in it. */
export function splitOrigin(extra: string): ExtraWithOrigin | undefined {
	// Most of what others write has none, and a search in a long text would not be for free.
	const found = MEMBER.exec(extra.slice(-120));
	const [member = '', origin] = found ?? [];
	const before = extra.slice(0, extra.length - member.length);
	if (origin === undefined || !before.startsWith('{')) {
		return undefined;
	}
	if (before === '{') {
		return { extra: undefined, origin };
	}
	const gap = before.endsWith(', ') ? 2 : before.endsWith(' ') ? 1 : 0;
	return gap === 0 ? undefined : { extra: `${before.slice(0, -gap)}}`, origin };
}

function objectOf(extra: string | undefined): string | undefined {
	const text = extra?.trim();
	if (text === undefined || text === '' || text === 'null') {
		return undefined;
	}
	return /^\{[^]*\}$/.test(text) ? text : `{"extra": ${JSON.stringify(text)}}`;
}
