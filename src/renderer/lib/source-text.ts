import type { SourceStatus } from '#shared/model/source.ts';
import { readShare } from './check-ledger.ts';
import { formatShare } from './format-number.ts';

/** How a source is doing, in a word or two. */
export function sourceStateText({ state, ledger }: SourceStatus): string {
	return state === 'indexing' ? `indexing ${formatShare(readShare(ledger))}` : state;
}
