import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import type { EndpointStatus } from '#shared/model/feed.ts';
import type { SourceStatus } from '#shared/model/source.ts';
import { startWebProcess } from './hosts/web-process.ts';
import type { WebProcess } from './hosts/web-process.ts';
import { temporaryFolder } from './temp-folder-of-test.ts';
import { until } from './until.ts';
import { connectClient } from './web-client.ts';
import type { WebClient } from './web-client.ts';

const PATIENCE = { deadlineMs: 60_000 };

/** The built web host with the receiver of feeds, and a page's connection to it. */
export class FeedApp {
	readonly base: string;
	/** The fixed place of this app's user. */
	readonly socketPath: string;
	readonly #args: readonly string[];
	#web: WebProcess | undefined;
	#client: WebClient | undefined;

	/** One that is not started yet, nor killed after the test. */
	constructor(base: string, args: readonly string[]) {
		this.base = base;
		this.socketPath = join(base, 'run', 'asyncz-companion', 'feed.sock');
		this.#args = args;
	}

	/** Starts it with more arguments; apps with one `base` share the fixed place. */
	static async start(args: readonly string[] = [], base = temporaryFolder()): Promise<FeedApp> {
		const app = new FeedApp(base, args);
		onTestFinished(() => app.kill());
		await app.start();
		return app;
	}

	/** Starts it, also again after a kill. */
	async start(): Promise<void> {
		mkdirSync(join(this.base, 'run'), { recursive: true, mode: 0o700 });
		this.#web = await startWebProcess(
			['--data', join(this.base, 'data'), '--no-open', ...this.#args],
			{ cwd: this.base, env: { XDG_RUNTIME_DIR: join(this.base, 'run') } },
		);
		this.#client = await connectClient(this.#web);
	}

	get client(): WebClient {
		if (this.#client === undefined) {
			throw new Error('The app is not running');
		}
		return this.#client;
	}

	/** Ends it as a power cut does. */
	async kill(): Promise<void> {
		await this.#web?.kill();
	}

	/** Ends it in order. */
	async stop(): Promise<void> {
		await this.#web?.stop();
	}

	/** Kills the engine only; resolves when another one answers. */
	async killEngine(): Promise<void> {
		const { told } = this.client;
		const ups = () =>
			told.filter(
				({ event, params }) => event === 'engineChanged' && (params as { up: boolean }).up,
			);
		const before = ups().length;
		const [engine] = execFileSync('pgrep', ['-P', String(this.#web?.pid)], {
			encoding: 'utf8',
		}).split('\n');
		process.kill(Number(engine), 'SIGKILL');
		await until('the engine to be back', () => ups().length > before, PATIENCE);
	}

	/** Waits until an address is in a state. */
	untilEndpoint(part: string, state: EndpointStatus['state']): Promise<EndpointStatus> {
		return until(
			`${part} that is ${state}`,
			async () => {
				const { endpoints } = await this.client.engine.getState({});
				return endpoints.find((one) => one.address.includes(part) && one.state === state);
			},
			{ ...PATIENCE, instead: () => this.client.engine.getState({}) },
		);
	}

	/** Waits until the source of a feed is as it should be. */
	untilFeed(
		name: string,
		isRight: (source: SourceStatus) => boolean = () => true,
	): Promise<SourceStatus> {
		return until(
			`the feed ${name}`,
			async () => {
				const { sources } = await this.client.engine.getState({});
				return sources.find((source) => source.name === name && isRight(source));
			},
			{ ...PATIENCE, instead: () => this.client.engine.getState({}) },
		);
	}

	/** Waits until so many entries match; all that do, the oldest first. */
	async untilRows(count: number, query = ''): Promise<readonly EntryRow[]> {
		await this.untilCount(count, query);
		return await this.rows(query);
	}

	/** Waits until so many entries match. */
	async untilCount(count: number, query = ''): Promise<void> {
		const ask = async () => {
			const { complete, matched } = await this.client.engine.count({ query });
			return complete ? matched : -1;
		};
		await until(`${count} rows`, async () => (await ask()) >= count, {
			...PATIENCE,
			instead: ask,
		});
	}

	/** All rows there are now that match, the oldest first, with the values of some fields. */
	async rows(query = '', fields: readonly string[] = []): Promise<EntryRow[]> {
		const found: EntryRow[] = [];
		// What comes between two pages would move the second one's rows.
		const { watermark } = (await this.client.engine.getState({})).storage;
		for (;;) {
			const page = await this.client.engine.query({
				query,
				fields: [...fields],
				limit: 1_000,
				offset: found.length,
				up_to: watermark,
			});
			if (page.complete) {
				found.push(...page.rows);
				if (page.rows.length < 1_000) {
					return found.toReversed();
				}
			}
		}
	}

	/** A connection to the fixed place, or to a port. */
	async connect(target: string | number = this.socketPath): Promise<Socket> {
		const socket = typeof target === 'number' ? connect(target, '127.0.0.1') : connect(target);
		onTestFinished(() => void socket.destroy());
		await once(socket, 'connect');
		socket.on('error', () => {}); // the app is killed now and then
		return socket;
	}
}
