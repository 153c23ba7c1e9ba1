/** What every measure is given. */
export interface Plan {
	/** A folder of this run, on the disk that is measured. */
	readonly folder: string;
	/** The generated logs, the smallest one first. */
	readonly logs: readonly BenchLog[];
	/** Numbers of lines and seconds are divided by this for a quick look. */
	readonly scale: number;
	/** Prints a figure. */
	readonly print: (figure: Figure | Readonly<Record<string, unknown>>) => void;
	/** Says what is being done. */
	readonly say: (text: string) => void;
}

/** A generated log. */
export interface BenchLog {
	readonly path: string;
	readonly lines: number;
	readonly bytes: number;
}

/** One line of output. */
export interface Figure {
	readonly measure: string;
	readonly unit: string;
	/** What is to be reached, then what to try for. */
	readonly goal: string;
	/** How often it was measured. */
	readonly n: number;
	readonly limited_by?: string;
	readonly [name: string]: unknown;
}

/** The log with the most lines. */
export function largestLog({ logs }: Plan): BenchLog {
	const log = logs.at(-1);
	if (log === undefined) {
		throw new Error('No log was generated');
	}
	return log;
}
