import * as v from 'valibot';
import type { FeedsStatus } from '../model/feed.ts';
import type { Schemas } from '../rpc/rpc.ts';

/** What the host that started the receiver of feeds may ask of it. */
export interface FeedsApi {
	/**
	 * Says where journals are kept and which addresses there are: those that are new are opened,
	 * those not named any more are closed, the others go on as they are. An address that can't be
	 * opened is a status with a sentence, and is tried again by itself; it rejects nothing.
	 */
	configure(params: FeedsConfig): Promise<void>;
	/**
	 * Stops listening and hangs up, writes what has come, removes its own socket files, and tells a
	 * last time which feeds there were. The thread may then be ended.
	 */
	close(params: Record<string, never>): Promise<void>;
}

/** Where feeds come from and where they go. */
export interface FeedsConfig {
	/** Absolute path of the folder with a journal folder for each feed; the same in all calls. */
	readonly folder: string;
	/** Addresses as `formatAddress` writes them, `unix:` ones with their path. */
	readonly listen: readonly string[];
	readonly connect: readonly string[];
}

/** What the receiver tells its host. */
export interface FeedsEvents {
	/** How everything is doing, whenever that has changed, at most four times a second. */
	changed(status: FeedsStatus): void;
}

const addresses = v.pipe(v.array(v.pipe(v.string(), v.maxLength(300))), v.maxLength(100));

export const feedsSchemas: Schemas<FeedsApi> = {
	configure: v.strictObject({
		folder: v.pipe(v.string(), v.minLength(1)),
		listen: addresses,
		connect: addresses,
	}),
	close: v.strictObject({}),
};

// Both ends are ours and in one process: the table names the events, the types check the rest.
export const feedsEventSchemas: Schemas<FeedsEvents> = {
	changed: v.custom<FeedsStatus>((value) => typeof value === 'object' && value !== null),
};
