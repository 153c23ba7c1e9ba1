import { once } from 'node:events';
import { lstat } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { formatAddress, socketOptions } from '#shared/model/feed-address.ts';
import type { FeedAddress } from '#shared/model/feed-address.ts';
import type { EndpointStatus } from '#shared/model/feed.ts';
import type { EndpointOptions, FeedEndpoint } from '../endpoint.ts';
import type { Feed } from '../feed/feed.ts';
import { Connection } from '../wire/connection.ts';
import { formatConnectHello } from '../wire/hello.ts';
import { BackOff } from './back-off.ts';
import { explainConnectError } from './explain-connect-error.ts';

/** A connection that lived so long was a real one: the next try comes soon again. */
const STEADY_MS = 5_000;

/** Who has not taken a connection by then never will. */
const DEADLINE_MS = 10_000;

/** We say of so many sessions what we have of them. */
const MAX_RESUME = 16;

/** Connects to one address, again and again, until it is closed. */
export class FeedConnector implements FeedEndpoint {
	readonly #address: FeedAddress;
	readonly #text: string;
	readonly #options: EndpointOptions;
	readonly #backOff: BackOff;
	#state: EndpointStatus['state'] = 'retrying';
	#message: string | undefined;
	#socket: Socket | undefined;
	#connection: Connection | undefined;
	/** The one it was the last time. */
	#feed: Feed | undefined;
	#connectedMs = 0;
	#timer: NodeJS.Timeout | undefined;
	#problem: string | undefined;
	#isClosed = false;

	constructor(address: FeedAddress, options: EndpointOptions, random?: () => number) {
		this.#address = address;
		this.#text = formatAddress(address);
		this.#options = options;
		this.#backOff = new BackOff(random);
	}

	get status(): EndpointStatus {
		return {
			address: this.#text,
			kind: 'connect',
			state: this.#state,
			...(this.#message === undefined ? {} : { message: this.#message }),
			clients: this.#connection === undefined ? 0 : 1,
		};
	}

	/** Begins; nobody has to wait until somebody answers. */
	async open(): Promise<void> {
		void this.#try();
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		this.#connection?.close();
		this.#socket?.destroy(new Error('it is not wanted any more'));
	}

	async #try(): Promise<void> {
		try {
			await this.#connect();
		} catch (error) {
			this.#retry(explainConnectError(error));
		}
	}

	async #connect(): Promise<void> {
		await checkSocket(this.#address);
		const known = await this.#options.registry.sessionsOf(this.#text);
		if (this.#isClosed) {
			return;
		}
		const socket = connect({ ...socketOptions(this.#address), allowHalfOpen: true });
		this.#socket = socket;
		const timer = setTimeout(() => socket.destroy(new Error('nobody answered')), DEADLINE_MS);
		try {
			await once(socket, 'connect');
		} finally {
			clearTimeout(timer);
		}
		const resume = new Map(
			known.slice(0, MAX_RESUME).map(({ session, last }) => [session, last] as const),
		);
		this.#connectedMs = Date.now();
		this.#state = 'connected';
		this.#message = undefined;
		this.#problem = undefined;
		this.#connection = new Connection({
			socket,
			kind: 'connect',
			peer: this.#text,
			endpoint: this.#text,
			name: this.#text.slice(this.#text.indexOf(':') + 1),
			registry: this.#options.registry,
			budget: this.#options.budget,
			resume,
			willReturn: 'The connection to the scheduler was lost',
			onProblem: (reason) => (this.#problem = reason),
			onIdentified: (feed) => (this.#feed = feed),
			onClose: () => this.#lost(),
		});
		socket.write(formatConnectHello(resume));
		this.#options.onChange();
	}

	#lost(): void {
		this.#connection = undefined;
		if (Date.now() - this.#connectedMs >= STEADY_MS) {
			this.#backOff.reset();
		}
		this.#retry(this.#problem ?? 'the connection was closed');
	}

	#retry(reason: string): void {
		if (this.#isClosed) {
			return;
		}
		const waitMs = this.#backOff.next();
		this.#state = 'retrying';
		this.#message = `Retrying in ${formatSeconds(waitMs)} s: ${reason}`;
		this.#feed?.retry(this.#message);
		this.#timer = setTimeout(() => void this.#try(), waitMs);
		this.#options.onChange();
	}
}

/** Only what is a socket, of this user or the system, is connected to. */
async function checkSocket(address: FeedAddress): Promise<void> {
	if (address.type !== 'unix') {
		return;
	}
	const status = await lstat(address.path ?? '');
	if (!status.isSocket()) {
		throw new Error('it is no socket');
	}
	if (status.uid !== 0 && status.uid !== process.getuid?.()) {
		throw new Error('it is a socket of another user');
	}
}

/** Half a second is worth telling from one; above ten it is not. */
function formatSeconds(ms: number): string {
	const seconds = ms / 1_000;
	return String(seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds));
}
