import { beforeEach, expect, test } from 'vitest';
import { QueryInTest } from './support/query-in-test.ts';

let t: QueryInTest;

beforeEach(() => {
	t = new QueryInTest();
});

/** What stands in the three fields. */
function shown(): readonly string[] {
	const { task, level, search } = t.fields;
	return [task.value, level, search.value];
}

test.each([
	['', ['', '', '']],
	['timeout', ['', '', 'timeout']],
	['task_id=daily level:>=warning "two words"', ['daily', 'WARNING+', 'two words']],
	['task:daily level:warn', ['daily', 'WARNING', '']],
	['level:(ERROR OR CRITICAL)', ['', 'several', '']],
	['-level:DEBUG', ['', 'several', '']],
	['level:<error', ['', 'several', '']],
	['level:ERROR OR task:x', ['', 'several', '']],
	['two words', ['', '', '']],
	['time*', ['', '', '']],
	['logger:asyncz', ['', '', '']],
	['"not closed', ['', '', '"not closed']],
])('%j shows %j', (text, expected) => {
	t.query.set(text);
	expect(shown()).toEqual(expected);
});

test('a field that cannot show what the query says knows that', () => {
	t.query.set('one two');
	expect([t.fields.search.isSeveral, t.fields.task.isSeveral]).toEqual([true, false]);
	t.query.set('task:a*');
	expect([t.fields.search.isSeveral, t.fields.task.isSeveral]).toEqual([false, true]);
});

test('each field writes its part of the query, and nothing else', async () => {
	t.query.set('logger:asyncz');
	t.fields.task.type('daily');
	t.fields.search.type('two words');
	await t.clock.pass(200);
	t.fields.setLevel('ERROR+');
	expect(t.query.text).toBe('logger:asyncz task_id=daily "two words" level:>=ERROR');
	t.fields.setLevel('ERROR');
	t.fields.task.type('');
	await t.clock.pass(200);
	expect(t.query.text).toBe('logger:asyncz "two words" level:ERROR');
	t.fields.setLevel('');
	expect(t.query.text).toBe('logger:asyncz "two words"');
});

test('what is typed stays as it was typed until the query changes', async () => {
	t.fields.task.type(' daily ');
	await t.clock.pass(200);
	expect([t.query.text, t.fields.task.value]).toEqual(['task_id=daily', ' daily ']);
	t.fields.task.type(' daily report');
	t.fields.setLevel('ERROR');
	expect(t.query.text).toBe('task_id="daily report" level:ERROR');
	expect(t.fields.task.value).toBe('daily report');
	t.query.without('task_id');
	expect(t.fields.task.value).toBe('');
});

test('words that mean something in a query are searched for as they are', async () => {
	for (const text of ['a OR b', 'level:error', '-x', '/a+/', '"', '10:19:46', 'time*']) {
		t.fields.search.type(text);
		await t.clock.pass(200);
		expect(t.query.parsed).toMatchObject({
			root: { kind: 'text', test: { kind: 'contains', text } },
		});
	}
});

test('a task is shown alone, whatever was said of tasks before', () => {
	t.query.set('task:(a OR b) timeout');
	t.fields.setTask('say "c"');
	expect(t.query.text).toBe(String.raw`task_id="say \"c\"" timeout`);
	expect(t.fields.task.value).toBe('say "c"');
});
