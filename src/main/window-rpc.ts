import { SERVICE } from '#shared/api/control.ts';
import { engineEventSchemas, engineSchemas } from '#shared/api/engine.ts';
import type { EngineApi, EngineEvents } from '#shared/api/engine.ts';
import { hostEventSchemas, hostSchemas } from '#shared/api/host.ts';
import type { HostApi, HostEvents } from '#shared/api/host.ts';
import { subChannel } from '#shared/rpc/channel.ts';
import type { Channel, Unsubscribe } from '#shared/rpc/channel.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import type { EngineListener } from './engine-host.ts';

/** What a window talks to. */
export interface WindowServices {
	readonly engine: EngineApi;
	readonly host: HostApi;
	/** Tells what happens in the engine, until unsubscribed. */
	subscribe(listener: Partial<EngineListener>): Unsubscribe;
}

/**
 * Serves one window or browser tab until its channel closes: what it asks goes to the engine or
 * the host, what happens there is told to it. Returns the way to tell it something more.
 */
export function openWindowRpc(channel: Channel, services: WindowServices): Client<HostEvents> {
	const engineEvents = openRpc<EngineEvents, EngineApi>(subChannel(channel, SERVICE.engine), {
		serve: engineSchemas,
		local: services.engine,
		call: engineEventSchemas,
		callsAreEvents: true,
	});
	const hostEvents = openRpc<HostEvents, HostApi>(subChannel(channel, SERVICE.host), {
		serve: hostSchemas,
		local: services.host,
		call: hostEventSchemas,
		callsAreEvents: true,
	});
	channel.onClose(services.subscribe({ ...engineEvents, engineChanged: hostEvents.engineChanged }));
	return hostEvents;
}
