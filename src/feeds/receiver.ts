import { existsSync } from 'node:fs';
import type { FeedsApi, FeedsConfig, FeedsEvents } from '#shared/api/feeds.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import { parseAddress } from '#shared/model/feed-address.ts';
import type { EndpointStatus, FeedsStatus } from '#shared/model/feed.ts';
import { FeedConnector } from './connect/feed-connector.ts';
import type { FeedEndpoint } from './endpoint.ts';
import { FeedRegistry } from './feed/feed-registry.ts';
import { MemoryBudget } from './feed/memory-budget.ts';
import { FeedListener } from './listen/feed-listener.ts';

/** The status is told so often at most. */
const STATUS_MS = 250;

/** Takes feeds from all addresses there are, and writes them to journals for the engine to read. */
export class Receiver implements FeedsApi {
	readonly #events: FeedsEvents;
	readonly #budget = new MemoryBudget();
	/** By kind and address, as they are configured. */
	readonly #endpoints = new Map<string, FeedEndpoint>();
	#registry: { readonly folder: string; readonly feeds: FeedRegistry } | undefined;
	#timer: NodeJS.Timeout | undefined;
	/** Configurations follow one another. */
	#work: Promise<void> = Promise.resolve();

	constructor(events: FeedsEvents) {
		this.#events = events;
	}

	/** How everything is doing. */
	get status(): FeedsStatus {
		const feeds = this.#registry?.feeds.statuses ?? [];
		const trouble = this.#registry?.feeds.trouble;
		return {
			endpoints: [...this.#endpoints.values()].map(({ status }) =>
				trouble === undefined ? status : { ...status, message: trouble },
			),
			// A feed that the user has closed is not there until it sends something.
			feeds: feeds.filter(({ folder }) => existsSync(folder)),
		};
	}

	configure(config: FeedsConfig): Promise<void> {
		this.#work = this.#work.catch(() => {}).then(() => this.#configure(config));
		return this.#work;
	}

	async close(): Promise<void> {
		await this.#work.catch(() => {});
		this.#registry?.feeds.leave();
		await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close(true)));
		this.#endpoints.clear();
		await this.#registry?.feeds.close();
		clearTimeout(this.#timer);
		// A feed that came just now was not told yet.
		this.#events.changed(this.status);
	}

	async #configure(config: FeedsConfig): Promise<void> {
		const registry = this.#open(config.folder);
		const wanted = new Map<string, () => FeedEndpoint>();
		const options = {
			registry,
			budget: this.#budget,
			onChange: () => this.#changed(),
		};
		for (const text of config.listen) {
			const open = () => new FeedListener(parseAddress(text, 'listen'), options);
			wanted.set(`listen ${text}`, () => orFailure(open, text, 'listen'));
		}
		for (const text of config.connect) {
			const open = () => new FeedConnector(parseAddress(text, 'connect'), options);
			wanted.set(`connect ${text}`, () => orFailure(open, text, 'connect'));
		}
		for (const [key, endpoint] of this.#endpoints) {
			if (!wanted.has(key)) {
				this.#endpoints.delete(key);
				await endpoint.close(false);
			}
		}
		const opened: Promise<void>[] = [];
		for (const [key, make] of wanted) {
			if (!this.#endpoints.has(key)) {
				const endpoint = make();
				this.#endpoints.set(key, endpoint);
				opened.push(endpoint.open());
			}
		}
		await Promise.all(opened);
		this.#changed();
	}

	#open(folder: string): FeedRegistry {
		if (this.#registry !== undefined && this.#registry.folder !== folder) {
			throw new AppError('invalid-params', 'The folder of feeds stays the same');
		}
		this.#registry ??= {
			folder,
			feeds: new FeedRegistry(folder, this.#budget, () => this.#changed()),
		};
		return this.#registry.feeds;
	}

	#changed(): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			this.#events.changed(this.status);
		}, STATUS_MS);
	}
}

/** An address that makes no sense is shown like one that does not work. */
function orFailure(
	make: () => FeedEndpoint,
	address: string,
	kind: EndpointStatus['kind'],
): FeedEndpoint {
	try {
		return make();
	} catch (error) {
		const status = {
			address,
			kind,
			state: 'failed',
			message: messageOf(error),
			clients: 0,
		} as const;
		return { status, open: async () => {}, close: async () => {} };
	}
}
