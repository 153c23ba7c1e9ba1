import { expect, test } from 'vitest';
import { queryParts } from '../../../src/renderer/lib/query-colours.ts';

/** `[field level][operator :]…`, so that a failure can be read. */
function colours(text: string): string {
	return queryParts(text)
		.map((part) => `[${part.kind} ${part.text}]`)
		.join('');
}

test.each([
	['', ''],
	['timeout', '[text timeout]'],
	['"two words"', '[value "two words"]'],
	['level:>=error', '[field level][operator :>=][value error]'],
	['task_id="a b"', '[field task_id][operator =][value "a b"]'],
	['is:error', '[field is][operator :][value error]'],
	['a AND b', '[text a ][operator AND][text  b]'],
	['-user.id:42', '[operator -][field user.id][operator :][value 42]'],
	[
		'logger:(a OR b)',
		'[field logger][operator :(][value a][text  ][operator OR][text  ][value b][operator )]',
	],
	['10:19:46 http://x/y', '[text 10:19:46 http://x/y]'],
	['/time.*out/i', '[value /time.*out/i]'],
])('colours %j', (text, expected) => {
	expect(colours(text)).toBe(expected);
});

test('marks the place of a problem, and colours what stands before it', () => {
	expect(colours('level:error "never closed')).toBe(
		'[field level][operator :][value error][text  ][problem "never closed]',
	);
});

test.each(['level:>=error task:nightly-* -"health check"', 'a:(', ') x', 'status>=500 OR', 'ts:['])(
	'loses nothing of %j',
	(text) => {
		expect(
			queryParts(text)
				.map((part) => part.text)
				.join(''),
		).toBe(text);
	},
);
