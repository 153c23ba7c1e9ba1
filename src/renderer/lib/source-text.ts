import type { SourceFile, SourceStatus } from '#shared/model/source.ts';
import { readShare } from './check-ledger.ts';
import type { StateDot } from './feed-text.ts';
import { formatShare } from './format-number.ts';

/** Whether what is said of a source is that of its feed: its journal is read as it should be. */
function isFeedItself({ type, state }: SourceStatus): boolean {
	return type === 'feed' && (state === 'following' || state === 'indexing');
}

/** How a source is doing, in a word or two. */
export function sourceStateText(source: SourceStatus): string {
	const { state, ledger, feed } = source;
	if (isFeedItself(source) && feed?.state !== 'connected') {
		return feed?.state ?? 'not connected';
	}
	return state === 'indexing' ? `indexing ${formatShare(readShare(ledger))}` : state;
}

/** How a source is doing, as a colour. A feed that nobody feeds is nothing to worry about. */
export function sourceDot(source: SourceStatus): StateDot {
	const { state, feed } = source;
	if (isFeedItself(source) && feed?.state !== 'connected') {
		return feed?.state === 'retrying' ? 'missing' : 'idle';
	}
	return state;
}

/** What is the matter with a source; `undefined` where all is well. */
export function sourceTrouble({ state, message, feed }: SourceStatus): string | undefined {
	return state !== 'following' && message !== undefined ? message : feed?.message;
}

/** When a source that is not read is tried again; `undefined` where it is not, unless one asks for it. */
export function retryText({ retry_s }: Pick<SourceStatus, 'retry_s'>): string | undefined {
	return retry_s === undefined ? undefined : `Tried every ${retry_s} s.`;
}

/** Whether its logs are not read: there is something to be done about it. */
export function isUnread({ state }: Pick<SourceStatus, 'state'>): boolean {
	return state === 'failed' || state === 'missing';
}

const FILE_STATES: Readonly<Record<SourceFile['state'], readonly [string, string]>> = {
	following: ['following', 'It is open, and what is added appears.'],
	complete: ['complete', 'Nothing more will come; all of it is stored.'],
	gone: ['gone', 'The file is there no more; all that was read of it is stored.'],
	failed: ['failed', ''],
};

/**
 * How one log of a source is doing: a word, a sentence, and whether it is something to look at. A
 * journal is deleted once it is finished and stored, so that it is gone is as it should be.
 */
export function fileStateText({ kind, state }: Pick<SourceFile, 'kind' | 'state'>): {
	readonly word: string;
	readonly sentence: string;
	readonly isWarning: boolean;
} {
	if (kind === 'journal' && state === 'gone') {
		const sentence = 'All of it is stored, so that this journal is needed no more.';
		return { word: 'stored', sentence, isWarning: false };
	}
	const [word, sentence] = FILE_STATES[state];
	return { word, sentence, isWarning: state === 'gone' };
}
