import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { writeEntries } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

/** An expression that nothing can be left out for, and that takes its time. */
const SLOW = '*:/(?:[a-z0-9 ]*e[a-z0-9 ]*){9}z$/ OR message:/99$/';

test('a search that takes long is stopped, keeps what it found, and goes on', async ({ app }) => {
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 60_000)));
	await log.shows('60,000 stored');
	await log.ask(SLOW);
	await log.button('Stop').click();
	await expect(log.page.getByText(/^stopped at \d+ %/)).toBeVisible();
	// The newest were looked at first: what was found of them stays.
	await expect(log.row('entry 59999')).toBeVisible();
	await expect(log.status).toContainText(/≥ \d[\d,]* matched/);
	await log.button('Go on').click();
	await expect(log.button('Stop')).toBeVisible();
	await expect(log.page.getByText(/^stopped at/)).toHaveCount(0);
	// Another question does not wait for this one.
	await log.ask('"entry 60000"');
	await log.says('1 matched');
	await expect(log.row('entry 60000')).toBeVisible();
});
