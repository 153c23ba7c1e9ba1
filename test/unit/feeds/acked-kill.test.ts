import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { firstDifference, Random, TEST_SCALE } from '../../support/entries.ts';
import { startFeedsThread } from '../../support/feeds-thread.ts';
import { temporaryFolder } from '../../support/temp-folder-of-test.ts';
import { until } from '../../support/until.ts';
import { readFeeds } from './feed-rig.ts';

const KILLS = 60 * TEST_SCALE;
const MAX_KEPT = 500;

/** A sender as the protocol wants it: keeps each line until it is acknowledged. */
class AckedSender {
	readonly #path: string;
	readonly #session: string;
	readonly #kept: { readonly number: number; readonly line: string }[] = [];
	#next = 1;
	#socket: Socket | undefined;
	#isGreeted = false;
	#sent = 0;
	#stopped = false;

	constructor(path: string, session: string) {
		this.#path = path;
		this.#session = session;
		this.#connect();
	}

	get created(): number {
		return this.#next - 1;
	}

	get kept(): number {
		return this.#kept.length;
	}

	/** Creates so many records, unless too many wait already. */
	add(count: number): void {
		for (let line = 0; line < count && this.kept < MAX_KEPT; line++) {
			const number = this.#next++;
			this.#kept.push({ number, line: `${this.#session} record ${number}` });
		}
		this.#flush();
	}

	stop(): void {
		this.#stopped = true;
		this.#socket?.destroy();
	}

	#connect(): void {
		if (this.#stopped) {
			return;
		}
		const socket = connect(this.#path);
		this.#socket = socket;
		this.#isGreeted = false;
		let text = '';
		socket.on('connect', () => {
			const first = this.#kept[0]?.number ?? this.#next;
			const hello = {
				hello: 1,
				source: `worker ${this.#session}`,
				session: this.#session,
				ack: true,
			};
			socket.write(`${JSON.stringify({ ...hello, first, next: this.#next })}\n`);
		});
		socket.on('data', (chunk: Buffer) => {
			text += chunk.toString();
			const lines = text.split('\n');
			text = lines.pop() ?? '';
			for (const line of lines) {
				this.#answer(JSON.parse(line) as { last?: number; ack?: number });
			}
		});
		socket.on('error', () => {});
		socket.on('close', () => setTimeout(() => this.#connect(), 1));
	}

	#answer({ last, ack }: { readonly last?: number; readonly ack?: number }): void {
		const stored = last ?? ack ?? 0;
		while (this.#kept[0] !== undefined && this.#kept[0].number <= stored) {
			this.#kept.shift();
		}
		if (last !== undefined) {
			this.#isGreeted = true;
			this.#sent = last;
		}
		this.#flush();
	}

	#flush(): void {
		if (this.#isGreeted && this.#socket?.writableNeedDrain === false) {
			const first = this.#kept[0]?.number ?? this.#next;
			const lines = this.#kept.slice(Math.max(this.#sent + 1 - first, 0));
			this.#sent = lines.at(-1)?.number ?? this.#sent;
			this.#socket.write(lines.map(({ line }) => `${line}\n`).join(''));
		}
	}
}

test(
	'killed at any moment, it stores each acknowledged line once and in order',
	async () => {
		const random = new Random(7);
		const base = temporaryFolder();
		const folder = join(base, 'feeds');
		const path = join(base, 'feed.sock');
		const config = { folder, listen: [`unix:${path}`], connect: [] };
		const senders = ['a', 'b', 'c'].map((session) => new AckedSender(path, session));
		onTestFinished(() => senders.forEach((sender) => sender.stop()));
		const ticker = setInterval(() => senders.forEach((sender) => sender.add(random.below(40))), 1);
		let next = startFeedsThread();
		for (let kill = 0; kill < KILLS; kill++) {
			const { worker, api } = next;
			next = startFeedsThread(); // it takes a while
			await api.configure(config);
			const before = senders.map(({ created, kept }) => created - kept);
			// At a moment when lines come in, sometimes at once and sometimes later.
			const enough = random.below(400);
			await until('some lines', () =>
				senders.some(({ created, kept }, at) => created - kept - (before[at] ?? 0) >= enough),
			);
			await worker.terminate();
		}
		clearInterval(ticker);
		const { worker, api } = next;
		onTestFinished(() => void worker.terminate());
		await api.configure(config);
		await until('all to be acknowledged', () => senders.every(({ kept }) => kept === 0));
		await api.close({});
		const feeds = readFeeds(folder);
		for (const [at, session] of ['a', 'b', 'c'].entries()) {
			const expected = Array.from(
				{ length: senders[at]?.created ?? 0 },
				(_, index) => `${session} record ${index + 1}`,
			);
			expect(expected.length).toBeGreaterThan(KILLS);
			expect(firstDifference(feeds[`worker ${session}`] ?? [], expected)).toBeUndefined();
		}
	},
	120_000 * TEST_SCALE,
);
