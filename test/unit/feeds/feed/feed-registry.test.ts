import { expect, onTestFinished, test } from 'vitest';
import { FeedRegistry } from '#feeds/feed/feed-registry.ts';
import type { FeedLink } from '#feeds/feed/feed.ts';
import { MemoryBudget } from '#feeds/feed/memory-budget.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';

function newLink(): FeedLink {
	return {
		kind: 'listen',
		protocol: 'lines',
		peer: 'unix socket',
		endpoint: 'unix',
		session: undefined,
		onStored: () => {},
		supersede: () => {},
	};
}

test('a sender that calls itself something else each time can not make feeds without end', () => {
	const registry = new FeedRegistry(temporaryFolder(), new MemoryBudget(), () => {});
	onTestFinished(() => registry.leave());
	for (let at = 0; at < 3_000; at++) {
		const link = newLink();
		registry.connect(`gone ${at}`, link).disconnect(link, {});
	}
	const links = Array.from({ length: 1_000 }, (_, at) => {
		const link = newLink();
		return { link, feed: registry.connect(`here ${at}`, link) };
	});
	const refused = 'A new feed was refused: there are 1,000 already. Close some of them';
	expect(() => registry.connect('one more', newLink())).toThrow(refused);
	links[0]?.feed.disconnect(links[0].link, {});
	expect(registry.connect('one more', newLink()).name).toBe('one more');
});

test('memory that all share is spent and free again, which is told once', () => {
	const budget = new MemoryBudget(100);
	const told: string[] = [];
	const tell = () => void told.push('free');
	budget.add(100);
	expect(budget.isSpent).toBe(true);
	budget.whenFree(tell);
	budget.whenFree(tell);
	budget.add(-1);
	budget.add(1);
	budget.add(-50);
	expect([budget.isSpent, budget.held, told]).toEqual([false, 50, ['free']]);
});
