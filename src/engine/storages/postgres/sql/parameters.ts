/**
 * The values of a statement. Nothing that a user or a log has written is ever part of its text: it
 * travels beside it, as text, and the text names its place and its type.
 */
export class Parameters {
	readonly #values: string[] = [];
	readonly #places = new Map<string, string>();

	/** The place of a value, as SQL: `$3::text`. The same value of one type has one place. */
	add(value: string | number | bigint, type: string): string {
		const text = String(value);
		const key = `${type} ${text}`;
		let place = this.#places.get(key);
		if (place === undefined) {
			this.#values.push(text);
			place = `$${this.#values.length}::${type}`;
			this.#places.set(key, place);
		}
		return place;
	}

	/**
	 * A statement with the values that it names, numbered anew: one that nothing names is an error to
	 * PostgreSQL, and a condition may have been cut to less than it was compiled of.
	 */
	bind(sql: string): readonly [sql: string, values: readonly string[]] {
		const used: number[] = [];
		const text = sql.replaceAll(/\$(\d+)::/g, (_, digits: string) => {
			const place = Number(digits);
			if (!used.includes(place)) {
				used.push(place);
			}
			return `$${used.indexOf(place) + 1}::`;
		});
		return [text, used.map((place) => this.#values[place - 1] ?? '')];
	}

	text(value: string): string {
		return this.add(value, 'text');
	}

	/** A list of texts. */
	texts(values: readonly string[]): string {
		return this.add(arrayText(values), 'text[]');
	}

	/** A list of whole numbers. */
	numbers(values: Iterable<number | bigint | string>): string {
		return this.add(`{${[...values].join(',')}}`, 'bigint[]');
	}
}

/** A list as PostgreSQL reads it: `{"a","b \"c\"",NULL}`. */
export function arrayText(values: readonly (string | null)[]): string {
	const items = values.map((value) =>
		value === null ? 'NULL' : `"${value.replaceAll(/["\\]/g, '\\$&')}"`,
	);
	return `{${items.join(',')}}`;
}
