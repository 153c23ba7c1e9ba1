import type { Ledger } from '#shared/model/source.ts';

/** Whether an account adds up; where it does not, what is missing in it (negative: too much). */
export interface LedgerCheck {
	readonly addsUp: boolean;
	readonly missing_bytes: number;
	/** Lines and further entries of which nobody says what became of them. */
	readonly missing_lines: number;
}

/**
 * Does the sums of an account anew, from its parts: `bytes = read + waiting + unread` and
 * `lines + further entries = entries + quarantined + joined`.
 */
export function checkLedger(ledger: Ledger): LedgerCheck {
	const missing_bytes =
		ledger.size_bytes - ledger.read_bytes - ledger.held_bytes - ledger.unread_bytes;
	const missing_lines =
		ledger.lines + ledger.extra_entries - ledger.entries - ledger.quarantined - ledger.joined_lines;
	return { addsUp: missing_bytes === 0 && missing_lines === 0, missing_bytes, missing_lines };
}

/**
 * Lines that went missing in any of these accounts. One by one: what one has too much must not make
 * up for what another one lacks.
 */
export function unaccountedLines(ledgers: readonly Ledger[]): number {
	return ledgers.reduce((sum, ledger) => sum + Math.abs(checkLedger(ledger).missing_lines), 0);
}

/** How much of a log is read, 0 to 1; what waits for the rest of its line is as good as read. */
export function readShare(ledger: Ledger): number {
	const { size_bytes, unread_bytes } = ledger;
	return size_bytes === 0 ? 1 : Math.max(1 - unread_bytes / size_bytes, 0);
}
