import { expect } from 'playwright/test';
import type { Locator, Page } from 'playwright/test';
import { SourcePanel } from './source-panel.ts';

/** The window of the app, by the roles and names that its users go by. */
export class LogPage {
	readonly page: Page;
	readonly grid: Locator;
	readonly status: Locator;
	/** The query bar. */
	readonly query: Locator;
	/** `Time range: Last 15 min` */
	readonly range: Locator;
	readonly taskId: Locator;
	readonly search: Locator;
	readonly level: Locator;
	readonly limit: Locator;
	readonly refresh: Locator;
	readonly details: Locator;
	/** "37 new · 2 errors" */
	readonly pill: Locator;

	constructor(page: Page) {
		this.page = page;
		this.grid = page.getByRole('grid', { name: 'Log entries' });
		this.status = page.getByRole('status');
		this.query = page.getByRole('combobox', { name: 'Query' });
		this.range = page.getByRole('button', { name: /^Time range: / });
		this.taskId = page.getByRole('textbox', { name: 'Task ID' });
		this.search = page.getByRole('textbox', { name: 'Search' });
		this.level = page.getByRole('combobox', { name: 'Level' });
		this.limit = page.getByRole('combobox', { name: 'Limit' });
		this.refresh = page.getByRole('combobox', { name: 'Refresh' });
		this.details = page.getByRole('region', { name: 'Details' });
		this.pill = page.getByRole('button', { name: /^\d[\d,]* new/ });
	}

	/** The rows with entries that are on the page now. */
	get rows(): Locator {
		return this.grid.getByRole('row').filter({ has: this.page.getByRole('gridcell') });
	}

	/** The row with this number, 1 being the first of the table. */
	rowAt(number: number): Locator {
		return this.grid.locator(`[role=row][aria-rowindex="${number + 1}"]`);
	}

	row(text: string | RegExp): Locator {
		return this.rows.filter({ hasText: text });
	}

	button(name: string): Locator {
		return this.page.getByRole('button', { name, exact: true });
	}

	/** A query as it was typed, asked at once. */
	async ask(query: string): Promise<void> {
		await this.query.fill(query);
		await this.query.press('Enter');
	}

	/** What is proposed under the query bar. */
	get proposals(): Locator {
		return this.page.getByRole('listbox', { name: 'Proposals' }).getByRole('option');
	}

	/** Does what a command of the palette says. */
	async run(command: string): Promise<void> {
		await this.page.keyboard.press('Control+k');
		const palette = this.page.getByRole('dialog', { name: 'Commands' });
		await palette.getByRole('combobox', { name: 'Command' }).fill(command);
		await palette.getByRole('option', { name: command }).first().click();
	}

	/** Opens the panel of a source. */
	async about(source: string): Promise<SourcePanel> {
		await this.button(`About ${source}`).click();
		return new SourcePanel(this.page.getByRole('dialog', { name: source, exact: true }));
	}

	/** Closes a source as its panel does. */
	async closeSource(source: string): Promise<void> {
		await (await this.about(source)).button('Close source').click();
	}

	/** A condition of the filter that has no field, with the button that takes it away. */
	chip(text: string): Locator {
		return this.button(`Remove filter: ${text}`);
	}

	/** As `says`, and rows are there: keys that go through them come to nothing before that. */
	async shows(...parts: readonly string[]): Promise<void> {
		await this.says(...parts);
		await this.rowAt(1).waitFor();
	}

	/** Waits until the status says so, `200 shown` or `20,000 stored`, say. */
	async says(...parts: readonly string[]): Promise<void> {
		for (const part of parts) {
			await expect(this.status).toContainText(part);
		}
	}

	/** The messages that are wholly in view, from the top down. */
	visibleMessages(): Promise<readonly string[]> {
		return this.grid.evaluate((grid) => {
			const { top, bottom } = grid.getBoundingClientRect();
			const header = 26;
			return [...grid.querySelectorAll('[role=row]')]
				.map((row) => ({ row, box: row.getBoundingClientRect() }))
				.filter(({ box }) => box.top >= top + header - 1 && box.bottom <= bottom + 1)
				.toSorted((a, b) => a.box.top - b.box.top)
				.map(({ row }) => row.querySelector('.message')?.textContent ?? '');
		});
	}

	/** Waits until the first message in view is this one. */
	async showsFirst(message: string | RegExp): Promise<void> {
		await expect.poll(async () => (await this.visibleMessages())[0]).toMatch(message);
	}

	/** Waits until the last message in view is this one. */
	async showsLast(message: string | RegExp): Promise<void> {
		await expect.poll(async () => (await this.visibleMessages()).at(-1)).toMatch(message);
	}

	/** Turns the mouse wheel over the table by so many rows. */
	async scrollRows(rows: number): Promise<void> {
		await this.grid.hover();
		await this.page.mouse.wheel(0, rows * 22);
	}

	/** Moves the scroll bar to this share of its way. */
	async scrollTo(share: number): Promise<void> {
		await this.grid.evaluate((grid, to) => {
			grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * to;
		}, share);
	}
}
