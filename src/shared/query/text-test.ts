import type { TextTest } from './ast.ts';
import { Glob } from './glob.ts';
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
			const glob = new Glob(test.pattern.toLowerCase());
			return whole
				? (text) => glob.matchesAll(text.toLowerCase())
				: (text) => glob.matches(text.toLowerCase());
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
	const next = finderOf(test);
	return (text) => {
		const hits: TextHit[] = [];
		const lower = lowerInPlace(text);
		let hit = next(lower, 0);
		while (hit !== undefined && hit.to > hit.from) {
			hits.push(hit);
			hit = next(lower, hit.to);
		}
		return hits;
	};
}

/** Looks for the next place in text in lower case. */
function finderOf(
	test: Exclude<TextTest, { kind: 'regex' }>,
): (lower: string, at: number) => TextHit | undefined {
	if (test.kind === 'glob') {
		const glob = new Glob(test.pattern.toLowerCase());
		return (lower, at) => glob.next(lower, at);
	}
	const wanted = test.text.toLowerCase();
	return (lower, at) => {
		const from = lower.indexOf(wanted, at);
		return from === -1 ? undefined : { from, to: from + wanted.length };
	};
}

/** Text in lower case with every character where it was: İ, which would become two, stays. */
function lowerInPlace(text: string): string {
	const lower = text.toLowerCase();
	return lower.length === text.length
		? lower
		: Array.from(text, (character) => {
				const small = character.toLowerCase();
				return small.length === character.length ? small : character;
			}).join('');
}

/**
 * Texts that a text has to contain, in any case, for the test to be true; none if nothing is known.
 * They are for leaving out what cannot match before the test is made. An expression that ignores
 * case folds more than `toLowerCase` does: `ſ` is an `s` to it.
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
