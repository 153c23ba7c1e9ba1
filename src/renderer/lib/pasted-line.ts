/** A row as it is copied from a table, here or elsewhere: time, level, task, logger and message. */
const COPIED_ROW = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/;

/** Keys that the message of a line stands under. */
const MESSAGE_KEYS = ['message', 'msg', 'event', 'text'] as const;

/**
 * What to look for in messages to find the entry of a line that somebody has pasted, the most
 * telling first: the message of a JSON line, what may be the message of a copied row, the text itself.
 */
export function messagesOf(pasted: string): readonly string[] {
	const text = pasted.trim();
	const parts = COPIED_ROW.test(text) ? text.split('  ').map((part) => part.trim()) : [];
	const tails = [2, 3, 4].flatMap((start) =>
		parts.length > start ? [parts.slice(start).join('  ')] : [],
	);
	return [...jsonMessages(text), ...tails.toReversed(), text].filter(
		(message, place, all) => message !== '' && all.indexOf(message) === place,
	);
}

const TIME = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,]\d+)? ?(Z|[+-]\d\d:?\d\d)?/;

/**
 * The second that the first time in a pasted line names, in microseconds since 1970: many lines say
 * the same, but not at the same time. A time without a zone is taken for UTC.
 */
export function secondOf(pasted: string): number | undefined {
	const [, day, clock, zone = 'Z'] = TIME.exec(pasted) ?? [];
	const ms = Date.parse(`${day}T${clock}${zone}`);
	return Number.isNaN(ms) ? undefined : ms * 1_000;
}

function jsonMessages(text: string): readonly string[] {
	if (!text.startsWith('{')) {
		return [];
	}
	try {
		const line = JSON.parse(text) as Readonly<Record<string, unknown>>;
		return MESSAGE_KEYS.flatMap((key) => {
			const value = line[key];
			return typeof value === 'string' ? [value.trim()] : [];
		});
	} catch {
		return []; // a part of a line is looked for as it is
	}
}
