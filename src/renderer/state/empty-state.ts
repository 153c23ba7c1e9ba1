import type { Workspace } from './workspace.svelte.ts';

/** Why the table is empty. */
export type EmptyReason =
	/** Nothing has been heard of the engine yet, or rows are about to come. */
	| 'connecting'
	/** No log is open. */
	| 'no-source'
	/** Logs are open, but hold no entry yet. */
	| 'waiting'
	/** Not all entries have been looked at. */
	| 'searching'
	/** All have been, and none matches the filter. */
	| 'no-match'
	/** The view was paused before the first entry came. */
	| 'paused';

/** Says why the table shows nothing; only asked when it does. */
export function emptyReason({ connection, engine, view }: Workspace): EmptyReason {
	if (connection === 'connecting') {
		return 'connecting';
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
	if (hasFilter) {
		return 'no-match';
	}
	return view.paused ? 'paused' : 'connecting';
}
