import { expect, onTestFinished, test } from 'vitest';
import { EngineHost } from '#main/engine-host.ts';
import { FeedHost } from '#main/feed-host.ts';
import type { FeedHostOptions } from '#main/feed-host.ts';
import type { EngineControl } from '#shared/api/control.ts';
import type { FeedsStatus } from '#shared/model/feed.ts';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import type { FeedSettings } from '#shared/model/settings.ts';
import { FakeEngineProcess } from '../../support/fake-engine-process.ts';
import { temporaryFolder } from '../../support/temp-folder-of-test.ts';

const url = new URL('./dying-receiver.ts', import.meta.url);
const NO_UNIX: FeedSettings = { unix: false, tcp: 0, connect: [] };

interface Rig {
	readonly engine: EngineHost;
	readonly feeds: FeedHost;
	readonly processes: FakeEngineProcess[];
	/** What each engine was told, the newest last. */
	readonly told: FeedsStatus[][];
	setSettings(feeds: FeedSettings): void;
}

async function startRig(
	listen: readonly string[] = [],
	options: Partial<FeedHostOptions> = {},
): Promise<Rig> {
	const processes: FakeEngineProcess[] = [];
	const told: FeedsStatus[][] = [];
	let settings = NO_UNIX;
	const dataFolder = temporaryFolder();
	const engine = new EngineHost({
		dataFolder,
		restartDelaysMs: [1, 1, 1],
		startProcess: () => {
			const heard: FeedsStatus[] = [];
			told.push(heard);
			const process = new FakeEngineProcess({
				control: {
					open: async () => {},
					setFeeds: async (status: FeedsStatus) => void heard.push(status),
					close: async () => {},
				} as unknown as EngineControl,
				api: {
					getState: async () => ({ settings: { ...DEFAULT_SETTINGS, feeds: settings } }) as never,
				},
			});
			processes.push(process);
			return process;
		},
	});
	const addresses = { listen, connect: [] };
	const feeds = new FeedHost(engine, {
		url,
		dataFolder,
		addresses,
		restartDelaysMs: [1],
		...options,
	});
	onTestFinished(async () => {
		await feeds.close();
		await engine.close();
	});
	await engine.open();
	return {
		engine,
		feeds,
		processes,
		told,
		setSettings: (next) => {
			settings = next;
			processes.at(-1)?.events.settingsChanged({ ...DEFAULT_SETTINGS, feeds: next });
		},
	};
}

/** The addresses that the running engine knows to be listened on. */
function listening(rig: Rig): readonly string[] {
	const { endpoints = [] } = rig.told.at(-1)?.at(-1) ?? {};
	return endpoints.filter(({ state }) => state === 'listening').map(({ address }) => address);
}

const SOON = { timeout: 15_000 };

test('opens what the settings and the command line name, and what is handed over', async () => {
	const rig = await startRig(['tcp:127.0.0.1:5', 'tcp:127.0.0.1:5']);
	await expect.poll(() => listening(rig), SOON).toEqual(['tcp:127.0.0.1:5']);
	rig.setSettings({ ...NO_UNIX, tcp: 7, connect: ['tcp:localhost:8'] });
	await expect
		.poll(() => listening(rig), SOON)
		.toEqual(['tcp:127.0.0.1:7', 'tcp:127.0.0.1:5', 'tcp:127.0.0.1:8']);
	rig.setSettings(NO_UNIX);
	rig.feeds.add({ listen: [], connect: ['tcp:127.0.0.1:9'] });
	await expect.poll(() => listening(rig), SOON).toEqual(['tcp:127.0.0.1:5', 'tcp:127.0.0.1:9']);
});

test('leaves the addresses of the settings to the app, where it is told to', async () => {
	const rig = await startRig(['tcp:127.0.0.1:5'], { ignoresSettings: true });
	rig.setSettings({ unix: true, tcp: 7, connect: ['tcp:localhost:8'] });
	rig.feeds.add({ listen: ['tcp:127.0.0.1:9'], connect: [] });
	await expect.poll(() => listening(rig), SOON).toEqual(['tcp:127.0.0.1:5', 'tcp:127.0.0.1:9']);
});

test('an engine that is started again is told how feeds are doing', async () => {
	const rig = await startRig(['tcp:127.0.0.1:5']);
	await expect.poll(() => listening(rig), SOON).toEqual(['tcp:127.0.0.1:5']);
	rig.processes[0]?.die();
	await expect.poll(() => rig.told.length, SOON).toBe(2);
	await expect.poll(() => listening(rig), SOON).toEqual(['tcp:127.0.0.1:5']);
});

test('a receiver that dies is started again, and meanwhile each address says why', async () => {
	const rig = await startRig();
	// What a thread has said just before it dies may be lost.
	await expect.poll(() => rig.told[0]?.at(-1)?.feeds.length, SOON).toBe(2);
	rig.setSettings({ ...NO_UNIX, tcp: 1 });
	const message = 'What receives feeds stopped (hostile input) and is being started again.';
	await expect
		.poll(() => rig.told[0]?.flatMap(({ endpoints }) => endpoints), SOON)
		.toContainEqual({
			address: 'tcp:127.0.0.1:1',
			kind: 'listen',
			state: 'failed',
			message,
			clients: 0,
		});
	const away = rig.told[0]?.find(({ endpoints }) => endpoints[0]?.state === 'failed')?.feeds;
	expect(away?.map(({ state, since }) => [state, since > 1])).toEqual([
		['disconnected', true],
		['disconnected', false],
	]);
	rig.setSettings({ ...NO_UNIX, tcp: 5 });
	await expect.poll(() => listening(rig), SOON).toEqual(['tcp:127.0.0.1:5']);
});
