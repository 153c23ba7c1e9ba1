import type { Channel, Unsubscribe } from '#shared/rpc/channel.ts';
import type { Clock } from '../lib/clock.ts';
import { createPreloadChannel } from './preload-channel.ts';
import type { HostBridge } from './preload-channel.ts';
import { createWsChannel } from './ws-channel.ts';

/**
 * - `connecting`: nothing has been heard yet
 * - `ready`: the engine answers
 * - `lost`: it did, and will be asked again
 * - `refused`: the token of the address is missing or not the host's own
 */
export type Connection = 'connecting' | 'ready' | 'lost' | 'refused';

/** The first attempts follow quickly; after that one every few seconds. */
const BACK_OFF_MS = [250, 500, 1_000, 2_000, 5_000] as const;

/** A connection that held for so long was a good one: the next attempts are quick again. */
const STEADY_MS = 5_000;

/** The close code by which a host says that it has too many clients (RFC 6455: try again later). */
const TOO_MANY = 1013;

/** What becomes of a connection. */
export interface ConnectionListener {
	/** There is a channel, for the first time or again. */
	opened(channel: Channel): void;
	/** There is none any more; another one is tried for. `reason` is a sentence, if there is one. */
	lost(reason: string | undefined): void;
	/** The host is there and does not let us in: the token is missing or not its own. */
	refused(): void;
}

/** How to reach a host: through the preload script, or by its address and token. */
export type HostAddress =
	{ readonly bridge: HostBridge } | { readonly origin: string; readonly token: string | undefined };

/** Connects to the host, and again whenever the connection is lost. Returns how to stop that. */
export function connectHost(
	address: HostAddress,
	listener: ConnectionListener,
	clock: Clock,
): Unsubscribe {
	if ('bridge' in address) {
		const channel = createPreloadChannel(address.bridge);
		listener.opened(channel);
		return channel.onClose(() => listener.lost(undefined));
	}
	if (address.token === undefined) {
		listener.refused();
		return () => {};
	}
	return keepSocket(address.origin, address.token, listener, clock);
}

function keepSocket(
	origin: string,
	token: string,
	listener: ConnectionListener,
	clock: Clock,
): Unsubscribe {
	let attempt = 0;
	let stopped = false;
	let socket: WebSocket | undefined;
	let cancel: Unsubscribe | undefined;

	const open = (): void => {
		const current = new WebSocket(`${origin.replace(/^http/, 'ws')}/socket`, [
			'asyncz-companion',
			`token.${token}`,
		]);
		socket = current;
		let openedAt: number | undefined;
		current.addEventListener('open', () => {
			openedAt = clock.now();
			listener.opened(createWsChannel(current));
		});
		current.addEventListener('close', ({ code }) => void closed(openedAt, code));
	};

	const closed = async (openedAt: number | undefined, code: number): Promise<void> => {
		// A browser does not say why a socket was not opened. If the host answers at all, it was
		// the token.
		const isRefused = openedAt === undefined && (await answers(origin));
		if (stopped) {
			return;
		}
		if (isRefused) {
			listener.refused();
			return;
		}
		listener.lost(
			code === TOO_MANY
				? 'The app is open in too many browser tabs: close one of them.'
				: undefined,
		);
		if (openedAt !== undefined && clock.now() - openedAt > STEADY_MS) {
			attempt = 0;
		}
		cancel = clock.after(BACK_OFF_MS[Math.min(attempt, BACK_OFF_MS.length - 1)] ?? 0, open);
		attempt++;
	};

	open();
	return () => {
		stopped = true;
		cancel?.();
		socket?.close();
	};
}

async function answers(origin: string): Promise<boolean> {
	try {
		return (await fetch(`${origin}/`, { method: 'HEAD', cache: 'no-store' })).ok;
	} catch {
		return false;
	}
}
