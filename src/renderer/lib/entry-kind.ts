import { EntryFlag } from '#shared/model/entry.ts';

/**
 * What an entry is, for those who look at it:
 * - `log`: a line of a log, as it should be
 * - `quarantined`: a line that could not be read as it should
 * - `gone`: only its columns were kept
 * - `gap`: no line, but the place where some were destroyed
 */
export type EntryKind = 'log' | 'quarantined' | 'gone' | 'gap';

/** Says what an entry is, out of its flags. */
export function entryKind({ flags }: { readonly flags: number }): EntryKind {
	if ((flags & (EntryFlag.gap | EntryFlag.quarantined | EntryFlag.textGone)) === 0) {
		return 'log';
	}
	if ((flags & EntryFlag.gap) !== 0) {
		return 'gap';
	}
	// Without its text there is nothing in it that could be looked at as it was written.
	return (flags & EntryFlag.textGone) === 0 ? 'quarantined' : 'gone';
}
