import type { StorageAbilities, StorageInfo, StorageNumbers } from '#shared/model/storage.ts';
import { formatBytes, formatCount, formatCountOf } from './format-number.ts';

/** `over the newest 10,000`; nothing where all of the storage was looked at. */
export function overText(over: number | undefined): string {
	return over === undefined ? '' : `over the newest ${formatCount(over)}`;
}

/** What to hover over where `overText` stands. */
export const OVER_HINT =
	'This storage does not answer such a question by itself: only its newest entries are looked at. An export has all that match.';

/** The dot beside a storage, as a source has one. */
export function storageDot({ condition }: Pick<StorageInfo, 'condition'>): string {
	return { connecting: 'indexing', ready: 'following', failed: 'failed' }[condition];
}

/** How it is doing, in a sentence. */
export function conditionText({ condition, message, role, hasTaken }: StorageInfo): string {
	switch (condition) {
		case 'connecting':
			return message ?? 'It is being opened.';
		case 'ready':
			// A mirror is only written to: whether that works is seen when it is.
			return (
				message ??
				(role === 'mirror' && hasTaken !== true
					? 'It is open. Nothing was sent to it since.'
					: 'It works.')
			);
		case 'failed':
			return message ?? 'It can’t be reached. It is tried again by itself.';
	}
}

/** `about 12,000 entries · 4.5 MB · 12,500 appended · 500 left to stay within its bounds`. */
export function numbersText({
	size,
	isEstimate,
	appended,
	dropped,
	bytes,
}: StorageNumbers): string {
	return [
		`${isEstimate === true ? 'about ' : ''}${formatCountOf(size, 'entry', 'entries')}`,
		...(bytes === undefined || bytes === 0 ? [] : [formatBytes(bytes)]),
		...(appended === undefined || appended === size ? [] : [`${formatCount(appended)} appended`]),
		...(dropped === undefined || dropped === 0
			? []
			: [`${formatCount(dropped)} left to stay within its bounds`]),
	].join(' · ');
}

/** What it has not got of what was read here, in sentences. */
export function backlogTexts({ waiting, missed, role }: StorageInfo): readonly string[] {
	return [
		...(waiting === 0
			? []
			: [
					`${formatCountOf(waiting, 'entry waits', 'entries wait')} in the local database until it takes ${waiting === 1 ? 'it' : 'them'}.`,
				]),
		...(missed === 0
			? []
			: [
					`${formatCountOf(missed, 'entry', 'entries')} left the local database before ${role === 'mirror' ? 'this mirror' : 'it'} had ${missed === 1 ? 'it' : 'them'}.`,
				]),
	];
}

/** What a storage can do and promises, in words. */
export function abilityTexts(abilities: StorageAbilities): readonly string[] {
	const { durability, delivery, follows, isShared } = abilities;
	return [
		{
			memory: 'Kept in memory alone.',
			disk: 'Kept on a disk: it outlives the app.',
			server: 'As safe as the server keeps it.',
		}[durability],
		{
			once: 'Each entry is in it once, also after a failure.',
			'at-least-once': 'After a failure an entry may be in it twice.',
		}[delivery],
		{
			push: 'It tells at once what others write.',
			poll: 'It is asked now and then what others have written.',
			'own-only': 'Only this app’s own entries are seen as they come.',
		}[follows],
		isShared ? 'Others may write to it at the same time.' : 'Nobody else should write to it.',
	];
}

/** A hint and the SQL in it, which is for copying. */
export interface HintParts {
	readonly text: string;
	readonly sql?: string;
}

/** Takes the SQL at the end of a hint apart from its sentence. */
export function splitHint(hint: string): HintParts {
	const at = hint.search(/\b(?:CREATE|ALTER|GRANT|ANALYZE)\s+[A-Z"]/);
	if (at === -1) {
		return { text: hint };
	}
	return { text: hint.slice(0, at).trimEnd(), sql: hint.slice(at).trim() };
}
