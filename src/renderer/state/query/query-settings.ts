import { zoneName } from '../../lib/zone-name.ts';
import type { Workspace } from '../workspace.svelte.ts';
import type { QuerySettings } from './asked-filter.svelte.ts';

/** What a query's times and marks mean in a window. */
export function querySettingsOf({ settings, view }: Workspace): QuerySettings {
	const { time_zone, marks } = settings;
	return {
		zone: zoneName(time_zone),
		marked: marks.map(({ seq }) => seq),
		seenTo: view.seenTo,
		notes: marks.flatMap(({ seq, note }) => (note === undefined ? [] : [{ seq, text: note }])),
	};
}
