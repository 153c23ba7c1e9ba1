const entry = (name: string) => new URL(`../../out/main/${name}.js`, import.meta.url);

/** Entries of the engine and of threads, as they are built: `build-once.ts` sees to it that they are. */
export const BUILT = {
	engine: entry('engine'),
	feeds: entry('feeds'),
	query: entry('query'),
	scan: entry('scan'),
	storage: entry('storage'),
	writer: entry('writer'),
} as const;
