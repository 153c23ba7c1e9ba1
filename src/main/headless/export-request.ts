import type { EngineState } from '#shared/api/engine.ts';
import { DEFAULT_EXPORT_COLUMNS } from '#shared/model/export.ts';
import type { ExportRequest } from '#shared/model/export.ts';
import type { SourceId, SourceStatus } from '#shared/model/source.ts';
import type { HeadlessOptions } from './headless-options.ts';

/** All sources of the engine, and those of them that are asked for. */
export interface ChosenSources {
	/** They are in a storage that knows nothing of sources: all that is in it is asked for. */
	readonly areElsewhere: boolean;
	readonly all: readonly SourceStatus[];
	readonly chosen: readonly SourceStatus[];
}

/** `ids`: the sources that are asked for; `undefined`: all, also those that come later. */
export function chooseSources(
	{ sources: all, storage }: Pick<EngineState, 'sources' | 'storage'>,
	ids: ReadonlySet<SourceId> | undefined,
): ChosenSources {
	const chosen = ids === undefined ? all : all.filter(({ id }) => ids.has(id));
	return { all, chosen, areElsewhere: storage.kind !== 'sqlite' };
}

/** What the options ask for, of these sources. `startedAt`: what relative times count from. */
export function exportRequest(
	options: HeadlessOptions,
	{ all, chosen, areElsewhere }: ChosenSources,
	{ startedAt, hasColour }: { readonly startedAt: number; readonly hasColour: boolean },
): ExportRequest {
	const { command, query, range, format, limit, first, gzip, zone } = options;
	const isPart = chosen.length < all.length && !areElsewhere;
	const areSeveral = chosen.length > 1 && !areElsewhere;
	const several = isPart && chosen.length > 1 ? `(${chosen.map(sourceText).join(' OR ')})` : '';
	const [only] = chosen;
	return {
		filter: {
			query,
			also: [range, several].filter((text) => text !== '').join(' '),
			at: startedAt * 1_000,
			zone: zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone,
			...(isPart && chosen.length === 1 && only !== undefined ? { source: only.id } : {}),
		},
		order: options.order ?? (areSeveral ? 'time' : 'arrival'),
		first,
		limit,
		format,
		columns: [
			...(options.columns ??
				(areElsewhere ? DEFAULT_EXPORT_COLUMNS : defaultColumns(options, chosen))),
		],
		head: true,
		gzip,
		time_zone: zone,
		// For people to read; programs get all there is.
		precision: command === 'query' && format === 'text' ? 3 : 6,
		color: hasColour && format === 'text',
	};
}

function sourceText({ name }: SourceStatus): string {
	return `source=${JSON.stringify(name)}`;
}

/** With several sources an entry says which it is from. */
function defaultColumns(
	{ addresses: { listen, connect } }: HeadlessOptions,
	sources: readonly SourceStatus[],
): readonly string[] {
	const [time, level, ...rest] = DEFAULT_EXPORT_COLUMNS;
	const areSeveral = sources.length + listen.length + connect.length > 1 || listen.length > 0;
	return areSeveral ? [time, level, 'source', ...rest] : DEFAULT_EXPORT_COLUMNS;
}
