import type { EngineApi } from '#shared/api/engine.ts';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import type { Filter, Query } from '#shared/model/query.ts';
import { quote } from '#shared/query/quoted.ts';
import { messagesOf, secondOf } from '../../lib/pasted-line.ts';

type FindApi = Pick<EngineApi, 'query' | 'getEntry'>;

/** So many entries are offered where several are like the text. */
const MAX_FOUND = 10;

/** Longer texts are looked for by their beginning. */
const MAX_TEXT = 2_000;

const SECOND = 1_000_000;

/**
 * The entries that a pasted line or a part of one can mean, the newest first, whatever the view
 * shows: the one whose line it is exactly, or else up to ten that contain it. `isWanted` ends a
 * search that nobody waits for any more.
 */
export async function findEntries(
	api: FindApi,
	pasted: string,
	isWanted: () => boolean,
): Promise<readonly EntryRow[]> {
	for (const filter of questions(pasted)) {
		const rows = await queryFully(api, { ...filter, limit: MAX_FOUND, offset: 0 }, isWanted);
		if (rows.length > 0) {
			return onlyExact(api, rows, pasted.trim());
		}
	}
	return [];
}

function questions(pasted: string): readonly Filter[] {
	const text = pasted.trim().slice(0, MAX_TEXT);
	if (text === '') {
		return [];
	}
	const second = secondOf(pasted);
	const inMessages = messagesOf(pasted).map((message) => ({ q: message.slice(0, MAX_TEXT) }));
	const anyTime: readonly Filter[] = [...inMessages, { query: `*:${quote(text)}` }];
	return second === undefined
		? anyTime
		: [
				...inMessages.map((filter) => ({
					...filter,
					since: second,
					until: second + SECOND - 1,
				})),
				...anyTime,
			];
}

async function queryFully(
	api: FindApi,
	query: Query,
	isWanted: () => boolean,
): Promise<readonly EntryRow[]> {
	while (isWanted()) {
		const page = await api.query(query);
		// Rows that were found are the newest ones: with enough of them, the search is done.
		if (page.complete || page.rows.length === query.limit) {
			return page.rows;
		}
	}
	return [];
}

async function onlyExact(
	api: FindApi,
	rows: readonly EntryRow[],
	line: string,
): Promise<readonly EntryRow[]> {
	const entries = await Promise.all(rows.map(({ seq }) => api.getEntry({ seq })));
	const exact = entries.filter(
		(entry): entry is LogEntry => entry !== undefined && entry.raw.trim() === line,
	);
	return exact.length > 0 ? exact : rows;
}
