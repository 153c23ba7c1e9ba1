/** `npm run screenshots`: takes the README's pictures of the running app, on the sample. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from './bench/app.ts';
import { findChromium } from './support/find-chromium.ts';
import { root } from './support/hosts/test-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'asyncz-screenshots-'));
const sample = join(folder, 'scheduler.jsonl');
copyFileSync(join(root, 'resources/samples/scheduler.jsonl'), sample);
const app = await startApp({ chromium: findChromium(console.error), folder, files: [sample] });
try {
	const { page } = app;
	await page.getByRole('combobox', { name: 'Time' }).selectOption('UTC');
	await page.getByRole('combobox', { name: 'Level' }).selectOption({ label: 'WARNING and above' });
	await page.getByRole('row').filter({ hasText: 'Invoices of customer 2314' }).click();
	await page.getByRole('heading', { name: 'Traceback' }).waitFor();
	for (const theme of ['Light', 'Dark']) {
		await page.getByRole('combobox', { name: 'Theme' }).selectOption(theme);
		await page.locator(`html[data-theme="${theme.toLowerCase()}"]`).waitFor();
		await page.screenshot({ path: join(root, 'docs', `${theme.toLowerCase()}.png`) });
	}
} finally {
	await app.close();
	rmSync(folder, { recursive: true, force: true });
}
