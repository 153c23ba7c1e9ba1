import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { writeEntries } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

for (const scheme of ['light', 'dark'] as const) {
	test(`the ${scheme} theme of the system is followed`, async ({ app }, testInfo) => {
		const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 500));
		await page.emulateMedia({ colorScheme: scheme });
		const log = new LogPage(page);
		await log.says('200 shown');
		const path = testInfo.outputPath(`${scheme}.png`);
		const picture = await page.screenshot({ path });
		await testInfo.attach(scheme, { path, contentType: 'image/png' });
		// The picture is decoded by the page itself: how bright it is, and how many colours it has.
		const { brightness, colours } = await page.evaluate(async (base64) => {
			const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
			const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
			const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
			const context = canvas.getContext('2d');
			context?.drawImage(bitmap, 0, 0);
			const pixels = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
			const seen = new Set<number>();
			let sum = 0;
			for (let index = 0; index < pixels.length; index += 4) {
				const [r = 0, g = 0, b = 0] = [pixels[index], pixels[index + 1], pixels[index + 2]];
				seen.add((r << 16) | (g << 8) | b);
				sum += (r + g + b) / 3;
			}
			return { brightness: sum / (pixels.length / 4), colours: seen.size };
		}, picture.toString('base64'));
		expect(colours).toBeGreaterThan(100);
		if (scheme === 'light') {
			expect(brightness).toBeGreaterThan(200);
		} else {
			expect(brightness).toBeLessThan(60);
		}
	});
}

test('a theme that was chosen wins, and is there again after a restart', async ({ app }) => {
	const page = await app.start();
	await page.emulateMedia({ colorScheme: 'light' });
	const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	await expect.poll(background).toBe('rgb(255, 255, 255)');
	await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
	await expect.poll(background).toBe('rgb(15, 18, 22)');
	const again = await app.restart();
	await again.emulateMedia({ colorScheme: 'light' });
	await expect(again.getByRole('combobox', { name: 'Theme' })).toHaveValue('dark');
	await expect(again.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('everything has its place in a small window @page', async ({ app }) => {
	const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 500));
	await page.setViewportSize({ width: 900, height: 600 });
	const log = new LogPage(page);
	await log.says('200 shown');
	const lines = [
		[
			page.getByRole('combobox', { name: 'Query' }),
			log.button('Pause'),
			log.button('Reset'),
			log.button('Open file'),
		],
		[log.taskId, log.level, log.search, log.limit, log.refresh],
	];
	let top = 0;
	for (const controls of lines) {
		let right = 0;
		for (const control of controls) {
			const box = await control.boundingBox();
			expect(box?.y).toBeGreaterThanOrEqual(top);
			expect(box?.y).toBeLessThan(top + 44);
			expect(box?.x).toBeGreaterThanOrEqual(right);
			right = (box?.x ?? 0) + (box?.width ?? 0);
			expect(right).toBeLessThanOrEqual(900);
		}
		top += 36;
	}
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(900);
	await log.rowAt(1).click();
	await expect(log.rowAt(1).getByText('entry 500')).toBeInViewport();
});
