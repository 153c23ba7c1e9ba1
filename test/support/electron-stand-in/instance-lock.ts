import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';

/** What a second start tells the first. */
export interface HandedOver {
	readonly argv: readonly string[];
	readonly cwd: string;
	readonly data: unknown;
}

/** One process per folder: a file names the process that has the lock, a socket reaches it. */
export class InstanceLock {
	readonly #onSecond: (handedOver: HandedOver) => void;
	#file: string | undefined;

	/** Settled once the first process has everything from this one, if this is a second. */
	handedOver: Promise<void> = Promise.resolve();

	constructor(onSecond: (handedOver: HandedOver) => void) {
		this.#onSecond = onSecond;
	}

	/** Takes the lock; if another process has it, hands over to that and answers false. */
	take(folder: string, handedOver: HandedOver): boolean {
		mkdirSync(folder, { recursive: true });
		const file = join(folder, 'instance.pid');
		const socket = join(folder, 'instance.sock');
		if (isHeld(file)) {
			this.handedOver = send(socket, handedOver);
			return false;
		}
		this.#file = file;
		writeFileSync(file, String(process.pid));
		rmSync(socket, { force: true });
		const server = createServer((connection) => {
			void text(connection).then((json) => this.#onSecond(JSON.parse(json) as HandedOver));
		});
		server.listen(socket).unref();
		return true;
	}

	release(): void {
		if (this.#file !== undefined) {
			rmSync(this.#file, { force: true });
		}
	}
}

function isHeld(file: string): boolean {
	try {
		process.kill(Number(readFileSync(file, 'utf8')), 0);
		return true;
	} catch {
		return false; // no lock, or one whose process was killed
	}
}

function send(socket: string, handedOver: HandedOver): Promise<void> {
	return new Promise((resolve, reject) => {
		const connection = createConnection(socket, () => connection.end(JSON.stringify(handedOver)));
		connection.on('close', () => resolve()).on('error', reject);
	});
}
