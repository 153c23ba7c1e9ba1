import type { ReadingState } from './exports/exports.ts';
import type { RunningSources } from './running-sources.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';
import type { StoragesInUse } from './storages-in-use.ts';

/** How far the sources of an engine are. */
export function readingState(
	storage: SegmentStorage,
	sources: RunningSources,
	storages: StoragesInUse,
): ReadingState {
	const { generations } = storage;
	return {
		isReading: (wanted) =>
			sources.all.some(
				(source) => (wanted === undefined || source.id === wanted) && source.isReading,
			),
		readAfter: () => {
			// Another storage has numbers of its own.
			if (storages.active !== storage || sources.all.some(({ isFollowing }) => !isFollowing)) {
				return undefined;
			}
			const ends = [...generations.all()].flatMap(({ id }) =>
				generations.missing(id).map(({ start, end, base }) => base + end - start),
			);
			return Math.max(-1, ...ends);
		},
		untilShown: (signal) => storages.untilShown(signal),
		readBytes: () =>
			[...generations.all()].reduce((sum, { id }) => sum + generations.covered(id).bytes, 0),
	};
}

/** The `seq` before which all entries are there, whatever is still being read; infinite if nothing is. */
export function readBefore(
	{ generations }: Pick<SegmentStorage, 'generations'>,
	sources: RunningSources,
): number {
	let first = Infinity;
	for (const { id, isReading, isFollowing } of sources.all) {
		for (const log of isReading ? generations.of(id) : []) {
			for (const { base } of generations.missing(log.id)) {
				first = Math.min(first, base);
			}
			// A compressed log, say, is read into the places kept free for it.
			if (!isFollowing && !log.isClosed && !log.isDestroyed && log.used < log.reserved) {
				first = Math.min(first, log.base + log.used);
			}
		}
	}
	return first;
}
