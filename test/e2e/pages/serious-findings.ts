import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';

/** The rules whose findings depend on colours: the others say in one theme what they say in the other. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe finds on the page, in light and in dark, and calls serious or worse. */
export async function seriousFindings(page: Page): Promise<readonly unknown[]> {
	const media = { reducedMotion: 'reduce' } as const;
	await page.emulateMedia({ ...media, colorScheme: 'light' });
	const inLight = await findings(page);
	await page.emulateMedia({ ...media, colorScheme: 'dark' });
	const inDark = await findings(page, OF_COLOURS);
	return [
		...inLight.map((finding) => ({ scheme: 'light', ...finding })),
		...inDark.map((finding) => ({ scheme: 'dark', ...finding })),
	];
}

async function findings(page: Page, rules?: string[]): Promise<readonly object[]> {
	// The engine is evaluated by the debugger, which the content security policy does not stop.
	const axe = new AxeBuilder({ page }).setLegacyMode();
	const { violations } = await axe
		.options({
			// Written out in full, what is in order is a megabyte, and takes longer than all of the rules.
			resultTypes: ['violations'],
			...(rules === undefined ? {} : { runOnly: rules }),
		})
		.analyze();
	return violations
		.filter(({ impact }) => impact === 'serious' || impact === 'critical')
		.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }));
}
