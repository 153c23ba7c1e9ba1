import type { EndpointStatus } from '#shared/model/feed.ts';
import type { FeedSettings, SettingsChange } from '#shared/model/settings.ts';

/** The port of Python's own examples, and of its `DEFAULT_TCP_LOGGING_PORT`. */
const USUAL_PORT = 9020;

/** What the form reads and changes. */
export interface ListenFormHost {
	readonly settings: { readonly feeds: FeedSettings };
	readonly engine: { readonly endpoints: readonly EndpointStatus[] };
	/** The fixed place; `undefined` until the host has told. */
	readonly files: { readonly info: { readonly feedAddress: string } | undefined };
	changeSettings(change: SettingsChange): void;
}

/** Where the app listens for schedulers: what is set, and how each address is doing. */
export class ListenForm {
	/** The TCP port as it is typed. */
	port = $state('');
	/** Why the port would not do. */
	problem: string | undefined = $state();
	readonly #host: ListenFormHost;

	constructor(host: ListenFormHost) {
		this.#host = host;
		this.port = String(host.settings.feeds.tcp || USUAL_PORT);
	}

	/** The address of the fixed place. */
	get fixed(): string {
		return this.#host.files.info?.feedAddress ?? 'unix:';
	}

	get isUnixOn(): boolean {
		return this.#host.settings.feeds.unix;
	}

	get isTcpOn(): boolean {
		return this.#host.settings.feeds.tcp !== 0;
	}

	/** The address that is listened on by TCP; `undefined`: none. */
	get tcp(): string | undefined {
		const { tcp } = this.#host.settings.feeds;
		return tcp === 0 ? undefined : `tcp:127.0.0.1:${tcp}`;
	}

	/** Addresses the app was told to listen on at its start, beside those set here. */
	get others(): readonly EndpointStatus[] {
		return this.#host.engine.endpoints.filter(
			({ kind, address }) => kind === 'listen' && address !== this.fixed && address !== this.tcp,
		);
	}

	/** The addresses a scheduler can send to now, the one to propose first. */
	get open(): readonly string[] {
		const all = [this.fixed, this.tcp, ...this.others.map(({ address }) => address)];
		return all.filter(
			(address) => address !== undefined && this.statusOf(address)?.state === 'listening',
		) as readonly string[]; // `undefined` is filtered
	}

	statusOf(address: string): EndpointStatus | undefined {
		return this.#host.engine.endpoints.find(
			(endpoint) => endpoint.kind === 'listen' && endpoint.address === address,
		);
	}

	setUnix(unix: boolean): void {
		this.#change({ unix });
	}

	/** Listens on the port that is typed, or on none. `false` where `problem` says why not. */
	setTcp(isOn: boolean): boolean {
		const port = isOn ? this.#readPort() : 0;
		if (port !== undefined && port !== this.#host.settings.feeds.tcp) {
			this.#change({ tcp: port });
		}
		return port !== undefined;
	}

	/** The port is typed: one that is listened on becomes another one. */
	portChanged(): void {
		if (this.isTcpOn) {
			this.setTcp(true);
		} else {
			this.#readPort();
		}
	}

	#readPort(): number | undefined {
		const text = this.port.trim();
		const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
		const isGood = port >= 1 && port <= 65_535;
		this.problem = isGood ? undefined : 'Type a port from 1 to 65535.';
		return isGood ? port : undefined;
	}

	#change(change: Partial<FeedSettings>): void {
		this.#host.changeSettings({ feeds: { ...this.#host.settings.feeds, ...change } });
	}
}
