import { expect, test } from 'vitest';
import { messageParts } from '../../../src/renderer/lib/message-parts.ts';

test.each([
	['without a hit', [], [], ['plain:one two three']],
	['a hit', [{ from: 4, to: 7 }], [], ['plain:one ', 'hit:two', 'plain: three']],
	[
		'what is highlighted stands over a hit',
		[{ from: 0, to: 7 }],
		[{ from: 4, to: 13 }],
		['hit:one ', 'found:two', 'found: three'],
	],
	[
		'hits at both ends',
		[{ from: 0, to: 3 }],
		[{ from: 8, to: 13 }],
		['hit:one', 'plain: two ', 'found:three'],
	],
	['a hit beyond the end', [{ from: 8, to: 99 }], [], ['plain:one two ', 'hit:three']],
] as const)('text is cut: %s', (_name, hits, found, parts) => {
	const cut = messageParts('one two three', hits, found);
	expect(cut.map(({ kind, text }) => `${kind}:${text}`)).toEqual(parts);
});

test('of very many hits the last ones are plain, and no text is lost', () => {
	const text = 'ab'.repeat(2_000);
	const hits = Array.from({ length: 2_000 }, (_, index) => ({
		from: index * 2,
		to: index * 2 + 1,
	}));
	const parts = messageParts(text, hits, []);
	expect(parts.length).toBeLessThanOrEqual(1_000);
	expect(parts.map((part) => part.text).join('')).toBe(text);
});
