import { EventEmitter } from 'node:events';
import type { EngineProcess } from '#main/engine-host.ts';
import { controlSchemas, SERVICE } from '#shared/api/control.ts';
import type { EngineControl } from '#shared/api/control.ts';
import { engineEventSchemas, engineSchemas } from '#shared/api/engine.ts';
import type { EngineApi, EngineEvents } from '#shared/api/engine.ts';
import { subChannel } from '#shared/rpc/channel.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Client } from '#shared/rpc/rpc.ts';

/** An engine process that is none: both ends are here, and the test decides when it dies. */
export class FakeEngineProcess implements EngineProcess {
	readonly channel: Channel;
	/** Tells the host as the engine does. */
	readonly events: Client<EngineEvents>;
	wasKilled = false;
	words = '';
	readonly #pipe = new EventEmitter();
	#isDead = false;

	constructor(parts: { readonly control: EngineControl; readonly api?: Partial<EngineApi> }) {
		this.channel = this.#end('to-host', 'to-engine');
		const engineEnd = this.#end('to-engine', 'to-host');
		openRpc<object, EngineControl>(subChannel(engineEnd, SERVICE.control), {
			serve: controlSchemas,
			local: parts.control,
			call: {},
		});
		this.events = openRpc<EngineEvents, EngineApi>(subChannel(engineEnd, SERVICE.engine), {
			serve: engineSchemas,
			local: (parts.api ?? {}) as EngineApi,
			call: engineEventSchemas,
			callsAreEvents: true,
		});
	}

	kill(): void {
		this.wasKilled = true;
		this.die();
	}

	lastWords(): string {
		return this.words;
	}

	/** Ends as a process does: its channel closes. */
	die(): void {
		if (!this.#isDead) {
			this.#isDead = true;
			this.#pipe.emit('close');
		}
	}

	#end(incoming: string, outgoing: string): Channel {
		const pipe = this.#pipe;
		return {
			send: (message) => {
				if (!this.#isDead) {
					queueMicrotask(() => pipe.emit(outgoing, JSON.parse(JSON.stringify(message))));
				}
			},
			onMessage: (listener) => {
				pipe.on(incoming, listener);
				return () => pipe.off(incoming, listener);
			},
			onClose: (listener) => {
				if (this.#isDead) {
					listener();
				} else {
					pipe.once('close', listener);
				}
				return () => pipe.off('close', listener);
			},
		};
	}
}
