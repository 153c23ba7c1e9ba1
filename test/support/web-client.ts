import { once } from 'node:events';
import { WebSocket } from 'ws';
import { SERVICE } from '#shared/api/control.ts';
import { engineEventSchemas, engineSchemas } from '#shared/api/engine.ts';
import type { EngineApi, EngineEvents } from '#shared/api/engine.ts';
import { hostEventSchemas, hostSchemas } from '#shared/api/host.ts';
import type { HostApi, HostEvents } from '#shared/api/host.ts';
import { subChannel } from '#shared/rpc/channel.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import { createWsChannel } from '#main/web/ws-channel.ts';
import type { WebProcess } from './hosts/web-process.ts';

/** What a page has of a web host, without the page. */
export interface WebClient {
	readonly socket: WebSocket;
	/** Resolves with the code when the connection is closed. */
	readonly closed: Promise<number>;
	readonly engine: Client<EngineApi>;
	readonly host: Client<HostApi>;
	/** The events of the host so far. */
	readonly told: { readonly event: string; readonly params: unknown }[];
}

/** Connects to a web host as its page does. */
export async function connectClient(web: WebProcess): Promise<WebClient> {
	const socket = new WebSocket(
		`ws://127.0.0.1:${web.port}/socket`,
		['asyncz-companion', `token.${web.token}`],
		{ origin: `http://127.0.0.1:${web.port}` },
	);
	const closed = new Promise<number>((resolve) => socket.once('close', resolve));
	await once(socket, 'open');
	const told: WebClient['told'] = [];
	const note =
		(event: string) =>
		(params: unknown): void => {
			told.push({ event, params });
		};
	const channel = createWsChannel(socket);
	return {
		socket,
		closed,
		told,
		engine: openRpc<EngineApi, EngineEvents>(subChannel(channel, SERVICE.engine), {
			serve: engineEventSchemas,
			local: {
				storageChanged: note('storageChanged'),
				sourcesChanged: note('sourcesChanged'),
				settingsChanged: note('settingsChanged'),
				problemsChanged: note('problemsChanged'),
				endpointsChanged: note('endpointsChanged'),
				storagesChanged: note('storagesChanged'),
				exportsChanged: note('exportsChanged'),
			},
			call: engineSchemas,
		}),
		host: openRpc<HostApi, HostEvents>(subChannel(channel, SERVICE.host), {
			serve: hostEventSchemas,
			local: { notify: note('notify'), engineChanged: note('engineChanged') },
			call: hostSchemas,
		}),
	};
}
