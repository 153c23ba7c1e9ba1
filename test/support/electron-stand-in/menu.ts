import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import type { MenuEntry } from './protocol.ts';

interface Template {
	readonly label?: string;
	readonly role?: string;
	readonly type?: string;
	readonly enabled?: boolean;
	readonly checked?: boolean;
	readonly submenu?: readonly Template[];
	readonly click?: () => void;
}

const ROLE_ACTIONS: Readonly<Record<string, () => void>> = {
	quit: () => app.quit(),
	close: () => BrowserWindow.getAllWindows()[0]?.close(),
	reload: () => BrowserWindow.getAllWindows()[0]?.reload(),
};

/** Plays `Menu`: what is in it can be read and clicked by the test. */
export class Menu {
	static #current: Menu | undefined;

	readonly template: readonly Template[];

	constructor(template: readonly Template[]) {
		this.template = template;
	}

	static buildFromTemplate(template: readonly Template[]): Menu {
		return new Menu(template);
	}

	static setApplicationMenu(menu: Menu): void {
		Menu.#current = menu;
	}

	static entries(): readonly MenuEntry[] {
		return (Menu.#current?.template ?? []).map(toEntry);
	}

	/** Clicks the entry that the labels lead to. */
	static click(path: readonly string[]): void {
		let items = Menu.#current?.template ?? [];
		let found: Template | undefined;
		for (const label of path) {
			found = items.find((item) => labelOf(item) === label);
			if (found === undefined) {
				throw new Error(`No "${label}" among ${items.map(labelOf).join(', ')}`);
			}
			items = found.submenu ?? [];
		}
		const action = found?.click ?? ROLE_ACTIONS[found?.role ?? ''];
		if (action === undefined || found?.enabled === false) {
			throw new Error(`"${path.join(' > ')}" can't be clicked`);
		}
		action();
	}
}

function toEntry(item: Template): MenuEntry {
	return {
		label: labelOf(item),
		type: item.type ?? (item.submenu === undefined ? 'normal' : 'submenu'),
		enabled: item.enabled ?? true,
		checked: item.checked ?? false,
		submenu: (item.submenu ?? []).map(toEntry),
	};
}

/** The label as a person reads it: `&` marks a key, `&&` is an ampersand. */
function labelOf(item: Template): string {
	return (item.label ?? item.role ?? '').replaceAll(/&(.)/g, '$1');
}
