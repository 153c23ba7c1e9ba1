/** Entry of the engine process: serves `EngineApi` and `EngineControl` to the host that started it. */
import { controlSchemas, SERVICE } from '#shared/api/control.ts';
import type { EngineControl } from '#shared/api/control.ts';
import { engineEventSchemas, engineSchemas } from '#shared/api/engine.ts';
import type { EngineApi, EngineEvents } from '#shared/api/engine.ts';
import { AppError } from '#shared/errors.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { formatStorageAddress } from '#shared/model/storage-address.ts';
import { subChannel } from '#shared/rpc/channel.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import { openDataFolder } from './data-folder.ts';
import { Engine } from './engine.ts';
import { processChannel } from './process-channel.ts';

// Right in an entry only: built, the threads' entries stand beside this one.
const thread = (source: string, built: string) =>
	new URL(import.meta.url.endsWith('.ts') ? source : built, import.meta.url);
const threads = {
	query: thread('./segments/query/query-thread.ts', './query.js'),
	writer: thread('./segments/sqlite/writer-thread.ts', './writer.js'),
	scan: thread('./segments/history/scan-thread.ts', './scan.js'),
	storage: thread('./storages/storage-thread.ts', './storage.js'),
};

const channel = processChannel();
let engine: Engine | undefined;

const control: EngineControl = {
	open: async ({
		data_folder,
		ends_lines = false,
		keeps_nothing = false,
		only_reads = false,
		...given
	}) => {
		if (engine === undefined) {
			const { storage, passwords } = given;
			const folder = openDataFolder(data_folder, threads, { keepsNothing: keeps_nothing });
			engine = new Engine(folder, events, {
				storageThread: threads.storage,
				endsLines: ends_lines,
				storage: storage && formatStorageAddress(parseStorageAddress(storage).address),
				keepsNothing: keeps_nothing,
				onlyReads: only_reads,
				...(passwords === undefined ? {} : { passwords }),
			});
		}
	},
	setPasswords: async ({ passwords }) => opened().setPasswords(passwords),
	setFeeds: async (status) => opened().setFeeds(status),
	saveExport: async ({ request, path, overwrite }) =>
		opened().exports.save(request, path, overwrite),
	openExport: async ({ request }) => opened().exports.open(request),
	readExport: async ({ id }) => opened().exports.read(id),
	close: async () => {
		const closing = engine;
		engine = undefined;
		await closing?.close();
	},
};

function opened(): Engine {
	if (engine === undefined) {
		throw new AppError('closed', 'The engine is not open');
	}
	return engine;
}

const api: EngineApi = {
	getState: async () => opened().getState(),
	getUsage: async () => opened().getUsage({}),
	query: async (params) => opened().query(params),
	count: async (params) => opened().count(params),
	shape: async (params) => opened().shape(params),
	places: async (params) => opened().places(params),
	getFields: async () => opened().getFields({}),
	getValues: async (params) => opened().getValues(params),
	getEntry: async (params) => opened().getEntry(params),
	openSource: async (params) => opened().openSource(params),
	reopenSource: async (params) => opened().reopenSource(params),
	closeSource: async (params) => opened().closeSource(params),
	getSourceFiles: async (params) => opened().getSourceFiles(params),
	previewMapping: async (params) => opened().previewMapping(params),
	setMapping: async (params) => opened().setMapping(params),
	setStorages: async (params) => opened().setStorages(params),
	setSpoolBytes: async (params) => opened().setSpoolBytes(params),
	testStorage: async (params) => opened().testStorage(params),
	updateSettings: async (params) => opened().updateSettings(params),
	dismissProblem: async (params) => opened().dismissProblem(params),
	cancelExport: async (params) => opened().cancelExport(params),
};

const events = openRpc<EngineEvents, EngineApi>(subChannel(channel, SERVICE.engine), {
	serve: engineSchemas,
	local: api,
	call: engineEventSchemas,
	callsAreEvents: true,
});
openRpc<object, EngineControl>(subChannel(channel, SERVICE.control), {
	serve: controlSchemas,
	local: control,
	call: {},
});

// Without its host it would live on and hold the data folder. No handler for SIGTERM: it would run
// only after the statement at work, and the host asks by `close` first.
channel.onClose(() => process.exit(0));
