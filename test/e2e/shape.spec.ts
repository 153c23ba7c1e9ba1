import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, LogWriter, writeLog } from './pages/log-file.ts';
import { HistogramStrip } from './pages/histogram.ts';
import { LogPage } from './pages/log-page.ts';

const START = Date.UTC(2026, 10, 22, 10, 0);

/** The time so many seconds later. */
function at(seconds: number): string {
	return new Date(START + seconds * 1_000).toISOString();
}

/** An hour with an entry each ten seconds: one error at 10:30, a burst of warnings at 10:45. */
function anHour(): readonly string[] {
	const lines = Array.from({ length: 361 }, (_, index) =>
		line({ ts: at(index * 10), message: `entry ${index}`, logger: index % 3 === 0 ? 'a' : 'b' }),
	);
	lines.splice(181, 0, line({ ts: at(1_801), level: 'ERROR', message: 'it broke' }));
	lines.push(
		...Array.from({ length: 40 }, (_, index) =>
			line({ ts: at(2_700 + index / 10), level: 'WARNING', message: `warning ${index}` }),
		),
	);
	return lines;
}

const test = base.extend<{ readonly log: LogPage; readonly histogram: HistogramStrip }>({
	log: async ({ app }, use) => {
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), anHour())));
		await log.page.getByRole('combobox', { name: 'Time', exact: true }).selectOption('UTC');
		await log.says('402 matched');
		await use(log);
	},
	histogram: async ({ log }, use) => use(new HistogramStrip(log.page)),
});

test('the whole result is told, not the rows that are loaded @page', async ({ log, histogram }) => {
	await expect(histogram.strip).toContainText('402 of 402 entries');
	await expect(histogram.strip).toContainText('2026-11-22 10:00:00 – 11:00:');
	await log.says('200 shown');
	await log.search.fill('entry');
	await expect(histogram.strip).toContainText('361 of 402 entries');
});

test('an entry that is years away is told beside the bars, which show the others @page', async ({
	app,
}) => {
	const lines = [line({ ts: '1999-12-31T23:59:59Z', message: 'long ago' }), ...anHour()];
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'b.jsonl'), lines)));
	await log.says('403 matched');
	const { strip } = new HistogramStrip(log.page);
	await expect(strip).toContainText('1 far outside');
	await expect(strip).not.toContainText('1999');
});

test('a single error can be seen and is named @page', async ({ log, histogram }) => {
	await expect(histogram.bars).toBeVisible();
	const errors = histogram.bars.locator('path.error');
	await expect.poll(async () => (await errors.boundingBox())?.height).toBeGreaterThanOrEqual(2);
	const { x, width = 0 } = (await errors.boundingBox()) ?? { x: 0 };
	const bars = await histogram.bars.boundingBox();
	await log.page.mouse.move(x + width / 2, (bars?.y ?? 0) + 10);
	await expect(histogram.strip).toContainText(/ERROR\s*1/);
	await expect(histogram.strip).toContainText(/INFO\s*\d/);
});

test('dragging over bars shows that stretch; zooming out goes back @page', async ({
	log,
	histogram,
}) => {
	await expect(histogram.bars).toBeVisible();
	const bars = await histogram.count();
	await histogram.drag(Math.floor(bars / 2) + 1, bars - 1);
	await expect(log.row('it broke')).toBeHidden();
	await expect(histogram.strip).toContainText(/2\d\d of 402 entries/);
	await histogram.drag(0, Math.floor((await histogram.count()) / 3));
	await expect(histogram.strip).toContainText(/\b\d\d of 402 entries/);
	await log.button('Zoom out').click();
	await expect(histogram.strip).toContainText(/2\d\d of 402 entries/);
	await histogram.bars.dblclick();
	await expect(histogram.strip).toContainText('402 of 402 entries');
	await expect(log.button('Zoom out')).toBeHidden();
});

test('a click on a bar shows what it stands for @page', async ({ log, histogram }) => {
	await expect(histogram.bars).toBeVisible();
	const errors = await histogram.bars.locator('path.error').boundingBox();
	const bars = await histogram.bars.boundingBox();
	await log.page.mouse.click((errors?.x ?? 0) + (errors?.width ?? 0) / 2, (bars?.y ?? 0) + 20);
	await expect(log.row('it broke')).toBeVisible();
	await expect(histogram.strip).not.toContainText('402 of 402 entries');
	await histogram.bars.press('Escape');
	await expect(histogram.strip).toContainText('402 of 402 entries');
});

test('the keyboard goes along the bars, picks and zooms @page', async ({ log, histogram }) => {
	await histogram.bars.focus();
	await histogram.bars.press('Home');
	expect(await histogram.says()).toMatch(/^2026-11-22 10:00:00 – 10:0\d:\d\d: \d+ entries$/);
	await histogram.bars.press('ArrowRight');
	await expect(histogram.bars).toHaveAttribute('aria-valuenow', '2');
	await histogram.bars.press('Shift+PageUp');
	await expect(histogram.bars).toHaveAttribute('aria-valuenow', '12');
	const told = Number(/: (\d+) entries/.exec(await histogram.says())?.[1]);
	expect(told).toBeGreaterThan(10);
	await histogram.bars.press('Enter');
	await log.says(`${told} matched`);
	await histogram.bars.press('Escape');
	await log.says('402 matched');
});

test('what comes is counted at once', async ({ app, log, histogram }) => {
	const writer = new LogWriter(join(app.folder, 'a.jsonl'));
	try {
		writer.write(line({ ts: '2026-11-22T11:30:00Z', level: 'CRITICAL', message: 'news' }));
		await log.showsFirst('news');
		await expect(histogram.strip).toContainText('403 of 403 entries');
		await expect(histogram.strip).toContainText('10:00:00 – 11:31:');
		await histogram.bars.focus();
		expect(await histogram.says()).toMatch(/: 1 entry, 1 error$/);
	} finally {
		writer.end();
	}
});
