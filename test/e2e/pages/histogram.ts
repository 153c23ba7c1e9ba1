import type { Locator, Page } from 'playwright/test';

/** The histogram over the table. */
export class HistogramStrip {
	readonly page: Page;
	readonly strip: Locator;
	/** The bars, as one control: its value text tells what it is at. */
	readonly bars: Locator;

	constructor(page: Page) {
		this.page = page;
		this.strip = page.getByRole('region', { name: 'Histogram' });
		this.bars = this.strip.getByRole('slider', { name: 'Stretch of time' });
	}

	/** How many bars there are. */
	async count(): Promise<number> {
		return Number(await this.bars.getAttribute('aria-valuemax'));
	}

	/** What the bar that the keyboard is at is said to be. */
	async says(): Promise<string> {
		return (await this.bars.getAttribute('aria-valuetext')) ?? '';
	}

	/** Drags from one bar to another one, both by their places from 0. */
	async drag(from: number, to: number): Promise<void> {
		const [start, end] = [await this.middleOf(from), await this.middleOf(to)];
		await this.page.mouse.move(start.x, start.y);
		await this.page.mouse.down();
		await this.page.mouse.move((start.x + end.x) / 2, end.y);
		await this.page.mouse.move(end.x, end.y);
		await this.page.mouse.up();
	}

	/** The middle of a bar on the page. */
	async middleOf(bar: number): Promise<{ readonly x: number; readonly y: number }> {
		const box = await this.bars.boundingBox();
		const bars = await this.count();
		if (box === null) {
			throw new Error('There is no histogram on the page');
		}
		const pitch = Math.min(box.width / bars, 28);
		return { x: box.x + (bar + 0.5) * pitch, y: box.y + box.height / 2 };
	}
}
