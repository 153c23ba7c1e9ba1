import type { Locator } from 'playwright/test';
import type { LogPage } from './log-page.ts';

/** Settings → Storage: the storages in use, and another one to be used. */
export class StorageDialog {
	readonly dialog: Locator;
	/** The address as text. */
	readonly address: Locator;
	readonly password: Locator;
	/** What came of a test, or why nothing did. */
	readonly refused: Locator;
	readonly passed: Locator;

	constructor(log: LogPage) {
		this.dialog = log.page.getByRole('dialog', { name: 'Storage', exact: true });
		this.address = this.field('Or paste an address');
		this.password = this.field('Password');
		this.refused = this.dialog.locator('.outcome .problem');
		this.passed = this.dialog.locator('.outcome .good');
	}

	/** Opens it by its command. */
	static async open(log: LogPage): Promise<StorageDialog> {
		await log.run('Storage: where entries are kept');
		return new StorageDialog(log);
	}

	button(name: string): Locator {
		return this.dialog.getByRole('button', { name, exact: true });
	}

	field(name: string): Locator {
		return this.dialog.getByLabel(name, { exact: true });
	}

	kind(name: string): Locator {
		return this.dialog.getByRole('radio', { name });
	}

	/** A storage in use, by its name or address. */
	used(text: string): Locator {
		return this.dialog
			.getByRole('list', { name: 'Storages in use' })
			.locator('> li')
			.filter({ hasText: text });
	}

	/** Chooses a kind as a person does: its radio button is behind its name. */
	async choose(name: string): Promise<void> {
		await this.dialog.getByText(name, { exact: true }).click();
	}

	/** Puts an address in and leaves the field, as after pasting it. */
	async paste(address: string): Promise<void> {
		await this.address.fill(address);
		await this.address.blur();
	}
}
