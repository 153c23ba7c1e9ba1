import type { BrowserContext } from 'playwright';
import type { StartOptions, TestHost } from './test-host.ts';
import { startWebProcess } from './web-process.ts';

/** Starts the web host and opens its printed address in a page of `context`. */
export async function startWebHost(
	context: BrowserContext,
	{ dataFolder, cwd, files, socketFolder, watch }: StartOptions,
): Promise<TestHost> {
	const web = await startWebProcess(['--data', dataFolder, '--no-open', ...files], {
		cwd,
		env: { XDG_RUNTIME_DIR: socketFolder },
	});
	await context.grantPermissions(['clipboard-write', 'clipboard-read']);
	const page = await context.newPage();
	await watch(page);
	await page.goto(web.url);
	return {
		page,
		desktop: undefined,
		stop: async () => {
			await page.close();
			await web.stop();
		},
		// The page stays, as a tab does whose server is gone.
		kill: () => web.kill(),
	};
}
