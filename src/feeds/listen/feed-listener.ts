import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { AppError, messageOf } from '#shared/errors.ts';
import { formatAddress, socketOptions } from '#shared/model/feed-address.ts';
import type { FeedAddress } from '#shared/model/feed-address.ts';
import type { EndpointStatus } from '#shared/model/feed.ts';
import type { EndpointOptions, FeedEndpoint } from '../endpoint.ts';
import { isCode } from '../error-code.ts';
import { Connection } from '../wire/connection.ts';
import { DatagramListener } from './datagram-listener.ts';
import { listenPrivately } from './private-socket.ts';

/** So many may be connected at a time; more are hung up on. */
const MAX_CONNECTIONS = 1_024;
/** So many of them may have said nothing yet: then the oldest makes room. */
const MAX_UNKNOWN = 128;

const RETRY_MS = 10_000;

const STOPPED = 'The companion does not listen here any more';

/** Listens on one address, and lets whoever connects be a feed. Tries again what can't be opened. */
export class FeedListener implements FeedEndpoint {
	readonly #options: EndpointOptions;
	readonly #address: FeedAddress;
	readonly #connections = new Set<Connection>();
	/** Those of them that nobody knows yet, the oldest first. */
	readonly #unknown = new Set<Connection>();
	#server: Server | undefined;
	#datagrams: DatagramListener | undefined;
	#removeFile: (() => void) | undefined;
	#shown: FeedAddress;
	#state: 'listening' | 'failed' = 'failed';
	#message: string | undefined;
	#timer: NodeJS.Timeout | undefined;
	#opening: Promise<void> | undefined;
	#isClosed = false;

	constructor(address: FeedAddress, options: EndpointOptions) {
		this.#address = address;
		this.#shown = address;
		this.#options = options;
	}

	get status(): EndpointStatus {
		return {
			address: formatAddress(this.#shown),
			kind: 'listen',
			state: this.#state,
			...(this.#message === undefined ? {} : { message: this.#message }),
			clients: this.#connections.size,
		};
	}

	/** Resolves when it listens, or when the status says why it does not. */
	async open(): Promise<void> {
		this.#opening = this.#tryOpen();
		await this.#opening;
	}

	async close(isLeaving: boolean): Promise<void> {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		await this.#opening;
		this.#removeFile?.();
		this.#server?.close();
		for (const connection of this.#connections) {
			connection.close(isLeaving ? undefined : STOPPED);
		}
		this.#datagrams?.close();
	}

	async #tryOpen(): Promise<void> {
		const server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
		server.maxConnections = MAX_CONNECTIONS;
		try {
			await this.#listen(server);
			server.on('error', (error) => this.#problem(messageOf(error)));
			this.#server = server;
			this.#state = 'listening';
		} catch (error) {
			this.#state = 'failed';
			this.#message = this.#explain(error);
			if (!this.#isClosed) {
				this.#timer = setTimeout(() => void this.open(), RETRY_MS);
			}
		}
		this.#options.onChange();
	}

	async #listen(server: Server): Promise<void> {
		const address = this.#address;
		this.#message = undefined;
		switch (address.type) {
			case 'unix':
				this.#removeFile = await listenPrivately(server, address.path ?? '');
				return;
			case 'pipe':
				server.listen(socketOptions(address));
				await once(server, 'listening');
				return;
			case 'tcp': {
				server.listen({ ...socketOptions(address), exclusive: true });
				await once(server, 'listening');
				const { port } = server.address() as AddressInfo; // it listens on TCP
				this.#shown = { ...address, port };
				await this.#listenForDatagrams(address.host, port);
			}
		}
	}

	async #listenForDatagrams(host: string, port: number): Promise<void> {
		try {
			this.#datagrams = await DatagramListener.open(this.#options.registry, host, port, (reason) =>
				this.#problem(`${reason}.`),
			);
		} catch (error) {
			this.#message = `Datagrams are not taken: ${messageOf(error)}.`;
		}
	}

	#accept(socket: Socket): void {
		const { type } = this.#address;
		const connection = new Connection({
			socket,
			kind: 'listen',
			peer:
				type === 'tcp'
					? `${socket.remoteAddress}:${socket.remotePort}`
					: type === 'unix'
						? 'unix socket'
						: 'named pipe',
			endpoint: type,
			name: `${type} client`,
			registry: this.#options.registry,
			budget: this.#options.budget,
			onProblem: (reason) => this.#problem(`${reason}.`),
			onIdentified: () => this.#unknown.delete(connection),
			onClose: () => {
				this.#connections.delete(connection);
				this.#unknown.delete(connection);
				this.#options.onChange();
			},
		});
		this.#connections.add(connection);
		this.#unknown.add(connection);
		const [oldest] = this.#unknown;
		if (this.#unknown.size > MAX_UNKNOWN) {
			oldest?.refuse('A connection was ended that said nothing while many others came');
		}
		this.#options.onChange();
	}

	#problem(message: string): void {
		this.#message = message;
		this.#options.onChange();
	}

	#explain(error: unknown): string {
		if (error instanceof AppError) {
			return error.message;
		}
		const text = formatAddress(this.#address);
		if (isCode(error, 'EADDRINUSE')) {
			return `${text} is in use by another program. Choose another one, or end that program.`;
		}
		if (isCode(error, 'EACCES', 'EPERM')) {
			return `${text} may not be listened on by this user. Choose another one.`;
		}
		return `${text} can't be listened on: ${messageOf(error)}.`;
	}
}
