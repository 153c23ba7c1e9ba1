import type { EndpointTest, HostApi } from '#shared/api/host.ts';
import { messageOf } from '#shared/errors.ts';
import { formatAddress, parseAddress } from '#shared/model/feed-address.ts';
import type { EndpointStatus } from '#shared/model/feed.ts';
import type { FeedSettings, SettingsChange } from '#shared/model/settings.ts';

/** As many as the settings hold. */
const MAX_CONNECTIONS = 50;

/** What the form reads and changes. */
export interface ConnectFormHost {
	readonly settings: { readonly feeds: FeedSettings };
	readonly engine: { readonly endpoints: readonly EndpointStatus[] };
	/** The fixed place; `undefined` until the host has told. */
	readonly files: { readonly info: { readonly feedAddress: string } | undefined };
	readonly services: { readonly host: Pick<HostApi, 'testEndpoint'> };
	changeSettings(change: SettingsChange): void;
}

/** An address the app connects to. */
export interface Connection {
	readonly address: string;
	/** `undefined` until it is known. */
	readonly status: EndpointStatus | undefined;
	/** It is in the settings; the others were given at the start of the app, for that run. */
	readonly isKept: boolean;
}

/** Schedulers that are connected to, and the address of another one. */
export class ConnectForm {
	text = $state('');
	/** Why the address would not do. */
	problem: string | undefined = $state();
	/** What came of the test of what is typed. */
	test: EndpointTest | undefined = $state.raw();
	isTesting = $state(false);
	readonly #host: ConnectFormHost;
	#tested = 0;

	constructor(host: ConnectFormHost) {
		this.#host = host;
	}

	/** Those of the settings, then those of this run alone. */
	get connections(): readonly Connection[] {
		const kept = this.#host.settings.feeds.connect;
		const known = this.#host.engine.endpoints.filter(({ kind }) => kind === 'connect');
		const find = (address: string) => known.find((status) => status.address === address);
		return [
			...kept.map((address) => ({ address, status: find(written(address)), isKept: true })),
			...known
				.filter(({ address }) => !kept.some((one) => written(one) === address))
				.map((status) => ({ address: status.address, status, isKept: false })),
		];
	}

	/** The address that is typed, if it is one. */
	get address(): string | undefined {
		try {
			return this.#read();
		} catch {
			return undefined;
		}
	}

	/** What was said of another text does not count. */
	typed(): void {
		this.problem = undefined;
		this.test = undefined;
		this.isTesting = false;
		this.#tested++;
	}

	/** Connects once and hangs up; `test` is what came of it, or `problem` why it was not tried. */
	async tryOut(): Promise<void> {
		this.typed();
		const number = this.#tested;
		const address = this.#readOrSay();
		if (address === undefined) {
			return;
		}
		this.isTesting = true;
		const test = await this.#host.services.host
			.testEndpoint({ address })
			.catch((error: unknown): EndpointTest => ({ ok: false, message: messageOf(error) }));
		if (number === this.#tested) {
			this.test = test;
			this.isTesting = false;
		}
	}

	/** Connects to what is typed, from now on; `false` where `problem` says why not. */
	connect(): boolean {
		this.typed();
		const address = this.#readOrSay();
		if (address === undefined) {
			return false;
		}
		const { connect } = this.#host.settings.feeds;
		if (this.connections.some((one) => written(one.address) === address)) {
			this.problem = `${address} is among the connections already.`;
			return false;
		}
		if (connect.length >= MAX_CONNECTIONS) {
			this.problem = `There are ${MAX_CONNECTIONS} connections, as many as there can be. Remove one first.`;
			return false;
		}
		this.#setConnections([...connect, address]);
		this.text = '';
		return true;
	}

	/** Hangs up, and connects to it no more. What came from it stays. */
	remove(address: string): void {
		this.#setConnections(this.#host.settings.feeds.connect.filter((one) => one !== address));
	}

	#readOrSay(): string | undefined {
		try {
			return this.#read();
		} catch (error) {
			this.problem = messageOf(error);
			return undefined;
		}
	}

	/** Throws a sentence where what is typed is no address, or one the app itself listens at. */
	#read(): string {
		const text = this.text.trim();
		if (text === '') {
			throw new Error('Type the address the scheduler serves, for example tcp:127.0.0.1:9020.');
		}
		const address = written(text);
		const own = this.#host.engine.endpoints.filter(
			({ kind, state }) => kind === 'listen' && state === 'listening',
		);
		if (own.some((one) => one.address === address) || this.#isFixedPlace(address)) {
			throw new Error(
				`${address} is where this app itself listens. Type the address the scheduler serves.`,
			);
		}
		return address;
	}

	#isFixedPlace(address: string): boolean {
		return address === 'unix:' || address === this.#host.files.info?.feedAddress;
	}

	#setConnections(connect: readonly string[]): void {
		this.#host.changeSettings({ feeds: { ...this.#host.settings.feeds, connect: [...connect] } });
	}
}

/** An address as the app writes it. Throws a sentence where it is none. */
function written(text: string): string {
	return formatAddress(parseAddress(text, 'connect'));
}
