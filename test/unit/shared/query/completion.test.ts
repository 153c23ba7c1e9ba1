import { expect, test } from 'vitest';
import { completionAt } from '#shared/query/completion.ts';
import { randomQueries } from '../../../support/random-queries.ts';

/** A query with its caret, and what can be offered: kind, field, prefix, what is replaced. */
const cases: readonly [string, string][] = [
	['|', 'field "" for ""'],
	['le|', 'field "le" for "le"'],
	['le|vel', 'field "le" for "level"'],
	['le|vel:x', 'field "le" for "level"'],
	['level|:x', 'field "level" for "level"'],
	['x le|', 'field "le" for "le"'],
	['-le|', 'field "le" for "le"'],
	['(a OR le|)', 'field "le" for "le"'],
	['user.|', 'field "user." for "user."'],
	['user."od|', 'field "user."od" for "user."od"'],
	['user."od"x|', 'nothing'],
	['done.| Next', 'field "done." for "done."'],
	['user.i|', 'field "user.i" for "user.i"'],
	['@us|', 'field "@us" for "@us"'],
	['x |', 'operator "" for ""'],
	['x A|', 'operator "A" for "A"'],
	['x AND |', 'field "" for ""'],
	['( |', 'field "" for ""'],
	['level:|', 'value of level "" for ""'],
	['task:da|', 'value of task_id "da" for "da"'],
	['task:da|ily x', 'value of task_id "da" for "daily"'],
	['extra.task:d|', 'value of extra.task "d" for "d"'],
	['user.id=4|', 'value of user.id "4" for "4"'],
	['level:>=wa|', 'value of level "wa" for "wa"'],
	['level>=wa|', 'value of level "wa" for "wa"'],
	['level>|=wa', 'nothing'],
	['task:"da il|', 'value of task_id "da il" for ""da il"'],
	['task:"da| il" x', 'value of task_id "da" for ""da il""'],
	['task:"da il"|', 'nothing'],
	['level:(ERROR OR cr|)', 'value of level "cr" for "cr"'],
	['level:(|', 'value of level "" for ""'],
	['level:(ERROR OR | x', 'value of level "" for ""'],
	['level:(ERROR) |', 'operator "" for ""'],
	['level:(a) ta|', 'field "ta" for "ta"'],
	['f:[1 TO 2|] x', 'value of f "2" for "2"'],
	['f:[|', 'value of f "" for ""'],
	['f:[1 TO 2]|', 'nothing'],
	['is:e|', 'value of is "e" for "e"'],
	['has:us|', 'field "us" for "us"'],
	['has:(a OR us|)', 'field "us" for "us"'],
	['since:-|', 'value of ts "-" for "-"'],
	['"some te|', 'nothing'],
	['"level:| x" y', 'nothing'],
	['/level:|/', 'nothing'],
	['msg:/a b| c/', 'nothing'],
	['http://ho|', 'nothing'],
	['10:1|', 'nothing'],
	['"odd key":v|', 'value of "odd key" "v" for "v"'],
	['a "b c" le|', 'field "le" for "le"'],
];

test.each(cases)('%s offers %s', (marked, expected) => {
	const caret = marked.indexOf('|');
	const text = marked.replace('|', '');
	const found = completionAt(text, caret);
	const replaced = text.slice(found?.from, found?.to);
	const field = found?.field === undefined ? '' : ` of ${found.field}`;
	expect(
		found === undefined ? 'nothing' : `${found.kind}${field} "${found.prefix}" for "${replaced}"`,
	).toBe(expected);
});

test('Wherever the caret stands in whatever text, what is replaced stands around it', () => {
	const wrong: string[] = [];
	for (const text of randomQueries(2_000, 9)) {
		for (let caret = 0; caret <= text.length; caret++) {
			const found = completionAt(text, caret);
			if (found !== undefined && !(found.from <= caret && caret <= found.to)) {
				wrong.push(`${text.slice(0, caret)}|${text.slice(caret)}`);
			}
		}
	}
	expect(wrong).toEqual([]);
});
