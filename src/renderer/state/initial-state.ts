import type { EngineState } from '#shared/api/engine.ts';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';

/** What is assumed of the engine until it has answered. */
export const INITIAL_STATE: EngineState = {
	storage: {
		kind: 'sqlite',
		size: 0,
		appended: 0,
		dropped: 0,
		bytes: 0,
		unsaved: 0,
		watermark: 0,
		revision: 0,
	},
	sources: [],
	settings: DEFAULT_SETTINGS,
	problems: [],
	endpoints: [],
	storages: [],
	exports: [],
};
