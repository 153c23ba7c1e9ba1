import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';

/** The web host with a page on it, as a user has them. */
export interface BenchApp {
	readonly page: Page;
	/** Resident memory of the engine process in MB; NaN where /proc is not to be had. */
	engineMemory(): number;
	/** Opens a file through the dialog; resolves when the path has been given. */
	openFile(path: string): Promise<void>;
	close(): Promise<void>;
}

/** Starts the built web host on an empty data folder, and Chromium with its page. */
export async function startApp(options: {
	readonly chromium: string;
	readonly folder: string;
	readonly files?: readonly string[];
}): Promise<BenchApp> {
	const host = fork(
		'out/main/web.js',
		[
			'--data',
			join(options.folder, 'data'),
			'--port',
			'0',
			'--no-open',
			'--allow',
			options.folder,
			...(options.files ?? []),
		],
		{ stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
	);
	const url = await urlOf(host);
	const browser: Browser = await chromium.launch({
		executablePath: options.chromium,
		args: ['--no-sandbox', '--disable-background-networking', '--no-first-run'],
	});
	const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
	await page.goto(url);
	return {
		page,
		engineMemory: () => residentMegabytes(childOf(host.pid)),
		openFile: async (path) => {
			await page.getByRole('button', { name: 'Open file' }).first().click();
			const field = page.getByRole('dialog').getByRole('combobox');
			await field.fill(path);
			await field.press('Enter');
		},
		close: async () => {
			await browser.close();
			const ended = new Promise((resolve) => host.once('exit', resolve));
			host.kill('SIGTERM');
			await ended;
		},
	};
}

function urlOf(host: ChildProcess): Promise<string> {
	return new Promise((resolve, reject) => {
		let text = '';
		host.stdout?.on('data', (chunk: Buffer) => {
			text += chunk.toString();
			const url = /http:\/\/\S+/.exec(text)?.[0];
			if (url !== undefined) {
				resolve(url);
			}
		});
		host.once('exit', (code) => reject(new Error(`The web host ended with ${code}: ${text}`)));
	});
}

/** The engine is the host's only child. */
function childOf(parent: number | undefined): number | undefined {
	for (const name of readdirSync('/proc')) {
		if (/^\d+$/.test(name) && parentOf(name) === parent) {
			return Number(name);
		}
	}
	return undefined;
}

function parentOf(pid: string): number | undefined {
	try {
		const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
	} catch {
		return undefined; // it has just ended
	}
}

function residentMegabytes(pid: number | undefined): number {
	const status = pid === undefined ? '' : readFileSync(`/proc/${pid}/status`, 'utf8');
	return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024);
}
