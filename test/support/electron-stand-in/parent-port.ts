/** Loaded before a utility process's own code: gives it Electron's `process.parentPort`. */
import { EventEmitter } from 'node:events';

class ParentPort extends EventEmitter {
	readonly #send = process.send?.bind(process);

	constructor() {
		super();
		// Listening only when somebody listens here: until then Node keeps what arrives.
		this.once('newListener', () => {
			process.on('message', (data) => this.emit('message', { data }));
		});
		// Electron ends its utility processes with itself.
		process.on('disconnect', () => process.exit(0));
	}

	postMessage(message: unknown): void {
		this.#send?.(message, undefined, undefined, () => {});
	}
}

Object.assign(process, { parentPort: new ParentPort(), send: undefined });
