import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { writeEntries } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { SidePanel } from './pages/side-panel.ts';

/** An expression that nothing can be left out for, and that takes its time. */
const SLOW = '*:/(?:[a-z0-9 ]*e[a-z0-9 ]*){9}z$/ OR message:/99$/';

test('a search that takes long is stopped, keeps what it found, and goes on', async ({ app }) => {
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 300_000)));
	await log.shows('300,000 stored');
	await log.ask(SLOW);
	await log.button('Stop').click();
	await expect(log.page.getByText(/^stopped at \d+ %/)).toBeVisible();
	// The newest were looked at first: what was found of them stays.
	await expect(log.row('entry 299999')).toBeVisible();
	await expect(log.status).toContainText(/≥ \d[\d,]* matched/);
	await log.button('Go on').click();
	await expect(log.button('Stop')).toBeVisible();
	await expect(log.page.getByText(/^stopped at/)).toHaveCount(0);
	// Another question does not wait for this one.
	await log.ask('"entry 300000"');
	await log.says('1 matched');
	await expect(log.row('entry 300000')).toBeVisible();
});

/** Nearly as slow for each entry; what is waited for is its end. */
const SLOW_TO_THE_END = `${SLOW} OR message:/^entry 1/`;

test('values are counted as far as the search has come, and exactly at its end @page', async ({
	app,
}) => {
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 240_000)));
	const section = new SidePanel(log.page).section('Logger');
	await log.shows('240,000 stored');
	await expect(section.getByRole('button', { name: 'a, 240,000 entries' })).toBeVisible();
	// Every text that stands below the values meanwhile, however short.
	const seen = await section.evaluateHandle((element) => {
		const texts: string[] = [];
		new MutationObserver(() => {
			const text = element.querySelector('p')?.textContent ?? 'exact';
			if (text !== texts.at(-1)) {
				texts.push(text);
			}
		}).observe(element, { childList: true, subtree: true, characterData: true });
		return texts;
	});
	await log.ask(SLOW_TO_THE_END);
	// 1, 10 to 19 and so on to 199,999, and those among the others that end in 99.
	await log.says('112,400 matched');
	await expect(section.getByRole('button', { name: 'a, 112,400 entries' })).toBeVisible();
	await expect(section.locator('p')).toHaveCount(0);
	const texts = await seen.jsonValue();
	const shares = texts.flatMap((text) => /(\d+) %/.exec(text)?.[1] ?? []).map(Number);
	expect(texts.join('\n')).toMatch(/Counting…|Counted so far: \d+ %/);
	expect(shares.length).toBeGreaterThan(1);
	expect(shares).toEqual(shares.toSorted((a, b) => a - b));
	expect(texts.at(-1)).toBe('exact');
});
