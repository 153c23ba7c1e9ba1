/** Text in quotes as it stands in a query. */
export interface Quoted {
	readonly value: string;
	/** After the closing quote. */
	readonly to: number;
}

/**
 * Reads the quoted text that begins at `at` with its quote; `undefined` if it is not closed. `\"`
 * is a quote and `\\` a backslash; any other backslash is itself.
 */
export function readQuoted(text: string, at: number): Quoted | undefined {
	let value = '';
	for (let index = at + 1; index < text.length; index++) {
		const character = text.charAt(index);
		if (character === '"') {
			return { value, to: index + 1 };
		}
		const next = text[index + 1];
		if (character === '\\' && (next === '"' || next === '\\')) {
			value += next;
			index++;
		} else {
			value += character;
		}
	}
	return undefined;
}

/** Text in quotes, as `readQuoted` reads it. */
export function quote(text: string): string {
	return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
