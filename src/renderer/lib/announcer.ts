import { formatCount, formatCountOf } from './format-number.ts';

/** What a spoken summary is made of. */
export interface Heard {
	/** The filter, in one spelling. */
	readonly filter: string;
	readonly matched: number;
	readonly added: number;
	readonly errors: number;
	readonly isSearching: boolean;
	readonly isConnected: boolean;
	/** The reader is at the live edge: away from it they read, and are left in peace. */
	readonly isFollowing: boolean;
}

/**
 * What to say to someone who does not see the table: what a filter found, what came since it was
 * last said, whether the line is lost. `undefined` when there is nothing worth an interruption.
 */
export function announcement(before: Heard | undefined, now: Heard): string | undefined {
	if (!now.isConnected) {
		return before?.isConnected === true ? 'Disconnected, trying again.' : undefined;
	}
	if (now.isSearching) {
		return undefined;
	}
	if (before === undefined || before.filter !== now.filter || before.isSearching) {
		return `${formatCountOf(now.matched, 'entry', 'entries')} found.`;
	}
	if (!before.isConnected) {
		return 'Connected again.';
	}
	const added = now.added - before.added;
	if (!now.isFollowing || added <= 0) {
		return undefined;
	}
	const errors = now.errors - before.errors;
	const tail = errors > 0 ? `, ${formatCountOf(errors, 'error', 'errors')}` : '';
	return `${formatCount(added)} new${tail}.`;
}
