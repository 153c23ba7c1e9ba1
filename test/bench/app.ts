import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { CHROMIUM_ARGS } from '../support/find-chromium.ts';
import { startWebProcess } from '../support/hosts/web-process.ts';

/** The web host with a page on it, as a user has them. */
export interface BenchApp {
	readonly page: Page;
	/** Where it listens for feeds. */
	readonly socketPath: string;
	/** Resident memory of the engine process in MB; NaN where /proc is not to be had. */
	engineMemory(): number;
	/** Opens a file through the dialog; resolves when the path has been given. */
	openFile(path: string): Promise<void>;
	close(): Promise<void>;
}

/** Starts the built web host on the data folder `folder`/data, and Chromium with its page. */
export async function startApp(options: {
	readonly chromium: string;
	readonly folder: string;
	readonly files?: readonly string[];
}): Promise<BenchApp> {
	const { folder, files = [] } = options;
	const args = ['--data', join(folder, 'data'), '--port', '0', '--no-open', ...files];
	const run = mkdtempSync(join(folder, 'run-'));
	const host = await startWebProcess(args, { cwd: folder, env: { XDG_RUNTIME_DIR: run } });
	const browser = await chromium.launch({
		executablePath: options.chromium,
		args: [...CHROMIUM_ARGS],
	});
	const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
	await page.goto(host.url);
	return {
		page,
		socketPath: join(run, 'asyncz-companion', 'feed.sock'),
		engineMemory: () => residentMegabytes(childOf(host.pid)),
		openFile: async (path) => {
			await page.getByRole('button', { name: 'Open file' }).first().click();
			const field = page.getByRole('dialog').getByRole('combobox');
			await field.fill(path);
			await field.press('Enter');
		},
		close: async () => {
			await browser.close();
			await host.stop();
		},
	};
}

/** The engine is the host's only child. */
function childOf(parent: number): number | undefined {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.find((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The second field is the program's name in brackets, which may hold anything.
		return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
	} catch {
		return undefined; // it has just ended
	}
}

function residentMegabytes(pid: number | undefined): number {
	const status = pid === undefined ? '' : readFileSync(`/proc/${pid}/status`, 'utf8');
	return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024);
}
