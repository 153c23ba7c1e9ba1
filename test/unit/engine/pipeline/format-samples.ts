import { readFileSync } from 'node:fs';

/** A line some logger wrote, with what is to be read out of it. */
export interface FormatSample {
	readonly format: string;
	readonly note?: string;
	/** What it is called for users. */
	readonly name: string;
	/** All text of the entry. */
	readonly line: string;
	/** Its place among the entries of the text; the only one if absent. */
	readonly part?: number;
	/** ISO with microseconds, without a zone if local time is meant; or `arrival`. */
	readonly time: string;
	readonly level: string;
	readonly severity: number;
	readonly message: string;
	readonly logger: string;
	readonly task_id?: string;
	readonly extra?: string;
	readonly exception?: string;
}

/**
 * `formats.jsonl`: lines of real formatter runs, and of the loggers' documentation where a run was
 * not to be had.
 */
export const FORMAT_SAMPLES: readonly FormatSample[] = readFileSync(
	'test/fixtures/formats.jsonl',
	'utf8',
)
	.trimEnd()
	.split('\n')
	.map((line) => JSON.parse(line) as FormatSample);
