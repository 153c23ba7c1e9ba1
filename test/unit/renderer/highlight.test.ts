import { expect, test } from 'vitest';
import { splitHits } from '../../../src/renderer/lib/highlight.ts';

function marked(text: string, search: string): string {
	return splitHits(text, search)
		.map((part) => (part.hit ? `[${part.text}]` : part.text))
		.join('');
}

test.each([
	['Retrying after timeout', 'timeout', 'Retrying after [timeout]'],
	['Timeout, TIMEOUT', 'timeOUT', '[Timeout], [TIMEOUT]'],
	['aaa', 'aa', '[aa]a'],
	['nothing here', 'else', 'nothing here'],
	['nothing asked', '  ', 'nothing asked'],
	['a.b axb', 'a.b', '[a.b] axb'],
	['ÜBER über', 'über', '[ÜBER] [über]'],
	['İstanbul İ', 'stan', 'İ[stan]bul İ'],
	['İ (x) [y', '(x)', 'İ [(x)] [y'],
	['', 'x', ''],
])('%j searched for %j', (text, search, expected) => {
	expect(marked(text, search)).toBe(expected);
});

test('together the parts are the text, however many hits there are', () => {
	const text = 'ab'.repeat(5_000);
	const parts = splitHits(text, 'a');
	expect(parts.map((part) => part.text).join('')).toBe(text);
	expect(parts.length).toBeLessThan(1_100);
});
