import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EngineHost } from '#main/engine-host.ts';
import type { EngineHostOptions } from '#main/engine-host.ts';
import type { EngineApi } from '#shared/api/engine.ts';
import type { EngineControl } from '#shared/api/control.ts';
import { AppError } from '#shared/errors.ts';
import { FakeEngineProcess } from '../../support/fake-engine-process.ts';
import { makeTempFolder, removeFolder } from '../../support/temp-folder.ts';

const unwanted = async () => Promise.reject(new Error('nobody asks for this'));
const opensAndCloses: EngineControl = {
	open: async () => {},
	setFeeds: async () => {},
	setPasswords: async () => {},
	close: async () => {},
	saveExport: unwanted,
	openExport: unwanted,
	readExport: unwanted,
};
const noEntry: Partial<EngineApi> = {
	getEntry: async () => undefined,
	count: () => new Promise(() => {}), // never answered
};

let folder = '';
let processes: FakeEngineProcess[] = [];
let told: unknown[] = [];

beforeEach(() => {
	folder = makeTempFolder();
	processes = [];
	told = [];
});
afterEach(() => {
	removeFolder(folder);
});

function createHost(
	parts: ConstructorParameters<typeof FakeEngineProcess>[0],
	options: Partial<EngineHostOptions> = {},
): EngineHost {
	const host = new EngineHost({
		startProcess: () => {
			const process = new FakeEngineProcess(parts);
			processes.push(process);
			return process;
		},
		dataFolder: folder,
		restartDelaysMs: [1, 1],
		...options,
	});
	host.subscribe({ engineChanged: (change) => told.push(change) });
	return host;
}

const up = { up: true };
const restarting = { up: false, message: 'The log engine stopped and is being started again' };
const getEntry = (host: EngineHost) => host.api.getEntry({ seq: 1 });

it('opens the data folder, then hands on calls and events', async () => {
	const folders: string[] = [];
	const host = createHost({
		control: {
			...opensAndCloses,
			open: async ({ data_folder }) => {
				folders.push(data_folder);
			},
		},
		api: noEntry,
	});
	const problems: unknown[] = [];
	host.subscribe({ problemsChanged: (list) => problems.push(list) });
	await host.open();
	processes[0]?.events.problemsChanged([{ id: 1, message: 'x' }]);
	await expect(getEntry(host)).resolves.toBeUndefined();
	expect({ folders, told, problems }).toEqual({
		folders: [folder],
		told: [up],
		problems: [[{ id: 1, message: 'x' }]],
	});
});

it('lets calls wait while it opens', async () => {
	const opening = Promise.withResolvers<void>();
	const host = createHost({
		control: { ...opensAndCloses, open: () => opening.promise },
		api: noEntry,
	});
	const opened = host.open();
	const call = getEntry(host);
	opening.resolve();
	await opened;
	await expect(call).resolves.toBeUndefined();
});

it('says why the folder cannot be opened, to its caller and to later ones', async () => {
	const inUse = new AppError('data-folder-in-use', 'The folder is in use');
	const host = createHost({
		control: {
			...opensAndCloses,
			open: async () => {
				throw inUse;
			},
		},
	});
	await expect(host.open()).rejects.toMatchObject({ code: inUse.code, message: inUse.message });
	await expect(getEntry(host)).rejects.toMatchObject({ code: inUse.code, message: inUse.message });
	expect([processes.length, processes[0]?.wasKilled, told]).toEqual([
		1,
		true,
		[{ up: false, message: inUse.message }],
	]);
});

it('restarts an engine that died and tells so', async () => {
	const host = createHost({ control: opensAndCloses, api: noEntry });
	await host.open();
	const pending = host.api.count({});
	processes[0]?.die();
	await expect(pending).rejects.toMatchObject({ code: 'closed' });
	await expect(getEntry(host)).rejects.toMatchObject({ message: restarting.message });
	await vi.waitFor(() => expect(told).toEqual([up, restarting, up]));
	await expect(getEntry(host)).resolves.toBeUndefined();
});

it('gives up after several deaths in a row and keeps what the last one said', async () => {
	const host = createHost({ control: opensAndCloses });
	await host.open();
	for (const count of [1, 2, 3]) {
		await vi.waitFor(() => expect(told).toHaveLength(2 * count - 1));
		const process = processes[count - 1];
		Object.assign(process ?? {}, { words: `out of memory ${count}` });
		process?.die();
	}
	const report = join(folder, 'engine-crash.log');
	expect(told.at(-1)).toEqual({
		up: false,
		message: `The log engine stopped 3 times in a row. Start the app again. What it said last is in ${report}.`,
	});
	expect(readFileSync(report, 'utf8')).toBe('out of memory 3');
	await expect(getEntry(host)).rejects.toMatchObject({ code: 'internal' });
});

it('counts anew after an engine that was up for long', async () => {
	const host = createHost({ control: opensAndCloses }, { steadyAfterMs: 0 });
	await host.open();
	for (const count of [1, 2, 3, 4]) {
		await vi.waitFor(() => expect(told).toHaveLength(2 * count - 1));
		processes[count - 1]?.die();
	}
	await vi.waitFor(() => expect(told.at(-1)).toEqual(up));
});

it('closes in order and lets nothing in afterwards', async () => {
	const order: string[] = [];
	const host = createHost({
		control: { ...opensAndCloses, close: async () => void order.push('closed') },
		api: noEntry,
	});
	await host.open();
	processes[0]?.channel.onClose(() => order.push('ended'));
	await host.close();
	expect(order).toEqual(['closed', 'ended']);
	await expect(getEntry(host)).rejects.toMatchObject({ message: 'The app is closing' });
	expect(processes).toHaveLength(1);
});

it('kills an engine that does not close in time', async () => {
	const host = createHost(
		{ control: { ...opensAndCloses, close: () => new Promise(() => {}) } },
		{ closeDeadlineMs: 1 },
	);
	await host.open();
	await host.close();
	expect(processes[0]?.wasKilled).toBe(true);
});
