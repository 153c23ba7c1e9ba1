import type { AppFiles } from '../app-files.ts';
import { EngineHost } from '../engine-host.ts';
import { FeedHost } from '../feed-host.ts';
import type { FeedAddresses } from '../feed-host.ts';
import { forkEngine } from '../fork-engine.ts';

/** The engine of a run, and what takes records for it. */
export interface RunningEngine {
	readonly engine: EngineHost;
	/** Hangs up and writes what has come; nothing comes any more then. */
	hangUp(): Promise<void>;
	/** Ends both; in order, or at once where nothing is to be kept. */
	close(inOrder: boolean): Promise<void>;
}

/**
 * An engine that is still to be opened. `addresses`: where feeds come from, those of the settings
 * apart; `endsLines`: nothing more will come of logs.
 */
export function createEngine(
	app: AppFiles,
	options: {
		readonly dataFolder: string;
		readonly endsLines: boolean;
		readonly addresses: FeedAddresses | undefined;
		/** The address of the one that is used instead of that of the settings. */
		readonly storage: string | undefined;
		/** That one is only looked at. */
		readonly onlyReads: boolean;
		/** Of storages, by their addresses. */
		readonly passwords: Readonly<Record<string, string>>;
	},
): RunningEngine {
	const { dataFolder, endsLines, addresses, storage, onlyReads, passwords } = options;
	const engine = new EngineHost({
		startProcess: () => forkEngine(app.engine),
		dataFolder,
		endsLines,
		storage,
		onlyReads,
		passwords,
		restartDelaysMs: [],
	});
	const feeds =
		addresses === undefined
			? undefined
			: new FeedHost(engine, { url: app.feeds, dataFolder, addresses, ignoresSettings: true });
	const hangUp = async (): Promise<void> => feeds?.close();
	return {
		engine,
		hangUp,
		close: async (inOrder) => {
			await hangUp();
			await engine.close(inOrder ? undefined : 0);
		},
	};
}
