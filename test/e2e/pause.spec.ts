import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, LogWriter, writeLog } from './pages/log-file.ts';
import { HistogramStrip } from './pages/histogram.ts';
import { LogPage } from './pages/log-page.ts';
import { SidePanel } from './pages/side-panel.ts';

const test = base.extend<{ readonly log: LogPage; readonly writer: LogWriter }>({
	log: async ({ app }, use) => {
		const lines = Array.from({ length: 100 }, (_, index) =>
			line({ message: `entry ${index + 1}`, level: index % 4 === 0 ? 'WARNING' : 'INFO' }),
		);
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
		await log.says('100 matched');
		await use(log);
	},
	writer: async ({ app }, use) => {
		const writer = new LogWriter(join(app.folder, 'a.jsonl'));
		await use(writer);
		writer.end();
	},
});

test('a pause is one moment of rows, counts, histogram and facets @page', async ({
	log,
	writer,
}) => {
	const histogram = new HistogramStrip(log.page);
	const panel = new SidePanel(log.page);
	const before = ['WARNING, 25 entries', 'INFO, 75 entries'];
	await panel.lists('Level', before);
	await log.button('Pause').click();
	const shown = await histogram.strip.innerText();
	const told = await histogram.says();
	writer.write(
		...Array.from({ length: 30 }, () => line({ level: 'ERROR', message: 'late', logger: 'other' })),
	);
	await log.says('130 stored', '100 matched');
	await expect(log.pill).toHaveText(/30 new\s*·\s*30 errors/);
	await panel.lists('Level', before);
	expect(await histogram.strip.innerText()).toBe(shown);
	expect(await histogram.says()).toBe(told);
	await log.showsFirst('entry 100');

	// Another question is answered as of the same moment.
	await panel.value('Level', 'WARNING').click();
	await log.says('25 matched');
	await panel.lists('Level', before);
	await expect(histogram.strip).toContainText('25 of 100 entries');
	await panel.value('Level', 'WARNING').click();

	await log.button('Resume').click();
	await panel.lists('Level', ['ERROR, 30 entries', 'WARNING, 25 entries', 'INFO, 75 entries']);
	await expect(histogram.strip).toContainText('130 of 130 entries');
});

test('after a pause, what came since can be looked at alone', async ({ log, writer }) => {
	await log.button('Pause').click();
	writer.write(...Array.from({ length: 3 }, (_, index) => line({ message: `news ${index + 1}` })));
	await expect(log.pill).toHaveText('3 new');
	await log.button('Only what came since').click();
	await log.says('3 matched');
	await log.showsFirst('news 3');
	await expect(log.refresh).toHaveValue('live');
	const chip = log.page.getByRole('button', { name: /^Remove filter: since \d\d:\d\d:\d\d/ });
	await expect(chip).toBeVisible();
	writer.write(line({ message: 'news 4' }));
	await log.showsFirst('news 4');
	await log.says('4 matched');
	await chip.click();
	await log.says('104 matched');
});
