import { link } from './link.ts';

type ThemeSource = 'system' | 'light' | 'dark';

let themeSource: ThemeSource = 'system';

/** Plays `nativeTheme`: the page prefers what the app sets here. */
export const nativeTheme = {
	get themeSource(): ThemeSource {
		return themeSource;
	},
	set themeSource(value: ThemeSource) {
		// The same again changes nothing: a test may have given the page a scheme of its own since.
		if (value !== themeSource) {
			themeSource = value;
			void link.setColorScheme(value);
		}
	},
	get shouldUseDarkColors(): boolean {
		return themeSource === 'dark';
	},
};

/** Plays `dialog`: the test chooses. */
export const dialog = {
	showOpenDialog: async () => {
		const filePaths = await link.chooseFiles();
		return { canceled: filePaths.length === 0, filePaths };
	},
	showSaveDialog: async () => {
		const [filePath = ''] = await link.chooseFiles();
		return { canceled: filePath === '', filePath };
	},
	showMessageBox: async (
		_window: unknown,
		{ message, buttons }: { readonly message: string; readonly buttons: readonly string[] },
	) => ({ response: buttons.indexOf(await link.chooseButton({ message, buttons })) }),
};

/** Plays `shell`: the test is told what a file manager would show. */
export const shell = {
	showItemInFolder: (path: string): void => void link.showFile(path),
};

const display = { id: 1, workArea: { x: 0, y: 0, width: 1_920, height: 1_080 } };

/** Plays `screen`: one display. */
export const screen = {
	getPrimaryDisplay: () => display,
	getAllDisplays: () => [display],
};
