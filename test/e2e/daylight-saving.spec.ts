import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { HistogramStrip } from './pages/histogram.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

/**
 * Around the night in which clocks in Berlin went back, 2026-10-25, from 3:00 to 2:00 at 01:00 UTC;
 * the day has 25 hours. Each is named after its time in UTC.
 */
const AUTUMN = [
	'2026-10-24T21:59:00Z', // 23:59 of the day before
	'2026-10-24T22:00:00Z', // 00:00
	'2026-10-25T00:30:00Z', // 02:30, for the first time
	'2026-10-25T01:30:00Z', // 02:30 again
	'2026-10-25T02:00:00Z', // 03:00
	'2026-10-25T22:59:00Z', // 23:59
	'2026-10-25T23:00:00Z', // 00:00 of the next day
];

/** Around the night in which they go forward, 2026-03-29, from 2:00 to 3:00 at 01:00 UTC. */
const SPRING = [
	'2026-03-28T22:59:00Z', // 23:59 of the day before
	'2026-03-28T23:00:00Z', // 00:00
	'2026-03-29T00:59:00Z', // 01:59
	'2026-03-29T01:00:00Z', // 03:00
	'2026-03-29T21:59:00Z', // 23:59
	'2026-03-29T22:00:00Z', // 00:00 of the next day
];

const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app }, use) => {
		const lines = [...SPRING, ...AUTUMN].map((ts) => line({ ts, message: ts }));
		const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), lines));
		// Of the page, and not of the machine: so in every host.
		const session = await page.context().newCDPSession(page);
		await session.send('Emulation.setTimezoneOverride', { timezoneId: 'Europe/Berlin' });
		await page.reload();
		const log = new LogPage(page);
		await log.shows('13 matched');
		await use(log);
	},
});

/** The times of the table as they are shown, from the top down, and in full with their offset. */
async function times(log: LogPage): Promise<readonly (readonly [string, string])[]> {
	const cells = log.grid.locator('[role=row] .time');
	return cells.evaluateAll((all) =>
		all
			.toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
			.map((cell) => [cell.textContent, cell.getAttribute('title') ?? ''] as const),
	);
}

test('times are those of the clock on either side of a change, and a day is what it is', async ({
	log,
}) => {
	await log.ask('ts:2026-10-25');
	await log.says('5 matched');
	await expect
		.poll(() => times(log))
		.toEqual([
			['2026-10-25 23:59:00.000', '2026-10-25 23:59:00.000000 +01:00'],
			['2026-10-25 03:00:00.000', '2026-10-25 03:00:00.000000 +01:00'],
			['2026-10-25 02:30:00.000', '2026-10-25 02:30:00.000000 +01:00'],
			['2026-10-25 02:30:00.000', '2026-10-25 02:30:00.000000 +02:00'],
			['2026-10-25 00:00:00.000', '2026-10-25 00:00:00.000000 +02:00'],
		]);
	await log.ask('ts:2026-03-29');
	await log.says('4 matched');
	expect((await times(log)).map(([, whole]) => whole)).toEqual([
		'2026-03-29 23:59:00.000000 +02:00',
		'2026-03-29 03:00:00.000000 +02:00',
		'2026-03-29 01:59:00.000000 +01:00',
		'2026-03-29 00:00:00.000000 +01:00',
	]);
	// In UTC the same text is another stretch of time.
	await log.grid.press('z');
	await expect(log.row('2026-03-29T22:00:00Z')).toBeVisible();
	await expect(log.row('2026-03-28T23:00:00Z')).toHaveCount(0);
});

test('a query and the range mean the clock that is shown @page', async ({ log }) => {
	const { page } = log;
	// Both 2:30 are between 1:00 and 3:00, which are three hours apart.
	await log.ask('ts:[2026-10-25T01:00 TO 2026-10-25T02:59]');
	await log.says('2 matched');
	await log.ask('ts:[2026-10-25T02:00 TO 2026-10-25T02:59]');
	await log.says('2 matched');
	await log.ask('ts:>=2026-03-29T03:00 ts:<2026-03-29T04:00');
	await log.says('1 matched');
	// What clocks skip is an hour on, and a time with its offset is no question.
	await log.ask('ts:>=2026-03-29T02:30 ts:<2026-03-30');
	await log.says('1 matched');
	await log.ask('ts:[2026-10-25T02:30+02:00 TO 2026-10-25T02:29+01:00]');
	await log.says('1 matched');
	await log.ask('');
	await log.says('13 matched');

	const dialog = page.getByRole('dialog', { name: 'Time range' });
	await log.range.click();
	await expect(dialog).toContainText('local');
	await dialog.getByRole('textbox', { name: 'From' }).fill('2026-10-25 01:00');
	await dialog.getByRole('textbox', { name: 'To' }).fill('2026-10-25 03:00');
	await dialog.getByRole('textbox', { name: 'To' }).press('Enter');
	await log.says('3 matched');
	await expect(log.range).toHaveAccessibleName('Time range: 2026-10-25 01:00 – 03:01');
	await log.grid.press('z');
	await expect(log.range).toHaveAccessibleName('Time range: 2026-10-24 23:00 – 2026-10-25 02:01');
	await log.says('3 matched');
});

test('bars and their labels are those of the clock, in both hours that are called alike @page', async ({
	log,
}) => {
	const strip = new HistogramStrip(log.page);
	await log.ask('ts:[2026-10-25T01:00 TO 2026-10-25T03:59]');
	await log.says('3 matched');
	await expect(strip.strip).toContainText(/2026-10-25 02:30\S* – 03:0\d/);
	await strip.bars.focus();
	await log.page.keyboard.press('Home');
	const filled: { readonly bar: number; readonly from: string }[] = [];
	for (let bar = 0; bar < (await strip.count()); bar++) {
		await expect(strip.bars).toHaveAttribute('aria-valuenow', String(bar + 1));
		const text = await strip.says();
		if (text.endsWith(': 1 entry')) {
			filled.push({ bar, from: /\d\d:\d\d/.exec(text)?.[0] ?? '' });
		}
		await log.page.keyboard.press('ArrowRight');
	}
	expect(filled.map(({ from }) => from)).toEqual(['02:30', '02:30', '03:00']);
	// Each of both is zoomed into, and then asked for as it stands in the dialog: it is the moment that
	// is meant, and not what it is called.
	const dialog = log.page.getByRole('dialog', { name: 'Time range' });
	for (const [place, message] of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].entries()) {
		const { x, y } = await strip.middleOf(filled[place]?.bar ?? 0);
		await log.page.mouse.click(x, y);
		await log.says('1 matched');
		await expect(log.row(message)).toBeVisible();
		const name = (await log.range.getAttribute('aria-label')) ?? '';
		await log.range.click();
		await dialog.getByRole('textbox', { name: 'To' }).press('Enter');
		await expect(dialog).toBeHidden();
		await expect(log.range).toHaveAccessibleName(name);
		await log.says('1 matched');
		await expect(log.row(message)).toBeVisible();
		await strip.bars.press('Escape');
		await log.says('3 matched');
		await expect(strip.strip).toContainText(/2026-10-25 02:30\S* – 03:0\d/);
	}
});
