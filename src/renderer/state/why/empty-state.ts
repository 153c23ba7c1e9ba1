import type { Filter } from '#shared/model/query.ts';
import type { SourceStatus } from '#shared/model/source.ts';
import { asksFor, saidOf, topParts } from '../../lib/query-clauses.ts';
import { isLocal, storageInTable } from '../storages/in-table.ts';
import type { ResultSet } from '../result/result-set.svelte.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** Why the table is empty. */
export type EmptyReason =
	/** Nothing has been heard of the engine yet, or rows are about to come. */
	| 'connecting'
	/** The storage that the table shows is not there (yet). */
	| 'no-storage'
	/** The storage that the table shows holds nothing, and gets what comes. */
	| 'empty-storage'
	/** No log is open. */
	| 'no-source'
	/** Logs are open, but hold no entry yet. */
	| 'waiting'
	/** Not all entries have been looked at. */
	| 'searching'
	/** The user has ended the search before all were. */
	| 'stopped'
	/** All have been, and none matches the filter. */
	| 'no-match'
	/** The view was paused before the first entry came. */
	| 'paused';

/** The sources whose entries the table would show. */
export function sourcesInView({ engine, query }: Workspace): readonly SourceStatus[] {
	const said = saidOf(query.parsed.root, 'source');
	return engine.sources.filter(({ name }) => said.kind !== 'one' || asksFor(said.value, name));
}

/** The query asks for entries of one source, and nothing else. */
function isSourceOnly({ query }: Workspace): boolean {
	const said = saidOf(query.parsed.root, 'source');
	return (
		said.kind === 'one' && topParts(query.parsed.root).length === 1 && query.range.kind === 'all'
	);
}

/** How many entries each filter would find, asked once for each result. */
export class CountsOfFilters {
	readonly #counts = new WeakMap<ResultSet, Map<string, Promise<number | undefined>>>();

	/** The number of entries of `filter` within the snapshot of `set`; `undefined` if not known. */
	count(set: ResultSet, filter: Filter): Promise<number | undefined> {
		const counts = this.#counts.get(set) ?? new Map<string, Promise<number | undefined>>();
		this.#counts.set(set, counts);
		const key = JSON.stringify(filter);
		const known = counts.get(key) ?? this.#ask(set, filter);
		counts.set(key, known);
		return known;
	}

	async #ask(set: ResultSet, filter: Filter): Promise<number | undefined> {
		try {
			return (await set.countFully({ ...filter, up_to: set.upTo }))?.matched;
		} catch {
			// It is only a help: without it the filter can still be changed.
			return undefined;
		}
	}
}

/** Says why the table shows nothing; only asked when it does. */
export function emptyReason(workspace: Workspace): EmptyReason {
	const { connection, engine, view } = workspace;
	if (connection === 'connecting') {
		return 'connecting';
	}
	const storage = storageInTable(workspace);
	if (storage !== undefined && !isLocal(workspace)) {
		if (storage.condition !== 'ready') {
			return 'no-storage';
		}
		if (engine.storage.size === 0) {
			return 'empty-storage';
		}
	}
	const hasFilter = Object.keys(view.filter).length > 0;
	if (engine.sources.length === 0 && engine.storage.size === 0) {
		return 'no-source';
	}
	if (engine.storage.size === 0) {
		return 'waiting';
	}
	if (view.searching) {
		return 'searching';
	}
	if (view.set.stopped && !view.set.complete) {
		return 'stopped';
	}
	// Only one source is looked at, and has nothing yet.
	if (isSourceOnly(workspace)) {
		return 'waiting';
	}
	if (hasFilter) {
		return 'no-match';
	}
	return view.paused ? 'paused' : 'connecting';
}
