import type { QueryNode, TextNode, TextTest } from './ast.ts';
import { readClause } from './clause-parser.ts';
import { QueryError } from './query-error.ts';
import { Scanner } from './scanner.ts';

/** Deeper nesting is refused, so that no recursion over a tree can overflow. */
export const MAX_QUERY_DEPTH = 50;

/** A query can have so many parts. */
export const MAX_QUERY_NODES = 500;

/** Reads one query from its beginning to its end, by recursive descent. */
export class QueryParser {
	readonly scanner: Scanner;
	#depth = 0;
	#nodes = 0;
	/** Where the parentheses that are open begin. */
	readonly #open: number[] = [];

	constructor(text: string) {
		this.scanner = new Scanner(text);
	}

	/** The whole query, which is not blank. Throws a `QueryError`. */
	parse(): QueryNode {
		const node = this.#or(() => this.#atom());
		if (!this.scanner.atEnd) {
			const { at, text } = this.scanner;
			throw new QueryError(
				'There is a closing parenthesis without an opening one.',
				{ from: at, to: at + 1 },
				text.slice(0, at) + text.slice(at + 1),
			);
		}
		return node;
	}

	/** Counts a part. Every node of the tree goes through here. */
	add<Node extends QueryNode>(node: Node): Node {
		if (++this.#nodes > MAX_QUERY_NODES) {
			throw new QueryError(`A query can have ${MAX_QUERY_NODES} parts at most.`, node);
		}
		return node;
	}

	/** A group in parentheses, which begins here; `leaf` reads what stands in it. */
	group(leaf: () => QueryNode): QueryNode {
		const from = this.scanner.at;
		this.scanner.at++;
		this.#open.push(from);
		const node = this.#deeper(() => this.#or(leaf));
		if (!this.scanner.skip(')')) {
			const missing = ')'.repeat(this.#open.length);
			throw new QueryError(
				'This parenthesis is not closed.',
				{ from, to: from + 1 },
				this.scanner.text.trimEnd() + missing,
			);
		}
		this.#open.pop();
		// The parentheses belong to what they enclose: taking it away takes them along.
		return { ...node, from, to: this.scanner.at };
	}

	#or(leaf: () => QueryNode): QueryNode {
		const parts = [this.#and(leaf)];
		while (this.scanner.takeOperator('OR')) {
			parts.push(this.#and(leaf));
		}
		return this.#join('or', parts);
	}

	#and(leaf: () => QueryNode): QueryNode {
		const parts: QueryNode[] = [];
		let needsOne = true;
		for (;;) {
			this.scanner.skipSpace();
			const isEnd = this.scanner.atBreak || this.scanner.operator() === 'OR';
			if (isEnd || this.scanner.operator() === 'AND') {
				if (needsOne) {
					throw this.#missing();
				}
				if (isEnd) {
					return this.#join('and', parts);
				}
				this.scanner.takeOperator('AND');
				needsOne = true;
				continue;
			}
			parts.push(this.#not(leaf));
			needsOne = false;
		}
	}

	#not(leaf: () => QueryNode): QueryNode {
		const from = this.scanner.at;
		if (this.scanner.takeOperator('NOT')) {
			this.scanner.skipSpace();
			if (this.scanner.atBreak || /^(?:AND|OR)$/.test(this.scanner.operator() ?? '')) {
				throw this.#missing();
			}
		} else if (this.#isMinus()) {
			this.scanner.at++;
		} else {
			return leaf();
		}
		const part = this.#deeper(() => this.#not(leaf));
		return this.add({ kind: 'not', part, from, to: this.scanner.at });
	}

	/** A minus or an exclamation mark before something: `-`, `--verbose`, `->` and `!=` are text. */
	#isMinus(): boolean {
		const sign = this.scanner.peek();
		return (sign === '-' || sign === '!') && /[^\s\-!=<>)]/.test(this.scanner.peek(1));
	}

	#atom(): QueryNode {
		const { scanner } = this;
		if (scanner.peek() === '(') {
			return this.group(() => this.#atom());
		}
		const clause = readClause(this);
		if (clause !== undefined) {
			return clause;
		}
		const from = scanner.at;
		const scope = scanner.startsWith('*:') && /[^\s):]/.test(scanner.peek(2)) ? 'all' : 'message';
		if (scope === 'all') {
			scanner.at += 2;
		}
		const test = this.#text();
		return this.add<TextNode>({ kind: 'text', scope, test, from, to: scanner.at });
	}

	#text(): TextTest {
		const { scanner } = this;
		if (scanner.peek() === '"') {
			return { kind: 'contains', text: scanner.quoted() };
		}
		const regex = scanner.peek() === '/' ? scanner.regex() : undefined;
		if (regex !== undefined) {
			return { kind: 'regex', ...regex };
		}
		const word = scanner.word();
		return /[*?]/.test(word) ? { kind: 'glob', pattern: word } : { kind: 'contains', text: word };
	}

	#join(kind: 'and' | 'or', parts: readonly QueryNode[]): QueryNode {
		const [first] = parts;
		const last = parts.at(-1);
		if (first === undefined || last === undefined) {
			throw this.#missing();
		}
		return parts.length === 1 ? first : this.add({ kind, parts, from: first.from, to: last.to });
	}

	#deeper(read: () => QueryNode): QueryNode {
		if (++this.#depth > MAX_QUERY_DEPTH) {
			const { at } = this.scanner;
			throw new QueryError(`A query can be nested ${MAX_QUERY_DEPTH} deep at most.`, {
				from: at,
				to: Math.min(at + 1, this.scanner.text.length),
			});
		}
		const node = read();
		this.#depth--;
		return node;
	}

	/** There is nothing where a condition has to stand. */
	#missing(): QueryError {
		const { text, at } = this.scanner;
		const before = text.slice(0, at).trimEnd();
		const operator = /(?:^|[\s()\]}"!-])(AND|OR|NOT|&&|\|\|)$/.exec(before)?.[1];
		if (operator !== undefined) {
			const from = before.length - operator.length;
			return new QueryError(
				`There is nothing after ${operator}.`,
				{ from, to: before.length },
				`${text
					.slice(0, from)
					.replace(/[!-]?$/, '')
					.trimEnd()} ${text.slice(at)}`.trim(),
			);
		}
		const next = this.scanner.operator();
		if (next !== undefined) {
			const length = text.startsWith(next, at) ? next.length : 2;
			return new QueryError(
				`There is nothing before ${text.slice(at, at + length)}.`,
				{ from: at, to: at + length },
				`${text.slice(0, at)}${text.slice(at + length).trimStart()}`.trim(),
			);
		}
		if (before.endsWith('(')) {
			const to = text.startsWith(')', at) ? at + 1 : at;
			return new QueryError(
				to > at ? 'There is nothing in these parentheses.' : 'This parenthesis is not closed.',
				{ from: before.length - 1, to },
				`${before.slice(0, -1).trimEnd()} ${text.slice(to).trimStart()}`.trim(),
			);
		}
		return new QueryError(
			'There is a closing parenthesis without an opening one.',
			{ from: at, to: Math.min(at + 1, text.length) },
			text.slice(0, at) + text.slice(at + 1),
		);
	}
}
