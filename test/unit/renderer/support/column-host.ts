import { DEFAULT_SETTINGS, parseSettings } from '#shared/model/settings.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import type { ColumnHost } from '../../../../src/renderer/state/table/table-columns.svelte.ts';

/** Settings that can be changed, and one source. */
export class HostInTest implements ColumnHost {
	readonly engine: { readonly sources: unknown[]; readonly storage: { readonly kind: 'sqlite' } } =
		{
			sources: ['one'],
			storage: { kind: 'sqlite' },
		};
	settings: Settings = DEFAULT_SETTINGS;

	changeSettings(change: SettingsChange): void {
		this.settings = parseSettings({ ...this.settings, ...change });
	}
}
