import { SERVICE } from '#shared/api/control.ts';
import { engineEventSchemas, engineSchemas } from '#shared/api/engine.ts';
import type { EngineApi, EngineEvents } from '#shared/api/engine.ts';
import { hostEventSchemas, hostSchemas } from '#shared/api/host.ts';
import type { HostApi, HostEvents } from '#shared/api/host.ts';
import { AppError } from '#shared/errors.ts';
import { subChannel } from '#shared/rpc/channel.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Client } from '#shared/rpc/rpc.ts';

/** What a window is connected with. */
export interface Services {
	readonly engine: Client<EngineApi>;
	readonly host: Client<HostApi>;
}

/** Talks to engine and host over `channel`; their events go to the two listeners. */
export function openServices(
	channel: Channel,
	engineEvents: EngineEvents,
	hostEvents: HostEvents,
): Services {
	return {
		engine: openRpc<EngineApi, EngineEvents>(subChannel(channel, SERVICE.engine), {
			serve: engineEventSchemas,
			local: engineEvents,
			call: engineSchemas,
		}),
		host: openRpc<HostApi, HostEvents>(subChannel(channel, SERVICE.host), {
			serve: hostEventSchemas,
			local: hostEvents,
			call: hostSchemas,
		}),
	};
}

/**
 * The engine and host of the connection there is at the time of a call, so that what is built on
 * them outlives it. Without one, calls reject with the code `closed`.
 */
export function currentServices(current: () => Services | undefined): Services {
	const engine = methodsOf(engineSchemas, () => current()?.engine);
	const host = methodsOf(hostSchemas, () => current()?.host);
	return { engine: engine as Client<EngineApi>, host: host as Client<HostApi> };
}

// Built from the table of its methods, which is the interface.
function methodsOf(schemas: object, current: () => object | undefined): object {
	const call = async (method: string, params: unknown): Promise<unknown> => {
		const client = current() as Readonly<Record<string, (params: unknown) => unknown>> | undefined;
		const target = client?.[method];
		if (target === undefined) {
			throw new AppError('closed', 'There is no connection to the app at the moment');
		}
		return target(params);
	};
	return Object.fromEntries(
		Object.keys(schemas).map((method) => [method, (params: unknown) => call(method, params)]),
	);
}
