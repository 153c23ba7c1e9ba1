import { expect, test } from 'vitest';
import { Glob } from '#shared/query/glob.ts';
import { Random } from '../../../support/entries.ts';

test.each([
	['', '', true],
	['', 'a', false],
	['*', '', true],
	['a*', 'abc', true],
	['*c', 'abc', true],
	['a*c', 'ac', true],
	['a*a', 'a', false],
	['ab*ba', 'aba', false],
	['*b*', 'abc', true],
	['a?c', 'abc', true],
	['a?c', 'ac', false],
	['?', '😀', true],
	['??', '😀', false],
	['*?', '😀', true],
	['*?b', 'a😀b', true],
	['a*?', 'a', false],
])('%s is all of %j: %j', (pattern, text, expected) => {
	expect(new Glob(pattern).matchesAll(text)).toBe(expected);
});

test('A glob means what it means as a regular expression', () => {
	const random = new Random(11);
	const wrong: string[] = [];
	const answers = new Set<string>();
	for (let index = 0; index < 20_000; index++) {
		const pattern = Array.from({ length: random.below(6) }, () => random.pick([...'aab*?😀'])).join(
			'',
		);
		const text = Array.from({ length: random.below(8) }, () => random.pick([...'aaab😀'])).join('');
		const source = pattern.replaceAll('?', '[^]').replace(/\*+/g, '[^]*');
		const glob = new Glob(pattern);
		const all = new RegExp(`^(?:${source})$`, 'u').test(text);
		const part = new RegExp(source, 'u').test(text);
		answers.add(`${all} ${part}`);
		if (glob.matchesAll(text) !== all || glob.matches(text) !== part) {
			wrong.push(`${pattern} in ${text}`);
		}
	}
	expect(wrong).toEqual([]);
	expect([...answers].sort()).toEqual(['false false', 'false true', 'true true']);
});

test('A glob finds the first and shortest stretch', () => {
	expect(found('a*c', 'xabcabc')).toBe('abc');
	expect(found('*b*', 'abc')).toBe('b');
	expect(found('*', 'abc')).toBe('');
	expect(found('a*d', 'abc')).toBeUndefined();
	expect(found('?b', 'a😀b')).toBe('😀b');
});

function found(pattern: string, text: string): string | undefined {
	const hit = new Glob(pattern).next(text, 0);
	return hit === undefined ? undefined : text.slice(hit.from, hit.to);
}
