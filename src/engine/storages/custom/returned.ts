import * as v from 'valibot';
import { parseJson } from '#shared/json/parse-json.ts';
import type { StorageAbilities } from '#shared/model/storage.ts';
import type { StoragePage, StorageQuery, StorageStats, StoredEntry } from '../log-storage.ts';

/** What a module gave is not what a storage gives: the message says what, and where. */
export class WrongAnswer extends Error {}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const abilitiesSchema = v.object({
	durability: v.picklist(['memory', 'disk', 'server']),
	delivery: v.picklist(['once', 'at-least-once']),
	follows: v.picklist(['push', 'poll', 'own-only']),
	isShared: v.boolean(),
	readOnly: v.optional(v.string()),
	hints: v.optional(v.array(v.string())),
});

const entrySchema = v.object({
	id: v.pipe(v.string(), v.nonEmpty('an id that is not empty is needed')),
	ts: v.pipe(v.number(), v.integer('whole microseconds since 1970 are needed')),
	level: v.string(),
	message: v.string(),
	logger: v.string(),
	task_id: v.nullish(v.string()),
	extra: v.nullish(
		v.pipe(
			v.string('the JSON text of an object is needed'),
			v.check((text) => parseJson(text)?.kind === 'object', 'it is no JSON text of an object'),
		),
	),
	seq: v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
	raw: v.nullish(v.string()),
	problem: v.nullish(v.string()),
});

const pageSchema = v.object({ entries: v.array(v.unknown()), isEnd: v.boolean() });

const statsSchema = v.object({
	size: count,
	isEstimate: v.optional(v.boolean()),
	appended: v.optional(count),
	dropped: v.optional(count),
	bytes: v.optional(count),
});

const METHODS = ['append', 'query', 'stats', 'follow', 'close'] as const;

/** The methods that a module's storage has to have. */
export type ModuleStorage = Record<(typeof METHODS)[number], (...args: unknown[]) => unknown> & {
	readonly abilities: unknown;
};

/** Throws a `WrongAnswer` for what is no storage. */
export function readStorage(value: unknown): ModuleStorage {
	if (typeof value !== 'object' || value === null) {
		throw new WrongAnswer('openStorage has to return a storage, an object with its methods');
	}
	for (const name of METHODS) {
		if (typeof (value as Record<string, unknown>)[name] !== 'function') {
			throw new WrongAnswer(`the storage has no method ${name}`);
		}
	}
	const storage = value as ModuleStorage;
	readAbilities(storage.abilities);
	return storage;
}

/** Throws a `WrongAnswer` for what are no abilities. */
export function readAbilities(value: unknown): StorageAbilities {
	return read(abilitiesSchema, value, 'abilities') as StorageAbilities;
}

/** Throws a `WrongAnswer` for what are no stats. */
export function readStats(value: unknown): StorageStats {
	return read(statsSchema, value, 'stats') as StorageStats;
}

/** An entry with nothing but its fields; throws a `WrongAnswer` for what is none. */
export function readEntry(value: unknown, what: string): StoredEntry {
	const entry = read(entrySchema, value, what);
	const fields = Object.entries(entry).filter(([, field]) => field !== undefined && field !== null);
	return Object.fromEntries(fields) as unknown as StoredEntry;
}

/** A page that answers its query; throws a `WrongAnswer` with the first entry that does not belong. */
export function readPage(value: unknown, query: StorageQuery): StoragePage {
	const { entries, isEnd } = read(pageSchema, value, 'the answer to query');
	const { before, limit, matches, order } = query;
	if (entries.length > limit) {
		throw new WrongAnswer(`query returned ${entries.length} entries, asked for ${limit}`);
	}
	if (entries.length === 0 && !isEnd) {
		throw new WrongAnswer('query returned no entries and says that there are more');
	}
	const ids = new Set(before === undefined ? [] : [before.id]);
	let last = before;
	const found = entries.map((item, index) => {
		const entry = readEntry(item, `entry ${index} of query`);
		if (ids.has(entry.id)) {
			throw new WrongAnswer(`query returned the entry ${entry.id} twice`);
		}
		ids.add(entry.id);
		if (!matches(entry)) {
			throw new WrongAnswer(`query returned the entry ${entry.id}, which does not match`);
		}
		if (last !== undefined && !isBehind(entry, last, order)) {
			throw new WrongAnswer(
				`query returned the entry ${entry.id} behind ${last.id}, which is older (order: ${order})`,
			);
		}
		last = entry;
		return entry;
	});
	return { entries: found, isEnd };
}

function isBehind(entry: StoredEntry, last: StoredEntry, order: StorageQuery['order']): boolean {
	if (order === 'time' && entry.ts !== last.ts) {
		return entry.ts < last.ts;
	}
	return entry.seq === undefined || last.seq === undefined || entry.seq < last.seq;
}

function read<T extends v.GenericSchema>(
	schema: T,
	value: unknown,
	what: string,
): v.InferOutput<T> {
	const result = v.safeParse(schema, value);
	if (!result.success) {
		const [issue] = result.issues;
		const path = v.getDotPath(issue);
		throw new WrongAnswer(`${what}${path === null ? '' : `, ${path}`}: ${issue.message}`);
	}
	return result.output;
}
