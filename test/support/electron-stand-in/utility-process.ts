import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';

const parentPort = new URL('./parent-port.ts', import.meta.url).href;

class UtilityProcess extends EventEmitter {
	readonly #child: ChildProcess;

	constructor(child: ChildProcess) {
		super();
		this.#child = child;
		child.on('spawn', () => this.emit('spawn'));
		// Electron hands out each message in a task of its own, Node several at a time.
		child.on('message', (message) => setImmediate(() => this.emit('message', message)));
		child.on('exit', (code) => this.emit('exit', code ?? 1));
	}

	get pid(): number | undefined {
		return this.#child.pid;
	}

	get stderr(): ChildProcess['stderr'] {
		return this.#child.stderr;
	}

	postMessage(message: object): void {
		if (this.#child.connected) {
			this.#child.send(message, () => {});
		}
	}

	kill(): boolean {
		return this.#child.kill();
	}
}

/** Plays `utilityProcess`: a child of Node that finds a `process.parentPort`. */
export const utilityProcess = {
	fork: (path: string, args: readonly string[]): UtilityProcess =>
		new UtilityProcess(
			fork(path, args, {
				execArgv: ['--import', parentPort],
				serialization: 'advanced',
				stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
			}),
		),
};
