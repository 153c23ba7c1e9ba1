import type { Locator } from 'playwright/test';
import type { LogPage } from './log-page.ts';

/** The dialog that adds sources, by its ways. */
export class AddSource {
	readonly dialog: Locator;
	/** The address a scheduler serves. */
	readonly address: Locator;
	/** The port of TCP that is listened on. */
	readonly port: Locator;

	constructor(log: LogPage) {
		this.dialog = log.page.getByRole('dialog', { name: 'Add source' });
		this.address = this.dialog.getByRole('textbox', { name: 'Address the scheduler serves' });
		this.port = this.dialog.getByRole('textbox', { name: 'Port' });
	}

	/** Opens it by the button of the source list, at one of its ways. */
	static async open(log: LogPage, way: 'Files' | 'Listen' | 'Connect'): Promise<AddSource> {
		const add = new AddSource(log);
		await log.button('Add source').click();
		await add.way(way).click();
		return add;
	}

	way(name: string): Locator {
		return this.dialog.getByRole('tab', { name });
	}

	button(name: string): Locator {
		return this.dialog.getByRole('button', { name, exact: true });
	}

	checkbox(name: string): Locator {
		return this.dialog.getByRole('checkbox', { name });
	}

	/** An address that is connected to, with how it is doing. */
	connection(address: string): Locator {
		return this.dialog.getByRole('listitem').filter({ hasText: address });
	}
}
