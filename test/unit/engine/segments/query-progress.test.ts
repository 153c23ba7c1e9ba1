import Database from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import { Answers } from '#engine/segments/query/answers.ts';
import { QueryState } from '#engine/segments/query/query-state.ts';
import { openReadonly } from '#engine/segments/sqlite/schema.ts';
import { clauseFor } from '#shared/query/clause-text.ts';
import { patternOf } from '#shared/query/pattern.ts';
import { databasePath, LogInTest, openStorage, sinkOf } from './storage-in-test.ts';

/** AsyncZ's records, one of which has a rare user. */
function records(count: number, rareAt = -1): string {
	return Array.from({ length: count }, (_, i) => {
		const user = i === rareAt ? 'zebedee' : `user-${i % 7}`;
		return `{"ts":"2026-11-20T10:19:10Z","level":"INFO","message":"job ${i} done","logger":"app","task_id":"t","extra":{"user":"${user}","ms":${i}}}\n`;
	}).join('');
}

/** Answers over saved entries, with a clock that goes on by a second whenever it is looked at. */
async function savedAnswers(
	text: string,
): Promise<{ answers: Answers; state: QueryState; path: string }> {
	const path = databasePath();
	const storage = openStorage(path);
	await new LogInTest(sinkOf(storage)).append(text);
	await storage.flush();
	await storage.close();
	const state = new QueryState(openReadonly(path));
	let now = 0;
	return { state, path, answers: new Answers(state, { now: () => (now += 1_000) }) };
}

test('a slow query is answered a few hundred entries at a time, the newest first', async () => {
	const { answers } = await savedAnswers(records(3_000));
	const query = { query: 'ms>=0' };
	const first = answers.query({ ...query, limit: 1_000 });
	expect(first.complete).toBe(false);
	expect(first.rows.length).toBeGreaterThan(0);
	expect(first.rows.length).toBeLessThanOrEqual(256);
	expect(first.rows[0]?.message).toBe('job 2999 done');
	const counts = [answers.count(query)];
	while (counts.at(-1)?.complete === false) {
		counts.push(answers.count(query));
	}
	const matched = counts.map((count) => count.matched);
	expect(matched.length).toBeGreaterThan(5);
	expect(matched).toEqual([...matched].sort((a, b) => a - b));
	expect(counts.at(-1)).toEqual({ matched: 3_000, errors: 0, searched: 1, complete: true });
	expect(answers.query({ ...query, limit: 1_000 }).rows).toHaveLength(1_000);
});

test('with room for one page, no more entries are decoded than that takes', async () => {
	const { answers, state } = await savedAnswers(records(3_000));
	const raw = vi.spyOn(state.rows, 'raw');
	expect(answers.query({ query: 'ms>=0', limit: 5 }).rows).toHaveLength(5);
	expect(raw.mock.calls.length).toBeLessThanOrEqual(256);
});

test.each([
	['user:zebedee', 1],
	['user:ZEB*', 1],
	['user:/^zebe+dee$/', 1],
	['*:zebedee', 1],
	['user=zebedee ms:[0 TO 5000]', 1],
	['no_such_key:*', 0],
	['-user:zebedee is:error', 0],
])('only the entries are decoded in whose lines %s may be', async (query, matched) => {
	const { answers, state } = await savedAnswers(records(2_000, 700));
	const raw = vi.spyOn(state.rows, 'raw');
	let count = answers.count({ query });
	while (!count.complete) {
		count = answers.count({ query });
	}
	expect(count.matched).toBe(matched);
	expect(raw.mock.calls.length).toBe(matched);
});

test('an entry whose message has to be decoded is decoded once to know its pattern', async () => {
	const quoted = records(300).replaceAll(/job (\d+) done/g, String.raw`job \"$1\" done`);
	const { answers, state } = await savedAnswers(`${quoted}${records(50)}`);
	const messageOf = vi.spyOn(state.rows, 'messageOf');
	const query = clauseFor('pattern', patternOf('job "17" done'));
	let count = answers.count({ query });
	while (!count.complete) {
		count = answers.count({ query });
	}
	expect([query, count.matched]).toEqual(['pattern:"job <text> done"', 300]);
	expect(messageOf.mock.calls.length).toBe(300);
});

test('filters are read when a text is looked for, and rule nothing out when they have left', async () => {
	const { answers, path } = await savedAnswers(records(20, 7));
	expect(answers.count({ min_level: 'INFO' }).matched).toBe(20);
	const db = new Database(path);
	db.exec('DELETE FROM segment');
	db.close();
	expect(answers.count({ q: 'job 1' }).matched).toBe(11);
	expect(answers.count({ q: 'nowhere' }).matched).toBe(0);
});

/** A piece of a line as Docker writes it. */
const wrap = (log: string) =>
	`${JSON.stringify({ log, stream: 'stderr', time: '2026-11-20T10:00:00.1Z' })}\n`;

test('what Docker has cut in the middle of a word is found', async () => {
	const cut = `${wrap('{"message":"two","user":"zebe')}${wrap('dee"}\n')}`;
	const { answers } = await savedAnswers(`${records(5)}${cut}${records(5)}`);
	for (const query of ['user:zebedee', 'user=zebedee', '*:zebedee', 'user:/zebedee/']) {
		const { rows } = answers.query({ query });
		expect([query, rows.map(({ message }) => message)]).toEqual([query, ['two']]);
	}
});

test.each([
	['exception:"ValueError: no such job"'],
	['exception:"most recent call last"'],
	['*:"File \\"/app/jobs.py\\""'],
])('a traceback that is made of its frames is found by %s', async (query) => {
	const frames = '[{"filename":"/app/jobs.py","lineno":1.2e1,"name":"run"}]';
	const line = `{"event":"failed","level":"error","timestamp":"2026-11-20T10:00:00Z","exception":[{"exc_type":"ValueError","exc_value":"no such job","frames":${frames}}]}\n`;
	const { answers } = await savedAnswers(`${records(5)}${line}${records(5)}`);
	expect(answers.query({ query }).rows.map(({ message }) => message)).toEqual(['failed']);
});

test('an evil expression comes to an end', async () => {
	const line = `{"ts":"2026-11-20T10:19:10Z","level":"INFO","message":"${'a'.repeat(5_000)}!","logger":"app","task_id":"t","extra":{"x":"${'a'.repeat(5_000)}!"}}\n`;
	const { answers } = await savedAnswers(line);
	expect(answers.count({ query: '/^(a+)+$/ OR x:/^(a|a)*$/' })).toMatchObject({ matched: 0 });
});

describe('of lines that are 100 KiB long', () => {
	const long = Array.from({ length: 40 }, (_, i) => {
		const extra = JSON.stringify({ n: i, users: Array.from({ length: 10_000 }, () => 'zebedee') });
		return `{"ts":"2026-11-20T10:19:10Z","level":"INFO","message":"job ${i} done","logger":"app","task_id":"t","extra":${extra}}\n`;
	}).join('');

	/** Asks until all is told; returns the last answer and the most rows that were read for one. */
	async function ask<T extends { readonly complete: boolean }>(
		question: (answers: Answers) => T,
	): Promise<{ last: T; most: number; answers: Answers; reads: () => number }> {
		const { answers, state } = await savedAnswers(long);
		const raw = vi.spyOn(state.rows, 'raw');
		let most = 0;
		for (;;) {
			const before = raw.mock.calls.length;
			const last = question(answers);
			most = Math.max(most, raw.mock.calls.length - before);
			if (last.complete) {
				return { last, most, answers, reads: () => raw.mock.calls.length };
			}
		}
	}

	test('a few are decoded at a time to count them', async () => {
		const { last, most } = await ask((answers) => answers.count({ query: 'n>=20' }));
		expect(last.matched).toBe(20);
		expect(most).toBeLessThanOrEqual(6);
	});

	test('a few are decoded at a time to count their values', async () => {
		const facets = [{ field: 'users', limit: 10 }];
		const { last, most } = await ask((answers) => answers.shape({ facets }));
		expect(last.facets[0]?.values).toEqual([{ value: 'zebedee', count: 40 }]);
		expect(most).toBeLessThanOrEqual(6);
	});

	test.each(['arrival', 'time'] as const)(
		'a page with their values (by %s) is read row by row, and each row once',
		async (order) => {
			const page = { fields: ['n', 'exception'], limit: 30, order };
			const { last, most, answers, reads } = await ask((open) => open.query(page));
			expect(last.rows.map(({ fields }) => fields)).toEqual(
				Array.from({ length: 30 }, (_, i) => [String(39 - i), null]),
			);
			expect([most, reads()]).toEqual([1, 30]);
			expect(answers.query(page)).toEqual(last);
			expect(reads()).toBe(30);
		},
	);
});
