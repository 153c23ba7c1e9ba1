import { beforeEach, describe, expect, test } from 'vitest';
import { partsToBlame } from '../../../src/renderer/state/why/parts-to-blame.ts';
import { QueryInTest } from './support/query-in-test.ts';
import { ViewInTest } from './support/view-in-test.ts';

describe('where what is new begins', () => {
	let t: ViewInTest;

	beforeEach(() => {
		t = new ViewInTest();
	});

	test('is the snapshot of a paused view', async () => {
		await t.start(100);
		const pausedAt = t.clock.now();
		t.view.setRefresh('paused');
		t.engine.append(5);
		await t.tell(1_000);
		expect(t.view.news.matched).toBe(5);
		expect(t.view.edge.newsBeginAt(t.view.set, t.view.refreshedAt ?? 0)).toEqual({
			seq: 100,
			at: pausedAt,
		});
	});

	test('is where the reader left the live edge, whatever came since', async () => {
		await t.start(100);
		t.engine.append(3);
		await t.tell();
		t.view.viewport.scrollTo(20);
		const leftAt = t.clock.now();
		t.engine.append(5);
		await t.tell(1_000);
		expect(t.view.news.matched).toBe(5);
		expect(t.view.edge.newsBeginAt(t.view.set, 0)).toEqual({ seq: 103, at: leftAt });
	});
});

describe('only what came since', () => {
	const since = { seq: 100, at: 1_700_000_000_000 };
	let t: QueryInTest;

	beforeEach(() => {
		t = new QueryInTest();
	});

	test('is asked for beside the query, until it is taken back', () => {
		t.query.set('level:ERROR');
		t.query.setAfter(since);
		expect(t.asked.at(-1)).toMatchObject({ arrived_after: 100 });
		t.query.set('');
		expect(t.asked.at(-1)).toEqual({ arrived_after: 100 });
		expect(t.query.isEmpty).toBe(false);
		t.query.setAfter(undefined);
		expect(t.asked.at(-1)).toEqual({});
	});

	test('is taken back by a reset, too', () => {
		t.query.setAfter(since);
		t.query.reset();
		expect(t.asked.at(-1)).toEqual({});
	});

	test('is named where nothing matches', () => {
		t.query.setAfter(since);
		const [part] = partsToBlame(t.query);
		expect([part?.label, part?.value]).toEqual(['Only', 'what came since']);
		expect(t.query.filterWith(part?.without ?? {})).toEqual({});
	});
});
