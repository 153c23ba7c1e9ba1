import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** It creates no more records while so many wait. */
const MAX_KEPT = 500;

/** A sender as the protocol wants it: keeps each line until it is acknowledged. */
export class AckedSender {
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
