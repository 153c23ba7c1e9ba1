import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { LogView } from '../../../src/renderer/state/log-view.svelte.ts';
import { FakeEngine, makeRow } from './support/fake-engine.ts';
import { ManualClock, settle } from './support/manual-clock.ts';

let engine: FakeEngine;
let clock: ManualClock;
let view: LogView;

beforeEach(() => {
	engine = new FakeEngine();
	clock = new ManualClock();
	view = new LogView(engine, clock);
	view.viewport.resize(30);
});

/** Connects the view to an engine that holds so many entries. */
async function start(count: number): Promise<void> {
	engine.append(count);
	view.connected(engine.status);
	await settle();
}

/** Says that the storage changed, and lets the view do what it does about it. */
async function tell(ms = 100): Promise<void> {
	view.storageChanged(engine.status);
	await clock.pass(ms);
}

/** The entries in the viewport, by `seq`. */
function visible(): readonly (number | undefined)[] {
	const first = Math.floor(view.viewport.topRank);
	const end = Math.min(first + view.viewport.viewRows, view.endRank);
	return Array.from({ length: end - first }, (_, index) => view.rowAt(first + index)?.seq);
}

function downFrom(seq: number, count: number): readonly number[] {
	return Array.from({ length: count }, (_, index) => seq - index);
}

describe('at the live edge', () => {
	test('shows the newest entries, up to the limit', async () => {
		await start(1_000);
		expect(visible()).toEqual(downFrom(1_000, 30));
		expect([view.shown, view.set.matched]).toEqual([200, 1_000]);
	});

	test('shows what came at the top, once its rows are there', async () => {
		await start(1_000);
		engine.append(3);
		await tell();
		expect(visible()).toEqual(downFrom(1_003, 30));
		expect([view.shown, view.set.matched, view.news.matched]).toEqual([200, 1_003, 0]);
	});

	test('asks for new rows only, not for those it has', async () => {
		await start(1_000);
		engine.asked.length = 0;
		engine.append(3);
		await tell();
		expect(engine.asked).toEqual([
			{ method: 'count', query: { after: 1_000, up_to: 1_003 } },
			{ method: 'query', query: { up_to: 1_003, limit: 3, offset: 0 } },
		]);
	});

	test('takes one step for many announcements', async () => {
		await start(1_000);
		await tell();
		engine.asked.length = 0;
		for (let index = 0; index < 20; index++) {
			engine.append(5);
			view.storageChanged(engine.status);
		}
		await clock.pass(60);
		expect(engine.asked.filter(({ method }) => method === 'count')).toHaveLength(1);
		expect(visible()).toEqual(downFrom(1_100, 30));
	});

	test('shows a flood that is larger than the viewport', async () => {
		await start(100);
		engine.append(5_000);
		await tell();
		expect(visible()).toEqual(downFrom(5_100, 30));
		expect([view.shown, view.set.matched]).toEqual([200, 5_100]);
	});

	test('begins with an empty storage', async () => {
		await start(0);
		expect([view.shown, view.set.matched]).toEqual([0, 0]);
		engine.append(12);
		await tell();
		expect(visible()).toEqual(downFrom(12, 12));
	});

	test('marks the rows of the last step as fresh', async () => {
		await start(100);
		engine.append(2);
		await tell();
		engine.append(3);
		await tell();
		const fresh = visible().filter((_, index) => index - view.set.added < view.freshBefore);
		expect(fresh).toEqual([105, 104, 103]);
	});
});

describe('away from the live edge', () => {
	test('keeps the rows of the reader where they are and counts what is new', async () => {
		await start(1_000);
		view.viewport.scrollTo(50.5);
		await settle();
		const before = visible();
		engine.append(30);
		engine.append(2, 'ERROR');
		await tell();
		expect(visible()).toEqual(before);
		expect(view.news).toEqual({ matched: 32, errors: 2 });
		expect(view.viewport.top).toBe(82.5);
	});

	test('keeps the lower end of the table, too, when there is a limit', async () => {
		await start(1_000);
		view.viewport.scrollTo(Infinity);
		await settle();
		expect(visible()).toEqual(downFrom(830, 30));
		engine.append(500);
		await tell();
		expect(visible()).toEqual(downFrom(830, 30));
		expect(view.shown).toBe(700);
	});

	test('lets the reader scroll up to what is new', async () => {
		await start(1_000);
		view.viewport.scrollTo(10);
		engine.append(500);
		await tell();
		view.viewport.scrollTo(100);
		await settle();
		expect(visible()).toEqual(downFrom(1_400, 30));
		view.viewport.scrollTo(0);
		await settle();
		expect(visible()).toEqual(downFrom(1_500, 30));
		expect([view.edge.following, view.shown]).toEqual([true, 200]);
	});

	test('goes back to the edge when asked to follow', async () => {
		await start(1_000);
		view.viewport.scrollTo(50);
		engine.append(40);
		await tell();
		view.follow();
		await settle();
		expect(visible()).toEqual(downFrom(1_040, 30));
		expect([view.news.matched, view.shown]).toEqual([0, 200]);
	});

	test('waits while the scroll bar is dragged', async () => {
		await start(1_000);
		await clock.pass(1_000);
		view.viewport.dragTo(20);
		engine.append(10);
		await tell(100);
		expect(view.news.matched).toBe(0);
		await clock.pass(100);
		expect(view.news.matched).toBe(10);
	});

	test('stops following before a row that is looked at is pushed out of view', async () => {
		await start(1_000);
		view.keptRank = () => 0;
		engine.append(20);
		await tell();
		expect([view.edge.following, visible()[20]]).toEqual([true, 1_000]);
		engine.append(20);
		await tell();
		expect([view.edge.following, visible()[20]]).toEqual([false, 1_000]);
		expect(view.news.matched).toBe(20);
	});
});

describe('paused', () => {
	test('keeps its snapshot, while what is stored and what is new is counted on', async () => {
		await start(1_000);
		view.togglePause();
		engine.append(40);
		engine.append(1, 'ERROR');
		await tell(1_000);
		expect(visible()).toEqual(downFrom(1_000, 30));
		expect([view.set.matched, view.storage.size]).toEqual([1_000, 1_041]);
		expect(view.news).toEqual({ matched: 41, errors: 1 });
	});

	test('takes in everything when it is resumed', async () => {
		await start(1_000);
		view.togglePause();
		engine.append(40);
		await tell(1_000);
		view.togglePause();
		await clock.pass(10);
		expect(visible()).toEqual(downFrom(1_040, 30));
		expect([view.refresh, view.news.matched]).toEqual(['live', 0]);
	});

	test('resumes to the interval it had', async () => {
		await start(10);
		view.setRefresh('5s');
		view.togglePause();
		view.togglePause();
		expect(view.refresh).toBe('5s');
	});

	test('counts what is new only once, however often it is told', async () => {
		await start(1_000);
		view.togglePause();
		for (let index = 0; index < 10; index++) {
			engine.append(10);
			await tell(130);
		}
		await clock.pass(1_000);
		expect(view.news.matched).toBe(100);
	});

	test('applies a filter to its snapshot, and to what is new', async () => {
		await start(1_000);
		view.togglePause();
		engine.append(10, 'ERROR');
		engine.append(10);
		await tell(1_000);
		view.setFilter({ level: 'ERROR' });
		await clock.pass(1_000);
		expect([view.set.matched, view.set.upTo]).toEqual([0, 1_000]);
		expect(view.news).toEqual({ matched: 10, errors: 10 });
	});

	test('follow resumes', async () => {
		await start(1_000);
		view.togglePause();
		engine.append(5);
		await tell(1_000);
		view.follow();
		await clock.pass(10);
		expect([view.paused, visible()[0]]).toEqual([false, 1_005]);
	});
});

describe('refreshed at intervals', () => {
	test('takes in what is new when its time has come', async () => {
		await start(100);
		view.setRefresh('10s');
		await clock.pass(10);
		engine.append(7);
		await tell(9_000);
		expect(visible()[0]).toBe(100);
		await clock.pass(1_100);
		expect(visible()[0]).toBe(107);
	});

	test('says when it last looked, also when there was nothing', async () => {
		await start(100);
		view.setRefresh('1s');
		await clock.pass(5_010);
		expect(clock.now() - (view.refreshedAt ?? 0)).toBeLessThan(1_000);
	});

	test('keeps filter and place over a refresh', async () => {
		await start(1_000);
		view.setFilter({ q: 'message 1' });
		await settle();
		view.setRefresh('1s');
		view.viewport.scrollTo(20);
		await settle();
		const before = visible();
		engine.append(10, 'INFO', 'message 1');
		await tell(3_000);
		expect([view.filter, visible()]).toEqual([{ q: 'message 1' }, before]);
		expect(view.news.matched).toBe(10);
	});
});

describe('with another filter', () => {
	test('shows what matches, from the newest on', async () => {
		await start(1_000);
		engine.append(5, 'ERROR');
		await tell();
		view.viewport.scrollTo(50);
		view.setFilter({ level: 'error' });
		await settle();
		expect(visible()).toEqual(downFrom(1_005, 5));
		expect([view.filter, view.shown, view.edge.following]).toEqual([{ level: 'ERROR' }, 5, true]);
	});

	test('shows the rows there were until the first of the new ones are here', async () => {
		await start(1_000);
		let open = (): void => {};
		engine.gate = () => new Promise((resolve) => (open = resolve));
		view.setFilter({ q: 'message 99' });
		await settle();
		expect([visible()[0], view.searching]).toEqual([1_000, true]);
		engine.gate = undefined;
		open();
		view.setFilter({ q: 'message 98' });
		await settle();
		expect([visible()[0], view.searching]).toEqual([989, false]);
	});

	test('ignores the answers to a filter that is not asked for any more', async () => {
		await start(100);
		const opens: (() => void)[] = [];
		engine.gate = () => new Promise((resolve) => opens.push(resolve));
		view.setFilter({ q: 'message 5' });
		view.setFilter({ q: 'message 7' });
		await settle();
		for (const open of opens.splice(0).toReversed()) {
			open();
			await settle();
		}
		engine.gate = undefined;
		for (const open of opens.splice(0)) {
			open();
		}
		await settle();
		expect([view.filter.q, view.set.filter.q, visible()[0]]).toEqual([
			'message 7',
			'message 7',
			79,
		]);
	});

	test('asks until a count is complete, and says how far it is', async () => {
		await start(1_000);
		engine.slices = 4;
		const seen: (readonly [number, number])[] = [];
		const count = engine.count.bind(engine);
		engine.count = async (query) => {
			seen.push([view.set.matched, view.set.searched]);
			return count(query);
		};
		view.setFilter({ q: 'message' });
		await settle();
		expect([view.set.matched, view.set.complete, view.searching]).toEqual([1_000, true, false]);
		expect(seen.at(-1)).toEqual([750, 0.75]);
	});

	test('stops asking for a count when the filter changed', async () => {
		await start(1_000);
		engine.slices = 1_000_000;
		view.setFilter({ q: 'message 1' });
		await settle();
		engine.slices = 1;
		view.setFilter({ q: 'message 2' });
		await settle();
		engine.asked.length = 0;
		await clock.pass(1_000);
		expect(engine.asked.filter(({ query }) => query.q === 'message 1')).toEqual([]);
	});

	test('takes in new entries that match while it is followed', async () => {
		await start(100);
		view.setFilter({ min_level: 'WARNING' });
		await settle();
		engine.append(10);
		engine.append(2, 'ERROR');
		await tell();
		expect(visible()).toEqual([112, 111]);
	});
});

describe('when older entries come or go', () => {
	test('counts again, without moving the edge', async () => {
		const first = engine.reserve(500);
		await start(100);
		engine.insert(Array.from({ length: 500 }, (_, index) => makeRow(first + index)));
		await tell(1_000);
		expect([view.set.matched, view.shown, visible()[0]]).toEqual([600, 200, 600]);
	});

	test('keeps the row of the reader, also when entries come in between', async () => {
		await start(100);
		const first = engine.reserve(50);
		engine.append(100);
		view.setLimit(0);
		await tell();
		view.viewport.scrollTo(120);
		await settle();
		const before = visible();
		expect(before[0]).toBe(80);
		engine.insert(Array.from({ length: 50 }, (_, index) => makeRow(first + index)));
		engine.append(5);
		await tell(1_000);
		expect(visible()).toEqual(before);
		expect([view.set.matched, view.news.matched]).toEqual([255, 5]);
	});

	test('shows less when a source was closed', async () => {
		await start(100);
		engine.remove(({ seq }) => seq > 60);
		await tell(1_000);
		expect([view.set.matched, visible()[0]]).toEqual([60, 60]);
	});

	test('does not do so more often than it has to', async () => {
		await start(100);
		await clock.pass(2_000);
		engine.asked.length = 0;
		for (let index = 0; index < 40; index++) {
			engine.revision++;
			await tell(50);
		}
		const counts = engine.asked.filter(({ method }) => method === 'count').length;
		expect(counts).toBeGreaterThan(2);
		expect(counts).toBeLessThan(8);
	});

	test('says no smaller number while it counts again', async () => {
		await start(1_000);
		await clock.pass(2_000);
		engine.slices = 3;
		const seen = new Set<number>();
		const count = engine.count.bind(engine);
		engine.count = async (query) => {
			seen.add(view.set.matched);
			return count(query);
		};
		engine.revision++;
		await tell(1_000);
		expect([...seen, view.set.matched]).toEqual([1_000, 1_000]);
	});
});

describe('scrolling', () => {
	test('asks only for where the reader is, two questions at a time', async () => {
		await start(100_000);
		view.setLimit(0);
		await settle();
		const opens: (() => void)[] = [];
		engine.gate = () => new Promise((resolve) => opens.push(resolve));
		engine.asked.length = 0;
		engine.mostInFlight = 0;
		for (let top = 1_000; top <= 90_000; top += 1_000) {
			view.viewport.scrollTo(top);
		}
		await settle();
		engine.gate = undefined;
		for (const open of opens) {
			open();
		}
		await settle();
		expect(visible()).toEqual(downFrom(10_000, 30));
		expect([engine.mostInFlight, engine.asked.length]).toEqual([2, 5]);
	});

	test('fetches the pages around the viewport beforehand', async () => {
		await start(10_000);
		view.setLimit(0);
		view.viewport.scrollTo(2_000);
		await settle();
		engine.asked.length = 0;
		view.viewport.scrollTo(2_150);
		await settle();
		expect(visible()).toEqual(downFrom(7_850, 30));
		expect(engine.asked.map(({ query }) => 'offset' in query && query.offset)).toEqual([]);
	});

	test('forgets pages that were not looked at for long', async () => {
		await start(50_000);
		view.setLimit(0);
		for (let top = 0; top < 50_000; top += 200) {
			view.viewport.scrollTo(top);
			await settle();
		}
		expect(view.rowAt(0)).toBeUndefined();
		view.viewport.scrollTo(0);
		await settle();
		expect(visible()).toEqual(downFrom(50_000, 30));
	});

	test('fetches nothing past the limit', async () => {
		await start(10_000);
		view.viewport.scrollTo(Infinity);
		await settle();
		expect(engine.asked.filter(({ method }) => method === 'query')).toEqual([
			{ method: 'query', query: { up_to: 10_000, limit: 200, offset: 0 } },
		]);
	});
});

describe('without an answer', () => {
	test('keeps its rows when the connection is lost, and goes on with the next one', async () => {
		await start(1_000);
		view.viewport.scrollTo(20);
		await settle();
		const before = visible();
		view.disconnected();
		engine.append(5);
		await clock.pass(1_000);
		expect(visible()).toEqual(before);
		view.connected(engine.status);
		await clock.pass(100);
		expect([visible(), view.news.matched]).toEqual([before, 5]);
	});

	test('asks nothing while there is no connection', async () => {
		await start(10);
		view.disconnected();
		engine.asked.length = 0;
		await tell(5_000);
		view.setFilter({ q: 'x' });
		await clock.pass(5_000);
		expect(engine.asked).toEqual([]);
	});

	test('says what failed and asks again', async () => {
		engine.gate = () => Promise.reject(new AppError('storage-failed', 'The disk is full'));
		await start(10);
		expect(view.set.error).toBe('The disk is full');
		engine.gate = undefined;
		await clock.pass(2_100);
		expect([view.set.error, visible()[0]]).toEqual([undefined, 10]);
	});

	test('tries a step again that failed', async () => {
		await start(10);
		engine.gate = () => Promise.reject(new AppError('storage-failed', 'The disk is full'));
		engine.append(1);
		await tell(10);
		expect(view.set.error).toBe('The disk is full');
		engine.gate = undefined;
		await tell(100);
		expect([view.set.error, visible()[0]]).toEqual([undefined, 11]);
	});
});
