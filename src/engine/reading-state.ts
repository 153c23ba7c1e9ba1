import type { ReadingState } from './exports/exports.ts';
import type { RunningSources } from './running-sources.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';

/** How far the sources of an engine are. */
export function readingState(storage: SegmentStorage, sources: RunningSources): ReadingState {
	const { generations } = storage;
	return {
		isReading: (wanted) =>
			sources.all.some(
				(source) => (wanted === undefined || source.id === wanted) && source.isReading,
			),
		readAfter: () => {
			if (sources.all.some(({ isFollowing }) => !isFollowing)) {
				return undefined;
			}
			const ends = [...generations.all()].flatMap(({ id }) =>
				generations.missing(id).map(({ start, end, base }) => base + end - start),
			);
			return Math.max(-1, ...ends);
		},
		readBytes: () =>
			[...generations.all()].reduce((sum, { id }) => sum + generations.covered(id).bytes, 0),
	};
}
