/** What was begun at the caret of a query, and where it stands. */
export interface CompletionPlace {
	readonly kind: 'field' | 'value' | 'operator';
	/** Whose value it is. */
	readonly field?: string;
	readonly prefix: string;
	readonly from: number;
	readonly to: number;
}

/** Finds out what could be completed at the caret. */
export function completionAt(text: string, caret: number): CompletionPlace {
	const word = /[^\s()]*$/.exec(text.slice(0, caret))?.[0] ?? '';
	const [, field, begun = ''] = /^-?([\w.]+)(?::[<>=]*|[<>=!]+)(.*)$/.exec(word) ?? [];
	if (field !== undefined) {
		return { kind: 'value', field, prefix: begun, from: caret - begun.length, to: caret };
	}
	const prefix = word.replace(/^-/, '');
	return { kind: 'field', prefix, from: caret - prefix.length, to: caret };
}
