import { describe, expect, test } from 'vitest';
import type { QueryNode } from '#shared/query/ast.ts';
import { MAX_QUERY_LENGTH, parseQuery } from '#shared/query/parse-query.ts';
import { describeNode } from '../../../support/query-text.ts';
import { randomQueries } from '../../../support/random-queries.ts';

/** What a query is read as. */
const readings: readonly [string, string][] = [
	['', 'everything'],
	[' \t\n ', 'everything'],
	['timeout', 'text:contains(timeout)'],
	['port 80', 'and(text:contains(port), text:contains(80))'],
	['"port 80"', 'text:contains(port 80)'],
	['"say \\"hi\\" \\\\ \\n"', 'text:contains(say "hi" \\ \\n)'],
	['time*', 'text:glob(time*)'],
	['/a \\/ b/i', 'text:/a \\/ b/i'],
	['/[/]x/', 'text:/[/]x/'],
	['*:text', 'all:contains(text)'],
	['*:"two words"', 'all:contains(two words)'],
	['*:/re/', 'all:/re/'],
	// Fields.
	['level:error', 'level:is(error)'],
	['level:"error"', 'level:is(error)'],
	['message:time', 'message:contains(time)'],
	['message:"a*b"', 'message:contains(a*b)'],
	['message:a*b', 'message:glob(a*b)'],
	['exception:Value', 'exception:contains(Value)'],
	['task_id=daily', 'task_id:equals(daily)'],
	['task_id="a b"', 'task_id:equals(a b)'],
	['status==5', '[status]:equals(5)'],
	['status!=5', '[status]:differs(5)'],
	['status>=500', '[status]:>=(500)'],
	['status:>=500', '[status]:>=(500)'],
	['status<-1.5', '[status]:<(-1.5)'],
	['f:=x', '[f]:equals(x)'],
	['f:!=x', '[f]:differs(x)'],
	['f:*', '[f]:exists'],
	['f:"*"', '[f]:is(*)'],
	['f:null', '[f]:null'],
	['f:"null"', '[f]:is(null)'],
	['f:/x+/', '[f]:/x+/'],
	['f:a?c', '[f]:glob(a?c)'],
	['path:/var/log', '[path]:is(/var/log)'],
	['has:user.id', '[user|id]:exists'],
	['has:"odd key"', '[odd key]:exists'],
	['has:traceback', 'exception:exists'],
	['is:error', 'is(error)'],
	['is:Late', 'is(late)'],
	['since:-1h', 'ts:>=(-1h)'],
	['until:now', 'ts:<=(now)'],
	// Ranges.
	['f:[1 TO 5]', '[f]:[1 TO 5]'],
	['f:{1 TO 5}', '[f]:{1 TO 5}'],
	['f:[* TO 5]', '[f]:[* TO 5]'],
	['f:[TO 5]', '[f]:[* TO 5]'],
	['f:[1 TO]', '[f]:[1 TO *]'],
	['f:["a b" TO "TO"]', '[f]:[a b TO TO]'],
	['f:[1..5]', '[f]:[1 TO 5]'],
	['f:1.5s..2s', '[f]:[1.5s TO 2s]'],
	['f:5..', '[f]:[5 TO *]'],
	['f:../x', '[f]:is(../x)'],
	['f:lib..so', '[f]:is(lib..so)'],
	['level:info..error', 'level:[info TO error]'],
	['ts:[-24h TO now]', 'ts:[-24h TO now]'],
	// Names.
	['time:2026-07-01', 'ts:is(2026-07-01)'],
	['timestamp:>now', 'ts:>(now)'],
	['@timestamp:>now', 'ts:>(now)'],
	['msg:x', 'message:contains(x)'],
	['task:x', 'task_id:is(x)'],
	['run:x', '[run_id]:is(x)'],
	['name:x', '[name]:is(x)'],
	['traceback:x', 'exception:contains(x)'],
	['extra.level:x', '[level]:is(x)'],
	['extra.a.b:x', '[a|b]:is(x)'],
	['@user.id:x', '[user|id]:is(x)'],
	['"odd.key":v', '[odd.key]:is(v)'],
	['user."odd.key":v', '[user|odd.key]:is(v)'],
	['"level":"error"', 'level:is(error)'],
	['a[0].b:x', '[a|0|b]:is(x)'],
	['a[*].b:x', '[a|*|b]:is(x)'],
	['a.*.b:x', '[a|*|b]:is(x)'],
	['*.b:x', '[*|b]:is(x)'],
	['größe:5', '[größe]:is(5)'],
	// Joining.
	['a OR b', 'or(text:contains(a), text:contains(b))'],
	['a || b && c', 'or(text:contains(a), and(text:contains(b), text:contains(c)))'],
	['a b OR c', 'or(and(text:contains(a), text:contains(b)), text:contains(c))'],
	['a (b OR c)', 'and(text:contains(a), or(text:contains(b), text:contains(c)))'],
	['a AND b', 'and(text:contains(a), text:contains(b))'],
	['-a', 'not(text:contains(a))'],
	['!a', 'not(text:contains(a))'],
	['NOT a', 'not(text:contains(a))'],
	['NOT(a OR b)', 'not(or(text:contains(a), text:contains(b)))'],
	['-"a b"', 'not(text:contains(a b))'],
	['-level:info', 'not(level:is(info))'],
	['level:(ERROR OR CRITICAL)', 'or(level:is(ERROR), level:is(CRITICAL))'],
	['tags:(a b)', 'and([tags]:is(a), [tags]:is(b))'],
	['tags:(a OR -b*)', 'or([tags]:is(a), not([tags]:glob(b*)))'],
	['status:(5 OR >=500)', 'or([status]:is(5), [status]:>=(500))'],
	['has:(a OR b)', 'or([a]:exists, [b]:exists)'],
	['is:(error OR late)', 'or(is(error), is(late))'],
	['f=(a OR b)', 'or([f]:equals(a), [f]:equals(b))'],
	['(a)(b)', 'and(text:contains(a), text:contains(b))'],
	// What is mostly text in logs.
	['and', 'text:contains(and)'],
	['read or not', 'and(text:contains(read), text:contains(or), text:contains(not))'],
	['ANDROID', 'text:contains(ANDROID)'],
	['10:19:46', 'text:contains(10:19:46)'],
	['2026-07-01T10:00:00Z', 'text:contains(2026-07-01T10:00:00Z)'],
	['http://x/y?z=1', 'text:glob(http://x/y?z=1)'],
	['https://x/y', 'text:contains(https://x/y)'],
	['C:\\x', 'text:contains(C:\\x)'],
	['C:/x/y', 'text:contains(C:/x/y)'],
	['a-b', 'text:contains(a-b)'],
	['-', 'text:contains(-)'],
	['!', 'text:contains(!)'],
	['--verbose', 'text:contains(--verbose)'],
	['a->b', 'text:contains(a->b)'],
	['a=>b', 'text:contains(a=>b)'],
	['a<b', 'text:contains(a<b)'],
	['List<int>', 'text:contains(List<int>)'],
	['std::vector', 'text:contains(std::vector)'],
	['main()', 'text:contains(main())'],
	['(main() OR b)', 'or(text:contains(main()), text:contains(b))'],
	['/var/log/app.log', 'text:contains(/var/log/app.log)'],
	['/health', 'text:contains(/health)'],
	['(/health)', 'text:contains(/health)'],
	['//', 'text:contains(//)'],
	['[12]', 'text:contains([12])'],
	['it"s', 'text:contains(it"s)'],
	['key=value', '[key]:equals(value)'],
];

test.each(readings)('%s is read as %s', (text, reading) => {
	const { root, problem } = parseQuery(text);
	expect(problem).toBeUndefined();
	expect(describeNode(root)).toBe(reading);
});

/** Query, where the mistake is, a part of the sentence, what is suggested. */
const problems: readonly [string, string, RegExp, string?][] = [
	['x "abc', '"abc', /quote is not closed/, 'x "abc"'],
	['abc "', '"', /quote is not closed/, 'abc'],
	['a (b OR c', '(', /not closed/, 'a (b OR c)'],
	['((a', '(', /not closed/, '((a))'],
	['a) b', ')', /closing parenthesis without/, 'a b'],
	['a ()', '()', /nothing in these parentheses/, 'a'],
	['level:()', '()', /nothing in these parentheses/],
	['a AND', 'AND', /nothing after AND/, 'a'],
	['a OR OR b', 'OR', /nothing after OR/, 'a OR b'],
	['a &&', '&&', /nothing after &&/, 'a'],
	['f:[1 TO 2]|| ', '||', /nothing after \|\|/, 'f:[1 TO 2]'],
	['"a"OR', 'OR', /nothing after OR/, '"a"'],
	['a -NOT', 'NOT', /nothing after NOT/, 'a'],
	['|| b', '||', /nothing before \|\|/, 'b'],
	['NOT', 'NOT', /nothing after NOT/],
	['(OR b)', 'OR', /nothing before OR/, '(b)'],
	['foo:', 'foo:', /no value after "foo:"/, 'foo:*'],
	['foo: bar', 'foo:', /without a space/, 'foo:bar'],
	['x foo:>= 5', '>=', /without a space/, 'x foo:>=5'],
	['foo>=', 'foo>=', /no value after foo>=/],
	['foo> 5', 'foo>', /without a space/, 'foo>5'],
	['/a\\d', '/a\\d', /not closed/, '/a\\d/'],
	['f:/a(b/', '/a(b/', /missing closing \)/],
	['/a.*b/g', 'g', /only the flag i/, '/a.*b/i'],
	['/(?=a)/', '/(?=a)/', /look-ahead/],
	['/(a)\\1/', '/(a)\\1/', /back references/],
	['/a{1000}b{1000}/', '/a{1000}b{1000}/', /too large/],
	['is:eror', 'eror', /no is:eror/, 'is:error'],
	['is:nothing', 'nothing', /no is:nothing/],
	['level:>=eror x', '>=eror', /no level/, 'level:>=error x'],
	['level:[a TO b]', '[a TO b]', /no level/],
	['ts:yesterday', 'yesterday', /no time/],
	['since:soon', 'soon', /no time/],
	['ts:2026-13-01', '2026-13-01', /no time/],
	['ts:-15m', '-15m', /one moment/, 'ts:>=-15m'],
	['ts:2026*', '2026*', /no pattern/],
	['f:[1 TO 5', '[1 TO 5', /not closed/, 'f:[1 TO 5]'],
	['f:[1 5]', '[1 5]', /low TO high/, 'f:[1 TO 5]'],
	['f:[1 TO 5}', '[1 TO 5}', /ends with a \] bracket/, 'f:[1 TO 5]'],
	['f:"a"b', 'b', /closing quote/, 'f:"a" b'],
	['has:a-', 'a-', /name of a field/, 'has:"a-"'],
	['f:(a OR b', '(', /not closed/, 'f:(a OR b)'],
];

describe('A query that cannot be read', () => {
	test.each(problems)('%s: the mistake is %s, %s', (text, place, sentence, suggestion) => {
		const { root, problem } = parseQuery(text);
		expect(text.slice(problem?.from, problem?.to)).toBe(place);
		expect(problem?.message).toMatch(sentence);
		expect(problem?.message).toMatch(/\.$/);
		expect(problem?.suggestion).toBe(suggestion);
		expect(describeNode(root)).toBe(`text:contains(${text.trim()})`);
	});

	test('A query is refused where it becomes too long, too deep or too much', () => {
		const long = 'a'.repeat(MAX_QUERY_LENGTH);
		expect(parseQuery(long).problem).toBeUndefined();
		expect(parseQuery(`${long}a`).problem?.message).toContain('10,000 characters');
		expect(parseQuery('('.repeat(50) + 'a' + ')'.repeat(50)).problem).toBeUndefined();
		expect(parseQuery('('.repeat(51) + 'a' + ')'.repeat(51)).problem).toMatchObject({
			message: 'A query can be nested 50 deep at most.',
			from: 51,
		});
		expect(parseQuery('('.repeat(10_000)).problem?.message).toContain('50 deep');
		expect(parseQuery('NOT '.repeat(60) + 'a').problem?.message).toContain('50 deep');
		expect(parseQuery('a '.repeat(499)).problem).toBeUndefined();
		expect(parseQuery('a '.repeat(500)).problem?.message).toContain('500 parts');
	});
});

test('Every part knows its place, and parentheses belong to what they enclose', () => {
	const text = ' level:(A OR "B c")  -(x y)  NOT msg:/z/ OR *:q';
	const { root } = parseQuery(text);
	expect(placesOf(root, text)).toEqual([
		'level:(A OR "B c")  -(x y)  NOT msg:/z/ OR *:q',
		'level:(A OR "B c")  -(x y)  NOT msg:/z/',
		'level:(A OR "B c")',
		'A',
		'"B c"',
		'-(x y)',
		'(x y)',
		'x',
		'y',
		'NOT msg:/z/',
		'msg:/z/',
		'*:q',
	]);
});

function placesOf(node: QueryNode | undefined, text: string): readonly string[] {
	if (node === undefined) {
		return [];
	}
	const parts = 'parts' in node ? node.parts : 'part' in node ? [node.part] : [];
	return [text.slice(node.from, node.to), ...parts.flatMap((part) => placesOf(part, text))];
}

test('Whatever is typed gives an answer, and places inside of the text', () => {
	let readable = 0;
	const wrong: string[] = [];
	for (const text of randomQueries(20_000)) {
		const { root, problem } = parseQuery(text);
		readable += problem === undefined ? 1 : 0;
		const isGood =
			arePlacesGood(root, 0, text.length) &&
			(problem === undefined ||
				(root?.kind === 'text' &&
					problem.from >= 0 &&
					problem.to >= problem.from &&
					problem.to <= text.length &&
					(problem.suggestion === undefined ||
						parseQuery(problem.suggestion).problem === undefined)));
		if (!isGood) {
			wrong.push(text);
		}
	}
	expect(wrong).toEqual([]);
	expect(readable).toBeGreaterThan(2_000);
	expect(readable).toBeLessThan(18_000);
});

/** Parts lie inside of their group, one after the other. */
function arePlacesGood(node: QueryNode | undefined, from: number, to: number): boolean {
	if (node === undefined) {
		return true;
	}
	let at = node.from;
	return (
		node.from >= from &&
		node.to > node.from &&
		node.to <= to &&
		('parts' in node ? node.parts : 'part' in node ? [node.part] : []).every((part) => {
			const isGood = arePlacesGood(part, at, node.to);
			at = part.to;
			return isGood;
		})
	);
}
