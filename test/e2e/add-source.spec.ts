import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../support/hosts/test-host.ts';
import { expect, test } from './fixtures.ts';
import type { App } from './fixtures.ts';
import { AddSource } from './pages/add-source.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { seriousFindings } from './pages/serious-findings.ts';
import { connectTo, ServingScheduler, unusedAddress } from './pages/sockets.ts';

/** The environment of a scheduler of this user, with the app's package at hand. */
function pythonEnv(app: App): NodeJS.ProcessEnv {
	const PYTHONPATH = join(root, 'resources', 'python');
	return { ...process.env, XDG_RUNTIME_DIR: app.socketFolder, PYTHONPATH };
}

/** Runs lines of Python as a scheduler would. */
async function runPython(app: App, ...lines: readonly string[]): Promise<void> {
	await promisify(execFile)('python3', ['-c', lines.join('\n')], { env: pythonEnv(app) });
}

/** What was copied. */
async function clipboard(app: App, log: LogPage): Promise<string> {
	if (app.hostKind !== 'electron') {
		await log.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	}
	return log.page.evaluate(() => navigator.clipboard.readText());
}

test('what a program sends to the address that is shown is a source', async ({ app }) => {
	const log = new LogPage(await app.start());
	const hint = log.page.getByRole('region', { name: 'Or connect a running scheduler' });
	await expect(hint).toContainText(`unix:${app.socketFolder}`);
	const address = (await hint.locator('code').first().textContent()) ?? '';
	const client = await connectTo(address);
	client.write('{"hello":1,"source":"worker-1"}\n');
	client.write(`${line({ message: 'one' })}\n${line({ message: 'two', task_id: 'daily' })}\n`);
	await log.says('2 stored · 0 dropped');
	await expect(log.row('two')).toBeVisible();
	const panel = await log.about('worker-1');
	await expect(panel.dialog).toContainText('Connected since ');
	await expect(panel.dialog).toContainText('unix socket, which connected to this app');
	await expect(panel.dialog).toContainText('2 records · 0 frames refused · 0 dropped');
	await panel.accountsFor({ 'lines read': 2, entries: 2, dropped: 0 });
	client.end();
	await expect(panel.dialog).toContainText('Disconnected since ');
	await log.page.keyboard.press('Escape');
	await expect(log.page.getByRole('button', { name: 'worker-1 disconnected' })).toBeVisible();
});

test('the lines of the start screen connect a scheduler', async ({ app }) => {
	const log = new LogPage(await app.start());
	await log.button('Copy the lines of Python').click();
	await expect(log.page.getByText('Copied the lines of Python.')).toBeAttached();
	const lines = await clipboard(app, log);
	expect(lines.split('\n')).toHaveLength(3);
	await runPython(
		app,
		'import logging',
		'scheduler = None',
		lines,
		'logging.getLogger("asyncz.test").warning("from the package")',
	);
	await expect(log.row('from the package')).toBeVisible();
});

test('the lines for a port are those of Python alone, and they work @page', async ({ app }) => {
	const log = new LogPage(await app.start());
	const port = /\d+$/.exec(await unusedAddress())?.[0] ?? '';
	const add = await AddSource.open(log, 'Listen');
	await expect(add.checkbox('Unix socket')).toBeChecked();
	await expect(add.dialog).toContainText('Listening. Nobody is connected.');

	await add.port.fill('port');
	await add.checkbox('TCP port').click();
	await expect(add.dialog.getByRole('alert')).toHaveText('Type a port from 1 to 65535.');
	await expect(add.checkbox('TCP port')).not.toBeChecked();
	await expect(add.port).toBeFocused();
	await add.port.fill(port);
	await add.checkbox('TCP port').check();
	const target = add.dialog.getByRole('combobox', { name: 'Sends to' });
	await expect(target).toHaveValue(`tcp:127.0.0.1:${port}`);

	await add.dialog.getByRole('radio', { name: 'With Python alone' }).check();
	await add.button('Copy the lines of Python').click();
	await expect.poll(() => clipboard(app, log)).toContain(`SocketHandler("127.0.0.1", ${port})`);
	await runPython(
		app,
		await clipboard(app, log),
		'logging.getLogger("asyncz").error("from Python")',
	);
	await log.page.keyboard.press('Escape');
	await expect(log.row('from Python')).toBeVisible();
	await expect(log.button('About SocketHandler')).toBeVisible();

	// What is switched off is not listened on, and says so.
	await AddSource.open(log, 'Listen');
	await add.checkbox('TCP port').uncheck();
	await expect(target).toBeHidden();
	await add.checkbox('Unix socket').uncheck();
	await expect(add.dialog).toContainText('The lines of Python are shown here as soon as');
	await expect(connectTo(`tcp:127.0.0.1:${port}`)).rejects.toThrow('ECONNREFUSED');
});

test('an address that can’t be listened on is told in the status line', async ({ app }) => {
	const other = await ServingScheduler.start();
	try {
		const log = new LogPage(await app.start());
		const add = await AddSource.open(log, 'Listen');
		await add.port.fill(/\d+$/.exec(other.address)?.[0] ?? '');
		await add.checkbox('TCP port').check();
		await expect(add.dialog).toContainText(other.address);
		await log.page.keyboard.press('Escape');
		await log.button('an address is not listened on').click();
		await expect(add.way('Listen')).toHaveAttribute('aria-selected', 'true');
		await add.checkbox('TCP port').uncheck();
		await log.page.keyboard.press('Escape');
		await expect(log.button('an address is not listened on')).toBeHidden();
	} finally {
		await other.stop();
	}
});

test('a scheduler that serves is connected to, lost and removed', async ({ app }) => {
	const scheduler = await ServingScheduler.start(line({ message: 'served' }));
	const log = new LogPage(await app.start());
	const add = await AddSource.open(log, 'Connect');
	await add.address.fill(scheduler.address);
	await add.button('Test connection').click();
	await expect(add.dialog.getByText(`${scheduler.address} can be connected to.`)).toBeVisible();
	await expect(
		add.dialog.getByRole('group', { name: 'the lines of Python that serve' }),
	).toHaveText(new RegExp(`CompanionServer\\("${scheduler.address}"\\)`));
	await add.button('Connect').click();
	await expect(add.address).toHaveValue('');
	await expect(add.connection(scheduler.address)).toContainText('Connected.');
	await log.says('1 stored');
	await scheduler.stop();
	await expect(add.connection(scheduler.address)).toContainText(/Retrying in [\d.]+ s: /);
	await add.button(`Remove ${scheduler.address}`).click();
	await expect(add.connection(scheduler.address)).toBeHidden();
	await expect(add.address).toBeFocused();
	await log.page.keyboard.press('Escape');
	await expect(log.row('served')).toBeVisible();
});

test('the lines that serve are connected to @page', async ({ app }) => {
	const log = new LogPage(await app.start());
	const add = await AddSource.open(log, 'Connect');
	const address = await unusedAddress();
	await add.address.fill(address);
	await add.button('Copy the lines of Python that serve').click();
	await expect.poll(() => clipboard(app, log)).toContain(`CompanionServer("${address}")`);
	const lines = [
		'import logging',
		'scheduler = None',
		await clipboard(app, log),
		'logging.getLogger("asyncz.test").warning("from the server")',
		'import sys; sys.stdin.read()',
	];
	const python = spawn('python3', ['-c', lines.join('\n')], {
		env: pythonEnv(app),
		stdio: ['pipe', 'ignore', 'inherit'],
	});
	const ended = once(python, 'exit');
	try {
		await add.button('Connect').click();
		await expect(add.connection(address)).toContainText('Connected.');
		await add.button('Close').click();
		await expect(log.row('from the server')).toBeVisible();
	} finally {
		python.stdin.end();
		await ended;
	}
});

test('a scheduler that is not there yet is tried again, and listed @page', async ({ app }) => {
	const address = await unusedAddress();
	const page = await app.start();
	const log = new LogPage(page);
	const add = await AddSource.open(log, 'Connect');
	await add.address.fill(address);
	await add.button('Connect').click();
	await expect(add.connection(address)).toContainText('connection refused');
	await page.keyboard.press('Escape');
	const listed = page.getByRole('complementary').getByRole('listitem').filter({ hasText: address });
	await expect(listed).toContainText(/Retrying in [\d.]+ s: connection refused/);
	await listed.getByRole('button').click();
	await expect(add.connection(address)).toBeVisible();
});

test('an address that would not do is refused where it is typed @page', async ({ app }) => {
	const log = new LogPage(await app.start());
	const add = await AddSource.open(log, 'Connect');
	const unused = await unusedAddress();
	for (const [address, button, sentence] of [
		['', 'Connect', 'Type the address the scheduler serves'],
		['9020', 'Connect', '9020: expected tcp:HOST:PORT'],
		['tcp:example.com:9020', 'Test connection', 'example.com is not this machine'],
		['unix:', 'Connect', 'is where this app itself listens'],
		[unused, 'Test connection', `${unused}: nobody listens there.`],
		[`unix:${join(app.folder, 'no.sock')}`, 'Test connection', 'there is no such socket.'],
	] as const) {
		await add.address.fill(address);
		await add.button(button).click();
		await expect(add.dialog.getByText(sentence)).toBeVisible();
	}
	await add.address.fill('tcp:9020');
	await expect(add.dialog.getByText('there is no such socket.')).toBeHidden();
	await expect(add.dialog).toContainText('None.');
});

test('keys and commands lead to each way @page', async ({ app }) => {
	const path = writeLog(join(app.folder, 'a.jsonl'), [line({ message: 'one' })]);
	const page = await app.start(path);
	const log = new LogPage(page);
	await log.shows('1 stored');
	const add = new AddSource(log);
	await log.grid.focus();
	await page.keyboard.press('a');
	await expect(add.dialog.getByRole('combobox')).toBeFocused();
	await page.keyboard.press('Shift+Tab');
	await expect(add.way('Files')).toBeFocused();
	await page.keyboard.press('ArrowLeft');
	await expect(add.way('Connect')).toBeFocused();
	await expect(add.address).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(log.grid).toBeFocused();
	await log.run('Connect to a scheduler');
	await expect(add.address).toBeFocused();
	await page.keyboard.press('Escape');
	await log.run('Listen for schedulers');
	await expect(add.way('Listen')).toBeFocused();
	await page.keyboard.press('Escape');
	await log.search.focus();
	await page.keyboard.press('Control+Shift+A');
	await expect(add.way('Files')).toHaveAttribute('aria-selected', 'true');
	await add.button('Close').click();
	await expect(log.search).toBeFocused();
	await page.keyboard.press('F1');
	await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Add source');
});

test('axe finds nothing serious in the ways to add a source @page', async ({ app }) => {
	const unused = await unusedAddress();
	const page = await app.start();
	const log = new LogPage(page);
	await expect(log.button('Copy the lines of Python')).toBeVisible();
	for (const [width, height] of [
		[1_360, 860],
		[900, 600],
	] as const) {
		await page.setViewportSize({ width, height });
		expect(await seriousFindings(page)).toEqual([]);
		await page.keyboard.press('Control+Shift+A');
		const add = new AddSource(log);
		await expect(add.dialog.getByRole('combobox')).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
		await add.way('Listen').click();
		await add.port.fill('x');
		await add.port.press('Enter');
		await expect(add.dialog.getByRole('alert')).toBeVisible();
		await expect(add.button('Copy the lines of Python')).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
		await add.way('Connect').click();
		await add.address.fill(unused);
		await add.button('Test connection').click();
		await expect(add.dialog.getByText('nobody listens there')).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
		await add.button('Close').click();
	}
});
