import type { TextTest } from './ast.ts';
import { regexLiterals } from './regex-literals.ts';
import { compileRegex } from './regex.ts';

/** A place of a text: UTF-16 units [from, to). */
export interface TextHit {
	readonly from: number;
	readonly to: number;
}

/**
 * A test of text, ready to be used many times. `whole`: a glob has to match all of the text, as in
 * a field; otherwise it is looked for anywhere in it.
 */
export function compileText(test: TextTest, whole: boolean): (text: string) => boolean {
	switch (test.kind) {
		case 'contains': {
			const wanted = test.text.toLowerCase();
			return (text) => text.toLowerCase().includes(wanted);
		}
		case 'glob': {
			const source = globSource(test.pattern.toLowerCase());
			const regex = compileRegex(whole ? `(?s)^${source}$` : `(?s)${source}`, false);
			return (text) => regex.test(text.toLowerCase());
		}
		case 'regex':
			return compileRegex(test.source, test.ignoreCase).test;
	}
}

/** A test of text that tells every place where it is true, in order, without overlaps. */
export function compileHits(test: TextTest): (text: string) => readonly TextHit[] {
	if (test.kind === 'regex') {
		return compileRegex(test.source, test.ignoreCase).hits;
	}
	// Stars at the ends would reach to the ends of the text.
	const wanted = test.kind === 'contains' ? test.text : test.pattern.replace(/^\*+|\*+$/g, '');
	const source = test.kind === 'contains' ? escapeRegex(wanted) : `(?s)${globSource(wanted)}`;
	const [regex, anyCase] = [compileRegex(source.toLowerCase(), false), compileRegex(source, true)];
	return (text) => {
		const lower = text.toLowerCase();
		// İ is two in lower case: no place after it would be right.
		return lower.length === text.length ? regex.hits(lower) : anyCase.hits(text);
	};
}

/**
 * Texts that a text has to contain, in any case, for the test to be true; none if nothing is known.
 * They are for leaving out what cannot match before the test is made.
 */
export function literalsOf(test: TextTest): readonly string[] {
	switch (test.kind) {
		case 'contains':
			return test.text === '' ? [] : [test.text];
		case 'glob':
			return test.pattern.split(/[*?]+/).filter((part) => part !== '');
		case 'regex':
			return regexLiterals(test.source);
	}
}

/** `*` is any text and `?` one character. */
function globSource(pattern: string): string {
	return escapeRegex(pattern.replace(/\*+/g, '*')).replaceAll('\\*', '.*?').replaceAll('\\?', '.');
}

function escapeRegex(text: string): string {
	return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
