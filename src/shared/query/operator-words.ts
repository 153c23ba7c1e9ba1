import type { QueryNode, QueryProblem } from './ast.ts';

const WORDS: readonly string[] = ['and', 'or', 'not'];

/** Quoted text, a name with its operator and space after it, or an operator in small letters. */
const KQL_PARTS =
	/"(?:\\[^]|[^"\\])*"|(?<![\p{L}\p{N}_.@$-])([\p{L}_@$][\p{L}\p{N}_.$-]*)\s*(>=|<=|[:><])\s+(?=\S)|(?<=[\s)]|^)(?:and|or|not)(?=[\s(])/gu;

/**
 * A query as Kibana's language writes it in our spelling: `status >= 500 and user.id: 5` is
 * `status>=500 AND user.id:5`.
 */
export function fromKql(text: string): string {
	return text.replace(KQL_PARTS, (part, name?: string, operator?: string) =>
		name === undefined ? (WORDS.includes(part) ? part.toUpperCase() : part) : name + operator,
	);
}

/**
 * What to tell about `and`, `or` and `not` in small letters between conditions on fields, where
 * they hardly are words to look for; `undefined` if there are none.
 */
export function operatorHint(text: string, root: QueryNode): QueryProblem | undefined {
	const words = wordsAmongFields(text, root);
	const [first] = words;
	if (first === undefined) {
		return undefined;
	}
	const word = text.slice(first.from, first.to);
	let suggestion = text;
	for (const { from, to } of words.toReversed()) {
		suggestion =
			suggestion.slice(0, from) + text.slice(from, to).toUpperCase() + suggestion.slice(to);
	}
	return {
		from: first.from,
		to: first.to,
		message: `"${word}" is looked for as a word: operators are written in capitals, ${word.toUpperCase()}.`,
		suggestion,
	};
}

function wordsAmongFields(text: string, node: QueryNode): readonly QueryNode[] {
	if (node.kind === 'not') {
		return wordsAmongFields(text, node.part);
	}
	if (node.kind !== 'and' && node.kind !== 'or') {
		return [];
	}
	const own = node.parts.filter((part, index) => {
		const [before, after] = [node.parts[index - 1], node.parts[index + 1]];
		const word = text.slice(part.from, part.to);
		return (
			node.kind === 'and' &&
			after !== undefined &&
			(word === 'not'
				? isOnField(after)
				: (word === 'and' || word === 'or') &&
					before !== undefined &&
					(isOnField(before) || isOnField(after)))
		);
	});
	return [...own, ...node.parts.flatMap((part) => wordsAmongFields(text, part))].sort(
		(one, other) => one.from - other.from,
	);
}

function isOnField(node: QueryNode): boolean {
	switch (node.kind) {
		case 'field':
		case 'is':
			return true;
		case 'not':
			return isOnField(node.part);
		case 'and':
		case 'or':
			return node.parts.every(isOnField);
		case 'text':
			return false;
	}
}
