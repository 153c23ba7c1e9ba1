import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';

/** What axe finds on the page and calls serious or worse. */
export async function seriousFindings(page: Page): Promise<readonly unknown[]> {
	// The engine is evaluated by the debugger, which the content security policy does not stop.
	const axe = new AxeBuilder({ page }).setLegacyMode();
	// Written out in full, what is in order is a megabyte, and takes longer than all of the rules.
	const { violations } = await axe.options({ resultTypes: ['violations'] }).analyze();
	return violations
		.filter(({ impact }) => impact === 'serious' || impact === 'critical')
		.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }));
}
