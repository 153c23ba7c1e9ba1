/** Entry of the desktop app, in Electron's main process. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { messageOf } from '#shared/errors.ts';
import { findAppFiles } from './app-files.ts';
import { registerAppScheme, serveApp } from './electron/app-protocol.ts';
import { Desktop } from './electron/desktop.ts';
import { ownArgs, parseHandedOver } from './electron/own-args.ts';
import type { HandedOver } from './electron/own-args.ts';
import { restrictContents, restrictSession } from './electron/security.ts';
import { systemKeychain } from './electron/system-keychain.ts';
import { startUtilityEngine } from './electron/utility-engine.ts';
import { EngineHost } from './engine-host.ts';
import { FeedHost } from './feed-host.ts';
import { HELP, parseOptions } from './options.ts';
import type { Options } from './options.ts';
import { passwordFile } from './passwords/password-file.ts';
import { Passwords } from './passwords/passwords.ts';
import { givenPasswords, namedStorages, storageOfRun } from './storages/storage-option.ts';
import { loadStaticFiles } from './static-files.ts';

const files = findAppFiles(import.meta.url);

function main(): void {
	const args = ownArgs(process.argv, app.getAppPath(), app.isPackaged);
	const handedOver: HandedOver = { args, cwd: process.cwd() };
	const options = readOptions(handedOver);
	if (options.help) {
		process.stdout.write(HELP);
		app.exit(0);
		return;
	}
	app.setName('AsyncZ Companion');
	app.setAboutPanelOptions({ applicationVersion: files.version, iconPath: files.icon });
	useOwnProfile(options.dataFolder);
	// One app per data folder: the lock lies in the profile.
	if (!app.requestSingleInstanceLock(handedOver)) {
		app.quit();
		return;
	}
	app.enableSandbox();
	registerAppScheme();
	restrictContents();
	run(options);
}

function run(options: Options): void {
	const passwords = new Passwords({
		file: passwordFile(options.dataFolder),
		keychain: systemKeychain,
		given: givenPasswords(options.storage),
		onProblem: (message) => desktop.notify(message),
	});
	const engine = new EngineHost({
		startProcess: () => startUtilityEngine(files.engine),
		dataFolder: options.dataFolder,
		...storageOfRun(options.storage),
	});
	const feeds = new FeedHost(engine, {
		url: files.feeds,
		dataFolder: options.dataFolder,
		addresses: options,
	});
	// A utility process can be started, and a keychain asked, only once the app is ready.
	const opened = app
		.whenReady()
		.then(() => passwords.known())
		.then((known) => {
			engine.setPasswords(known);
			return engine.open();
		});
	const desktop = new Desktop({
		engine,
		engineOpened: opened,
		app: files,
		dataFolder: options.dataFolder,
		passwords,
		storages: namedStorages(options.storage),
	});
	app.on('second-instance', (_event, _argv, _cwd, data) => {
		desktop.show();
		void openHandedOver(desktop, feeds, data);
	});
	app.on('open-file', (event, path) => {
		event.preventDefault();
		void desktop.openFiles([path]);
	});
	app.on('activate', () => desktop.show());
	app.on('window-all-closed', () => {
		if (process.platform !== 'darwin') {
			app.quit();
		}
	});
	closeInOrder(engine, feeds);
	void showApp(desktop, options);
}

async function showApp(desktop: Desktop, options: Options): Promise<void> {
	try {
		await app.whenReady();
		app.dock?.setIcon(files.icon);
		restrictSession();
		serveApp(loadStaticFiles(files.renderer));
		desktop.show();
		await desktop.openFiles(options.files);
	} catch (error) {
		fail(error);
	}
}

/** Opens what a second start handed over: arguments nobody has checked yet. */
async function openHandedOver(desktop: Desktop, feeds: FeedHost, data: unknown): Promise<void> {
	const handedOver = parseHandedOver(data);
	if (handedOver === undefined) {
		return;
	}
	try {
		const options = readOptions(handedOver);
		feeds.add(options);
		if (options.storage !== undefined) {
			desktop.notify('The app is open already: choose its storage in Settings → Storage.');
		}
		await desktop.openFiles(options.files);
	} catch (error) {
		desktop.notify(messageOf(error));
	}
}

/** Holds the app back from quitting until feeds have hung up and the engine has closed its storage. */
function closeInOrder(engine: EngineHost, feeds: FeedHost): void {
	let isClosed = false;
	app.on('will-quit', (event) => {
		if (!isClosed) {
			event.preventDefault();
			void feeds
				.close()
				.then(() => engine.close())
				.catch(fail)
				.finally(() => {
					isClosed = true;
					app.quit();
				});
		}
	});
}

function useOwnProfile(dataFolder: string): void {
	const profile = join(dataFolder, 'electron');
	try {
		// The data folder, if this makes it: logs are for nobody else to read.
		mkdirSync(profile, { recursive: true, mode: 0o700 });
		app.setPath('userData', profile);
	} catch {
		return; // Electron's default; that nothing can be written is reported by the engine
	}
}

function readOptions({ args, cwd }: HandedOver): Options {
	return parseOptions(args, { cwd, env: process.env, platform: process.platform });
}

function fail(error: unknown): void {
	process.stderr.write(`${messageOf(error)}\n`);
	app.exit(1);
}

try {
	main();
} catch (error) {
	fail(error);
}
