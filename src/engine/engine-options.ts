/** What an engine is given beside its data folder; see `EngineControl.open`. */
export interface EngineOptions {
	/** The entry file of the threads that storages run in. */
	readonly storageThread: URL;
	readonly endsLines?: boolean;
	/** The active storage of this run, as `formatStorageAddress` writes it. */
	readonly storage?: string | undefined;
	/** What is stored in that one is only looked at: no storage is given anything. */
	readonly onlyReads?: boolean;
	/** Nothing is to be kept of this run: by no mirror either. */
	readonly keepsNothing?: boolean;
	readonly passwords?: Readonly<Record<string, string>>;
}
