import { expect } from 'playwright/test';
import type { Locator, Page } from 'playwright/test';

/** The facets beside the table. */
export class SidePanel {
	readonly page: Page;
	readonly panel: Locator;

	constructor(page: Page) {
		this.page = page;
		this.panel = page.getByRole('complementary', { name: 'Sources and facets' });
	}

	section(title: string): Locator {
		return this.panel.getByRole('region', { name: title, exact: true });
	}

	/** The button of a value: pressed where the query asks for it. */
	value(title: string, name: string): Locator {
		return this.section(title).getByRole('button', { name: new RegExp(`^${name}, `) });
	}

	/** Does what a button beside a value does: "Include" or "Exclude". */
	async act(title: string, name: string, act: string): Promise<void> {
		await this.value(title, name).hover();
		await this.section(title)
			.getByRole('button', { name: `${act} ${name}`, exact: true })
			.click();
	}

	/** Waits until a section lists these values, each as its button is called. */
	async lists(title: string, values: readonly string[]): Promise<void> {
		await expect
			.poll(() =>
				this.section(title)
					.getByRole('list')
					.locator('button.value')
					.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label'))),
			)
			.toEqual(values);
	}

	/** The values of a section that the query asks for. */
	async chosen(title: string): Promise<readonly string[]> {
		return this.section(title)
			.getByRole('list')
			.getByRole('button', { pressed: true })
			.evaluateAll((buttons) => buttons.map((button) => button.textContent.trim()));
	}
}
