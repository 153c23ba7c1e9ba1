import { expect, test } from 'vitest';
import { regexProblem } from '#shared/query/regex.ts';
import { regexLiterals } from '#shared/query/regex-literals.ts';
import { literalsOf } from '#shared/query/text-test.ts';
import { Random } from '../../../support/entries.ts';

test.each([
	['timeout after \\d+s', ['timeout after ', 's']],
	['abc', ['abc']],
	['ab+c', ['ab', 'c']],
	['ab*c', ['a', 'c']],
	['ab?c', ['a', 'c']],
	['ab{2,}c', ['ab', 'c']],
	['ab{0,2}c', ['a', 'c']],
	['a(?:x|y)b', ['a', 'b']],
	['a(b\\)c)?d', ['a', 'd']],
	['a[b)]c', ['a', 'c']],
	['a|b', []],
	['(a|b)', []],
	['^ab$', ['ab']],
	['a\\.b\\/c', ['a.b/c']],
	['a\\bc', ['a', 'c']],
	['\\x41bc', ['bc']],
	['\\x{1F600}bc', ['bc']],
	['\\101bc', ['bc']],
	['\\0129', ['9']],
	['\\08', ['8']],
	['\\pLbc', ['bc']],
	['\\p{Lu}bc', ['bc']],
	['\\Qa|b\\Ec', ['c']],
	['(?i)abc', []],
	['[[:alpha:]]bc', ['bc']],
	['[]a]bc', ['bc']],
	['😀+x', ['😀', 'x']],
	['a{x', ['a', 'x']],
	['[0-9]{3} s', [' s']],
	['(ab){2,3}c', ['c']],
	['\\d{2}:{3}x', [':', 'x']],
])('%s has to contain %j', (source, literals) => {
	expect(regexProblem(source)).toBeUndefined();
	expect(regexLiterals(source)).toEqual(literals);
});

test('A glob has to contain what stands between its wildcards', () => {
	expect(literalsOf({ kind: 'glob', pattern: '*a?bc**d' })).toEqual(['a', 'bc', 'd']);
	expect(literalsOf({ kind: 'contains', text: '' })).toEqual([]);
	expect(literalsOf({ kind: 'contains', text: 'a*' })).toEqual(['a*']);
});

test('Whatever an expression matches contains its literals', () => {
	const random = new Random(5);
	const pieces =
		'a b ab c . \\d \\w [ab] [^a] [ab]{1} \\w{2} (ab){1,2} (a|b) (ab)? (?:b)+ a* b+ a? a{2} b{0,1} ^ $ | \\. \\b'.split(
			' ',
		);
	const found: string[] = [];
	const wrong: string[] = [];
	for (let index = 0; index < 5_000; index++) {
		const source = Array.from({ length: 1 + random.below(5) }, () => random.pick(pieces)).join('');
		const text = Array.from({ length: random.below(8) }, () => random.pick([...'aabbc.1'])).join(
			'',
		);
		if (regexProblem(source) === undefined && new RegExp(source, 's').test(text)) {
			found.push(source);
			if (!regexLiterals(source).every((literal) => text.includes(literal))) {
				wrong.push(`/${source}/ in ${text}`);
			}
		}
	}
	expect(wrong).toEqual([]);
	expect(found.length).toBeGreaterThan(500);
});
