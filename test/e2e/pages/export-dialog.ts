import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import type { Locator } from 'playwright/test';
import type { App } from '../fixtures.ts';
import type { LogPage } from './log-page.ts';

/** The dialog that exports entries, by what its users see. */
export class ExportDialog {
	readonly dialog: Locator;
	/** The sentence that says what will be written. */
	readonly plan: Locator;
	readonly progress: Locator;
	/** What came of it. */
	readonly result: Locator;
	readonly #app: App;
	readonly #log: LogPage;

	constructor(app: App, log: LogPage) {
		this.#app = app;
		this.#log = log;
		this.dialog = log.page.getByRole('dialog', { name: 'Export' });
		this.plan = this.dialog.getByRole('region', { name: 'What will be written' });
		this.progress = this.dialog.getByRole('progressbar');
		this.result = this.dialog.getByRole('alert').filter({ hasText: /./ });
	}

	/** Opens it by its key. */
	async open(): Promise<void> {
		await this.#log.page.keyboard.press('Control+e');
		await expect(this.dialog).toBeVisible();
	}

	/** Chooses which entries, or a format: `CSV`, `Marked rows`. */
	async choose(name: string | RegExp): Promise<void> {
		await this.dialog.getByRole('radio', { name }).check();
	}

	button(name: string): Locator {
		return this.dialog.getByRole('button', { name, exact: true });
	}

	/** Begins it, with this answer to the desktop's dialog; a browser asks nothing. */
	async begin(path: string): Promise<void> {
		if (this.#app.hostKind === 'web') {
			await this.button('Export').click();
		} else {
			await this.#app.desktop.willChoose([path]);
			await this.button('Export…').click();
		}
	}

	/** Exports what is chosen, and closes the dialog: the bytes of the file, and its name. */
	async run(): Promise<{ readonly bytes: Buffer; readonly name: string }> {
		const path = join(this.#app.folder, 'saved');
		const download =
			this.#app.hostKind === 'web' ? this.#log.page.waitForEvent('download') : undefined;
		await this.begin(path);
		await expect(this.result).toContainText(/^Exported /);
		const file = await download;
		const bytes = readFileSync((await file?.path()) ?? path);
		await this.button('Done').click();
		await expect(this.dialog).toBeHidden();
		return { bytes, name: file?.suggestedFilename() ?? '' };
	}

	/** As `run`: the lines of the file. */
	async lines(): Promise<readonly string[]> {
		const text = (await this.run()).bytes.toString('utf8');
		expect(text).toMatch(/\n$/);
		return text.split('\n').slice(0, -1);
	}
}
