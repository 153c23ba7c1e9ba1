import * as v from 'valibot';
import { exportRequestSchema } from '../model/export.ts';
import type { ExportRequest } from '../model/export.ts';
import type { Schemas } from '../rpc/rpc.ts';

/** What this host is and can do; the renderer asks for abilities, never for the host's name. */
export interface HostInfo {
	readonly version: string;
	/**
	 * There are native dialogs: `pickFiles` works, and an export is saved where the user says.
	 * Otherwise a path is typed, with completion, and an export is a download.
	 */
	readonly canPickFiles: boolean;
	/** Where typed paths may point to; empty means anywhere. */
	readonly allowedFolders: readonly string[];
	/** The sample log that comes with the app. */
	readonly samplePath: string;
	readonly isMac: boolean;
	/** The fixed place for feeds, whether or not it is listened at: `unix:/run/…` or `pipe:…`. */
	readonly feedAddress: string;
	/** Where passwords can be kept: in the keychain of the system, or only in a file that is not encrypted. */
	readonly keepsPasswordsIn: 'keychain' | 'file';
	/** The folder of the Python package that comes with the app, to be installed with pip. */
	readonly pythonPath: string;
}

/** What came of connecting to an address. */
export interface EndpointTest {
	readonly ok: boolean;
	/** A sentence: what answered, or what failed and what to do. */
	readonly message: string;
}

/** What a renderer may ask of its host. */
export interface HostApi {
	getInfo(params: Record<string, never>): Promise<HostInfo>;
	/** Shows the native dialog; the absolute paths chosen, none if it was cancelled. */
	pickFiles(params: Record<string, never>): Promise<readonly string[]>;
	/**
	 * Paths that begin with `text`, folders with a trailing separator, at most 50, in order of
	 * name. Relative text counts from the first allowed folder or the current one.
	 */
	completePath(params: { readonly text: string }): Promise<readonly string[]>;
	/** Connects to an address, as `parseAddress` reads it, and hangs up again. Takes at most 5 s. */
	testEndpoint(params: { readonly address: string }): Promise<EndpointTest>;
	/**
	 * Takes the password of a storage by its address (`formatStorageAddress`), and tells the engine.
	 * `session`: it is known until the app ends. `file`: as it is, in a file that only this user can
	 * read. Rejects with a sentence where it can't be kept so; it is known until the app ends then.
	 */
	setPassword(params: {
		readonly address: string;
		readonly password: string;
		readonly keep: 'keychain' | 'file' | 'session';
	}): Promise<void>;
	/** Forgets the password of a storage, wherever it is kept. */
	forgetPassword(params: { readonly address: string }): Promise<void>;
	/** How the passwords that are known are kept, by address. */
	getPasswords(
		params: Record<string, never>,
	): Promise<Readonly<Record<string, 'keychain' | 'file' | 'session'>>>;
	/**
	 * Exports entries: asks where to (a native dialog, which also asks before it replaces a file), or
	 * gives the address of a download, good for one use within a minute. `name` is a proposal, see
	 * `exportFileName`. How it goes on is told by `EngineEvents.exportsChanged`. Rejects with a
	 * sentence where it can't begin.
	 */
	exportEntries(params: {
		readonly request: ExportRequest;
		readonly name: string;
	}): Promise<ExportStart>;
	/**
	 * Shows the file that an export of this window was saved as, in the system's file manager. Rejects
	 * with a sentence where there is none: for a download, and once the file has gone.
	 */
	showExport(params: { readonly id: number }): Promise<void>;
}

/** How an export began; `id` is that of its `ExportStatus`. */
export type ExportStart =
	| { readonly kind: 'saving'; readonly id: number }
	/** The page is to open `url`, of its own origin: the browser saves what comes, and keeps the page. */
	| { readonly kind: 'download'; readonly id: number; readonly url: string }
	/** The user thought better of it. */
	| { readonly kind: 'cancelled' };

/** What a host tells its renderer. */
export interface HostEvents {
	/** A sentence for the user: a file handed over by a second start could not be opened, say. */
	notify(params: { readonly message: string }): void;
	/** The engine went away or is back; after `up: true` everything is to be asked for again. */
	engineChanged(params: { readonly up: boolean; readonly message?: string }): void;
}

const nothing = v.strictObject({});
const address = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096));

export const hostSchemas: Schemas<HostApi> = {
	getInfo: nothing,
	pickFiles: nothing,
	completePath: v.strictObject({ text: v.pipe(v.string(), v.maxLength(4_096)) }),
	testEndpoint: v.strictObject({ address: v.pipe(v.string(), v.maxLength(300)) }),
	setPassword: v.strictObject({
		address,
		password: v.pipe(v.string(), v.maxLength(4_096)),
		keep: v.picklist(['keychain', 'file', 'session']),
	}),
	forgetPassword: v.strictObject({ address }),
	getPasswords: nothing,
	exportEntries: v.strictObject({
		request: exportRequestSchema,
		name: v.pipe(v.string(), v.maxLength(1_000)),
	}),
	showExport: v.strictObject({ id: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
};

export const hostEventSchemas: Schemas<HostEvents> = {
	notify: v.strictObject({ message: v.string() }),
	engineChanged: v.strictObject({ up: v.boolean(), message: v.exactOptional(v.string()) }),
};
