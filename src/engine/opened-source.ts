import { AppError } from '#shared/errors.ts';
import type { SourceConfig, SourceId } from '#shared/model/source.ts';
import type { KnownSource, UserData } from './settings-file.ts';
import { targetOf } from './source-target.ts';

const MAX_RECENT = 20;

/** A source that is opened, and what is to be remembered of that. */
export interface OpenedSource {
	readonly known: KnownSource;
	readonly isNew: boolean;
	readonly change: Partial<UserData>;
}

/**
 * What a config with its whole path opens: one log reached by two names is one source. The name is
 * kept: a link may lead on elsewhere.
 */
export function openedSource(data: UserData, config: SourceConfig): OpenedSource {
	const { next_source, sources } = data;
	const found = sourceAt(data, config);
	const change = withRecent(data, config.path);
	if (found !== undefined) {
		return { known: found, isNew: false, change };
	}
	const known = { id: next_source, config };
	return {
		known,
		isNew: true,
		change: { ...change, sources: [...sources, known], next_source: next_source + 1 },
	};
}

/**
 * What is to be remembered of a source that is to be found elsewhere from now on. Throws an
 * `AppError` `source-unavailable` where another source is there already.
 */
export function movedSource(
	data: UserData,
	id: SourceId,
	{ type, path }: SourceConfig,
): Partial<UserData> {
	const other = sourceAt(data, { type, path });
	const moved = data.sources.find((source) => source.id === id);
	if (other !== undefined && other.id !== id) {
		throw new AppError('source-unavailable', `${path} is open already, as another source.`);
	}
	if (moved === undefined || moved.config.type === 'feed') {
		throw new AppError(
			'source-unavailable',
			'Only a file, a folder or a pattern can be elsewhere.',
		);
	}
	const { mapping } = moved.config;
	const config = { type, path, ...(mapping === undefined ? {} : { mapping }) };
	return {
		...withRecent(data, path),
		sources: data.sources.map((source) => (source.id === id ? { id, config } : source)),
	};
}

/** The source that a config leads to. */
function sourceAt({ sources }: UserData, { type, path }: SourceConfig): KnownSource | undefined {
	const target = targetOf(type, path);
	return sources.find(
		({ config: other }) =>
			other.type === type && (other.path === path || targetOf(type, other.path) === target),
	);
}

function withRecent({ settings }: UserData, path: string): Pick<UserData, 'settings'> {
	const recent = [path, ...settings.recent.filter((other) => other !== path)];
	return { settings: { ...settings, recent: recent.slice(0, MAX_RECENT) } };
}
