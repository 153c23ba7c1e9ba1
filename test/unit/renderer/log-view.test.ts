import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { settle } from './support/manual-clock.ts';
import { downFrom, ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;

beforeEach(() => {
	t = new ViewInTest();
});

describe('at the live edge', () => {
	test('shows the newest entries, up to the limit', async () => {
		await t.start(1_000);
		expect(t.visible).toEqual(downFrom(1_000, 30));
		expect([t.view.shown, t.view.set.matched]).toEqual([200, 1_000]);
	});

	test('shows what came at the top, once its rows are there', async () => {
		await t.start(1_000);
		t.engine.append(3);
		await t.tell();
		expect(t.visible).toEqual(downFrom(1_003, 30));
		expect([t.view.shown, t.view.set.matched, t.view.news.matched]).toEqual([200, 1_003, 0]);
	});

	test('asks for new rows only, not for those it has', async () => {
		await t.start(1_000);
		t.engine.asked.length = 0;
		t.engine.append(3);
		await t.tell();
		expect(t.engine.asked).toEqual([
			{ method: 'count', query: { after: 1_000, up_to: 1_003 } },
			{ method: 'query', query: { up_to: 1_003, limit: 3, offset: 0 } },
		]);
	});

	test('takes one step for many announcements', async () => {
		await t.start(1_000);
		await t.tell();
		t.engine.asked.length = 0;
		for (let index = 0; index < 20; index++) {
			t.engine.append(5);
			t.view.storageChanged(t.engine.status);
		}
		await t.clock.pass(60);
		expect(t.engine.asked.filter(({ method }) => method === 'count')).toHaveLength(1);
		expect(t.visible).toEqual(downFrom(1_100, 30));
	});

	test('shows a flood that is larger than the viewport', async () => {
		await t.start(100);
		t.engine.append(5_000);
		await t.tell();
		expect(t.visible).toEqual(downFrom(5_100, 30));
		expect([t.view.shown, t.view.set.matched]).toEqual([200, 5_100]);
	});

	test('begins with an empty storage', async () => {
		await t.start(0);
		expect([t.view.shown, t.view.set.matched]).toEqual([0, 0]);
		t.engine.append(12);
		await t.tell();
		expect(t.visible).toEqual(downFrom(12, 12));
	});

	test('marks the rows of the last step as fresh', async () => {
		await t.start(100);
		t.engine.append(2);
		await t.tell();
		t.engine.append(3);
		await t.tell();
		const fresh = t.visible.filter((seq) => seq !== undefined && seq > t.view.freshAfter);
		expect(fresh).toEqual([105, 104, 103]);
	});
});

describe('away from the live edge', () => {
	test('keeps the rows of the reader where they are and counts what is new', async () => {
		await t.start(1_000);
		t.view.viewport.scrollTo(50.5);
		await settle();
		const before = t.visible;
		t.engine.append(30);
		t.engine.append(2, 'ERROR');
		await t.tell();
		expect(t.visible).toEqual(before);
		expect(t.view.news).toEqual({ matched: 32, errors: 2 });
		expect(t.view.viewport.top).toBe(82.5);
	});

	test('keeps the lower end of the table, too, when there is a limit', async () => {
		await t.start(1_000);
		t.view.viewport.scrollTo(Infinity);
		await settle();
		expect(t.visible).toEqual(downFrom(830, 30));
		t.engine.append(500);
		await t.tell();
		expect(t.visible).toEqual(downFrom(830, 30));
		expect(t.view.shown).toBe(700);
	});

	test('lets the reader scroll up to what is new', async () => {
		await t.start(1_000);
		t.view.viewport.scrollTo(10);
		t.engine.append(500);
		await t.tell();
		t.view.viewport.scrollTo(100);
		await settle();
		expect(t.visible).toEqual(downFrom(1_400, 30));
		t.view.viewport.scrollTo(0);
		await settle();
		expect(t.visible).toEqual(downFrom(1_500, 30));
		expect([t.view.edge.following, t.view.shown]).toEqual([true, 200]);
	});

	test('goes back to the edge when asked to follow', async () => {
		await t.start(1_000);
		t.view.viewport.scrollTo(50);
		t.engine.append(40);
		await t.tell();
		t.view.follow();
		await settle();
		expect(t.visible).toEqual(downFrom(1_040, 30));
		expect([t.view.news.matched, t.view.shown]).toEqual([0, 200]);
	});

	test('waits while the scroll bar is dragged', async () => {
		await t.start(1_000);
		await t.clock.pass(1_000);
		t.view.viewport.dragTo(20);
		t.engine.append(10);
		await t.tell(100);
		expect(t.view.news.matched).toBe(0);
		await t.clock.pass(100);
		expect(t.view.news.matched).toBe(10);
	});

	test('stops following before a row that is looked at is pushed out of view', async () => {
		await t.start(1_000);
		t.view.keptRank = () => 0;
		t.engine.append(20);
		await t.tell();
		expect([t.view.edge.following, t.visible[20]]).toEqual([true, 1_000]);
		t.engine.append(20);
		await t.tell();
		expect([t.view.edge.following, t.visible[20]]).toEqual([false, 1_000]);
		expect(t.view.news.matched).toBe(20);
	});
});

describe('without an answer', () => {
	test('keeps its rows when the connection is lost, and goes on with the next one', async () => {
		await t.start(1_000);
		t.view.viewport.scrollTo(20);
		await settle();
		const before = t.visible;
		t.view.disconnected();
		t.engine.append(5);
		await t.clock.pass(1_000);
		expect(t.visible).toEqual(before);
		t.view.connected(t.engine.status);
		await t.clock.pass(100);
		expect([t.visible, t.view.news.matched]).toEqual([before, 5]);
	});

	test('asks nothing while there is no connection', async () => {
		await t.start(10);
		t.view.disconnected();
		t.engine.asked.length = 0;
		await t.tell(5_000);
		t.view.setFilter({ q: 'x' });
		await t.clock.pass(5_000);
		expect(t.engine.asked).toEqual([]);
	});

	test('says what failed and asks again', async () => {
		t.engine.gate = () => Promise.reject(new AppError('storage-failed', 'The disk is full'));
		await t.start(10);
		expect(t.view.error).toBe('The disk is full');
		t.engine.gate = undefined;
		await t.clock.pass(2_100);
		expect([t.view.error, t.visible[0]]).toEqual([undefined, 10]);
	});

	test('tries a step again that failed', async () => {
		await t.start(10);
		t.engine.gate = () => Promise.reject(new AppError('storage-failed', 'The disk is full'));
		t.engine.append(1);
		await t.tell(10);
		expect(t.view.error).toBe('The disk is full');
		t.engine.asked.length = 0;
		await t.tell(1_500);
		expect(t.engine.asked).toEqual([]);
		t.engine.gate = undefined;
		await t.tell(600);
		expect([t.view.error, t.visible[0]]).toEqual([undefined, 11]);
	});

	test('keeps its rows when a recount fails', async () => {
		await t.start(100);
		await t.clock.pass(1_000);
		t.engine.gate = () => Promise.reject(new AppError('storage-failed', 'The disk is full'));
		t.engine.revision++;
		await t.tell(1_000);
		expect([t.visible[0], t.view.shown, t.view.error]).toEqual([100, 100, 'The disk is full']);
		t.engine.gate = undefined;
		t.engine.append(1);
		await t.tell(3_000);
		expect([t.visible[0], t.view.error]).toEqual([101, undefined]);
	});
});
