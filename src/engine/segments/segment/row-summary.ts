import { severityOf } from '#shared/model/level.ts';
import { levelOfText } from './dictionary.ts';
import type { Dictionary } from './dictionary.ts';

/** Severity from which a row counts as an error. */
export const ERROR = severityOf('ERROR');

/** What many rows have in common, so that a search can pass all of them by. */
export class RowSummary {
	minTs = Infinity;
	maxTs = -Infinity;
	maxSeverity = 0;
	errors = 0;
	readonly #dictionary: Dictionary;
	/** By level id. */
	readonly #severities: number[] = [];

	constructor(dictionary: Dictionary) {
		this.#dictionary = dictionary;
	}

	add(ts: number, level: number): void {
		const severity = this.severityOf(level);
		this.minTs = Math.min(this.minTs, ts);
		this.maxTs = Math.max(this.maxTs, ts);
		this.maxSeverity = Math.max(this.maxSeverity, severity);
		this.errors += severity >= ERROR ? 1 : 0;
	}

	/** The severity of a level by its id. */
	severityOf(level: number): number {
		return (this.#severities[level] ??= levelOfText(
			this.#dictionary.text('level', level),
		).severity);
	}
}
