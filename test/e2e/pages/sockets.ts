import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A program that sends to the app: connected to one of the addresses it shows. */
export async function connectTo(address: string): Promise<Socket> {
	const [, path, host, port] = /^(?:unix:(.+)|tcp:(.+):(\d+))$/.exec(address) ?? [];
	const socket = path === undefined ? connect(Number(port), host) : connect(path);
	await once(socket, 'connect');
	return socket;
}

/** A scheduler that serves: whoever connects to its port of 127.0.0.1 is sent these lines. */
export class ServingScheduler {
	readonly address: string;
	readonly #server: Server;
	readonly #clients: ReadonlySet<Socket>;

	private constructor(server: Server, clients: ReadonlySet<Socket>) {
		this.#server = server;
		this.#clients = clients;
		const { port } = server.address() as AddressInfo; // it listens on TCP
		this.address = `tcp:127.0.0.1:${port}`;
	}

	/** Resolves when it listens. */
	static async start(...lines: readonly string[]): Promise<ServingScheduler> {
		const clients = new Set<Socket>();
		const server = createServer((socket) => {
			clients.add(socket);
			socket.on('close', () => clients.delete(socket)).on('error', () => {});
			socket.write(lines.map((text) => `${text}\n`).join(''));
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		return new ServingScheduler(server, clients);
	}

	/** Ends it as a crash does, with all its connections. */
	async stop(): Promise<void> {
		const closed = once(this.#server, 'close');
		this.#server.close();
		for (const client of this.#clients) {
			client.destroy();
		}
		await closed;
	}
}

/** An address of 127.0.0.1 that nobody listens at. */
export async function unusedAddress(): Promise<string> {
	const server = await ServingScheduler.start();
	await server.stop();
	return server.address;
}
