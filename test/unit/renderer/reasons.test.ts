import { beforeEach, expect, test } from 'vitest';
import type { LogEntry } from '#shared/model/entry.ts';
import { reasonsFor } from '../../../src/renderer/state/why/reasons.ts';
import type { Reason } from '../../../src/renderer/state/why/reasons.ts';
import { makeRow } from './support/fake-engine.ts';
import { QueryInTest } from './support/query-in-test.ts';
import { ViewInTest } from './support/view-in-test.ts';

const entry: LogEntry = {
	...makeRow(50, { level: 'ERROR', task_id: 'daily', message: 'it broke' }),
	extra: '{"attempt":12}',
	raw: '',
	file: '/logs/a.jsonl',
	offset: 0,
};

let asked: QueryInTest;
let t: ViewInTest;

beforeEach(() => {
	asked = new QueryInTest();
	t = new ViewInTest();
});

function reasons(): readonly Reason[] {
	return reasonsFor(entry, { query: asked.query, view: t.view, engine: { sources: [] } });
}

/** Each condition and whether it is true, those within a group after it. */
function told(all: readonly Reason[] = reasons()): readonly (readonly [string, boolean])[] {
	return all.flatMap(({ text, holds, parts }) => [[text, holds] as const, ...told(parts)]);
}

/** Does what the button beside a condition does. */
function act(text: string): void {
	reasons()
		.find((reason) => reason.text === text)
		?.action?.run();
}

test('each condition of the query is true or false, and can be taken away', async () => {
	await t.start(100);
	asked.query.set('level:>=warning attempt:<10 (task:daily OR task:hourly)');
	expect(told()).toEqual([
		['level:>=warning', true],
		['attempt:<10', false],
		['(task:daily OR task:hourly)', true],
		['task:daily', true],
		['task:hourly', false],
	]);
	act('attempt:<10');
	expect(asked.query.text).toBe('level:>=warning (task:daily OR task:hourly)');
});

test('so are the range of time and what came since', async () => {
	await t.start(100);
	asked.query.setRange({ kind: 'between', until: entry.ts - 1 });
	asked.query.setAfter({ seq: 50, at: 0 });
	expect(told()).toEqual([
		['Time range', false],
		['Only what came since', false],
	]);
	act('Time range');
	act('Only what came since');
	expect(told()).toEqual([]);
	expect(asked.query.isEmpty).toBe(true);
});

test('an entry that came after a pause is not here because of that', async () => {
	await t.start(10);
	t.view.setRefresh('paused');
	expect(told()).toEqual([['It was there when the table was paused', false]]);
	act('It was there when the table was paused');
	expect(t.view.paused).toBe(false);
});
