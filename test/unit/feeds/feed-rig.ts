import { readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FeedsConfig } from '#shared/api/feeds.ts';
import { parseJournalName } from '#shared/model/feed-journal.ts';
import type { FeedsStatus } from '#shared/model/feed.ts';
import { Receiver } from '#feeds/receiver.ts';
import { temporaryFolder } from '../../support/temp-folder-of-test.ts';
import { until } from '../../support/until.ts';

/** A receiver in this process, with a folder of its own. */
export interface FeedRig {
	readonly receiver: Receiver;
	/** Where its feeds are. */
	readonly folder: string;
	/** A path for a unix socket, in a folder nobody else may enter. */
	readonly socketPath: string;
	readonly statuses: FeedsStatus[];
}

/** Starts a receiver; without a config it listens on `socketPath`. */
export async function startReceiver(
	config: Partial<FeedsConfig> = {},
	base = temporaryFolder(),
): Promise<FeedRig> {
	const statuses: FeedsStatus[] = [];
	const receiver = new Receiver({ changed: (status) => void statuses.push(status) });
	onTestFinished(() => receiver.close());
	const folder = join(base, 'feeds');
	const socketPath = join(base, 'feed.sock');
	await receiver.configure({ folder, listen: [`unix:${socketPath}`], connect: [], ...config });
	return { receiver, folder, socketPath, statuses };
}

/** Connects and gathers what is answered, line by line. */
export async function connectTo(target: string | number): Promise<Client> {
	const socket = typeof target === 'number' ? connect(target, '127.0.0.1') : connect(target);
	onTestFinished(() => void socket.destroy());
	socket.setNoDelay(true);
	const client = new Client(socket);
	await once(socket, 'connect');
	return client;
}

/** One connection to a receiver. */
export class Client {
	readonly socket: Socket;
	isClosed = false;
	#answers = '';

	constructor(socket: Socket) {
		this.socket = socket;
		socket.on('data', (chunk: Buffer) => (this.#answers += chunk.toString()));
		socket.on('error', () => {});
		socket.on('close', () => (this.isClosed = true));
	}

	/** What was answered, each line parsed. */
	get answers(): unknown[] {
		return this.#answers
			.split('\n')
			.slice(0, -1)
			.map((line) => JSON.parse(line) as unknown);
	}

	send(...lines: readonly string[]): void {
		this.socket.write(lines.map((line) => `${line}\n`).join(''));
	}

	write(bytes: string | Uint8Array): void {
		this.socket.write(bytes);
	}

	/** Closes our end in order, and waits until the other is closed too. */
	async end(): Promise<void> {
		this.socket.end();
		await until('the receiver to hang up', () => this.isClosed);
	}
}

/** The port of the first TCP address that is listened on. */
export function portOf({ receiver }: Pick<FeedRig, 'receiver'>): number {
	const address = receiver.status.endpoints.find(({ address }) => address.startsWith('tcp:'));
	return Number(address?.address.split(':').at(-1));
}

/** The names of a feed's journals. */
export function journalsOf(folder: string): string[] {
	return readdirSync(folder)
		.filter((name) => parseJournalName(name) !== undefined)
		.sort();
}

/** The feeds in a folder: name → its lines, by session and in order of their numbers. */
export function readFeeds(folder: string): Record<string, string[]> {
	const feeds: Record<string, string[]> = {};
	for (const name of readdirSync(folder)) {
		const feed = JSON.parse(readFileSync(join(folder, name, 'feed.json'), 'utf8')) as {
			name: string;
		};
		feeds[feed.name] = readdirSync(join(folder, name))
			.filter((file) => parseJournalName(file) !== undefined)
			.sort()
			.flatMap((file) =>
				readFileSync(join(folder, name, file), 'utf8')
					.split('\n')
					.slice(0, -1),
			);
	}
	return feeds;
}

/** A feed's lines as soon as there are so many. */
export async function linesOnce(folder: string, name: string, count: number): Promise<string[]> {
	return await until(
		`${count} lines of ${name}`,
		() => {
			const lines = linesOf(folder, name);
			return lines.length >= count && lines;
		},
		{ instead: () => readFeeds(folder) },
	);
}

/** A feed's lines; none if there is no such feed. */
export function linesOf(folder: string, name: string): string[] {
	try {
		return readFeeds(folder)[name] ?? [];
	} catch {
		return []; // it is being made
	}
}

/** What the gap lines among these say, without their times. */
export function gapsOf(lines: readonly string[]): unknown[] {
	return lines
		.filter((line) => line.startsWith('{"gap"'))
		.map((line) => {
			const { from: _from, to: _to, ...rest } = (JSON.parse(line) as { gap: Gap }).gap;
			return rest;
		});
}

interface Gap {
	readonly from?: string;
	readonly to?: string;
}
