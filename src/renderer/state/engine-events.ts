import type { EngineEvents } from '#shared/api/engine.ts';
import { forgetClosed } from './query/source-query.ts';
import { storageInTable } from './storages/in-table.ts';
import { leaveStorage } from './storages/leave-storage.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What a window does at what the engine tells. `askAgain`: everything is to be asked for anew. */
export function engineEvents(workspace: Workspace, askAgain: () => void): EngineEvents {
	return {
		storageChanged: (storage) => {
			workspace.engine = { ...workspace.engine, storage };
			workspace.view.storageChanged(storage);
			workspace.tools.marks.storageChanged(storage);
			workspace.details.storageChanged(storage.watermark);
		},
		sourcesChanged: (sources) => {
			const before = workspace.engine.sources;
			workspace.engine = { ...workspace.engine, sources };
			forgetClosed(workspace, before);
		},
		settingsChanged: (settings) => workspace.settingsUnderWay.told(settings),
		problemsChanged: (problems) => {
			workspace.engine = { ...workspace.engine, problems };
		},
		endpointsChanged: (endpoints) => {
			workspace.engine = { ...workspace.engine, endpoints };
		},
		storagesChanged: (storages) => {
			const before = storageInTable(workspace)?.address;
			workspace.engine = { ...workspace.engine, storages };
			if (before !== undefined && before !== storageInTable(workspace)?.address) {
				leaveStorage(workspace);
				askAgain();
			}
		},
		exportsChanged: (exports) => {
			workspace.engine = { ...workspace.engine, exports };
			workspace.exports.told(exports);
		},
	};
}
