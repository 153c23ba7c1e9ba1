import { expect, test } from 'vitest';
import { hitFinder, splitHits } from '../../../src/renderer/lib/highlight.ts';

function marked(text: string, query: string): string {
	return splitHits(text, hitFinder({ query }))
		.map((part) => (part.hit ? `[${part.text}]` : part.text))
		.join('');
}

test.each([
	['Retrying after timeout', 'timeout', 'Retrying after [timeout]'],
	['Timeout, TIMEOUT', 'timeOUT', '[Timeout], [TIMEOUT]'],
	['Timeout of the store', 'store time level:error', '[Time]out of the [store]'],
	['Timeout of the store', '"of the" -timeout', 'Timeout [of the] store'],
	['timeout after 10s', 'message:/after \\d+s/', 'timeout [after 10s]'],
	['nothing here', 'else', 'nothing here'],
	['nothing asked', '  ', 'nothing asked'],
	['level:error', 'level:error', 'level:error'],
	['a.b axb', 'a.b', '[a.b] axb'],
	['İstanbul İ', 'stan', 'İ[stan]bul İ'],
	['', 'x', ''],
])('%j searched for %j', (text, query, expected) => {
	expect(marked(text, query)).toBe(expected);
});

test('a filter that looks at no message finds nothing to mark', () => {
	expect(hitFinder({ query: 'level:>=error status:500' })).toBeUndefined();
	expect(hitFinder({})).toBeUndefined();
});

test('together the parts are the text, however many hits there are', () => {
	const text = 'ab'.repeat(5_000);
	const parts = splitHits(text, hitFinder({ query: 'a' }));
	expect(parts.map((part) => part.text).join('')).toBe(text);
	expect(parts.length).toBeLessThan(1_100);
});
