import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { feedsEventSchemas, feedsSchemas } from '#shared/api/feeds.ts';
import type { FeedsApi, FeedsConfig, FeedsEvents } from '#shared/api/feeds.ts';
import { messageOf } from '#shared/errors.ts';
import { formatAddress, parseAddress } from '#shared/model/feed-address.ts';
import type { EndpointKind } from '#shared/model/feed-address.ts';
import { NO_FEEDS } from '#shared/model/feed.ts';
import type { FeedsStatus } from '#shared/model/feed.ts';
import type { FeedSettings } from '#shared/model/settings.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import { threadChannel } from '#shared/rpc/thread-channel.ts';
import type { EngineHost } from './engine-host.ts';
import { fixedPlace } from './feeds/fixed-place.ts';

/** Addresses that are named on the command line, as `formatAddress` writes them. */
export interface FeedAddresses {
	readonly listen: readonly string[];
	readonly connect: readonly string[];
}

/** What a feed host has to be given. */
export interface FeedHostOptions {
	/** The receiver's entry. */
	readonly url: URL;
	readonly dataFolder: string;
	/** Addresses of this run, beside those of the settings. */
	readonly addresses: FeedAddresses;
	/** Whether the addresses of the settings are left alone: they are those of the app. */
	readonly ignoresSettings?: boolean;
	/** How long to wait before each start in a row of a receiver that died; the last one repeats. */
	readonly restartDelaysMs?: readonly number[];
	/** A receiver that worked so long before it died is started again as if for the first time. */
	readonly steadyAfterMs?: number;
	/** How long it may take to close in order. */
	readonly closeDeadlineMs?: number;
}

/** What a frame or a line can make of the receiver's heap at most: it dies, and nothing else. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 };

/**
 * Runs the receiver of feeds in its thread from the moment the engine has its data folder, starts it
 * again when it dies, tells it which addresses the settings and the command line name, and hands
 * its reports to the engine, whichever process that runs in.
 */
export class FeedHost {
	readonly #engine: EngineHost;
	readonly #options: Required<FeedHostOptions>;
	#addresses: FeedAddresses;
	#settings: FeedSettings | undefined;
	#thread: { readonly worker: Worker; readonly api: Client<FeedsApi> } | undefined;
	#status: FeedsStatus = NO_FEEDS;
	#startedAt = 0;
	#deaths = 0;
	#timer: NodeJS.Timeout | undefined;
	#isClosing = false;

	/** Before `engine.open`, so that no setting is missed. */
	constructor(engine: EngineHost, options: FeedHostOptions) {
		this.#engine = engine;
		this.#options = {
			restartDelaysMs: [100, 500, 2_000, 10_000],
			steadyAfterMs: 60_000,
			closeDeadlineMs: 4_000,
			ignoresSettings: false,
			...options,
		};
		this.#addresses = options.addresses;
		engine.subscribe({
			settingsChanged: ({ feeds }) => this.#setSettings(feeds),
			engineChanged: ({ up }) => {
				if (up) {
					void this.#engineIsUp();
				}
			},
		});
	}

	/** Opens more addresses for the rest of this run. */
	add({ listen, connect }: FeedAddresses): void {
		this.#addresses = {
			listen: [...this.#addresses.listen, ...listen],
			connect: [...this.#addresses.connect, ...connect],
		};
		this.#configure();
	}

	/** Hangs up and lets the receiver write what has come; one that takes too long is ended. */
	async close(): Promise<void> {
		this.#isClosing = true;
		clearTimeout(this.#timer);
		const thread = this.#thread;
		this.#thread = undefined;
		if (thread !== undefined) {
			const deadline = setTimeout(
				() => void thread.worker.terminate(),
				this.#options.closeDeadlineMs,
			);
			// It ends either way.
			await thread.api.close({}).catch(() => {});
			clearTimeout(deadline);
			await thread.worker.terminate();
		}
	}

	async #engineIsUp(): Promise<void> {
		this.#tellEngine();
		try {
			this.#setSettings((await this.#engine.api.getState({})).settings.feeds);
		} catch {
			// It went away again: its successor says that it is up.
		}
	}

	#setSettings(settings: FeedSettings): void {
		const isNew = JSON.stringify(settings) !== JSON.stringify(this.#settings);
		this.#settings = settings;
		if (this.#thread === undefined && this.#timer === undefined && !this.#isClosing) {
			this.#start();
		} else if (isNew) {
			this.#configure();
		}
	}

	#start(): void {
		this.#timer = undefined;
		this.#startedAt = performance.now();
		const worker = new Worker(this.#options.url, { resourceLimits: RESOURCE_LIMITS });
		const events: FeedsEvents = {
			changed: (status) => {
				this.#status = status;
				this.#tellEngine();
			},
		};
		const api = openRpc<FeedsApi, FeedsEvents>(threadChannel(worker), {
			serve: feedsEventSchemas,
			local: events,
			call: feedsSchemas,
		});
		this.#thread = { worker, api };
		let reason = 'it ended by itself';
		worker.once('error', (error: unknown) => {
			reason = messageOf(error);
		});
		worker.once('exit', () => this.#died(worker, reason));
		this.#configure();
	}

	#configure(): void {
		const thread = this.#thread;
		if (thread !== undefined) {
			thread.api.configure(this.#config()).catch((error: unknown) => {
				// A thread that died is told by its exit.
				if (thread === this.#thread) {
					this.#say(`Feeds can't be received: ${messageOf(error)}`);
				}
			});
		}
	}

	#config(): FeedsConfig {
		const given = this.#options.ignoresSettings ? undefined : this.#settings;
		const { unix, tcp, connect } = given ?? { unix: false, tcp: 0, connect: [] };
		return {
			folder: join(this.#options.dataFolder, 'feeds'),
			listen: [
				...(unix ? addressesOf(['unix:'], 'listen') : []),
				...(tcp === 0 ? [] : addressesOf([`tcp:${tcp}`], 'listen')),
				...addressesOf(this.#addresses.listen, 'listen'),
			].filter(isFirst),
			connect: addressesOf([...this.#addresses.connect, ...connect], 'connect').filter(isFirst),
		};
	}

	#died(worker: Worker, reason: string): void {
		if (this.#thread?.worker !== worker) {
			return;
		}
		this.#thread = undefined;
		const isSteady = performance.now() - this.#startedAt >= this.#options.steadyAfterMs;
		this.#deaths = isSteady ? 1 : this.#deaths + 1;
		const { restartDelaysMs } = this.#options;
		const delayMs = restartDelaysMs[Math.min(this.#deaths, restartDelaysMs.length) - 1] ?? 0;
		this.#say(`What receives feeds stopped (${reason}) and is being started again.`);
		this.#timer = setTimeout(() => this.#start(), delayMs);
	}

	/** Says with every address why nothing comes from it. */
	#say(message: string): void {
		const { listen, connect } = this.#config();
		const failed = (kind: EndpointKind) => (address: string) =>
			({ address, kind, state: 'failed', message, clients: 0 }) as const;
		this.#status = {
			endpoints: [...listen.map(failed('listen')), ...connect.map(failed('connect'))],
			feeds: this.#status.feeds.map((feed) => ({
				...feed,
				state: 'disconnected',
				since: feed.state === 'connected' ? Date.now() : feed.since,
			})),
		};
		this.#tellEngine();
	}

	#tellEngine(): void {
		this.#engine.setFeeds(this.#status);
	}
}

/** Addresses in one spelling, each with its path. */
function addressesOf(texts: readonly string[], kind: EndpointKind): readonly string[] {
	return texts.map((text) => {
		const address = parseAddress(text, kind);
		const isFixed = address.type === 'unix' && address.path === undefined;
		return formatAddress(isFixed ? fixedPlace() : address);
	});
}

function isFirst(address: string, index: number, all: readonly string[]): boolean {
	return all.indexOf(address) === index;
}
