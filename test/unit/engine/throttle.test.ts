import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RateMeter } from '#engine/rate-meter.ts';
import { Throttle } from '#engine/throttle.ts';

beforeEach(() => {
	vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
	vi.useRealTimers();
});

function recorded() {
	const at: number[] = [];
	return { at, throttle: new Throttle(100, () => at.push(Date.now())) };
}

test('runs at once, then no more often than it may, and once more for the last call', () => {
	const { at, throttle } = recorded();
	for (let ms = 0; ms < 250; ms += 10) {
		throttle.call();
		vi.advanceTimersByTime(10);
	}
	vi.advanceTimersByTime(1_000);
	expect(at).toEqual([0, 100, 200, 300]);
	throttle.call();
	expect(at.at(-1)).toBe(1_250);
});

test('runs once for a single call', () => {
	const { at, throttle } = recorded();
	throttle.call();
	vi.advanceTimersByTime(1_000);
	expect(at).toEqual([0]);
});

test('a call made while it runs is not lost', () => {
	let runs = 0;
	const throttle: Throttle = new Throttle(100, () => {
		runs++;
		if (runs < 3) {
			throttle.call();
		}
	});
	throttle.call();
	vi.advanceTimersByTime(1_000);
	expect(runs).toBe(3);
});

test('stopped, it runs no more', () => {
	const { at, throttle } = recorded();
	throttle.call();
	throttle.call();
	throttle.stop();
	vi.advanceTimersByTime(1_000);
	throttle.call();
	expect([at, vi.getTimerCount()]).toEqual([[0], 0]);
});

test('a rate is that of the last seconds, and falls by itself', () => {
	const rate = new RateMeter(Date.now, 2_000);
	const seen: number[] = [];
	for (let second = 0; second < 6; second++) {
		if (second < 3) {
			rate.add(100);
		}
		seen.push(rate.perSecond);
		vi.advanceTimersByTime(1_000);
	}
	expect(seen).toEqual([50, 100, 100, 50, 0, 0]);
});
