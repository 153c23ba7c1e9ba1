import { setTimeout as delay } from 'node:timers/promises';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { storageName } from '#shared/model/storage-address.ts';
import type { StorageAddress } from '#shared/model/storage-address.ts';
import type { StorageInfo } from '#shared/model/storage.ts';
import { Forwarder } from './forward/forwarder.ts';
import type { HandedOn } from './forward/handed-on.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';
import type { Forward } from './segments/sqlite/forwards.ts';
import { StorageClient } from './storages/storage-client.ts';
import { readOnlyText } from './storages/storage-use.ts';
import type { StorageUse } from './storages/storage-use.ts';

/** A storage that has not answered by then is left alone. */
const PATIENCE_MS = 2_000;

/** What a storage in use is given. */
export interface UsedStorageOptions {
	/** As `formatStorageAddress` writes it. */
	readonly address: string;
	readonly password: string | undefined;
	/** Whether the table asks it. */
	readonly isActive: boolean;
	readonly use: StorageUse;
	/** The entry file of its thread. */
	readonly thread: URL;
	/** Where it is fed from, and how far it has come. */
	readonly local: SegmentStorage;
	readonly forward: Forward;
	/** How far each log has. */
	readonly handedOn: HandedOn | undefined;
	/** It is still in use otherwise until this resolves. */
	readonly after: Promise<void> | undefined;
	/** The `seq` before which all is read. */
	readonly readBefore: () => number;
	/** It is doing otherwise than before. */
	readonly onChange: () => void;
}

/** A storage in use beside the local database: what asks it, what feeds it, and how it is doing. */
export class UsedStorage {
	readonly address: string;
	readonly name: string;
	/** Whether the table asks it. */
	isActive: boolean;
	readonly client: StorageClient;
	readonly forwarder: Forwarder;
	readonly #parsed: StorageAddress;

	/** Throws `invalid-options` for an address that is none. */
	constructor(options: UsedStorageOptions) {
		const { address, password, isActive, local, onChange } = options;
		this.address = address;
		this.isActive = isActive;
		this.#parsed = parseStorageAddress(address).address;
		this.name = storageName(this.#parsed);
		let condition: string | undefined;
		this.client = new StorageClient(
			options.thread,
			{
				address,
				password,
				follows: isActive || this.#parsed.kind === 'memory',
				use: options.use,
			},
			{
				onChange: () => {
					// It is there again: what waits need not wait for its turn.
					if (this.client.condition === 'ready' && condition !== 'ready') {
						this.forwarder.tryAgain();
					}
					({ condition } = this.client);
					onChange();
				},
				onReopened: onChange,
			},
		);
		this.forwarder = new Forwarder({
			local,
			forward: options.forward,
			handedOn: options.handedOn,
			after: options.after,
			append: (entries) => this.client.append(entries),
			isReadOnly: () => this.#readOnly !== undefined,
			readBefore: options.readBefore,
			onChange: () => {
				local.spoolChanged();
				onChange();
			},
		});
	}

	/** Whether it has to be opened anew to be asked, or not to be asked any more. */
	hasOtherRole(isActive: boolean): boolean {
		return this.isActive !== isActive && this.#parsed.kind !== 'memory';
	}

	/** How it is doing. */
	get info(): StorageInfo {
		const { condition, message, found } = this.client;
		const { message: refusal, forward, waiting, hasTaken } = this.forwarder;
		const readOnly = condition === 'ready' ? this.#readOnly : undefined;
		const problem = readOnly ?? (condition === 'ready' ? refusal : (message ?? refusal));
		const isRefused = condition === 'ready' && refusal !== undefined && readOnly === undefined;
		return {
			address: this.address,
			kind: this.#parsed.kind,
			name: this.name,
			role: this.isActive ? 'active' : 'mirror',
			condition: isRefused ? 'failed' : condition,
			...(problem === undefined ? {} : { message: problem }),
			...(found === undefined ? {} : { abilities: found.abilities, stats: found.numbers }),
			waiting,
			missed: forward.missed,
			...(hasTaken ? { hasTaken } : {}),
		};
	}

	/** Why the one that is shown can only be shown, as a sentence. */
	get #readOnly(): string | undefined {
		const reason = this.isActive ? this.client.found?.abilities.readOnly : undefined;
		return reason === undefined ? undefined : readOnlyText(reason);
	}

	/** What is said while logs wait for it, because `bytes` are kept for it already. */
	fullText(bytes: number): string {
		const entries = this.forwarder.waiting.toLocaleString('en-US');
		const bound = (bytes / 2 ** 20).toLocaleString('en-US', { maximumFractionDigits: 1 });
		return `${this.name} has not taken ${entries} entries, and no more than ${bound} MiB are kept for it: logs wait, and go on by themselves as soon as it takes some. See to that storage, or choose another one in the settings.`;
	}

	/** Its password is another one: where it has failed it is tried again at once. */
	setPassword(password: string | undefined): void {
		if (this.client.condition !== 'ready' || this.forwarder.isStuck) {
			this.client.retry(password);
			this.forwarder.tryAgain();
		}
	}

	/** Hands nothing more to it; what it was asked it may still answer, for a moment. */
	async stop(): Promise<void> {
		await Promise.race([this.forwarder.stop(), delay(PATIENCE_MS, undefined, { ref: false })]);
	}

	/** Ends its thread. After `stop`. */
	async close(): Promise<void> {
		await this.client.close();
	}
}
