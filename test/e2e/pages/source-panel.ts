import { expect } from 'playwright/test';
import type { Locator } from 'playwright/test';

/** The panel of a source: what it is, its account, its logs. */
export class SourcePanel {
	readonly dialog: Locator;
	readonly account: Locator;
	/** One row for each log, without the header. */
	readonly logs: Locator;

	constructor(dialog: Locator) {
		this.dialog = dialog;
		this.account = dialog.getByRole('region', { name: 'Account' });
		this.logs = dialog.getByRole('region', { name: 'Logs' }).locator('tbody').getByRole('row');
	}

	button(name: string): Locator {
		return this.dialog.getByRole('button', { name });
	}

	/** Waits until the account has these figures, by their names, and both of its sums are right. */
	async accountsFor(figures: Readonly<Record<string, number>>): Promise<void> {
		await expect.poll(() => this.#figures(Object.keys(figures))).toEqual(figures);
		await expect(this.account.getByText('adds up', { exact: true })).toHaveCount(2);
		await expect(this.account.getByRole('alert')).toHaveCount(0);
	}

	#figures(names: readonly string[]): Promise<Readonly<Record<string, number>>> {
		return this.account.evaluate((account, wanted) => {
			const all = [...account.querySelectorAll('dt')].map((term) => [
				(term.lastChild?.textContent ?? '').trim(),
				Number((term.nextElementSibling?.textContent ?? '').replaceAll(',', '')),
			]);
			return Object.fromEntries(all.filter(([name]) => wanted.includes(String(name)))) as Record<
				string,
				number
			>;
		}, names);
	}
}
