import { QueryError } from './query-error.ts';
import { readQuoted } from './quoted.ts';
import { regexProblem } from './regex.ts';

/** The words that join conditions, in upper case only: people search for "read or write". */
export type Operator = 'AND' | 'OR' | 'NOT';

const SPACE = /\s*/y;
const OPERATOR = /(AND|OR|NOT|&&|\|\|)(?=[\s()]|$)/y;
const IGNORE_CASE = /i?(?=[\s)]|$)/y;
const OTHER_FLAGS = /[a-z]{1,4}(?=[\s)]|$)/y;

/** What only a regular expression would have: `/var/log` and `/search?q=1` are paths. */
const REGEX_SIGNS = /[\\([{+*|^$]/;

export interface WrittenRegex {
	readonly source: string;
	readonly ignoreCase: boolean;
}

/** Reads the pieces of a query, one after the other. */
export class Scanner {
	readonly text: string;
	at = 0;

	constructor(text: string) {
		this.text = text;
	}

	get atEnd(): boolean {
		return this.at >= this.text.length;
	}

	/** The character at the place it stands at, or so many after it; empty at the end. */
	peek(ahead = 0): string {
		return this.text.charAt(this.at + ahead);
	}

	/** No piece of a query goes on here. */
	get atBreak(): boolean {
		return this.atEnd || /[\s)]/.test(this.peek());
	}

	skipSpace(): void {
		this.#match(SPACE);
	}

	startsWith(text: string): boolean {
		return this.text.startsWith(text, this.at);
	}

	skip(text: string): boolean {
		if (!this.startsWith(text)) {
			return false;
		}
		this.at += text.length;
		return true;
	}

	/** The operator that stands here, without taking it. */
	operator(): Operator | undefined {
		OPERATOR.lastIndex = this.at;
		const word = OPERATOR.exec(this.text)?.[1];
		switch (word) {
			case '&&':
				return 'AND';
			case '||':
				return 'OR';
			case 'AND':
			case 'OR':
			case 'NOT':
				return word;
			default:
				return undefined;
		}
	}

	/** Takes the operator if it stands here; its length tells where it stood. */
	takeOperator(wanted: Operator): boolean {
		return this.operator() === wanted && this.#match(OPERATOR) !== undefined;
	}

	/** Everything up to the next space, or to a parenthesis that closes none of its own. */
	word(): string {
		const from = this.at;
		let depth = 0;
		for (; !this.atEnd; this.at++) {
			const character = this.peek();
			if (/\s/.test(character) || (character === ')' && depth === 0)) {
				break;
			}
			depth += character === '(' ? 1 : character === ')' ? -1 : 0;
		}
		return this.text.slice(from, this.at);
	}

	/** The text in the quotes that begin here. */
	quoted(): string {
		const found = readQuoted(this.text, this.at);
		if (found === undefined) {
			const before = this.text.slice(0, this.at).trimEnd();
			const after = this.text.slice(this.at + 1).trimEnd();
			throw new QueryError(
				'This quote is not closed.',
				{ from: this.at, to: this.text.length },
				after === '' ? before : `${before === '' ? '' : this.text.slice(0, this.at)}"${after}"`,
			);
		}
		this.at = found.to;
		return found.value;
	}

	/**
	 * The regular expression that begins here with its slash, or `undefined`, and nothing taken, if
	 * that is a path: `/var/log/app.log`.
	 */
	regex(): WrittenRegex | undefined {
		const from = this.at;
		const end = this.#regexEnd();
		if (end === undefined) {
			const rest = this.text.slice(from + 1);
			const word = /^\S*/.exec(rest)?.[0] ?? '';
			if (word === '' || !REGEX_SIGNS.test(word.replace(/\)+$/, ''))) {
				return undefined;
			}
			throw new QueryError(
				'This regular expression is not closed: it ends with a slash.',
				{ from, to: this.text.length },
				`${this.text.trimEnd()}/`,
			);
		}
		const source = this.text.slice(from + 1, end);
		if (source === '') {
			return undefined;
		}
		this.at = end + 1;
		const flags = this.#match(IGNORE_CASE);
		if (flags === undefined) {
			if (REGEX_SIGNS.test(source) && this.#match(OTHER_FLAGS) !== undefined) {
				throw new QueryError(
					'After a regular expression only the flag i is possible.',
					{ from: end + 1, to: this.at },
					`${this.text.slice(0, end + 1)}i${this.text.slice(this.at)}`,
				);
			}
			this.at = from;
			return undefined;
		}
		const problem = regexProblem(source);
		if (problem !== undefined) {
			throw new QueryError(
				`This regular expression cannot be used: ${problem}.`,
				{ from, to: this.at },
				undefined,
			);
		}
		return { source, ignoreCase: flags === 'i' };
	}

	/** Where the slash stands that ends the expression that begins here. */
	#regexEnd(): number | undefined {
		let inClass = false;
		for (let index = this.at + 1; index < this.text.length; index++) {
			switch (this.text.charAt(index)) {
				case '\\':
					index++;
					break;
				case '[':
					inClass = true;
					break;
				case ']':
					inClass = false;
					break;
				case '/':
					if (!inClass) {
						return index;
					}
					break;
			}
		}
		return undefined;
	}

	#match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.text)?.[0];
		this.at += found?.length ?? 0;
		return found;
	}
}
