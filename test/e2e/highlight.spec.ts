import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

/** 600 entries, every hundredth about a timeout. */
const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app }, use) => {
		const lines = Array.from({ length: 600 }, (_, index) =>
			line({
				message: (index + 1) % 100 === 0 ? `timeout ${index + 1}` : `entry ${index + 1}`,
				attempt: index + 1,
			}),
		);
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
		await log.shows('600 stored');
		await use(log);
	},
});

test('something is found without leaving anything else out', async ({ log }) => {
	const { page } = log;
	const bar = page.getByRole('search', { name: 'Highlight' });
	await page.keyboard.press('Control+f');
	const field = bar.getByRole('textbox', { name: 'Highlight' });
	await expect(field).toBeFocused();
	await field.fill('timeout');
	await expect(bar).toContainText('6 found');
	await log.says('600 matched');
	await expect(log.row('timeout 600')).toHaveClass(/found/);
	await expect(log.row('entry 599')).not.toHaveClass(/found/);
	await expect(log.row('timeout 600').locator('mark')).toHaveText('timeout');

	await page.keyboard.press('Enter');
	await expect(bar).toContainText('1 of 6');
	await page.keyboard.press('Enter');
	await expect(log.row('timeout 500')).toHaveAttribute('aria-selected', 'true');
	await expect(bar).toContainText('2 of 6');
	await log.grid.focus();
	await page.keyboard.press('n');
	await page.keyboard.press('n');
	await expect(bar).toContainText('4 of 6');
	await expect(log.row('timeout 300')).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('N');
	await expect(log.row('timeout 400')).toHaveAttribute('aria-selected', 'true');
	await bar.getByRole('button', { name: 'Next newer' }).click();
	await expect(log.row('timeout 500')).toHaveAttribute('aria-selected', 'true');
});

test('any query can be highlighted, and one that cannot be read says why @page', async ({
	log,
}) => {
	const { page } = log;
	const bar = page.getByRole('search', { name: 'Highlight' });
	await page.keyboard.press('Control+f');
	const field = bar.getByRole('textbox', { name: 'Highlight' });
	await field.fill('attempt:>=599 -timeout');
	await expect(bar).toContainText('1 found');
	await field.fill('(timeout');
	await expect(bar.getByText('Text', { exact: true })).toBeVisible();
	await expect(bar).toContainText('none');
});

test('Esc closes the details, then the highlight, then lets go of the row @page', async ({
	log,
}) => {
	const { page } = log;
	const bar = page.getByRole('search', { name: 'Highlight' });
	await page.keyboard.press('Control+f');
	await page.keyboard.type('timeout');
	await page.keyboard.press('Enter');
	await log.row('timeout 600').click();
	await log.grid.focus();
	await page.keyboard.press('Escape');
	await expect(log.details).toBeHidden();
	await expect(bar).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(bar).toBeHidden();
	await expect(log.row('timeout 600')).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('Escape');
	await expect(log.row('timeout 600')).toHaveAttribute('aria-selected', 'false');

	// What was looked for last is there when it is opened again.
	await page.keyboard.press('n');
	await expect(bar.getByRole('textbox')).toHaveValue('timeout');
	await bar.getByRole('textbox').press('Escape');
	await expect(bar).toBeHidden();
	await expect(log.grid).toBeFocused();
});

test('ticks beside the scroll bar lead to what was found @page', async ({ log }) => {
	const { page } = log;
	await log.limit.selectOption('All');
	await log.says('600 shown');
	await page.keyboard.press('Control+f');
	await page.keyboard.type('"timeout 300"');
	await expect(page.getByRole('search', { name: 'Highlight' })).toContainText('1 found');
	const strip = page.getByTitle('Highlighted and marked rows: click to go there');
	const drawn = (): Promise<readonly number[]> =>
		strip.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
			const { width, height } = canvas;
			const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
			return Array.from({ length: height }, (_, y) => y).filter(
				(y) => (pixels[(y * width + Math.floor(width / 2)) * 4 + 3] ?? 0) > 0,
			);
		});
	await expect.poll(async () => (await drawn()).length).toBeGreaterThan(0);
	const share = await strip
		.locator('canvas')
		.evaluate((canvas: HTMLCanvasElement, y) => (y ?? 0) / canvas.height, (await drawn())[0]);
	expect(share).toBeCloseTo(0.5, 1);
	const box = await strip.boundingBox();
	await strip.click({ position: { x: 3, y: (box?.height ?? 0) * share } });
	await expect(log.row('timeout 300')).toBeInViewport();
});
