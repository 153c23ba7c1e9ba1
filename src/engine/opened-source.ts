import type { SourceConfig } from '#shared/model/source.ts';
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
	const { settings, next_source, sources } = data;
	const { type, path } = config;
	const target = targetOf(type, path);
	const found = sources.find(
		({ config: other }) =>
			other.type === type && (other.path === path || targetOf(type, other.path) === target),
	);
	const recent = [path, ...settings.recent.filter((other) => other !== path)];
	const change = { settings: { ...settings, recent: recent.slice(0, MAX_RECENT) } };
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
