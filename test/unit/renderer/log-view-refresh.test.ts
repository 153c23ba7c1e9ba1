import { beforeEach, describe, expect, test } from 'vitest';
import { makeRow } from './support/fake-engine.ts';
import { settle } from './support/manual-clock.ts';
import { downFrom, ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;

beforeEach(() => {
	t = new ViewInTest();
});

describe('paused', () => {
	test('what comes while it is counted is counted, too', async () => {
		await t.start(100);
		t.view.setRefresh('paused');
		await settle();
		const release = t.block();
		t.engine.append(3, 'ERROR');
		await t.tell();
		await t.clock.pass(1_000);
		t.engine.append(2);
		await t.tell();
		await release();
		await t.clock.pass(1_000);
		expect(t.view.news).toEqual({ matched: 5, errors: 3 });
	});

	test('keeps its snapshot, while what is stored and what is new is counted on', async () => {
		await t.start(1_000);
		t.view.togglePause();
		t.engine.append(40);
		t.engine.append(1, 'ERROR');
		await t.tell(1_000);
		expect(t.visible).toEqual(downFrom(1_000, 30));
		expect([t.view.set.matched, t.view.storage.size]).toEqual([1_000, 1_041]);
		expect(t.view.news).toEqual({ matched: 41, errors: 1 });
	});

	test('takes in everything when it is resumed', async () => {
		await t.start(1_000);
		t.view.togglePause();
		t.engine.append(40);
		await t.tell(1_000);
		t.view.togglePause();
		await t.clock.pass(10);
		expect(t.visible).toEqual(downFrom(1_040, 30));
		expect([t.view.refresh, t.view.news.matched]).toEqual(['live', 0]);
	});

	test('resumes to the interval it had', async () => {
		await t.start(10);
		t.view.setRefresh('5s');
		t.view.togglePause();
		t.view.togglePause();
		expect(t.view.refresh).toBe('5s');
	});

	test('counts what is new only once, however often it is told', async () => {
		await t.start(1_000);
		t.view.togglePause();
		for (let index = 0; index < 10; index++) {
			t.engine.append(10);
			await t.tell(130);
		}
		await t.clock.pass(1_000);
		expect(t.view.news.matched).toBe(100);
	});

	test('applies a filter to its snapshot, and to what is new', async () => {
		await t.start(1_000);
		t.view.togglePause();
		t.engine.append(10, 'ERROR');
		t.engine.append(10);
		await t.tell(1_000);
		t.view.setFilter({ level: 'ERROR' });
		await t.clock.pass(1_000);
		expect([t.view.set.matched, t.view.set.upTo]).toEqual([0, 1_000]);
		expect(t.view.news).toEqual({ matched: 10, errors: 10 });
	});

	test('applies a filter to its snapshot also where it began empty', async () => {
		await t.start(0);
		t.engine.append(1_000);
		await t.tell(1_000);
		t.view.togglePause();
		t.engine.append(10, 'ERROR');
		await t.tell(1_000);
		t.view.setFilter({ level: 'ERROR' });
		await t.clock.pass(1_000);
		expect([t.view.set.matched, t.view.set.upTo]).toEqual([0, 1_000]);
	});

	test('follow resumes', async () => {
		await t.start(1_000);
		t.view.togglePause();
		t.engine.append(5);
		await t.tell(1_000);
		t.view.follow();
		await t.clock.pass(10);
		expect([t.view.paused, t.visible[0]]).toEqual([false, 1_005]);
	});
});

describe('refreshed at intervals', () => {
	test('takes in what is new when its time has come', async () => {
		await t.start(100);
		t.view.setRefresh('10s');
		await t.clock.pass(10);
		t.engine.append(7);
		await t.tell(9_000);
		expect(t.visible[0]).toBe(100);
		await t.clock.pass(1_100);
		expect(t.visible[0]).toBe(107);
	});

	test('says when it last looked, also when there was nothing', async () => {
		await t.start(100);
		t.view.setRefresh('1s');
		await t.clock.pass(5_010);
		expect(t.clock.now() - (t.view.refreshedAt ?? 0)).toBeLessThan(1_000);
	});

	test('keeps filter and place over a refresh', async () => {
		await t.start(1_000);
		t.view.setFilter({ q: 'message 1' });
		await settle();
		t.view.setRefresh('1s');
		t.view.viewport.scrollTo(20);
		await settle();
		const before = t.visible;
		t.engine.append(10, 'INFO', 'message 1');
		await t.tell(3_000);
		expect([t.view.filter, t.visible]).toEqual([{ q: 'message 1' }, before]);
		expect(t.view.news.matched).toBe(10);
	});
});

describe('when older entries come or go', () => {
	test('counts again, without moving the edge', async () => {
		const first = t.engine.reserve(500);
		await t.start(100);
		t.engine.insert(Array.from({ length: 500 }, (_, index) => makeRow(first + index)));
		await t.tell(1_000);
		expect([t.view.set.matched, t.view.shown, t.visible[0]]).toEqual([600, 200, 600]);
	});

	test('keeps the row of the reader, also when entries come in between', async () => {
		await t.start(100);
		const first = t.engine.reserve(50);
		t.engine.append(100);
		t.view.setLimit(0);
		await t.tell();
		t.view.viewport.scrollTo(120);
		await settle();
		const before = t.visible;
		expect(before[0]).toBe(80);
		t.engine.insert(Array.from({ length: 50 }, (_, index) => makeRow(first + index)));
		t.engine.append(5);
		await t.tell(1_000);
		expect(t.visible).toEqual(before);
		expect([t.view.set.matched, t.view.news.matched]).toEqual([255, 5]);
	});

	test('shows less when a source was closed', async () => {
		await t.start(100);
		t.engine.remove(({ seq }) => seq > 60);
		await t.tell(1_000);
		expect([t.view.set.matched, t.visible[0]]).toEqual([60, 60]);
	});

	test('does not do so more often than it has to', async () => {
		await t.start(100);
		await t.clock.pass(2_000);
		t.engine.asked.length = 0;
		for (let index = 0; index < 40; index++) {
			t.engine.revision++;
			await t.tell(50);
		}
		const counts = t.engine.asked.filter(({ method }) => method === 'count').length;
		expect(counts).toBeGreaterThan(2);
		expect(counts).toBeLessThan(8);
	});

	test('says no smaller number while it counts again', async () => {
		await t.start(1_000);
		await t.clock.pass(2_000);
		t.engine.slices = 3;
		const seen = new Set<number>();
		const count = t.engine.count.bind(t.engine);
		t.engine.count = async (query) => {
			seen.add(t.view.set.matched);
			return count(query);
		};
		t.engine.revision++;
		await t.tell(1_000);
		expect([...seen, t.view.set.matched]).toEqual([1_000, 1_000]);
	});
});
