import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { messageOf } from '#shared/errors.ts';
import type { Feed, FeedLink } from '../feed/feed.ts';
import type { FeedRegistry } from '../feed/feed-registry.ts';
import { frameOfDatagram } from '../pickle/frame-splitter.ts';
import { addFrame, addRefused } from '../wire/frames-intake.ts';

/** What the system keeps for us while we are busy, if it allows so much. */
const SYSTEM_BUFFER_BYTES = 4 * 1024 * 1024;

/** Takes the datagrams of Python's DatagramHandler, all of them as one feed. */
export class DatagramListener {
	readonly #registry: FeedRegistry;
	readonly #socket: Socket;
	#feed: Feed | undefined;
	#link: FeedLink | undefined;

	private constructor(
		registry: FeedRegistry,
		socket: Socket,
		onProblem: (message: string) => void,
	) {
		this.#registry = registry;
		this.#socket = socket;
		socket.on('message', (datagram, from) => {
			try {
				this.#take(datagram, from);
			} catch (error) {
				onProblem(messageOf(error));
			}
		});
		socket.on('error', (error) => onProblem(messageOf(error)));
	}

	/** Rejects with the system's error. `onProblem`: what was sent is not taken, and why. */
	static async open(
		registry: FeedRegistry,
		host: string,
		port: number,
		onProblem: (message: string) => void,
	): Promise<DatagramListener> {
		const socket = createSocket({
			type: isIPv6(host) ? 'udp6' : 'udp4',
			recvBufferSize: SYSTEM_BUFFER_BYTES,
		});
		socket.bind({ address: host, port, exclusive: true });
		try {
			await once(socket, 'listening');
		} catch (error) {
			socket.close();
			throw error;
		}
		return new DatagramListener(registry, socket, onProblem);
	}

	close(): void {
		this.#socket.close();
		if (this.#link !== undefined) {
			this.#feed?.disconnect(this.#link, {});
		}
	}

	#take(datagram: Buffer, { address, port }: RemoteInfo): void {
		const feed = (this.#feed ??= this.#connect(`${address}:${port}`));
		const read = frameOfDatagram(datagram);
		if ('frame' in read) {
			addFrame(feed, read.frame);
		} else {
			addRefused(feed, read.refused, datagram);
		}
	}

	#connect(peer: string): Feed {
		this.#link = {
			kind: 'listen',
			protocol: 'datagram',
			peer,
			endpoint: 'udp',
			session: undefined,
			onStored: () => {},
			supersede: () => {},
		};
		return this.#registry.connect('DatagramHandler', this.#link);
	}
}
